#include "aviary_rows.h"

#include <string.h>

#include "vectorised.h"

// A radix sort by the least digit first, linear in the number of keys: two digits serve tables of four million rows.
enum { DIGIT_BITS = 11 };

// One digit: `from` is ordered by those below it.
static void order_by_digit(
    const int64_t *keys, const int64_t *from, int64_t *to, int64_t count, int shift, int64_t digit_count) {
    int64_t ends[1 << DIGIT_BITS] = {0}, mask = digit_count - 1;
    for (int64_t i = 0; i < count; i++) ends[keys[from[i]] >> shift & mask]++;
    for (int64_t digit = 0, before = 0; digit < digit_count; digit++) {
        int64_t own = ends[digit];
        ends[digit] = before;
        before += own;
    }
    for (int64_t i = 0; i < count; i++) to[ends[keys[from[i]] >> shift & mask]++] = from[i];
}

int64_t aviary_row_groups(
    const int64_t *keys, int64_t count, int64_t bound, int64_t excluded, int64_t *rows, int64_t *starts,
    int64_t *places, int64_t *scratch) {
    int bits = bound > 1 ? 64 - __builtin_clzll((unsigned long long)(bound - 1)) : 0;
    int digits = (bits + DIGIT_BITS - 1) / DIGIT_BITS, digit_bits = digits ? (bits + digits - 1) / digits : 0;
    // Each digit moves the list to the other array; the last one has to leave it in `places`.
    int64_t *from = digits % 2 ? scratch : places, *to = digits % 2 ? places : scratch, kept = 0;
    for (int64_t place = 0; place < count; place++)
        if (keys[place] != excluded) from[kept++] = place;
    for (int digit = 0; digit < digits; digit++) {
        order_by_digit(keys, from, to, kept, digit * digit_bits, (int64_t)1 << digit_bits);
        int64_t *ordered = to;
        to = from;
        from = ordered;
    }
    int64_t groups = 0;
    for (int64_t i = 0; i < kept; i++) {
        int64_t key = keys[places[i]];
        if (groups > 0 && rows[groups - 1] == key) continue;
        rows[groups] = key;
        starts[groups++] = i;
    }
    starts[groups] = kept;
    return groups;
}

// Columns whose sums are kept in the first cache meanwhile.
enum { STRIP = 256 };

// The sum over one group in at most STRIP columns. It begins at 0, as that of its definition: -0 alone gives 0.
INLINED void sum_rows(
    const float *source, const int64_t *places, int64_t term_count, int64_t width, int64_t columns,
    float *restrict out) {
    if (term_count == 1) {
        const float *values = source + places[0] * width;
        for (int64_t i = 0; i < columns; i++) out[i] = 0 + values[i];
        return;
    }
    double sums[STRIP];
    for (int64_t i = 0; i < columns; i++) sums[i] = 0;
    for (int64_t term = 0; term < term_count; term++) {
        const float *values = source + places[term] * width;
        for (int64_t i = 0; i < columns; i++) sums[i] += values[i];
    }
    for (int64_t i = 0; i < columns; i++) out[i] = (float)sums[i];
}

VECTORISED(
    extern, void, aviary_row_sums,
    (const float *source, const int64_t *places, const int64_t *starts, int64_t first_group, int64_t group_count,
     int64_t width, int64_t first_column, int64_t column_count, float *restrict out),
    (source, places, starts, first_group, group_count, width, first_column, column_count, out)) {
    int64_t end = first_column + column_count;
    for (int64_t group = first_group; group < first_group + group_count; group++)
        for (int64_t column = first_column; column < end; column += STRIP)
            sum_rows(source + column, places + starts[group], starts[group + 1] - starts[group], width,
                     end - column < STRIP ? end - column : STRIP, out + group * width + column);
}

void aviary_gather_rows(const void *table, const int64_t *rows, int64_t count, int64_t row_bytes, void *out) {
    for (int64_t place = 0; place < count; place++)
        memcpy((char *)out + place * row_bytes, (const char *)table + rows[place] * row_bytes, (size_t)row_bytes);
}
