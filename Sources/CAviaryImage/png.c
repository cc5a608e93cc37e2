#include "internal.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

/// What one decoding owns. libpng leaves errors by longjmp, so all that must outlive it is here and not in locals.
struct png_decoding {
    const unsigned char *bytes;
    unsigned long count;
    unsigned long position;
    struct aviary_image *image;
    unsigned char **rows;
    char *error;
    int status;
};

static void on_error(png_structp png, png_const_charp text) {
    struct png_decoding *decoding = png_get_error_ptr(png);
    aviary_image_fail(AVIARY_IMAGE_DAMAGED, text, decoding->error);
    decoding->status = AVIARY_IMAGE_DAMAGED;
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void read_bytes(png_structp png, png_bytep destination, size_t count) {
    struct png_decoding *decoding = png_get_io_ptr(png);
    if (count > decoding->count - decoding->position) png_error(png, "the file ends too early");
    memcpy(destination, decoding->bytes + decoding->position, count);
    decoding->position += count;
}

/// Asks libpng for 8-bit grey or RGB, whatever the file holds.
static void choose_form(png_structp png, png_infop info, struct aviary_image *image) {
    png_set_expand(png);  // palettes to RGB, 1, 2 and 4 bits to 8, a transparent colour to alpha
    png_set_strip_16(png);
    png_set_strip_alpha(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    image->channels = png_get_channels(png, info);
}

static void decode(png_structp png, png_infop info, struct png_decoding *decoding) {
    if (setjmp(png_jmpbuf(png))) return;
    struct aviary_image *image = decoding->image;
    png_set_read_fn(png, decoding, read_bytes);
    png_read_info(png, info);
    image->width = png_get_image_width(png, info);
    image->height = png_get_image_height(png, info);
    image->channels = 3;
    if ((unsigned long)image->width * image->height > AVIARY_IMAGE_MAX_PIXELS) {  // before libpng reserves anything
        decoding->status = aviary_image_fail(AVIARY_IMAGE_TOO_LARGE, "too many pixels", decoding->error);
        return;
    }
    choose_form(png, info, image);
    decoding->status = aviary_image_reserve(image, decoding->error);
    if (decoding->status != AVIARY_IMAGE_OK) return;
    decoding->rows = malloc(sizeof(unsigned char *) * image->height);
    if (!decoding->rows) {
        decoding->status = aviary_image_fail(AVIARY_IMAGE_OUT_OF_MEMORY, "out of memory", decoding->error);
        return;
    }
    for (unsigned long y = 0; y < image->height; y++) {
        decoding->rows[y] = image->bytes + y * image->width * image->channels;
    }
    png_read_image(png, decoding->rows);
    png_read_end(png, NULL);  // so that a file cut behind its last row is refused too
}

int aviary_png_decode(const unsigned char *bytes, unsigned long count, struct aviary_image *image, char *error) {
    struct png_decoding decoding = {.bytes = bytes, .count = count, .image = image, .error = error};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoding, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (info) {
        decode(png, info, &decoding);
    } else {
        decoding.status = aviary_image_fail(AVIARY_IMAGE_OUT_OF_MEMORY, "out of memory", error);
    }
    free(decoding.rows);
    png_destroy_read_struct(&png, &info, NULL);
    return decoding.status;
}

enum aviary_image_status aviary_image_encode_png(
    const struct aviary_image *image, unsigned char **encoded, unsigned long *encoded_count, char *error) {
    *encoded = NULL;
    png_image form = {.version = PNG_IMAGE_VERSION, .width = image->width, .height = image->height};
    form.format = image->channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    png_alloc_size_t capacity = PNG_IMAGE_PNG_SIZE_MAX(form);
    *encoded = malloc(capacity);
    if (!*encoded) return aviary_image_fail(AVIARY_IMAGE_OUT_OF_MEMORY, "out of memory", error);
    if (!png_image_write_to_memory(&form, *encoded, &capacity, 0, image->bytes, 0, NULL)) {
        free(*encoded);
        *encoded = NULL;
        return aviary_image_fail(AVIARY_IMAGE_UNSUPPORTED, form.message, error);
    }
    *encoded_count = capacity;
    return AVIARY_IMAGE_OK;
}
