#include "block_product.h"

#include "vectors.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The sums of a tile stay in registers while both operands are walked along the inner axis: `most_rows` rows times
// `most_vectors` times sixteen columns are as many as a processor has registers for, and enough that each load of the
// right operand is used several times. What is left over goes in halves of the rows, and in single vectors.
//
// A macro, and no function with the kind as a parameter: an instruction that not all processors have may only stand in
// a function that is compiled for it.
#define BLOCK_PRODUCT(name, attributes, most_rows, most_vectors, multiply_add)                                         \
    attributes INLINED void name##_tile(                                                                               \
        int rows, int vectors, int64_t inner, int64_t columns, left_operand left, const float *right,                  \
        bool accumulates, float *out) {                                                                                \
        floats sums[most_rows][most_vectors];                                                                          \
        UNROLLED for (int r = 0; r < rows; r++)                                                                        \
            UNROLLED for (int v = 0; v < vectors; v++)                                                                 \
                sums[r][v] = accumulates ? *(const floats *)(out + r * columns + v * LANES) : (floats){0};             \
        for (int64_t k = 0; k < inner; k++) {                                                                          \
            const floats *line = (const floats *)(right + k * columns);                                                \
            const char *column = (const char *)left.first + k * left.inner_step;                                       \
            UNROLLED for (int r = 0; r < rows; r++)                                                                    \
                UNROLLED for (int v = 0; v < vectors; v++)                                                             \
                    multiply_add(column + r * left.row_step, line[v], sums[r][v]);                                     \
        }                                                                                                              \
        UNROLLED for (int r = 0; r < rows; r++)                                                                        \
            UNROLLED for (int v = 0; v < vectors; v++) *(floats *)(out + r * columns + v * LANES) = sums[r][v];        \
    }                                                                                                                  \
    attributes INLINED void name##_columns(                                                                            \
        int vectors, int64_t rows, int64_t inner, int64_t columns, left_operand left, const float *right,              \
        bool accumulates, float *out) {                                                                                \
        int64_t done = 0;                                                                                              \
        UNROLLED for (int height = most_rows; height > 0; height /= 2)                                                 \
            for (; done + height <= rows; done += height) {                                                            \
                left_operand part = left;                                                                              \
                part.first = (const char *)left.first + done * left.row_step;                                          \
                name##_tile(height, vectors, inner, columns, part, right, accumulates, out + done * columns);          \
            }                                                                                                          \
    }                                                                                                                  \
    attributes static void name(                                                                                       \
        int64_t rows, int64_t inner, int64_t columns, left_operand left, const float *right, bool accumulates,         \
        float *out) {                                                                                                  \
        int64_t j = 0;                                                                                                 \
        for (; j + most_vectors * LANES <= columns; j += most_vectors * LANES)                                         \
            name##_columns(most_vectors, rows, inner, columns, left, right + j, accumulates, out + j);                 \
        for (; j < columns; j += LANES)                                                                                \
            name##_columns(1, rows, inner, columns, left, right + j, accumulates, out + j);                            \
    }

#define OF_FLOATS(left, line, sum) sum += *(const float *)(left) * (line)

BLOCK_PRODUCT(base, , 2, 1, OF_FLOATS)
#if defined(__x86_64__)
BLOCK_PRODUCT(avx2, AVIARY_AVX2, 6, 1, OF_FLOATS)
BLOCK_PRODUCT(avx512, AVIARY_AVX512, 8, 2, OF_FLOATS)

// A pair may begin at any bf16.
typedef struct {
    int both;
} __attribute__((packed)) pair;

#define OF_PAIRS(left, line, sum)                                                                                      \
    sum = (floats)_mm512_dpbf16_ps(                                                                                    \
        (__m512)(sum), (__m512bh)_mm512_set1_epi32(((const pair *)(left))->both), (__m512bh)(line))

BLOCK_PRODUCT(pairs, AVIARY_AVX512_BF16, 8, 2, OF_PAIRS)
#endif

void aviary_block_product(
    unit_kind units, int64_t rows, int64_t inner, int64_t columns, left_operand left, const void *right,
    bool accumulates, float *out) {
#if defined(__x86_64__)
    if (units == PAIRS) return pairs(rows, inner, columns, left, right, accumulates, out);
    switch (aviary_instructions()) {
    case AVIARY_ISA_BASE: break;
    case AVIARY_ISA_AVX2: return avx2(rows, inner, columns, left, right, accumulates, out);
    default: return avx512(rows, inner, columns, left, right, accumulates, out);
    }
#endif
    base(rows, inner, columns, left, right, accumulates, out);
}
