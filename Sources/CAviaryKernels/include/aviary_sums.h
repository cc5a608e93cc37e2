#pragma once
#include <stdint.h>

#include "aviary_real.h"

/// A part of a matrix.
typedef struct {
    int64_t first_row, end_row, first_column, end_column;
} aviary_tile;

/// Adds the rows of a tile of `[rows, columns]` to sums of its columns.
void aviary_add_rows(aviary_real kind, const void *x, int64_t columns, const aviary_tile *tile, double *sums);
/// The sum of elements `first..<first + count`.
double aviary_sum(aviary_real kind, const void *x, int64_t first, int64_t count);
/// The sum of the squares.
double aviary_sum_of_squares(const float *x, int64_t count);
