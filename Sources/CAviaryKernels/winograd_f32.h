#pragma once
#include "aviary_winograd.h"
#include "winograd_grid.h"

// The parts of Winograd's convolution F(4×4, 3×3) (Lavin and Gray 2016) in f32.
//
// A tile is 4×4 of the results; it needs 6×6 of the source, which overlap by two. Its polynomials are interpolated at
// 0, ±a, ±b and infinity. With
//
//         ⎡a²b²   0  -a²-b²   0    1  0⎤        ⎡1/n    0    0  ⎤
//         ⎢ 0   -ab²   -b²    a    1  0⎥        ⎢1/m   a/m  a²/m⎥         ⎡1  1   1  1   1  0⎤
//     B = ⎢ 0    ab²   -b²   -a    1  0⎥    G = ⎢1/m  -a/m  a²/m⎥     A = ⎢0  a  -a  b  -b  0⎥
//         ⎢ 0   -a²b   -a²    b    1  0⎥        ⎢1/l   b/l  b²/l⎥         ⎢0  a²  a² b²  b² 0⎥
//         ⎢ 0    a²b   -a²   -b    1  0⎥        ⎢1/l  -b/l  b²/l⎥         ⎣0  a³ -a³ b³ -b³ 1⎦
//         ⎣ 0   a²b²    0  -a²-b²  0  1⎦        ⎣ 0     0    1  ⎦
//
// and n = a²b², m = 2a²(a² - b²), l = 2b²(b² - a²) the results are A [(G g Gᵀ) ⊙ (B d Bᵀ)] Aᵀ, summed over the channels
// before A is applied: at each of the 36 positions of ⊙ a product of matrices, [tiles, channels] × [channels, outputs],
// with 36 multiplications for sixteen results where the definition has 144. Backward, the gradient by the weights is
// Gᵀ [Σ (B d Bᵀ) ⊙ (Aᵀ dy A)] G, summed over the tiles.
//
// The paper's points are a = 1, b = 2; a = 5/8 and b = 3/2, which oneDNN takes, err less, and their powers are exact.

// The sums of some tiles and 64 outputs are made and transformed back while they are in a second-level cache.
// Axes that lie in lanes are cut into panels of 64 (the last one may be narrower): `[panel, inner, lane of the panel]`.

#if defined(__x86_64__)
#define WINOGRAD_F32 AVIARY_AVX512
#else
#define WINOGRAD_F32
#endif
#define POINT_A 0.625f
#define POINT_B 1.5f
#define A2 (POINT_A * POINT_A)
#define B2 (POINT_B * POINT_B)

enum {
    F32_POSITIONS = 36,
    F32_PANEL = 64,
    F32_TILE = 4,
    /// Of the source, rows and columns that a tile needs.
    F32_WINDOW = 6,
    F32_TAPS = 9,
    // With fewer channels in or out the transforms are too much of the work, and their rounding of the errors.
    F32_LEAST_CHANNELS = 64,
    // Bytes of sums that stay in a core's second-level cache, of 1 MB on Zen 4 and 2 MB on Sapphire Rapids, beside what
    // is added to them.
    F32_CACHED_BYTES = 640 << 10,
    // How far positions lie apart beside their own size: a power of two would put all 36 into the same few places of a
    // cache.
    F32_GAP = 16,
};

/// `out (+)= left × right`, sums in the order of `inner`: `[rows, inner] × [inner, width]` to `[rows, width]`. Element
/// (row, k) of the left is at `row * row_step + k * inner_step`; the right is one panel, and `ahead` what is read next:
/// while a strip of rows is multiplied, one cache line of each of its rows is fetched, the next one with the next
/// strip.
void winograd_f32_product(
    int64_t rows, int64_t inner, const float *left, int64_t row_step, int64_t inner_step, const float *right,
    int64_t width, const float *ahead, bool accumulates, float *out);

/// Where tiles of images become `[position, panel of channels, tile, lane]`: panels have `panel` channels and
/// `tile_count` tiles (which matters where there are several panels), the first of which is tile `origin`; positions
/// are `position_step` apart.
typedef struct {
    const winograd_images *images;
    const float *numbers;
    int64_t panel, origin, tile_count, position_step;
    float *out;
} winograd_f32_tiles;
/// B d Bᵀ of the source, for tiles `first..<first + count`.
void winograd_f32_source_tiles(const winograd_f32_tiles *tiles, int64_t first, int64_t count);
/// Aᵀ dy A of the destination's gradient, for the same.
void winograd_f32_gradient_tiles(const winograd_f32_tiles *tiles, int64_t first, int64_t count);

/// A m Aᵀ of tiles `first..<first + count`, and what is done to it (`aviary_ending`): writes `width` channels
/// of the destination from `channel` on. `sums` is `[position, tile, width]`, positions `position_step` apart.
void winograd_f32_results(
    const winograd_images *images, const float *sums, int64_t position_step, int64_t channel, int64_t width,
    aviary_ending ending, int64_t first, int64_t count, float *destination);

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
/// Where the summands of u are of 16 outputs: `stripes` of them `stripe_step` apart, positions `position_step` and
/// channels `channel_step`.
typedef struct {
    const float *first;
    int64_t position_step, channel_step, stripes, stripe_step;
} winograd_f32_sums;
/// Gᵀ u G for channels `channel..<channel + count`, of which the first one's sums are `sums->first`, and 16 outputs
/// from `output` on; the gradient is `[outputs, channels, 3, 3]`.
void winograd_f32_weight_gradient(
    const winograd_f32_sums *sums, int64_t channels, int64_t channel, int64_t count, int64_t output, float *gradient);

int64_t winograd_f32_convolution_scratch(const aviary_winograd *winograd, aviary_winograd_pass pass);
int64_t winograd_f32_weight_gradient_scratch(const aviary_winograd *winograd);
