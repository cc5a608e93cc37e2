#pragma once
#include "aviary_real.h"
#include "block_product.h"

// Blocks of rows on their way between a tensor, where a row may be part of a longer one, and scratch, where they lie
// without gaps for `aviary_block_product`. Columns are filled with zeros up to the next multiple of 16.

/// Some rows of one head.
typedef struct {
    char *first;
    /// From one row to the next, in bytes.
    int64_t step;
    int64_t count, columns;
    aviary_real kind;
} row_block;

/// Lines of a right operand whose inner axis is that of the rows: floats `[count, columns]`, or pairs `[⌈count / 2⌉,
/// columns]` of bf16 of two rows.
void aviary_pack_lines(unit_kind units, const row_block *rows, void *lines);
/// Lines of a right operand whose inner axis is that of the columns: floats `[columns, lanes]`, or pairs
/// `[columns / 2, lanes]` of neighbours in a row; lanes past the rows are 0.
void aviary_pack_columns(unit_kind units, const row_block *rows, int64_t lanes, void *lines);
/// Writes floats `[count, columns]` to the rows, each times its factor if there are factors.
void aviary_unpack(const row_block *rows, const float *source, const float *factors);
/// What each two rows give multiplied and added up, for the rows of two blocks of one form.
void aviary_row_dots(const row_block *a, const row_block *b, float *dots);

/// Floats `[count, lanes]` as a left operand with `lanes` rows, inner axis `count`: they themselves, or pairs in
/// `packed`.
left_operand aviary_left_across(unit_kind units, int64_t count, int64_t lanes, const float *block, void *packed);
/// The same with `count` rows, inner axis `lanes`.
left_operand aviary_left_along(unit_kind units, int64_t count, int64_t lanes, const float *block, void *packed);

/// How many units `extent` numbers along the inner axis are.
static inline int64_t unit_count(unit_kind units, int64_t extent) { return units == PAIRS ? (extent + 1) / 2 : extent; }
/// An extent rounded up to whole vectors.
static inline int64_t whole_lanes(int64_t extent) { return (extent + 15) / 16 * 16; }
