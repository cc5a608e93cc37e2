#pragma once
#include "extents.h"
#include "vectors.h"

// Runs the statements for each vector of the elements `begin..<end`, with `i` the first of its elements and `count` how
// many there are: LANES, a constant, in all but the last, which may be shorter.
#define EACH_VECTOR(begin, end, ...)                       \
    do {                                                   \
        int64_t i = (begin);                               \
        for (; i + LANES <= (end); i += LANES) {           \
            enum { count = LANES };                        \
            __VA_ARGS__                                    \
        }                                                  \
        if (i < (end)) {                                   \
            const int64_t count = (end) - i;               \
            __VA_ARGS__                                    \
        }                                                  \
    } while (0)

// Lanes past `count` read as 0 and are not written.
INLINED void take(const void *numbers, int64_t i, int64_t count, aviary_real kind, floats *x) {
    if (count == LANES) load(numbers, i, kind, x);
    else load_some(numbers, i, count, kind, x);
}

INLINED void put(void *numbers, int64_t i, int64_t count, aviary_real kind, const floats *x) {
    if (count == LANES) store(numbers, i, kind, x);
    else store_some(numbers, i, count, kind, x);
}

// Adds so many numbers to sums in double precision.
INLINED void accumulate(double *sums, int64_t count, const floats *x) {
    if (count == LANES) add_to(sums, x);
    else add_some_to(sums, count, x);
}

// The lanes before `count`, `rest` in the others.
INLINED void keep_lanes(int64_t count, float rest, floats *x) {
    const ints lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    if (count == LANES) return;
    ints is_kept = lane < (int32_t)count;
    *x = WHERE(is_kept, *x) + WHERE(~is_kept, (floats){0} + rest);
}

// Element `i` of a tensor of either kind.
INLINED const void *element(const void *numbers, int64_t i, aviary_real kind) {
    return (const char *)numbers + i * (kind == F32 ? 4 : 2);
}

INLINED void *element_to_write(void *numbers, int64_t i, aviary_real kind) {
    return (char *)numbers + i * (kind == F32 ? 4 : 2);
}
