#include "element_functions.h"

// Every function is written once (`element_functions.h`) and so is each loop; here they are brought together.

#define EACH_FUNCTION(CASE)                                                                                    \
    CASE(AVIARY_ABSOLUTE) CASE(AVIARY_CLAMP) CASE(AVIARY_EXPONENTIAL) CASE(AVIARY_GELU) CASE(AVIARY_HARDSWISH) \
    CASE(AVIARY_LEAKY_RELU) CASE(AVIARY_LOGARITHM) CASE(AVIARY_RECIPROCAL_SQUARE_ROOT) CASE(AVIARY_RELU)       \
    CASE(AVIARY_RELU6) CASE(AVIARY_SIGMOID) CASE(AVIARY_SILU) CASE(AVIARY_SOFTPLUS) CASE(AVIARY_SQUARE_ROOT)   \
    CASE(AVIARY_TANH) CASE(AVIARY_TANH_GELU)

INLINED void values(
    aviary_function kind, float low, float high, real_kind real, const void *x, void *output, int64_t count) {
    floats v;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        load(x, i, real, &v);
        value_at(kind, low, high, &v);
        store(output, i, real, &v);
    }
    if (i == count) return;
    load_some(x, i, count - i, real, &v);
    value_at(kind, low, high, &v);
    store_some(output, i, count - i, real, &v);
}

INLINED void gradients(
    aviary_function kind, float low, float high, real_kind real, const void *kept, const void *upstream, void *gradient,
    int64_t count) {
    floats v, g;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        load(kept, i, real, &v);
        load(upstream, i, real, &g);
        gradient_at(kind, low, high, &v, &g);
        store(gradient, i, real, &g);
    }
    if (i == count) return;
    load_some(kept, i, count - i, real, &v);
    load_some(upstream, i, count - i, real, &g);
    gradient_at(kind, low, high, &v, &g);
    store_some(gradient, i, count - i, real, &g);
}

VECTORISED(
    extern, void, aviary_element_values,
    (aviary_element_function function, bool is_bf16, const void *x, void *output, int64_t count),
    (function, is_bf16, x, output, count)) {
    float low = function.low, high = function.high;
    switch (function.kind) {
#define CASE(kind)                                                \
    case kind:                                                    \
        if (is_bf16) values(kind, low, high, BF16, x, output, count); \
        else values(kind, low, high, F32, x, output, count);      \
        break;
        EACH_FUNCTION(CASE)
#undef CASE
    }
}

VECTORISED(
    extern, void, aviary_element_gradients,
    (aviary_element_function function, bool is_bf16, const void *kept, const void *upstream, void *gradient,
     int64_t count),
    (function, is_bf16, kept, upstream, gradient, count)) {
    float low = function.low, high = function.high;
    switch (function.kind) {
#define CASE(kind)                                                              \
    case kind:                                                                  \
        if (is_bf16) gradients(kind, low, high, BF16, kept, upstream, gradient, count); \
        else gradients(kind, low, high, F32, kept, upstream, gradient, count);  \
        break;
        EACH_FUNCTION(CASE)
#undef CASE
    }
}
