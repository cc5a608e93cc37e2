#include "aviary_element_functions.h"

#include "element_functions.h"

// Every function is written once (`element_functions.h`) and so is each loop; here they are brought together.

#define EACH_FUNCTION(CASE)                                                                                    \
    CASE(AVIARY_ABSOLUTE) CASE(AVIARY_CLAMP) CASE(AVIARY_EXPONENTIAL) CASE(AVIARY_GELU) CASE(AVIARY_HARDSWISH) \
    CASE(AVIARY_LEAKY_RELU) CASE(AVIARY_LOGARITHM) CASE(AVIARY_RECIPROCAL_SQUARE_ROOT) CASE(AVIARY_RELU)       \
    CASE(AVIARY_RELU6) CASE(AVIARY_SIGMOID) CASE(AVIARY_SILU) CASE(AVIARY_SOFTPLUS) CASE(AVIARY_SQUARE_ROOT)   \
    CASE(AVIARY_TANH) CASE(AVIARY_TANH_GELU)

INLINED void values(
    aviary_function function, float low, float high, aviary_real kind, const void *x, void *output,
    int64_t count) {
    floats v;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        load(x, i, kind, &v);
        value_at(function, low, high, &v);
        store(output, i, kind, &v);
    }
    if (i == count) return;
    load_some(x, i, count - i, kind, &v);
    value_at(function, low, high, &v);
    store_some(output, i, count - i, kind, &v);
}

INLINED void gradients(
    aviary_function function, float low, float high, aviary_real kind, const void *kept, const void *upstream,
    void *gradient, int64_t count) {
    floats v, g;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        load(kept, i, kind, &v);
        load(upstream, i, kind, &g);
        gradient_at(function, low, high, &v, &g);
        store(gradient, i, kind, &g);
    }
    if (i == count) return;
    load_some(kept, i, count - i, kind, &v);
    load_some(upstream, i, count - i, kind, &g);
    gradient_at(function, low, high, &v, &g);
    store_some(gradient, i, count - i, kind, &g);
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
