#pragma once
#include <stdint.h>

#include "aviary_real.h"

/// Images in blocks of channels, `[batch, ⌈channels / block⌉, area, block]`; a block of 1 is the plain layout, one of
/// all channels has those of a pixel side by side. The last block is filled with zeros, and what is written keeps them.
typedef struct {
    int64_t batch, channels, area, block;
} aviary_planes;

/// How many doubles of scratch the sums of channels want.
int64_t aviary_channel_sums_scratch_count(const aviary_planes *planes);
/// The sum of each channel over all images.
void aviary_channel_sums(
    const aviary_planes *planes, aviary_real kind, const void *source, float *sums, double *scratch);
/// The mean of each channel of each image, `[batch, channels]`, of the source's kind.
void aviary_plane_means(const aviary_planes *planes, aviary_real kind, const void *source, void *means);
/// The gradient of that: each number of `[batch, channels]` over the area, at every pixel.
void aviary_plane_means_backward(
    const aviary_planes *planes, aviary_real kind, const void *gradient, void *source_gradient);
