#include "CAviaryZlib.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16 };  // the largest window, and a gzip header instead of zlib's own

/// The bytes inflated so far; they grow by doubling up to the limit and one more, which tells that it was passed.
struct inflating {
    unsigned char *bytes;
    unsigned long count;
    unsigned long capacity;
    unsigned long limit;
};

static int grow(struct inflating *output) {
    unsigned long capacity = output->capacity ? output->capacity * 2 : 1 << 16;
    if (capacity > output->limit + 1) capacity = output->limit + 1;
    unsigned char *bytes = realloc(output->bytes, capacity);
    if (!bytes) return AVIARY_GZIP_OUT_OF_MEMORY;
    output->bytes = bytes;
    output->capacity = capacity;
    return AVIARY_GZIP_OK;
}

/// Inflates into what room there is, and tells through `result` what zlib said.
static int step(z_stream *stream, const unsigned char *bytes, unsigned long count, struct inflating *output, int *result) {
    if (output->count == output->capacity && grow(output) != AVIARY_GZIP_OK) return AVIARY_GZIP_OUT_OF_MEMORY;
    unsigned long taken = (unsigned long)(stream->next_in - bytes), left = count - taken;
    unsigned long room = output->capacity - output->count;
    stream->avail_in = left > UINT_MAX ? UINT_MAX : (unsigned int)left;
    stream->avail_out = room > UINT_MAX ? UINT_MAX : (unsigned int)room;
    stream->next_out = output->bytes + output->count;
    *result = inflate(stream, Z_NO_FLUSH);
    output->count = (unsigned long)(stream->next_out - output->bytes);
    return output->count > output->limit ? AVIARY_GZIP_TOO_LARGE : AVIARY_GZIP_OK;
}

static int inflate_all(z_stream *stream, const unsigned char *bytes, unsigned long count, struct inflating *output) {
    for (;;) {
        int result = Z_OK;
        int status = step(stream, bytes, count, output, &result);
        if (status != AVIARY_GZIP_OK) return status;
        int at_end = (unsigned long)(stream->next_in - bytes) == count;
        switch (result) {
        case Z_OK:
            break;
        case Z_STREAM_END:
            if (at_end) return AVIARY_GZIP_OK;
            if (inflateReset(stream) != Z_OK) return AVIARY_GZIP_DAMAGED;  // another member follows
            break;
        case Z_BUF_ERROR:
            if (at_end && stream->avail_out) return AVIARY_GZIP_TRUNCATED;
            break;
        case Z_MEM_ERROR:
            return AVIARY_GZIP_OUT_OF_MEMORY;
        default:
            return AVIARY_GZIP_DAMAGED;
        }
    }
}

enum aviary_gzip_status aviary_gzip_inflate(
    const unsigned char *bytes, unsigned long count, unsigned long limit, unsigned char **inflated,
    unsigned long *inflated_count) {
    struct inflating output = {.limit = limit};
    z_stream stream = {.next_in = (unsigned char *)bytes};
    *inflated = NULL;
    *inflated_count = 0;
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK) return AVIARY_GZIP_OUT_OF_MEMORY;
    int status = inflate_all(&stream, bytes, count, &output);
    inflateEnd(&stream);
    if (status != AVIARY_GZIP_OK) {
        free(output.bytes);
        return status;
    }
    *inflated = output.bytes;
    *inflated_count = output.count;
    return AVIARY_GZIP_OK;
}

void aviary_gzip_free(unsigned char *bytes) { free(bytes); }
