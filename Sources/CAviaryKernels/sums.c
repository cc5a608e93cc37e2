#include "aviary_sums.h"

#include "vectors.h"

// Sums in double precision: a long column loses no digit.

INLINED void add_rows(aviary_real real, const void *x, int64_t columns, const aviary_tile *tile, double *sums) {
    int64_t width = tile->end_column - tile->first_column;
    floats v;
    for (int64_t row = tile->first_row; row < tile->end_row; row++) {
        int64_t place = row * columns + tile->first_column, i = 0;
        for (; i + LANES <= width; i += LANES) {
            load(x, place + i, real, &v);
            add_to(sums + i, &v);
        }
        if (i == width) continue;
        load_some(x, place + i, width - i, real, &v);
        add_some_to(sums + i, width - i, &v);
    }
}

VECTORISED(
    extern, void, aviary_add_rows,
    (aviary_real kind, const void *x, int64_t columns, const aviary_tile *tile, double *sums),
    (kind, x, columns, tile, sums)) {
    if (kind == BF16) add_rows(BF16, x, columns, tile, sums);
    else add_rows(F32, x, columns, tile, sums);
}

INLINED double total(aviary_real real, const void *x, int64_t first, int64_t count) {
    double lanes[LANES] = {0}, sum = 0;
    floats v;
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        load(x, first + i, real, &v);
        add_to(lanes, &v);
    }
    load_some(x, first + i, count - i, real, &v);
    add_some_to(lanes, count - i, &v);
    for (int lane = 0; lane < LANES; lane++) sum += lanes[lane];
    return sum;
}

VECTORISED(
    extern, double, aviary_sum, (aviary_real kind, const void *x, int64_t first, int64_t count),
    (kind, x, first, count)) {
    return kind == BF16 ? total(BF16, x, first, count) : total(F32, x, first, count);
}

VECTORISED(extern, double, aviary_sum_of_squares, (const float *x, int64_t count), (x, count)) {
    double lanes[LANES] = {0}, sum = 0;
    int64_t whole = count / LANES * LANES;
    for (int64_t i = 0; i < whole; i += LANES)
        for (int lane = 0; lane < LANES; lane++) lanes[lane] += (double)x[i + lane] * x[i + lane];
    for (int64_t i = whole; i < count; i++) lanes[i % LANES] += (double)x[i] * x[i];
    for (int lane = 0; lane < LANES; lane++) sum += lanes[lane];
    return sum;
}
