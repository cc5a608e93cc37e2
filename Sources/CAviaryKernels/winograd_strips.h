#pragma once
#include "winograd_grid.h"

// The product of both Winograd's, made of strips of rows. The file that includes this has defined
//
//     NUMBER       what is multiplied: a float, or a word that is a pair of bf16
//     REGISTER     sixteen of the right's, and EACH(number) the same of one of the left
//     LOAD(from)   sixteen of the right
//     ADD(sum, each, line)   what is added to sixteen sums
//     INSTRUCTIONS the level of instructions that those take

// Six rows of four vectors are 24 sums; with four vectors of the right and a number of the left 29 of 32 registers, and
// 10 loads for 24 instructions that multiply.
enum { STRIP_ROWS = 6, STRIP_VECTORS = 4 };

INSTRUCTIONS INLINED void strip(
    int rows, int vectors, int64_t inner, const NUMBER *left, int64_t row_step, int64_t inner_step,
    const NUMBER *right, const NUMBER *ahead, bool accumulates, float *out) {
    int64_t width = vectors * LANES;
    floats sums[STRIP_ROWS][STRIP_VECTORS];
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < vectors; v++)
            sums[r][v] = accumulates ? *(const floats *)(out + r * width + v * LANES) : (floats){0};
    for (int64_t k = 0; k < inner; k++) {
        __builtin_prefetch(ahead + k * width, 0, 2);
        REGISTER line[STRIP_VECTORS];
        UNROLLED for (int v = 0; v < vectors; v++) line[v] = LOAD(right + k * width + v * LANES);
        UNROLLED for (int r = 0; r < rows; r++) {
            REGISTER each = EACH(left[r * row_step + k * inner_step]);
            UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = ADD(sums[r][v], each, line[v]);
        }
    }
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < vectors; v++) *(floats *)(out + r * width + v * LANES) = sums[r][v];
}

typedef void strip_function(
    int64_t inner, const NUMBER *left, int64_t row_step, int64_t inner_step, const NUMBER *right, const NUMBER *ahead,
    bool accumulates, float *out);

#define STRIP(rows, vectors)                                                                     \
    INSTRUCTIONS static void strip_##rows##_##vectors(                                           \
        int64_t inner, const NUMBER *left, int64_t row_step, int64_t inner_step,                 \
        const NUMBER *right, const NUMBER *ahead, bool accumulates, float *out) {                \
        strip(rows, vectors, inner, left, row_step, inner_step, right, ahead, accumulates, out); \
    }
#define STRIPS(vectors) \
    STRIP(1, vectors) STRIP(2, vectors) STRIP(3, vectors) STRIP(4, vectors) STRIP(5, vectors) STRIP(6, vectors)
STRIPS(1) STRIPS(2) STRIPS(3) STRIPS(4)

#define ROW_OF_STRIPS(vectors) \
    {strip_1_##vectors, strip_2_##vectors, strip_3_##vectors, strip_4_##vectors, strip_5_##vectors, strip_6_##vectors}
static strip_function *const strips[STRIP_VECTORS][STRIP_ROWS] = {
    ROW_OF_STRIPS(1), ROW_OF_STRIPS(2), ROW_OF_STRIPS(3), ROW_OF_STRIPS(4)};

static void product_of_strips(
    int64_t rows, int64_t inner, const NUMBER *left, int64_t row_step, int64_t inner_step, const NUMBER *right,
    int64_t width, const NUMBER *ahead, bool accumulates, float *out) {
    // Even strips: a last one of one or two rows would wait for its own sums.
    int64_t count = winograd_quotient_up(rows, STRIP_ROWS);
    for (int64_t s = 0; s < count; s++) {
        int64_t row = winograd_cut(rows, count, s), height = winograd_cut(rows, count, s + 1) - row;
        strips[width / LANES - 1][height - 1](
            inner, left + row * row_step, row_step, inner_step, right, ahead + s * LANES % width, accumulates,
            out + row * width);
    }
}
