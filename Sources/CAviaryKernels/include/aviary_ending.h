#pragma once
#include <stdbool.h>

/// What is done to the sums of a forward convolution before they are written: a bias `[outputs]`, if it is not null, and
/// what the destination holds (`adds`) are added, then the positive part is taken (`relu`), in which NaN stays.
typedef struct {
    const float *bias;
    bool adds, relu;
} aviary_ending;
