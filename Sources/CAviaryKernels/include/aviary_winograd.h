#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_ending.h"
#include "aviary_real.h"

/// A convolution with windows of 3×3, stride 1 and padding 1, `[batch, channels, height, width]` to `[batch, outputs,
/// height, width]`, in blocks of 16 channels: in bf16 by Winograd's F(2×2, 3×3), `winograd.h`, in f32 by F(4×4, 3×3),
/// `winograd_f32.h`.
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

/// Whether the functions below may be called: with the instructions of `AVX512`, for whole blocks of at least 64
/// channels, in and out, and images that fill four fifths of their tiles.
bool aviary_winograd_f32_serves(const aviary_winograd *winograd);
/// Bytes of scratch that a pass wants.
int64_t aviary_winograd_f32_scratch_size(const aviary_winograd *winograd, aviary_winograd_pass pass);
/// Weights are plain `[outputs, channels, 3, 3]`.
void aviary_winograd_f32_forward(
    const aviary_winograd *winograd, const float *source, const float *weights, aviary_ending ending,
    float *destination, float *scratch);
/// The gradient by the source.
void aviary_winograd_f32_backward_data(
    const aviary_winograd *winograd, const float *destination_gradient, const float *weights, float *source_gradient,
    float *scratch);
/// The gradient by the weights, plain.
void aviary_winograd_f32_backward_weights(
    const aviary_winograd *winograd, const float *source, const float *destination_gradient, float *weight_gradient,
    float *scratch);
