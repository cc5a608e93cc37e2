#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_dropout.h"
#include "aviary_real.h"

/// A layer norm of rows of `columns` numbers: of `residual + dropout(source)`, or of the source alone. Scale and shift,
/// `[columns]`, may be null. The sum is of two bytes where both its parts are, and so is the output.
typedef struct {
    int64_t columns;
    double epsilon;
    aviary_real source_kind;
    /// Without a residual, the same as of the source.
    aviary_real residual_kind;
    bool drops;
    aviary_dropout dropout;
    const float *weight, *bias;
} aviary_layer_norm;

/// What the way back is given and what it writes; the kind of all but `mean` and `inverse` follows from those above.
typedef struct {
    /// What was normalised, the mean of each row and what its deviations were multiplied by.
    const void *normalised;
    const float *mean, *inverse;
    /// The gradient of the output, in one part or two; that of the sum, or null.
    const void *upstream, *other_upstream, *sum_upstream;
    /// The gradients by the residual, which is that by the sum, and by the source; either may be null.
    void *residual_gradient, *source_gradient;
} aviary_layer_norm_gradients;

/// How many floats of scratch one thread wants, either way.
int64_t aviary_layer_norm_scratch_count(int64_t columns);
/// Rows `begin..<end`: the sum, which may be null, the output, each row's mean and the inverse of its deviation.
void aviary_layer_norm_forward(
    const aviary_layer_norm *norm, const void *source, const void *residual, void *sum, void *output, float *mean,
    float *inverse, int64_t begin, int64_t end, float *scratch);
/// Into how many groups the way back parts so many rows.
int64_t aviary_layer_norm_group_count(int64_t rows);
/// One group's gradients by source and residual, and in `totals`, `[2, columns]`, what it adds to those by scale and
/// shift.
void aviary_layer_norm_backward(
    const aviary_layer_norm *norm, const aviary_layer_norm_gradients *gradients, int64_t rows, int64_t group,
    double *totals, float *scratch);
