#include "aviary_dropout.h"

#include "dropout.h"
#include "vector_loops.h"

INLINED void drop_stretch(
    aviary_real kind, const void *x, const float *factors, void *output, int64_t first, int64_t length) {
    EACH_VECTOR(0, length, {
        floats v, factor;
        take(x, first + i, count, kind, &v);
        take(factors, i, count, F32, &factor);
        v *= factor;
        put(output, first + i, count, kind, &v);
    });
}

VECTORISED(
    extern, void, aviary_drop,
    (const aviary_dropout *dropout, aviary_real kind, const void *x, void *output, int64_t first, int64_t count),
    (dropout, kind, x, output, first, count)) {
    float room[DROPOUT_STRETCH + DROPOUT_ROOM];
    const aviary_dropout d = *dropout;
    for (int64_t i = first; i < first + count; i += DROPOUT_STRETCH) {
        int64_t stretch = least(DROPOUT_STRETCH, first + count - i);
        const float *factors = dropout_factors(&d, d.first_word + (uint64_t)i, stretch, room);
        if (kind == BF16) drop_stretch(BF16, x, factors, output, i, stretch);
        else drop_stretch(F32, x, factors, output, i, stretch);
    }
}
