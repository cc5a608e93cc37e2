#include "aviary_sums.h"

#include "vector_loops.h"

// Sums in double precision: a long column loses no digit.

INLINED void add_rows(aviary_real kind, const void *x, int64_t columns, const aviary_tile *tile, double *sums) {
    int64_t width = tile->end_column - tile->first_column;
    for (int64_t row = tile->first_row; row < tile->end_row; row++) {
        int64_t place = row * columns + tile->first_column;
        EACH_VECTOR(0, width, {
            floats v;
            take(x, place + i, count, kind, &v);
            accumulate(sums + i, count, &v);
        });
    }
}

VECTORISED(
    extern, void, aviary_add_rows,
    (aviary_real kind, const void *x, int64_t columns, const aviary_tile *tile, double *sums),
    (kind, x, columns, tile, sums)) {
    if (kind == BF16) add_rows(BF16, x, columns, tile, sums);
    else add_rows(F32, x, columns, tile, sums);
}

INLINED double sum_of_sums(const double lanes[LANES]) {
    double sum = 0;
    for (int lane = 0; lane < LANES; lane++) sum += lanes[lane];
    return sum;
}

INLINED double total(aviary_real kind, const void *x, int64_t first, int64_t length) {
    double lanes[LANES] = {0};
    EACH_VECTOR(0, length, {
        floats v;
        take(x, first + i, count, kind, &v);
        add_to(lanes, &v);
    });
    return sum_of_sums(lanes);
}

VECTORISED(
    extern, double, aviary_sum, (aviary_real kind, const void *x, int64_t first, int64_t count),
    (kind, x, first, count)) {
    return kind == BF16 ? total(BF16, x, first, count) : total(F32, x, first, count);
}

VECTORISED(extern, double, aviary_sum_of_squares, (const float *x, int64_t length), (x, length)) {
    double lanes[LANES] = {0};
    EACH_VECTOR(0, length, {
        floats v;
        take(x, i, count, F32, &v);
        doubles wide = __builtin_convertvector(v, doubles);
        *(doubles *)lanes += wide * wide;
    });
    return sum_of_sums(lanes);
}
