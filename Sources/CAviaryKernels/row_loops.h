#pragma once
#include "vector_loops.h"

// What functions of the rows of a matrix share.

#define EACH_ROW for (int64_t row = 0, first = 0; row < rows; row++, first += columns)

// A lane adds up at most so many numbers as floats, and goes on in double.
enum { STRETCH = 256 * LANES };

// The sum of `x`, or of `x * y`.
INLINED double sum_of_row(const float *x, const float *y, int64_t columns) {
    double sum = 0;
    for (int64_t first = 0; first < columns; first += STRETCH) {
        floats part = {0};
        EACH_VECTOR(first, least(columns, first + STRETCH), {
            floats v, w;
            take(x, i, count, F32, &v);
            if (y) {
                take(y, i, count, F32, &w);
                v *= w;
            }
            part += v;
        });
        sum += sum_of_lanes(part);
    }
    return sum;
}
