#include "aviary_element_functions.h"

#include "element_functions.h"
#include "vector_loops.h"

// Every function is written once (`element_functions.h`) and so is each loop; here they are brought together.

#define EACH_FUNCTION(CASE)                                                                                    \
    CASE(AVIARY_ABSOLUTE) CASE(AVIARY_CLAMP) CASE(AVIARY_EXPONENTIAL) CASE(AVIARY_GELU) CASE(AVIARY_HARDSWISH) \
    CASE(AVIARY_LEAKY_RELU) CASE(AVIARY_LOGARITHM) CASE(AVIARY_RECIPROCAL_SQUARE_ROOT) CASE(AVIARY_RELU)       \
    CASE(AVIARY_RELU6) CASE(AVIARY_SIGMOID) CASE(AVIARY_SILU) CASE(AVIARY_SOFTPLUS) CASE(AVIARY_SQUARE_ROOT)   \
    CASE(AVIARY_TANH) CASE(AVIARY_TANH_GELU)

INLINED void values(
    aviary_function function, float low, float high, aviary_real kind, const void *x, void *output, int64_t length) {
    EACH_VECTOR(0, length, {
        floats v;
        take(x, i, count, kind, &v);
        value_at(function, low, high, &v);
        put(output, i, count, kind, &v);
    });
}

INLINED void gradients(
    aviary_function function, float low, float high, aviary_real kind, const void *kept, const void *upstream,
    void *gradient, int64_t length) {
    EACH_VECTOR(0, length, {
        floats v, g;
        take(kept, i, count, kind, &v);
        take(upstream, i, count, kind, &g);
        gradient_at(function, low, high, &v, &g);
        put(gradient, i, count, kind, &g);
    });
}

VECTORISED(
    extern, void, aviary_element_values,
    (aviary_element_function function, aviary_real kind, const void *x, void *output, int64_t count),
    (function, kind, x, output, count)) {
    float low = function.low, high = function.high;
    switch (function.kind) {
#define CASE(name)                                                         \
    case name:                                                             \
        if (kind == BF16) values(name, low, high, BF16, x, output, count); \
        else values(name, low, high, F32, x, output, count);               \
        break;
        EACH_FUNCTION(CASE)
#undef CASE
    }
}

VECTORISED(
    extern, void, aviary_element_gradients,
    (aviary_element_function function, aviary_real kind, const void *kept, const void *upstream, void *gradient,
     int64_t count),
    (function, kind, kept, upstream, gradient, count)) {
    float low = function.low, high = function.high;
    switch (function.kind) {
#define CASE(name)                                                                           \
    case name:                                                                               \
        if (kind == BF16) gradients(name, low, high, BF16, kept, upstream, gradient, count); \
        else gradients(name, low, high, F32, kept, upstream, gradient, count);               \
        break;
        EACH_FUNCTION(CASE)
#undef CASE
    }
}
