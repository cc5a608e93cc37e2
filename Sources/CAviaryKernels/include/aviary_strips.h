#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_ending.h"
#include "aviary_windows.h"

// Convolution in f32 of images whose channels lie in blocks of 16: the sums of a strip of pixels stay in registers while
// one block of channels is gone through, window's element by element. No image is copied, and what a window has beyond
// the edge is not computed.

typedef struct {
    /// `windows.channels` are the source's.
    aviary_windows windows;
    int64_t outputs;
} aviary_strip_convolution;

/// Whether the functions below may be called: with the instructions of `AVX512`, for whole blocks of channels, where
/// windows reach over an edge by no more than a stride.
bool aviary_strips_serve(const aviary_strip_convolution *convolution);
/// The convolution that computes the gradient by the source of `convolution`, whose strides are 1, from that by the
/// destination.
aviary_strip_convolution aviary_strips_backward(const aviary_strip_convolution *convolution);

/// Weights into the order in which they are read; as many numbers. Plain ones are `[outputs, channels, area]`, or of the
/// convolution that this one is the backward of.
void aviary_strips_pack(
    const aviary_strip_convolution *convolution, bool is_backward, const float *plain, float *packed);
/// `[batch, channels / 16, height, width, 16]` to `[batch, outputs / 16, output height, output width, 16]`.
void aviary_strips_run(
    const aviary_strip_convolution *convolution, const float *source, const float *packed, aviary_ending ending,
    float *destination);
