#include "CAviaryKernels.h"
#include "vectorised.h"

#define LOOP for (int64_t i = 0; i < count; i++)

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
