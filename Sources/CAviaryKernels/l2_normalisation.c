#include "aviary_l2_normalisation.h"

#include <math.h>
#include <stdbool.h>

#include "row_loops.h"

VECTORISED(
    extern, void, aviary_l2_normalise,
    (const float *source, float epsilon, float *restrict output, float *restrict lengths, int64_t rows,
     int64_t columns),
    (source, epsilon, output, lengths, rows, columns)) {
    EACH_ROW {
        float length = (float)sqrt(sum_of_row(source + first, source + first, columns));
        // A NaN stays one.
        float divisor = length < epsilon ? epsilon : length;
        EACH_VECTOR(first, first + columns, {
            floats x;
            take(source, i, count, F32, &x);
            x /= divisor;
            put(output, i, count, F32, &x);
        });
        lengths[row] = length;
    }
}

VECTORISED(
    extern, void, aviary_l2_normalise_backward,
    (const float *output, const float *upstream, const float *lengths, float epsilon, float *restrict gradient,
     int64_t rows, int64_t columns),
    (output, upstream, lengths, epsilon, gradient, rows, columns)) {
    EACH_ROW {
        // A divisor that does not follow its vector has no slope.
        bool follows = !(lengths[row] < epsilon);
        float divisor = follows ? lengths[row] : epsilon;
        float share = follows ? (float)sum_of_row(output + first, upstream + first, columns) : 0;
        EACH_VECTOR(first, first + columns, {
            floats y, dy;
            take(output, i, count, F32, &y);
            take(upstream, i, count, F32, &dy);
            dy = (dy - y * share) / divisor;
            put(gradient, i, count, F32, &dy);
        });
    }
}
