#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_planes.h"
#include "aviary_real.h"

/// A batch norm over such images. They and their gradients are of its kind; what there is of each channel is f32.
typedef struct {
    aviary_planes planes;
    aviary_real kind;
    /// What comes out below 0 becomes 0.
    bool relu;
    /// Mean and variance are given and do not depend on the source.
    bool constant_statistics;
    float epsilon;
} aviary_batch_norm;

/// How many doubles of scratch a batch norm over these planes wants.
int64_t aviary_batch_norm_scratch_count(const aviary_planes *planes);
/// `(source - mean) / sqrt(variance + epsilon) * scale + shift [+ residual]`, then the ReLU. Mean and biased variance
/// of the batch are written, or read where they are constant; `residual` may be null.
void aviary_batch_norm_forward(
    const aviary_batch_norm *norm, const void *source, const void *residual, const float *scale, const float *shift,
    float *mean, float *variance, void *destination, double *scratch);
/// The gradients of `gradient [+ other]`, which came back along two ways; `other` may be null. The ReLU's mask is found
/// from `output`, which a norm with a residual must give; without one it may be null, and the mask is computed from the
/// source again. `residual_gradient`, the masked sum, may be null.
void aviary_batch_norm_backward(
    const aviary_batch_norm *norm, const void *source, const void *output, const float *scale, const float *shift,
    const float *mean, const float *variance, const void *gradient, const void *other, void *source_gradient,
    void *residual_gradient, float *scale_gradient, float *shift_gradient, double *scratch);
