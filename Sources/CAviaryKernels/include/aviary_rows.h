#pragma once
#include <stdint.h>

/// Orders the places of `keys`, each in `0..<bound`, by key, and by place where keys are equal; places of the key
/// `excluded` are left out (-1 for none). `rows` takes the keys that are there, ascending; the places of the group `r`
/// are `places[starts[r]..<starts[r + 1]]`. Each of the arrays and the scratch has `count` numbers, `starts` one more.
/// Gives the number of groups.
int64_t aviary_row_groups(
    const int64_t *keys, int64_t count, int64_t bound, int64_t excluded, int64_t *rows, int64_t *starts,
    int64_t *places, int64_t *scratch);
/// For each of `group_count` such groups from `first_group` on, the sum of its rows of `source` in the `column_count`
/// columns from `first_column` on, in double precision, in the order of the places, rounded once. `source` and `out`,
/// which is `[all groups, width]`, have `width` columns.
void aviary_row_sums(
    const float *source, const int64_t *places, const int64_t *starts, int64_t first_group, int64_t group_count,
    int64_t width, int64_t first_column, int64_t column_count, float *out);
/// Copies `count` rows of `row_bytes` bytes each, whose numbers are `rows`, from a table to `out`.
void aviary_gather_rows(const void *table, const int64_t *rows, int64_t count, int64_t row_bytes, void *out);
