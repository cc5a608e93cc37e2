#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_real.h"

/// What two operands make of a pair of elements.
typedef enum { AVIARY_ADD, AVIARY_SUBTRACT, AVIARY_MULTIPLY, AVIARY_DIVIDE } aviary_operation;

/// Two operands that are broadcast to rows of `columns` elements, counted through `axis_count` axes in front, along
/// which each operand has its own steps, in elements. Along a row an operand lies side by side, or is one element
/// repeated.
typedef struct {
    aviary_operation operation;
    aviary_real kind;
    bool a_repeats, b_repeats;
    int axis_count;
    const int64_t *extents, *a_steps, *b_steps;
    int64_t columns;
} aviary_pairs;

/// Rows `begin..<end` of the result; `out` is where the first of all rows lies.
void aviary_combine(const aviary_pairs *pairs, const void *a, const void *b, void *out, int64_t begin, int64_t end);
/// Each element times a number.
void aviary_scale(const void *a, aviary_real kind, float factor, void *out, int64_t count);
