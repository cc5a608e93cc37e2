#include "CAviaryKernels.h"
#include "vectorised.h"

#define LOOP for (int64_t i = 0; i < count; i++)

VECTORISED void aviary_add(const float *a, const float *b, float *restrict out, int64_t count) { LOOP out[i] = a[i] + b[i]; }
VECTORISED void aviary_subtract(const float *a, const float *b, float *restrict out, int64_t count) { LOOP out[i] = a[i] - b[i]; }
VECTORISED void aviary_multiply(const float *a, const float *b, float *restrict out, int64_t count) { LOOP out[i] = a[i] * b[i]; }
VECTORISED void aviary_divide(const float *a, const float *b, float *restrict out, int64_t count) { LOOP out[i] = a[i] / b[i]; }
VECTORISED void aviary_scale(const float *a, float factor, float *restrict out, int64_t count) { LOOP out[i] = a[i] * factor; }

// NaN stays NaN, as in PyTorch: a comparison that is false keeps the value.
VECTORISED void aviary_relu(const float *a, float *restrict out, int64_t count) { LOOP out[i] = a[i] < 0 ? 0 : a[i]; }

VECTORISED void aviary_relu_backward(
    const float *output, const float *gradient, float *restrict out, int64_t count) {
    LOOP out[i] = output[i] > 0 ? gradient[i] : 0;
}

VECTORISED double aviary_sum_of_squares(const float *a, int64_t count) {
    double lanes[16] = {0};
    int64_t whole = count / 16 * 16;
    for (int64_t i = 0; i < whole; i += 16)
        for (int lane = 0; lane < 16; lane++) lanes[lane] += (double)a[i + lane] * a[i + lane];
    for (int64_t i = whole; i < count; i++) lanes[i % 16] += (double)a[i] * a[i];
    double sum = 0;
    for (int lane = 0; lane < 16; lane++) sum += lanes[lane];
    return sum;
}
