#pragma once
#include <stdbool.h>
#include <stdint.h>

// Products of blocks that lie in cache, on the calling thread.
//
// A unit is four bytes: a float, or a pair of bf16 that are neighbours along the inner axis, whose products are added
// up in f32. Pairs want a processor with AVX512_BF16.
typedef enum { FLOATS, PAIRS } unit_kind;

/// Unit `(row, inner)` lies `row * row_step + inner * inner_step` bytes from the first.
typedef struct {
    const void *first;
    int64_t row_step, inner_step;
} left_operand;

/// `out (+)= left × right`: `right` is `[inner, columns]` units and `out` `[rows, columns]` floats, both without gaps;
/// columns are a multiple of 16.
void aviary_block_product(
    unit_kind units, int64_t rows, int64_t inner, int64_t columns, left_operand left, const void *right,
    bool accumulates, float *out);
