#include "aviary_dropout.h"

#include "dropout.h"

INLINED void drop_stretch(
    aviary_real real, const void *x, const float *factors, void *output, int64_t first, int64_t count) {
    floats v, factor;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        load(x, first + i, real, &v);
        load(factors, i, F32, &factor);
        v *= factor;
        store(output, first + i, real, &v);
    }
    if (i == count) return;
    load_some(x, first + i, count - i, real, &v);
    load_some(factors, i, count - i, F32, &factor);
    v *= factor;
    store_some(output, first + i, count - i, real, &v);
}

VECTORISED(
    extern, void, aviary_drop,
    (const aviary_dropout *dropout, aviary_real kind, const void *x, void *output, int64_t first, int64_t count),
    (dropout, kind, x, output, first, count)) {
    float room[DROPOUT_STRETCH + LANES];
    const aviary_dropout d = *dropout;
    for (int64_t i = first; i < first + count; i += DROPOUT_STRETCH) {
        int64_t rest = first + count - i, stretch = rest < DROPOUT_STRETCH ? rest : DROPOUT_STRETCH;
        const float *factors = dropout_factors(&d, d.first_draw + (uint64_t)i, stretch, room);
        if (kind == BF16) drop_stretch(BF16, x, factors, output, i, stretch);
        else drop_stretch(F32, x, factors, output, i, stretch);
    }
}
