#pragma once
#include "aviary_winograd.h"
#include "winograd_grid.h"

// The parts of Winograd's convolution F(2×2, 3×3) (Lavin and Gray 2016) in bf16, for processors with dpbf16; that in f32
// is `winograd_f32.h`.
//
// A tile is 2×2 of the results; it needs 4×4 of the source, which overlap by two. With
//
//         ⎡1  0 -1  0⎤        ⎡ 1    0    0 ⎤         ⎡1 1  1 0⎤
//     B = ⎢0  1  1  0⎥    G = ⎢1/2  1/2  1/2⎥     A = ⎣0 1 -1 1⎦
//         ⎢0 -1  1  0⎥        ⎢1/2 -1/2  1/2⎥
//         ⎣0 -1  0  1⎦        ⎣ 0    0    1 ⎦
//
// the results are A [(G g Gᵀ) ⊙ (B d Bᵀ)] Aᵀ, summed over the channels before A is applied: at each of the 16 positions
// of ⊙ a product of matrices, [tiles, channels] × [channels, outputs], with 16 multiplications for four results where
// the definition has 36. (The last row of B and column of A have the paper's sign turned: no negation is left.)
// Backward, the gradient by the weights is Gᵀ [Σ (B d Bᵀ) ⊙ (Aᵀ dy A)] G, summed over the tiles: at each position
// [channels, tiles] × [tiles, outputs].
//
// Transforms are computed in f32 and rounded once. Numbers that are multiplied lie in pairs along the axis that is
// summed, as dpbf16 wants them: a word is a pair. Axes that lie in lanes are cut into panels of 64 (the last one may be
// narrower): `[panel, inner, lane of the panel]`.

#if defined(__x86_64__)
#include <immintrin.h>

#define DPBF16 __attribute__((target("avx512bf16,avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")))
#define DPBF16_INLINED static inline __attribute__((always_inline)) DPBF16

enum {
    POSITIONS = 16,
    PANEL = 64,
    TILE = 2,
    TAPS = 9,
    // Bytes that a worker holds at once, out of 1 MB of second-level cache that a Zen 4 core has.
    WINOGRAD_GROUP_BYTES = 640 << 10,
    // How far positions lie apart beside their own size: a power of two would put all 16 into the same few places of a
    // cache.
    GAP_WORDS = 16,
};

/// `out (+)= left × right`, sums of pairs in f32 in the order of `inner`: `[rows, 2 inner] × [2 inner, width]` to
/// `[rows, width]`. The pair (row, k) of the left is at `row * row_step + k * inner_step`; the right is one panel, and
/// `ahead` what is read next: while each strip of rows is multiplied, another quarter of its lines is fetched.
void winograd_product(
    int64_t rows, int64_t inner, const uint32_t *left, int64_t row_step, int64_t inner_step, const uint32_t *right,
    int64_t width, const uint32_t *ahead, bool accumulates, float *out);

/// B d Bᵀ of tiles `first..<first + count`, which are numbered along the columns, the rows and the images: pairs of
/// channels, `[position, tile, channels / 2]`, positions `position_step` words apart.
void winograd_source_tiles(
    const winograd_images *images, const uint16_t *source, int64_t first, int64_t count, uint32_t *out,
    int64_t position_step);
/// A m Aᵀ of the same tiles, plus a bias or none: writes `width` channels of the destination from `channel` on.
/// `sums` is `[position, tile, width]`, positions `position_step` floats apart.
void winograd_results(
    const winograd_images *images, const float *sums, int64_t position_step, int64_t channel, int64_t width,
    const float *bias, int64_t first, int64_t count, uint16_t *destination);

/// How many pairs of neighbours along a row all tiles make; a row of an odd number has a last pair with a tile behind
/// the image, whose gradient is zero.
int64_t winograd_pair_count(const winograd_images *images);
/// B d Bᵀ of pairs of tiles `first..<first + count`, numbered from `origin` on in `out`: `[position, panel of channels,
/// pair, lane]` for `pair_count` pairs, positions `position_step` words apart.
void winograd_source_pairs(
    const winograd_images *images, const uint16_t *source, int64_t first, int64_t count, int64_t origin,
    int64_t pair_count, uint32_t *out, int64_t position_step);
/// Aᵀ dy A of the same, of the destination's gradient.
void winograd_gradient_pairs(
    const winograd_images *images, const uint16_t *gradient, int64_t first, int64_t count, int64_t origin,
    int64_t pair_count, uint32_t *out, int64_t position_step);

/// Weights `[outputs, channels, 3, 3]` as one direction sees them: `lanes` come out, `inner` is summed; backward data
/// turns the windows by 180°.
typedef struct {
    int64_t lanes, inner, lane_step, inner_step;
    bool is_turned;
    const void *weights;
    aviary_real kind;
    uint32_t *out;
    int64_t position_step;
} winograd_weights;
/// G g Gᵀ for panels of lanes `first..<end`: `[position, panel of lanes, inner / 2, lane]`.
void winograd_transform_weights(const winograd_weights *weights, int64_t first, int64_t end);
/// Gᵀ u G for blocks of 16 outputs `first..<end`: `sums` are `stripes` summands `[position, panel of outputs, channels,
/// lane]`, one after the other; the gradient is `[outputs, channels, 3, 3]`.
void winograd_weight_gradient(
    int64_t channels, int64_t outputs, const float *sums, int64_t position_step, int64_t stripes, int64_t first,
    int64_t end, float *gradient);

int64_t winograd_convolution_scratch_size(const aviary_winograd *winograd, aviary_winograd_pass pass);
int64_t winograd_weight_gradient_scratch_size(const aviary_winograd *winograd);
#endif
