#pragma once
#include <stdbool.h>
#include <stdint.h>

// A narrow door onto oneDNN: primitives are made once for a shape and run many times.
// A maker returns NULL where oneDNN has no implementation and writes why into `error`.
// One primitive runs on one thread at a time, whichever that is (it owns its reordered weights; a thread owns scratch).

enum { AVIARY_ERROR_LENGTH = 256 };

typedef struct aviary_primitive aviary_primitive;
/// Ends one that nobody runs any more.
void aviary_destroy(aviary_primitive *primitive);

/// What the numbers are.
typedef enum { AVIARY_F32, AVIARY_BF16 } aviary_kind;

/// How an image batch lies in memory: channels in blocks of 8 or 16 (`nChw16c`), all side by side (`nhwc`), or plain
/// (`nchw`) with 1.
typedef struct {
    int64_t batch, channels, height, width, channel_block;
} aviary_image;

/// What is padded below and to the right follows from the destination. A dilation of 1 leaves nothing out.
typedef struct {
    aviary_image source, destination;
    int64_t groups, kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width;
    int64_t padding_top, padding_left;
    /// That of images and weights; sums, the bias and the weights' gradient are f32.
    aviary_kind kind;
} aviary_convolution_shape;

typedef enum { AVIARY_FORWARD, AVIARY_BACKWARD_DATA, AVIARY_BACKWARD_WEIGHTS } aviary_direction;

/// How a convolution is computed, and what is done to its forward sums before they are written.
typedef struct {
    /// Winograd's F(4x4, 3x3) instead of products of windows.
    bool winograd;
    /// Forward only: weights are packed once for many runs, so Winograd's are transformed when they are packed.
    bool weights_kept;
    /// Images whose block is the number of channels are described as `nhwc`, also where a blocked layout says the same.
    bool channels_last;
    /// Forward adds to what the destination holds already, and then takes the positive part.
    bool adds, relu;
} aviary_convolution_way;

/// Forward takes (source, weights) and writes destination; backward data takes (destination gradient, weights)
/// and writes the source gradient; backward weights takes (source, destination gradient) and writes the weight
/// gradient. Weights are packed into, and their gradient out of, the form that oneDNN chose. Only forward has a bias.
aviary_primitive *aviary_convolution_create(
    const aviary_convolution_shape *shape, aviary_direction direction, bool has_bias, aviary_convolution_way way,
    char *error);
/// Whether oneDNN has more for this shape, in these layouts, than the loop that it tests its kernels against; and how
/// many bytes its weights take then.
bool aviary_convolution_has_kernel(
    const aviary_convolution_shape *shape, aviary_direction direction, bool has_bias, aviary_convolution_way way,
    int64_t *weights_size);
/// Bytes of the weights (or of their gradient) in the form that it wants; 0 where they are taken as they are, plain
/// `[out, in / groups, height, width]`.
int64_t aviary_convolution_packed_size(const aviary_primitive *primitive);
/// Which form that is: primitives with equal numbers take the same bytes.
int aviary_convolution_form(const aviary_primitive *primitive);
/// Plain weights into the form, or a gradient in the form into a plain one.
int aviary_convolution_pack(aviary_primitive *primitive, const void *from, void *to);
int aviary_convolution_run(
    aviary_primitive *primitive, const void *first, const void *second, const void *bias, void *output);

/// `[rows, inner] x [inner, columns]`; a transposed operand lies in memory the other way round.
typedef struct {
    int64_t rows, inner, columns;
    bool left_transposed, right_transposed, has_bias;
    /// The sums are added to what the output holds already; then the positive part is taken.
    bool adds, relu;
    /// That of both operands, and that of the output; sums and the bias are f32.
    aviary_kind operands, output;
} aviary_product_shape;

aviary_primitive *aviary_product_create(const aviary_product_shape *shape, char *error);
int aviary_product_run(
    aviary_primitive *primitive, const void *left, const void *right, const float *bias, void *output);

/// Copies an image batch from one channel blocking to another.
aviary_primitive *aviary_reorder_create(
    const aviary_image *from, const aviary_image *to, aviary_kind kind, char *error);
int aviary_reorder_run(aviary_primitive *primitive, const void *from, void *to);

/// The channel block that this processor's fastest kernels want: 16 with AVX-512, else 8; 0 for all channels side by
/// side, as tiles of two bytes (AMX) want them.
int64_t aviary_preferred_channel_block(aviary_kind kind);
/// Whether products of this kind are computed by instructions made for it.
bool aviary_multiplies(aviary_kind kind);

/// The instruction set that oneDNN's kernels use here, as `avx512_core_bf16`.
const char *aviary_onednn_isa(void);
/// The version, as `2.6.0`.
const char *aviary_onednn_version(void);
