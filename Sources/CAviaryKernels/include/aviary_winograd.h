#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_real.h"

/// A convolution with windows of 3×3, stride 1 and padding 1, `[batch, channels, height, width]` to `[batch, outputs,
/// height, width]`, bf16 in blocks of 16 channels, by Winograd's F(2×2, 3×3): `winograd.h`.
typedef struct {
    int64_t batch, channels, outputs, height, width;
    /// Into how many parts the work is cut at most, one a thread: no result depends on it, scratch does.
    int64_t workers;
} aviary_winograd;

typedef enum {
    AVIARY_WINOGRAD_FORWARD,
    AVIARY_WINOGRAD_BACKWARD_DATA,
    AVIARY_WINOGRAD_BACKWARD_WEIGHTS
} aviary_winograd_pass;

/// Whether the functions below may be called: with the instructions of `AVX512_BF16`, for whole blocks of channels.
bool aviary_winograd_serves(const aviary_winograd *winograd);
/// Bytes of scratch that a pass wants.
int64_t aviary_winograd_scratch_size(const aviary_winograd *winograd, aviary_winograd_pass pass);
/// Weights are plain `[outputs, channels, 3, 3]`; the bias is `[outputs]` or null.
void aviary_winograd_forward(
    const aviary_winograd *winograd, const uint16_t *source, const void *weights, aviary_real weights_kind,
    const float *bias, uint16_t *destination, void *scratch);
/// The gradient by the source.
void aviary_winograd_backward_data(
    const aviary_winograd *winograd, const uint16_t *destination_gradient, const void *weights,
    aviary_real weights_kind, uint16_t *source_gradient, void *scratch);
/// The gradient by the weights, plain and in f32.
void aviary_winograd_backward_weights(
    const aviary_winograd *winograd, const uint16_t *source, const uint16_t *destination_gradient,
    float *weight_gradient, void *scratch);
