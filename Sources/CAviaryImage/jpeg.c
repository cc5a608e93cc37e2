#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

/// TurboJPEG goes on after corrupt data and only warns; a picture that is half grey must not be trained on. Bytes
/// between two segments ("extraneous bytes before marker"), which many cameras write, harm nothing.
static int is_harmless(tjhandle jpeg) {
    return tjGetErrorCode(jpeg) == TJERR_WARNING && strstr(tjGetErrorStr2(jpeg), "extraneous bytes");
}

static int decode(tjhandle jpeg, const unsigned char *bytes, unsigned long count, struct aviary_image *image, char *error) {
    int width = 0, height = 0, subsampling = 0, colours = 0;
    if (tjDecompressHeader3(jpeg, bytes, count, &width, &height, &subsampling, &colours) && !is_harmless(jpeg)) {
        return aviary_image_fail(AVIARY_IMAGE_DAMAGED, tjGetErrorStr2(jpeg), error);
    }
    if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
        return aviary_image_fail(AVIARY_IMAGE_UNSUPPORTED, "its colours are CMYK, save it as RGB", error);
    }
    int grey = colours == TJCS_GRAY;
    image->width = (unsigned int)width;
    image->height = (unsigned int)height;
    image->channels = grey ? 1 : 3;
    int status = aviary_image_reserve(image, error);
    if (status != AVIARY_IMAGE_OK) return status;
    // A progressive file can name the same few pixels in thousands of scans: TJFLAG_LIMITSCANS stops at 500.
    int flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS;
    int form = grey ? TJPF_GRAY : TJPF_RGB;
    if (tjDecompress2(jpeg, bytes, count, image->bytes, width, 0, height, form, flags) && !is_harmless(jpeg)) {
        return aviary_image_fail(AVIARY_IMAGE_DAMAGED, tjGetErrorStr2(jpeg), error);
    }
    return AVIARY_IMAGE_OK;
}

int aviary_jpeg_decode(const unsigned char *bytes, unsigned long count, struct aviary_image *image, char *error) {
    tjhandle jpeg = tjInitDecompress();
    if (!jpeg) return aviary_image_fail(AVIARY_IMAGE_OUT_OF_MEMORY, "out of memory", error);
    int status = decode(jpeg, bytes, count, image, error);
    tjDestroy(jpeg);
    return status;
}

static int encode(tjhandle jpeg, const struct aviary_image *image, int quality, unsigned char *buffer,
                  unsigned long *count, char *error) {
    int grey = image->channels == 1;
    int form = grey ? TJPF_GRAY : TJPF_RGB, subsampling = grey ? TJSAMP_GRAY : TJSAMP_444;
    int flags = TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT;
    if (tjCompress2(jpeg, image->bytes, (int)image->width, 0, (int)image->height, form, &buffer, count, subsampling,
                    quality, flags)) {
        return aviary_image_fail(AVIARY_IMAGE_UNSUPPORTED, tjGetErrorStr2(jpeg), error);
    }
    return AVIARY_IMAGE_OK;
}

enum aviary_image_status aviary_image_encode_jpeg(
    const struct aviary_image *image, int quality, unsigned char **encoded, unsigned long *encoded_count,
    char *error) {
    int subsampling = image->channels == 1 ? TJSAMP_GRAY : TJSAMP_444;
    *encoded_count = tjBufSize((int)image->width, (int)image->height, subsampling);
    *encoded = malloc(*encoded_count);
    tjhandle jpeg = tjInitCompress();
    int status = jpeg && *encoded ? encode(jpeg, image, quality, *encoded, encoded_count, error)
                                  : aviary_image_fail(AVIARY_IMAGE_OUT_OF_MEMORY, "out of memory", error);
    if (jpeg) tjDestroy(jpeg);
    if (status != AVIARY_IMAGE_OK) {
        free(*encoded);
        *encoded = NULL;
    }
    return status;
}
