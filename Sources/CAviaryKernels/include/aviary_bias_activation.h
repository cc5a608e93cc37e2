#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_dropout.h"
#include "aviary_element_functions.h"
#include "aviary_real.h"
#include "aviary_sums.h"

/// `dropout(function(x + bias))` of `[rows, columns]`, the bias f32 `[columns]`.
typedef struct {
    /// ReLU, SiLU or a form of GELU.
    aviary_function function;
    aviary_real kind;
    bool drops;
    int64_t columns;
    aviary_dropout dropout;
} aviary_bias_activation;
void aviary_bias_activation_forward(
    const aviary_bias_activation *a, const aviary_tile *tile, const void *x, const float *bias, void *output);
/// The gradient by `x`, and, where `sums` is not null, the columns' sums of it added to those of the tile.
void aviary_bias_activation_backward(
    const aviary_bias_activation *a, const aviary_tile *tile, const void *x, const float *bias, const void *upstream,
    void *gradient, double *sums);
