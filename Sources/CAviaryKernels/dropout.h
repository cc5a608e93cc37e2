#pragma once
#include "vectors.h"

// What dropout multiplies by, drawn as `RandomStream` draws: element i of a tensor takes draw i, 64 bits, and a counter
// of Philox holds two draws. So a mask is a function of the place, and backward asks for it again.

// Draws that one call makes.
enum { DRAWS = 2 * LANES };

INLINED floats kept_factors(const aviary_dropout *d, words low, words high) {
    uint32_t least_high = (uint32_t)(d->threshold >> 32), least_low = (uint32_t)d->threshold;
    ints is_kept = (ints)(high > least_high) | ((ints)(high == least_high) & (ints)(low >= least_low));
    return WHERE(is_kept, (floats){0} + d->kept);
}

// The factors of 32 elements from `draw` on, which is even.
INLINED void draw_factors(const aviary_dropout *d, uint64_t draw, float *factors) {
    const words lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    words drawn[4] = {lane + (uint32_t)(draw / 2)};
    philox(d->key, d->counter, drawn);
    floats even = kept_factors(d, drawn[0], drawn[1]), odd = kept_factors(d, drawn[2], drawn[3]);
    *(floats *)factors =
        __builtin_shufflevector(even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    *(floats *)(factors + LANES) =
        __builtin_shufflevector(even, odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// The factors of at least `count` elements from `draw` on, which is even.
VECTORISED(
    static, void, draw_many, (const aviary_dropout *d, uint64_t draw, int64_t count, float *factors),
    (d, draw, count, factors)) {
    const aviary_dropout dropout = *d;
    for (int64_t i = 0; i < count; i += DRAWS) draw_factors(&dropout, draw + (uint64_t)i, factors + i);
}

// The factors of `count` elements from `element` on, in `factors`, which has room for DRAWS more; gives where they
// begin.
static inline const float *dropout_factors(
    const aviary_dropout *d, uint64_t element, int64_t count, float *factors) {
    uint64_t first = d->first_draw + element, odd = first & 1;
    draw_many(d, first - odd, count + (int64_t)odd, factors);
    return factors + odd;
}
