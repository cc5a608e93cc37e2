#pragma once
#include <stdint.h>

#include "aviary_real.h"

/// Functions of one element; those that take more say so.
typedef enum {
    AVIARY_ABSOLUTE,
    /// Into `low...high`.
    AVIARY_CLAMP,
    AVIARY_EXPONENTIAL,
    /// `x Φ(x)`.
    AVIARY_GELU,
    AVIARY_HARDSWISH,
    /// What is not positive times `low`.
    AVIARY_LEAKY_RELU,
    AVIARY_LOGARITHM,
    AVIARY_RECIPROCAL_SQUARE_ROOT,
    AVIARY_RELU,
    AVIARY_RELU6,
    AVIARY_SIGMOID,
    AVIARY_SILU,
    AVIARY_SOFTPLUS,
    AVIARY_SQUARE_ROOT,
    AVIARY_TANH,
    /// GELU by the hyperbolic tangent.
    AVIARY_TANH_GELU,
} aviary_function;
typedef struct {
    aviary_function kind;
    float low, high;
} aviary_element_function;

/// The function of each element.
void aviary_element_values(
    aviary_element_function function, aviary_real kind, const void *x, void *output, int64_t count);
/// The gradient by each element. `kept` is the function's output if it is an exponential, ReLU, sigmoid or tanh, else
/// its argument.
void aviary_element_gradients(
    aviary_element_function function, aviary_real kind, const void *kept, const void *upstream, void *gradient,
    int64_t count);
