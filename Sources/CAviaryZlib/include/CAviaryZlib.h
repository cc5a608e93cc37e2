#ifndef CAVIARY_ZLIB_H
#define CAVIARY_ZLIB_H

// Reading gzip through zlib, whose calls are macros that Swift does not see.

enum aviary_gzip_status {
    AVIARY_GZIP_OK,
    AVIARY_GZIP_DAMAGED,
    AVIARY_GZIP_TRUNCATED,
    AVIARY_GZIP_TOO_LARGE,
    AVIARY_GZIP_OUT_OF_MEMORY,
};

/// Inflates a whole gzip file (one member or several) of `count` bytes, to at most `limit` bytes.
/// On success the caller gives *inflated to aviary_gzip_free; otherwise it is null.
enum aviary_gzip_status aviary_gzip_inflate(
    const unsigned char *bytes, unsigned long count, unsigned long limit, unsigned char **inflated,
    unsigned long *inflated_count);

void aviary_gzip_free(unsigned char *bytes);

#endif
