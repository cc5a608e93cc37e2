#include "aviary_bias_activation.h"

#include "dropout.h"
#include "element_functions.h"

// A stretch of one row is brought through the whole operation while it is in registers; backward computes the sum with
// the bias and the factors of dropout again, which is cheaper than to read them.

typedef struct {
    const void *x, *upstream;
    const float *bias, *factors;
    void *output;
    double *sums;
    int64_t place, count;
} stretch;

// The sum with the bias, of sixteen columns from `i` on or of the last few.
INLINED void biased(const stretch *s, aviary_real real, int64_t i, int64_t count, floats *v) {
    floats bias;
    if (count == LANES) {
        load(s->x, s->place + i, real, v);
        load(s->bias, i, F32, &bias);
    } else {
        load_some(s->x, s->place + i, count, real, v);
        load_some(s->bias, i, count, F32, &bias);
    }
    *v += bias;
}

INLINED void multiply_by_factors(const stretch *s, int64_t i, int64_t count, floats *v) {
    floats factors;
    if (!s->factors) return;
    if (count == LANES) load(s->factors, i, F32, &factors);
    else load_some(s->factors, i, count, F32, &factors);
    *v *= factors;
}

INLINED void write(const stretch *s, aviary_real real, int64_t i, int64_t count, const floats *v) {
    if (count == LANES) store(s->output, s->place + i, real, v);
    else store_some(s->output, s->place + i, count, real, v);
}

INLINED void forward_lanes(aviary_function kind, aviary_real real, const stretch *s, int64_t i, int64_t count) {
    floats v;
    biased(s, real, i, count, &v);
    value_at(kind, 0, 0, &v);
    multiply_by_factors(s, i, count, &v);
    write(s, real, i, count, &v);
}

INLINED void backward_lanes(aviary_function kind, aviary_real real, const stretch *s, int64_t i, int64_t count) {
    floats v, gradient;
    if (count == LANES) load(s->upstream, s->place + i, real, &gradient);
    else load_some(s->upstream, s->place + i, count, real, &gradient);
    multiply_by_factors(s, i, count, &gradient);
    biased(s, real, i, count, &v);
    gradient_at(kind, 0, 0, &v, &gradient);
    write(s, real, i, count, &gradient);
    if (!s->sums) return;
    if (count == LANES) add_to(s->sums + i, &gradient);
    else add_some_to(s->sums + i, count, &gradient);
}

INLINED void walk(aviary_function kind, aviary_real real, bool is_backward, const stretch *given) {
    const stretch s = *given;
    int64_t i = 0;
    for (; i + LANES <= s.count; i += LANES) {
        if (is_backward) backward_lanes(kind, real, &s, i, LANES);
        else forward_lanes(kind, real, &s, i, LANES);
    }
    if (i == s.count) return;
    if (is_backward) backward_lanes(kind, real, &s, i, s.count - i);
    else forward_lanes(kind, real, &s, i, s.count - i);
}

INLINED void walk_as(const aviary_bias_activation *a, aviary_function kind, bool is_backward, const stretch *s) {
    if (a->kind == BF16) walk(kind, BF16, is_backward, s);
    else walk(kind, F32, is_backward, s);
}

INLINED void bias_activation(
    const aviary_bias_activation *a, bool is_backward, const aviary_tile *tile, const void *x, const float *bias,
    const void *upstream, void *output, double *sums) {
    float room[DROPOUT_STRETCH + LANES];
    const aviary_dropout dropout = a->dropout;
    for (int64_t row = tile->first_row; row < tile->end_row; row++) {
        for (int64_t column = tile->first_column; column < tile->end_column; column += DROPOUT_STRETCH) {
            int64_t rest = tile->end_column - column, place = row * a->columns + column;
            stretch s = {
                .x = x, .upstream = upstream, .bias = bias + column, .output = output, .place = place,
                .count = rest < DROPOUT_STRETCH ? rest : DROPOUT_STRETCH,
                .sums = sums ? sums + (column - tile->first_column) : NULL,
            };
            if (a->drops) s.factors = dropout_factors(&dropout, dropout.first_draw + (uint64_t)place, s.count, room);
            switch (a->function) {
            case AVIARY_GELU: walk_as(a, AVIARY_GELU, is_backward, &s); break;
            case AVIARY_TANH_GELU: walk_as(a, AVIARY_TANH_GELU, is_backward, &s); break;
            case AVIARY_SILU: walk_as(a, AVIARY_SILU, is_backward, &s); break;
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
