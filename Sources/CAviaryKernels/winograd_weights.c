#include "transpose.h"
#include "winograd.h"

#if defined(__x86_64__)

// The weights of 16 lanes lie apart, nine numbers each: they are read a window a register and transposed.

// The lanes of a window.
enum { WINDOW = (1 << TAPS) - 1 };

// A window's nine numbers; lanes past them are 0, and what lies behind them is not read.
DPBF16_INLINED floats window(const void *weights, int64_t i, aviary_real kind) {
    if (kind == F32) return (floats)_mm512_maskz_loadu_ps(WINDOW, (const float *)weights + i);
    return (floats)_mm512_slli_epi32(
        _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(WINDOW, (const uint16_t *)weights + i)), 16);
}

// G along three.
INLINED void apply_g(const floats g[3], floats out[4]) {
    floats outer = (g[0] + g[2]) * 0.5f, inner = g[1] * 0.5f;
    out[0] = g[0];
    out[1] = outer + inner;
    out[2] = outer - inner;
    out[3] = g[2];
}

// The transpose of G along four.
INLINED void apply_g_transposed(const floats u[4], floats out[3]) {
    floats sum = (u[1] + u[2]) * 0.5f;
    out[0] = u[0] + sum;
    out[1] = (u[1] - u[2]) * 0.5f;
    out[2] = sum + u[3];
}

// G g Gᵀ of the windows of 16 lanes.
DPBF16_INLINED void transform_window(
    const winograd_weights *w, aviary_real kind, int64_t lane, int64_t k, floats out[POSITIONS]) {
    floats taps[LANES], rows[4][3];
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++)
        taps[i] = window(w->weights, (lane + i) * w->lane_step + k * w->inner_step, kind);
    transpose(taps);
#pragma clang loop unroll(full)
    for (int x = 0; x < 3; x++) {
        const floats forwards[3] = {taps[x], taps[3 + x], taps[6 + x]};
        const floats turned[3] = {taps[8 - x], taps[5 - x], taps[2 - x]};
        floats column[4];
        apply_g(w->is_turned ? turned : forwards, column);
        for (int i = 0; i < 4; i++) rows[i][x] = column[i];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) apply_g(rows[i], out + 4 * i);
}

// Two windows that follow each other along what is summed, of 16 lanes.
DPBF16_INLINED void transform_pair(
    const winograd_weights *w, aviary_real kind, int64_t lane, int64_t k, uint32_t *out) {
    floats first[POSITIONS], second[POSITIONS];
    transform_window(w, kind, lane, k, first);
    transform_window(w, kind, lane, k + 1, second);
#pragma clang loop unroll(full)
    for (int p = 0; p < POSITIONS; p++) {
        __m512i lower = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)first[p]));
        __m512i upper = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)second[p]));
        _mm512_storeu_si512(out + p * w->position_step, _mm512_or_si512(lower, _mm512_slli_epi32(upper, 16)));
    }
}

DPBF16_INLINED void transform_panels(const winograd_weights *w, aviary_real kind, int64_t first, int64_t end) {
    for (int64_t panel = first * PANEL; panel < least(end * PANEL, w->lanes); panel += PANEL) {
        int64_t width = least(PANEL, w->lanes - panel);
        uint32_t *out = w->out + panel * w->inner / 2;
        for (int64_t k = 0; k < w->inner; k += 2, out += width)
            for (int64_t lane = 0; lane < width; lane += LANES) transform_pair(w, kind, panel + lane, k, out + lane);
    }
}

DPBF16 void winograd_transform_weights(const winograd_weights *w, int64_t first, int64_t end) {
    if (w->kind == F32) transform_panels(w, F32, first, end);
    else transform_panels(w, BF16, first, end);
}

// Gᵀ u G of 16 lanes: nine vectors. The summands of u lie `stripe_step` apart.
DPBF16_INLINED void window_gradient(
    const float *sums, int64_t position_step, int64_t stripes, int64_t stripe_step, floats taps[TAPS]) {
    floats columns[4][3];
#pragma clang loop unroll(full)
    for (int x = 0; x < 4; x++) {
        floats u[4];
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) {
            const float *summand = sums + (4 * i + x) * position_step;
            u[i] = *(const floats *)summand;
            for (int64_t s = 1; s < stripes; s++) u[i] += *(const floats *)(summand + s * stripe_step);
        }
        apply_g_transposed(u, columns[x]);
    }
#pragma clang loop unroll(full)
    for (int y = 0; y < 3; y++) {
        const floats u[4] = {columns[0][y], columns[1][y], columns[2][y], columns[3][y]};
        apply_g_transposed(u, taps + 3 * y);
    }
}

DPBF16 void winograd_weight_gradient(
    int64_t channels, int64_t outputs, const float *sums, int64_t position_step, int64_t stripes, int64_t first,
    int64_t end, float *gradient) {
    for (int64_t output = first * LANES; output < end * LANES; output += LANES) {
        int64_t panel = output / PANEL * PANEL, width = least(PANEL, outputs - panel);
        const float *start = sums + panel * channels + output - panel;
        for (int64_t c = 0; c < channels; c++, start += width) {
            floats taps[LANES] = {{0}};
            window_gradient(start, position_step, stripes, POSITIONS * position_step, taps);
            transpose(taps);
            float *windows = gradient + (output * channels + c) * TAPS;
#pragma clang loop unroll(full)
            for (int i = 0; i < LANES; i++)
                _mm512_mask_storeu_ps(windows + i * channels * TAPS, WINDOW, (__m512)taps[i]);
        }
    }
}

#endif
