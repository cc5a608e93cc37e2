#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int aviary_image_fail(int status, const char *text, char *error) {
    snprintf(error, AVIARY_IMAGE_ERROR_CAPACITY, "%s", text);
    error[strcspn(error, "\r\n")] = 0;
    return status;
}

int aviary_image_reserve(struct aviary_image *image, char *error) {
    unsigned long pixels = (unsigned long)image->width * image->height;
    if (pixels == 0) return aviary_image_fail(AVIARY_IMAGE_DAMAGED, "it has no pixels", error);
    if (pixels > AVIARY_IMAGE_MAX_PIXELS) return aviary_image_fail(AVIARY_IMAGE_TOO_LARGE, "too many pixels", error);
    image->bytes = malloc(pixels * image->channels);
    if (!image->bytes) return aviary_image_fail(AVIARY_IMAGE_OUT_OF_MEMORY, "out of memory", error);
    return AVIARY_IMAGE_OK;
}

enum aviary_image_status aviary_image_decode(
    const unsigned char *bytes, unsigned long count, struct aviary_image *image, char *error) {
    static const unsigned char png[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static const unsigned char jpeg[3] = {0xff, 0xd8, 0xff};
    memset(image, 0, sizeof *image);
    error[0] = 0;
    enum aviary_image_status status = AVIARY_IMAGE_UNKNOWN_FORMAT;
    if (count >= sizeof png && !memcmp(bytes, png, sizeof png)) {
        status = aviary_png_decode(bytes, count, image, error);
    } else if (count >= sizeof jpeg && !memcmp(bytes, jpeg, sizeof jpeg)) {
        status = aviary_jpeg_decode(bytes, count, image, error);
    }
    if (status != AVIARY_IMAGE_OK) {
        free(image->bytes);
        image->bytes = NULL;
    }
    return status;
}

void aviary_image_free(unsigned char *bytes) { free(bytes); }
