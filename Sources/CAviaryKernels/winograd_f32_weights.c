#include "transpose.h"
#include "winograd_f32.h"

// The weights of 16 lanes lie apart, nine numbers each: they are read a window a register and transposed.

// A window's nine numbers; what lies behind them is neither read nor written.
#if defined(__x86_64__)
#include <immintrin.h>

enum { WINDOW = (1 << F32_TAPS) - 1 };
WINOGRAD_F32 INLINED void load_window(const float *weights, floats *window) {
    *window = (floats)_mm512_maskz_loadu_ps(WINDOW, weights);
}
WINOGRAD_F32 INLINED void store_window(float *weights, const floats *window) {
    _mm512_mask_storeu_ps(weights, WINDOW, (__m512)*window);
}
#else
INLINED void load_window(const float *weights, floats *window) { load_some(weights, 0, F32_TAPS, F32, window); }
INLINED void store_window(float *weights, const floats *window) { store_some(weights, 0, F32_TAPS, F32, window); }
#endif

#define OVER_N (1 / (A2 * B2))
#define OVER_M (1 / (2 * A2 * (A2 - B2)))
#define OVER_L (1 / (2 * B2 * (B2 - A2)))

// G along three.
INLINED void apply_g(const floats g[3], floats out[6]) {
    floats even_a = (g[0] + A2 * g[2]) * OVER_M, odd_a = g[1] * (POINT_A * OVER_M);
    floats even_b = (g[0] + B2 * g[2]) * OVER_L, odd_b = g[1] * (POINT_B * OVER_L);
    out[0] = g[0] * OVER_N;
    out[1] = even_a + odd_a;
    out[2] = even_a - odd_a;
    out[3] = even_b + odd_b;
    out[4] = even_b - odd_b;
    out[5] = g[2];
}

// The transpose of G along six.
INLINED void apply_g_transposed(const floats u[6], floats out[3]) {
    floats even_a = (u[1] + u[2]) * OVER_M, even_b = (u[3] + u[4]) * OVER_L;
    out[0] = u[0] * OVER_N + (even_a + even_b);
    out[1] = (u[1] - u[2]) * (POINT_A * OVER_M) + (u[3] - u[4]) * (POINT_B * OVER_L);
    out[2] = A2 * even_a + B2 * even_b + u[5];
}

// G g Gᵀ of the windows of 16 lanes.
WINOGRAD_F32 INLINED void transform_windows(
    const winograd_f32_weights *w, const float *windows, float *out, int64_t position_step) {
    floats taps[LANES], rows[6][3];
    UNROLLED for (int i = 0; i < LANES; i++) load_window(windows + i * w->lane_step, &taps[i]);
    transpose(taps);
    UNROLLED for (int x = 0; x < 3; x++) {
        const floats forwards[3] = {taps[x], taps[3 + x], taps[6 + x]};
        const floats turned[3] = {taps[8 - x], taps[5 - x], taps[2 - x]};
        floats column[6];
        apply_g(w->is_turned ? turned : forwards, column);
        UNROLLED for (int i = 0; i < 6; i++) rows[i][x] = column[i];
    }
    UNROLLED for (int i = 0; i < 6; i++) {
        floats u[6];
        apply_g(rows[i], u);
        UNROLLED for (int j = 0; j < 6; j++) *(floats *)(out + (6 * i + j) * position_step) = u[j];
    }
}

WINOGRAD_F32 void winograd_f32_transform_weights(
    const winograd_f32_weights *w, int64_t lane, int64_t width, float *out, int64_t position_step) {
    for (int64_t k = 0; k < w->inner; k++, out += width)
        for (int64_t l = 0; l < width; l += LANES)
            transform_windows(w, w->weights + (lane + l) * w->lane_step + k * w->inner_step, out + l, position_step);
}

// Gᵀ u G of 16 lanes: nine vectors.
INLINED void window_gradient(const winograd_f32_sums *s, const float *start, floats taps[F32_TAPS]) {
    floats columns[6][3];
    UNROLLED for (int x = 0; x < 6; x++) {
        floats u[6];
        UNROLLED for (int i = 0; i < 6; i++) {
            const float *summand = start + (6 * i + x) * s->position_step;
            u[i] = *(const floats *)summand;
            for (int64_t stripe = 1; stripe < s->stripes; stripe++)
                u[i] += *(const floats *)(summand + stripe * s->stripe_step);
        }
        apply_g_transposed(u, columns[x]);
    }
    UNROLLED for (int y = 0; y < 3; y++) {
        const floats u[6] = {columns[0][y], columns[1][y], columns[2][y], columns[3][y], columns[4][y], columns[5][y]};
        apply_g_transposed(u, taps + 3 * y);
    }
}

WINOGRAD_F32 void winograd_f32_weight_gradient(
    const winograd_f32_sums *s, int64_t channels, int64_t channel, int64_t count, int64_t output, float *gradient) {
    for (int64_t c = 0; c < count; c++) {
        floats taps[LANES] = {{0}};
        window_gradient(s, s->first + c * s->channel_step, taps);
        transpose(taps);
        float *windows = gradient + (output * channels + channel + c) * F32_TAPS;
        UNROLLED for (int i = 0; i < LANES; i++) store_window(windows + i * channels * F32_TAPS, &taps[i]);
    }
}
