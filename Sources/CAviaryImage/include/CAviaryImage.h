#ifndef CAVIARY_IMAGE_H
#define CAVIARY_IMAGE_H

// PNG through libpng and JPEG through TurboJPEG, behind functions that Swift can call: no setjmp, no callbacks.

enum {
    AVIARY_IMAGE_MAX_PIXELS = 64000000,
    AVIARY_IMAGE_ERROR_CAPACITY = 256,
};

enum aviary_image_status {
    AVIARY_IMAGE_OK,
    AVIARY_IMAGE_UNKNOWN_FORMAT,
    AVIARY_IMAGE_TOO_LARGE,    // width and height are set
    AVIARY_IMAGE_DAMAGED,
    AVIARY_IMAGE_UNSUPPORTED,
    AVIARY_IMAGE_OUT_OF_MEMORY,
};

/// 8 bits a channel, rows from the top without padding, channels interleaved: 1 grey, 3 red, green, blue.
struct aviary_image {
    unsigned int width;
    unsigned int height;
    unsigned int channels;
    unsigned char *bytes;
};

/// Decodes the `count` bytes of a PNG or JPEG file. 16-bit samples keep their high byte, alpha is dropped, palettes
/// become colours. Text for the person goes to `error` (AVIARY_IMAGE_ERROR_CAPACITY characters).
/// On success the caller gives image->bytes to aviary_image_free, otherwise they are null.
enum aviary_image_status aviary_image_decode(
    const unsigned char *bytes, unsigned long count, struct aviary_image *image, char *error);

/// Encodes as PNG; *encoded is given to aviary_image_free.
enum aviary_image_status aviary_image_encode_png(
    const struct aviary_image *image, unsigned char **encoded, unsigned long *encoded_count, char *error);

/// Encodes as JPEG with full colour resolution and a quality from 1 to 100; *encoded is given to aviary_image_free.
enum aviary_image_status aviary_image_encode_jpeg(
    const struct aviary_image *image, int quality, unsigned char **encoded, unsigned long *encoded_count,
    char *error);

void aviary_image_free(unsigned char *bytes);

#endif
