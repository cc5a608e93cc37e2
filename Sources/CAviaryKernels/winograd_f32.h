#pragma once
#include "aviary_winograd.h"
#include "winograd_grid.h"

// The parts of Winograd's convolution F(4×4, 3×3) (Lavin and Gray 2016) in f32.
//
// A tile is 4×4 of the results; it needs 6×6 of the source, which overlap by two. With
//
//         ⎡4  0 -5  0  1  0⎤            ⎡  6   0   0 ⎤         ⎡1 1  1 1  1 0⎤
//         ⎢0 -4 -4  1  1  0⎥            ⎢ -4  -4  -4 ⎥     A = ⎢0 1 -1 2 -2 0⎥
//     B = ⎢0  4 -4 -1  1  0⎥    G = 1/24⎢ -4   4  -4 ⎥         ⎢0 1  1 4  4 0⎥
//         ⎢0 -2 -1  2  1  0⎥            ⎢  1   2   4 ⎥         ⎣0 1 -1 8 -8 1⎦
//         ⎢0  2 -1 -2  1  0⎥            ⎢  1  -2   4 ⎥
//         ⎣0  4  0 -5  0  1⎦            ⎣  0   0  24 ⎦
//
// the results are A [(G g Gᵀ) ⊙ (B d Bᵀ)] Aᵀ, summed over the channels before A is applied: at each of the 36 positions
// of ⊙ a product of matrices, [tiles, channels] × [channels, outputs], with 36 multiplications for sixteen results where
// the definition has 144. Backward, the gradient by the weights is Gᵀ [Σ (B d Bᵀ) ⊙ (Aᵀ dy A)] G, summed over the tiles.
//
// What is transformed is multiplied before it leaves a second-level cache: memory sees the images and the weights alone.
// Axes that lie in lanes are cut into panels of 64 (the last one may be narrower): `[panel, inner, lane of the panel]`.

#if defined(__x86_64__)
#define WINOGRAD_F32 AVIARY_AVX512
#else
#define WINOGRAD_F32
#endif
#define UNROLLED _Pragma("clang loop unroll(full)")

enum {
    F32_POSITIONS = 36,
    F32_PANEL = 64,
    F32_TILE = 4,
    /// Of the source, rows and columns that a tile needs.
    F32_WINDOW = 6,
    F32_TAPS = 9,
    // Bytes that a worker holds at once, out of 1 MB of second-level cache that a Zen 4 core has.
    F32_GROUP_BYTES = 640 << 10,
    // How far positions lie apart beside their own size: a power of two would put all 36 into the same few places of a
    // cache.
    F32_GAP = 16,
};

/// `out (+)= left × right`, sums in the order of `inner`: `[rows, inner] × [inner, width]` to `[rows, width]`. Element
/// (row, k) of the left is at `row * row_step + k * inner_step`; the right is one panel, and `ahead` what is read next:
/// while each strip of rows is multiplied, another quarter of its lines is fetched.
void winograd_f32_product(
    int64_t rows, int64_t inner, const float *left, int64_t row_step, int64_t inner_step, const float *right,
    int64_t width, const float *ahead, bool accumulates, float *out);

/// Tiles `first..<first + count` of images, which become `[position, panel of channels, tile, lane]` in `out`: panels
/// have `panel` channels and `tile_count` tiles, the first of which is tile `origin`; positions are `position_step` apart.
typedef struct {
    const winograd_images *images;
    const float *numbers;
    int64_t panel, origin, tile_count, position_step;
    float *out;
} winograd_f32_tiles;
/// B d Bᵀ of the source.
void winograd_f32_source_tiles(const winograd_f32_tiles *tiles, int64_t first, int64_t count);
/// Aᵀ dy A of the destination's gradient.
void winograd_f32_gradient_tiles(const winograd_f32_tiles *tiles, int64_t first, int64_t count);

/// A m Aᵀ of tiles `first..<first + count`, and what is done to it (`aviary_winograd_ending`): writes `width` channels
/// of the destination from `channel` on. `sums` is `[position, tile, width]`, positions `position_step` apart.
void winograd_f32_results(
    const winograd_images *images, const float *sums, int64_t position_step, int64_t channel, int64_t width,
    aviary_winograd_ending ending, int64_t first, int64_t count, float *destination);

/// Weights `[outputs, channels, 3, 3]` as one direction sees them: `lanes` come out, `inner` is summed; backward data
/// turns the windows by 180°.
typedef struct {
    int64_t lanes, inner, lane_step, inner_step;
    bool is_turned;
    const float *weights;
} winograd_f32_weights;
/// G g Gᵀ for `width` lanes, one panel, from `lane` on: `[position, inner, lane]`, positions `position_step` apart.
void winograd_f32_transform_weights(
    const winograd_f32_weights *weights, int64_t lane, int64_t width, float *out, int64_t position_step);
/// Gᵀ u G for channels `channel..<channel + count` and 16 outputs from `output` on. Their sums begin at `sums`, in
/// `stripes` summands `stripe_step` apart, with positions `position_step` and channels `channel_step` apart; the gradient
/// is `[outputs, channels, 3, 3]`.
typedef struct {
    const float *sums;
    int64_t position_step, channel_step, stripes, stripe_step;
} winograd_f32_sums;
void winograd_f32_weight_gradient(
    const winograd_f32_sums *sums, int64_t channels, int64_t channel, int64_t count, int64_t output, float *gradient);

int64_t winograd_f32_convolution_scratch(const aviary_winograd *winograd, aviary_winograd_pass pass);
int64_t winograd_f32_weight_gradient_scratch(const aviary_winograd *winograd);
