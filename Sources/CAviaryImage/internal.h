#ifndef CAVIARY_IMAGE_INTERNAL_H
#define CAVIARY_IMAGE_INTERNAL_H

#include "CAviaryImage.h"

int aviary_png_decode(const unsigned char *bytes, unsigned long count, struct aviary_image *image, char *error);
int aviary_jpeg_decode(const unsigned char *bytes, unsigned long count, struct aviary_image *image, char *error);

/// Checks the size of `image`, then reserves its bytes.
int aviary_image_reserve(struct aviary_image *image, char *error);

/// Copies the first line of `text` to `error` and returns `status`.
int aviary_image_fail(int status, const char *text, char *error);

#endif
