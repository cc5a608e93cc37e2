#pragma once
#include "vectors.h"

// Exchanges the lanes whose number has bit `bit` in the lower vector with those that have it not in the upper one, for
// all pairs of vectors whose numbers differ in that bit alone.
#define EXCHANGE(bit, LOWER, UPPER)                                                                                    \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < LANES; r++)                                                 \
        if ((r & bit) == 0) {                                                                                          \
            floats lower = __builtin_shufflevector(x[r], x[r + bit], LOWER);                                           \
            x[r + bit] = __builtin_shufflevector(x[r], x[r + bit], UPPER);                                             \
            x[r] = lower;                                                                                              \
        }
#define LOWER_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define UPPER_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOWER_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define UPPER_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOWER_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define UPPER_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOWER_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define UPPER_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31

// Rows become columns: after all four bits every lane has changed places with the vector of its number.
INLINED void transpose(floats x[LANES]) {
    EXCHANGE(8, LOWER_8, UPPER_8)
    EXCHANGE(4, LOWER_4, UPPER_4)
    EXCHANGE(2, LOWER_2, UPPER_2)
    EXCHANGE(1, LOWER_1, UPPER_1)
}
