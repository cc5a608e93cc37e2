#pragma once
#include <stdbool.h>
#include <stdint.h>

// A narrow door onto oneDNN: primitives are made once for a shape and run many times.
// A maker returns NULL where oneDNN has no implementation and writes why into `error`.
// One primitive runs on one thread at a time, whichever that is (it owns its reordered weights; a thread owns scratch).

enum { AVIARY_ERROR_LENGTH = 256 };

typedef struct aviary_primitive aviary_primitive;

/// How an image batch lies in memory: channels in blocks of 8 or 16 (`nChw16c`), or plain (`nchw`) with 1.
typedef struct {
    int64_t batch, channels, height, width, channel_block;
} aviary_image;

/// What is padded below and to the right follows from the destination. A dilation of 1 leaves nothing out.
typedef struct {
    aviary_image source, destination;
    int64_t groups, kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width;
    int64_t padding_top, padding_left;
} aviary_convolution_shape;

typedef enum { AVIARY_FORWARD, AVIARY_BACKWARD_DATA, AVIARY_BACKWARD_WEIGHTS } aviary_direction;

/// Forward takes (source, weights) and writes destination; backward data takes (destination gradient, weights)
/// and writes the source gradient; backward weights takes (source, destination gradient) and writes the weight
/// gradient. Weights and their gradient are plain `[out, in / groups, height, width]`. Only forward has a bias, `[out]`.
aviary_primitive *aviary_convolution_create(
    const aviary_convolution_shape *shape, aviary_direction direction, bool has_bias, char *error);
/// Whether oneDNN has more for this shape, in these layouts, than the loop that it tests its kernels against.
bool aviary_convolution_has_kernel(const aviary_convolution_shape *shape, aviary_direction direction, bool has_bias);
int aviary_convolution_run(
    aviary_primitive *primitive, const void *first, const void *second, const void *bias, void *output);

/// `[rows, inner] x [inner, columns]`; a transposed operand lies in memory the other way round.
aviary_primitive *aviary_product_create(
    int64_t rows, int64_t inner, int64_t columns, bool left_transposed, bool right_transposed, bool bias, char *error);
int aviary_product_run(
    aviary_primitive *primitive, const float *left, const float *right, const float *bias, float *output);

/// Copies an image batch from one channel blocking to another.
aviary_primitive *aviary_reorder_create(const aviary_image *from, const aviary_image *to, char *error);
int aviary_reorder_run(aviary_primitive *primitive, const void *from, void *to);

/// The channel block that this processor's fastest kernels want: 16 with AVX-512, else 8.
int64_t aviary_preferred_channel_block(void);

/// The instruction set that oneDNN's kernels use here, as `avx512_core_bf16`.
const char *aviary_onednn_isa(void);
/// The version, as `2.6.0`.
const char *aviary_onednn_version(void);
