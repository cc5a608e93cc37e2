#include "aviary_softmax.h"

#include <math.h>

#include "row_loops.h"

// Softmax and its relatives, row by row while a row is in cache.

INLINED float greatest_of_row(const float *x, int64_t columns) {
    floats greatest = (floats){0} - INFINITY;
    EACH_VECTOR(0, columns, {
        floats v;
        take(x, i, count, F32, &v);
        keep_lanes(count, -INFINITY, &v);
        greatest = __builtin_elementwise_max(greatest, v);
    });
    float most = greatest[0];
    for (int lane = 1; lane < LANES; lane++) most = most < greatest[lane] ? greatest[lane] : most;
    return most;
}

// The sum of `e^(x - shift)`; the powers are written where there is a place for them.
INLINED double sum_of_powers(const float *x, int64_t columns, float shift, float *powers) {
    double sum = 0;
    for (int64_t first = 0; first < columns; first += STRETCH) {
        floats part = {0};
        EACH_VECTOR(first, least(columns, first + STRETCH), {
            floats v;
            take(x, i, count, F32, &v);
            v -= shift;
            keep_lanes(count, -INFINITY, &v);
            exponential(&v);
            part += v;
            if (powers) put(powers, i, count, F32, &v);
        });
        sum += sum_of_lanes(part);
    }
    return sum;
}

// `x * factor - offset`, in place.
INLINED void scale_row(float *x, int64_t columns, float factor, float offset) {
    EACH_VECTOR(0, columns, {
        floats v;
        take(x, i, count, F32, &v);
        v = v * factor - offset;
        put(x, i, count, F32, &v);
    });
}

VECTORISED(
    extern, void, aviary_softmax, (const float *logits, float *restrict output, int64_t rows, int64_t columns),
    (logits, output, rows, columns)) {
    EACH_ROW {
        const float *x = logits + first;
        double sum = sum_of_powers(x, columns, greatest_of_row(x, columns), output + first);
        scale_row(output + first, columns, (float)(1 / sum), 0);
    }
}

VECTORISED(
    extern, void, aviary_softmax_backward,
    (const float *output, const float *upstream, float *restrict gradient, int64_t rows, int64_t columns),
    (output, upstream, gradient, rows, columns)) {
    EACH_ROW {
        float mean = (float)sum_of_row(output + first, upstream + first, columns);
        EACH_VECTOR(first, first + columns, {
            // The difference first: where a row is saturated it cancels to the last bit, and only then is scaled.
            floats y, dy;
            take(output, i, count, F32, &y);
            take(upstream, i, count, F32, &dy);
            dy = (dy - mean) * y;
            put(gradient, i, count, F32, &dy);
        });
    }
}

VECTORISED(
    extern, void, aviary_log_softmax, (const float *logits, float *restrict output, int64_t rows, int64_t columns),
    (logits, output, rows, columns)) {
    EACH_ROW {
        float greatest = greatest_of_row(logits + first, columns);
        float log_sum = (float)log(sum_of_powers(logits + first, columns, greatest, NULL));
        EACH_VECTOR(first, first + columns, {
            floats x;
            take(logits, i, count, F32, &x);
            x = x - greatest - log_sum;
            put(output, i, count, F32, &x);
        });
    }
}

VECTORISED(
    extern, void, aviary_log_softmax_backward,
    (const float *output, const float *upstream, float *restrict gradient, int64_t rows, int64_t columns),
    (output, upstream, gradient, rows, columns)) {
    EACH_ROW {
        float sum = (float)sum_of_row(upstream + first, NULL, columns);
        EACH_VECTOR(first, first + columns, {
            floats y, dy;
            take(output, i, count, F32, &y);
            take(upstream, i, count, F32, &dy);
            exponential(&y);
            dy -= y * sum;
            put(gradient, i, count, F32, &dy);
        });
    }
}

// The sum of `x - shift`, each times its weight if there are weights; one of weight 0 adds nothing, whatever it is.
INLINED double weighted_sum_of_row(const float *x, float shift, const float *weights, int64_t columns) {
    double sum = 0;
    for (int64_t first = 0; first < columns; first += STRETCH) {
        floats part = {0};
        EACH_VECTOR(first, least(columns, first + STRETCH), {
            floats v, w;
            take(x, i, count, F32, &v);
            v -= shift;
            if (weights) {
                take(weights, i, count, F32, &w);
                v = WHERE(w != 0, v * w);
            } else {
                keep_lanes(count, 0, &v);
            }
            part += v;
        });
        sum += sum_of_lanes(part);
    }
    return sum;
}

// `x * factor - weights * share`, in place.
INLINED void scale_row_less(float *x, const float *weights, int64_t columns, float factor, float share) {
    EACH_VECTOR(0, columns, {
        floats v, w;
        take(x, i, count, F32, &v);
        take(weights, i, count, F32, &w);
        v = v * factor - w * share;
        put(x, i, count, F32, &v);
    });
}

VECTORISED(
    extern, void, aviary_cross_entropy,
    (const float *logits, const int64_t *labels, const aviary_label_targets *targets, const double *factors,
     double *losses, float *gradient, int64_t rows, int64_t columns),
    (logits, labels, targets, factors, losses, gradient, rows, columns)) {
    const float *weights = targets->class_weights;
    double share = targets->smoothing / (double)columns;
    EACH_ROW {
        const float *x = logits + first;
        float *dx = gradient ? gradient + first : NULL;
        int64_t label = labels[row];
        losses[row] = 0;
        if (label == targets->ignored) {
            if (dx) memset(dx, 0, (size_t)columns * sizeof(float));
            continue;
        }
        float greatest = greatest_of_row(x, columns);
        // Apart from the greatest logit, beside which the logarithm would be lost where that is large.
        double sum = sum_of_powers(x, columns, greatest, dx), log_sum = log(sum);
        double of_label = (1 - targets->smoothing) * (weights ? weights[label] : 1);
        // A class of logit -∞ costs nothing where nothing is asked of it: 0 · ∞ would be NaN.
        if (of_label != 0) losses[row] += of_label * (log_sum - ((double)x[label] - greatest));
        if (share != 0) {
            double distances = weighted_sum_of_row(x, greatest, weights, columns);
            losses[row] += share * (targets->weight_sum * log_sum - distances);
        }
        if (!dx) continue;
        double factor = factors[row], asked = of_label + share * targets->weight_sum;
        if (weights && share != 0) {
            scale_row_less(dx, weights, columns, (float)(factor * asked / sum), (float)(factor * share));
        } else {
            scale_row(dx, columns, (float)(factor * asked / sum), (float)(factor * share));
        }
        dx[label] -= (float)(factor * of_label);
    }
}
