#include "CAviaryKernels.h"
#include "vectorised.h"

#define LOOP for (int64_t i = 0; i < count; i++)

#define PAIRS(name, value) \
    VECTORISED(extern, void, name, (const float *a, const float *b, float *restrict out, int64_t count), \
               (a, b, out, count)) { LOOP out[i] = value; }

PAIRS(aviary_add, a[i] + b[i])
PAIRS(aviary_subtract, a[i] - b[i])
PAIRS(aviary_multiply, a[i] * b[i])
PAIRS(aviary_divide, a[i] / b[i])
// The output, then the gradient.
PAIRS(aviary_relu_backward, a[i] > 0 ? b[i] : 0)

VECTORISED(extern, void, aviary_scale, (const float *a, float factor, float *restrict out, int64_t count),
           (a, factor, out, count)) {
    LOOP out[i] = a[i] * factor;
}

// NaN stays NaN, as in PyTorch: a comparison that is false keeps the value.
VECTORISED(extern, void, aviary_relu, (const float *a, float *restrict out, int64_t count), (a, out, count)) {
    LOOP out[i] = a[i] < 0 ? 0 : a[i];
}

VECTORISED(extern, double, aviary_sum_of_squares, (const float *a, int64_t count), (a, count)) {
    double lanes[16] = {0};
    int64_t whole = count / 16 * 16;
    for (int64_t i = 0; i < whole; i += 16)
        for (int lane = 0; lane < 16; lane++) lanes[lane] += (double)a[i + lane] * a[i + lane];
    for (int64_t i = whole; i < count; i++) lanes[i % 16] += (double)a[i] * a[i];
    double sum = 0;
    for (int lane = 0; lane < 16; lane++) sum += lanes[lane];
    return sum;
}
