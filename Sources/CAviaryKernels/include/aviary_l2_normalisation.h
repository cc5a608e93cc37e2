#pragma once
#include <stdint.h>

/// Each row of `[rows, columns]` by its Euclidean length, or by `epsilon` where it is shorter; the lengths, `[rows]`.
void aviary_l2_normalise(
    const float *source, float epsilon, float *output, float *lengths, int64_t rows, int64_t columns);
void aviary_l2_normalise_backward(
    const float *output, const float *upstream, const float *lengths, float epsilon, float *gradient, int64_t rows,
    int64_t columns);
