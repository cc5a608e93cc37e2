#include "aviary_bias_activation.h"

#include "dropout.h"
#include "element_functions.h"
#include "vector_loops.h"

// A stretch of one row is brought through the whole operation while it is in registers; backward computes the sum with
// the bias and the factors of dropout again, which is cheaper than to read them.

typedef struct {
    const void *x, *upstream;
    const float *bias, *factors;
    void *output;
    double *sums;
    int64_t place, count;
} stretch;

// The sum with the bias.
INLINED void biased(const stretch *s, aviary_real kind, int64_t i, int64_t count, floats *v) {
    floats bias;
    take(s->x, s->place + i, count, kind, v);
    take(s->bias, i, count, F32, &bias);
    *v += bias;
}

INLINED void multiply_by_factors(const stretch *s, int64_t i, int64_t count, floats *v) {
    floats factors;
    if (!s->factors) return;
    take(s->factors, i, count, F32, &factors);
    *v *= factors;
}

INLINED void forward_lanes(aviary_function function, aviary_real kind, const stretch *s, int64_t i, int64_t count) {
    floats v;
    biased(s, kind, i, count, &v);
    value_at(function, 0, 0, &v);
    multiply_by_factors(s, i, count, &v);
    put(s->output, s->place + i, count, kind, &v);
}

INLINED void backward_lanes(aviary_function function, aviary_real kind, const stretch *s, int64_t i, int64_t count) {
    floats v, gradient;
    take(s->upstream, s->place + i, count, kind, &gradient);
    multiply_by_factors(s, i, count, &gradient);
    biased(s, kind, i, count, &v);
    // Their slope is made of what they give.
    if (function == AVIARY_SIGMOID || function == AVIARY_TANH) value_at(function, 0, 0, &v);
    gradient_at(function, 0, 0, &v, &gradient);
    put(s->output, s->place + i, count, kind, &gradient);
    if (s->sums) accumulate(s->sums + i, count, &gradient);
}

INLINED void walk(aviary_function function, aviary_real kind, bool is_backward, const stretch *given) {
    const stretch s = *given;
    EACH_VECTOR(0, s.count, {
        if (is_backward) backward_lanes(function, kind, &s, i, count);
        else forward_lanes(function, kind, &s, i, count);
    });
}

INLINED void walk_as(const aviary_bias_activation *a, aviary_function function, bool is_backward, const stretch *s) {
    if (a->kind == BF16) walk(function, BF16, is_backward, s);
    else walk(function, F32, is_backward, s);
}

INLINED void bias_activation(
    const aviary_bias_activation *a, bool is_backward, const aviary_tile *tile, const void *x, const float *bias,
    const void *upstream, void *output, double *sums) {
    float room[DROPOUT_STRETCH + DROPOUT_ROOM];
    const aviary_dropout dropout = a->dropout;
    for (int64_t row = tile->first_row; row < tile->end_row; row++) {
        for (int64_t column = tile->first_column; column < tile->end_column; column += DROPOUT_STRETCH) {
            int64_t place = row * a->columns + column;
            stretch s = {
                .x = x, .upstream = upstream, .bias = bias + column, .output = output, .place = place,
                .count = least(DROPOUT_STRETCH, tile->end_column - column),
                .sums = sums ? sums + (column - tile->first_column) : NULL,
            };
            if (a->drops) s.factors = dropout_factors(&dropout, dropout.first_word + (uint64_t)place, s.count, room);
            switch (a->function) {
            case AVIARY_GELU: walk_as(a, AVIARY_GELU, is_backward, &s); break;
            case AVIARY_TANH_GELU: walk_as(a, AVIARY_TANH_GELU, is_backward, &s); break;
            case AVIARY_SILU: walk_as(a, AVIARY_SILU, is_backward, &s); break;
            case AVIARY_SIGMOID: walk_as(a, AVIARY_SIGMOID, is_backward, &s); break;
            case AVIARY_TANH: walk_as(a, AVIARY_TANH, is_backward, &s); break;
            default: walk_as(a, AVIARY_RELU, is_backward, &s); break;
            }
        }
    }
}

VECTORISED(
    extern, void, aviary_bias_activation_forward,
    (const aviary_bias_activation *a, const aviary_tile *tile, const void *x, const float *bias, void *output),
    (a, tile, x, bias, output)) {
    bias_activation(a, false, tile, x, bias, NULL, output, NULL);
}

VECTORISED(
    extern, void, aviary_bias_activation_backward,
    (const aviary_bias_activation *a, const aviary_tile *tile, const void *x, const float *bias, const void *upstream,
     void *gradient, double *sums),
    (a, tile, x, bias, upstream, gradient, sums)) {
    bias_activation(a, true, tile, x, bias, upstream, gradient, sums);
}
