#pragma once
#include <stdint.h>

/// Every `stride`-th pixel of images, with `added` channels of zeros in front and as many as `wide` has room for
/// behind; elements of so many bytes.
typedef struct {
    int64_t batch, block, stride, added;
    int64_t channels, height, width;
    int64_t wide_channels, wide_height, wide_width;
    int64_t element_size;
} aviary_identity_pad;
void aviary_identity_pad_forward(const aviary_identity_pad *pad, const void *source, void *wide);
/// The gradient by the source: 0 at the pixels that were left out.
void aviary_identity_pad_backward(const aviary_identity_pad *pad, const void *wide_gradient, void *source_gradient);
