#include "CAviaryKernels.h"
#include "vectorised.h"

VECTORISED(
    extern, void, aviary_row_sums,
    (const float *source, const int64_t *places, const int64_t *starts, int64_t first_row, int64_t row_count,
     int64_t width, double *restrict sums, float *restrict out),
    (source, places, starts, first_row, row_count, width, sums, out)) {
    for (int64_t row = first_row; row < first_row + row_count; row++, out += width) {
        for (int64_t i = 0; i < width; i++) sums[i] = 0;
        for (int64_t term = starts[row]; term < starts[row + 1]; term++) {
            const float *values = source + places[term] * width;
            for (int64_t i = 0; i < width; i++) sums[i] += values[i];
        }
        for (int64_t i = 0; i < width; i++) out[i] = (float)sums[i];
    }
}
