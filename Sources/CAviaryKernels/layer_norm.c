#include "aviary_layer_norm.h"

#include <math.h>
#include <string.h>

#include "dropout.h"
#include "vector_loops.h"

// Layer norm of `residual + dropout(source)`, row by row while a row is in cache.
//
// Forward reads what is normalised three times: for a mean that may err in its last digits; around it, for what it errs
// by and for the variance; and to write. So neither loses digits far from zero, and no sum is in double precision
// (Chan, Golub and LeVeque 1983, equation 1.7). Backward reads it twice, and takes the columns' sums along.

// A lane adds up at most so many numbers as floats, along a row and down a column, and goes on in double.
enum { STRETCH = 256 * LANES, ROWS = 32, GROUPS = 32 };

// Of the sum, the output and what comes back to both: the wider one.
INLINED aviary_real wider(aviary_real a, aviary_real b) { return a == F32 || b == F32 ? F32 : BF16; }

static int64_t padded(int64_t columns) { return (columns + LANES - 1) / LANES * LANES; }

int64_t aviary_layer_norm_scratch_count(int64_t columns) {
    // Factors, then the columns' two sums or a row of the sum.
    return padded(columns) + DROPOUT_ROOM + 2 * padded(columns);
}

// The factors of dropout of a row that begins with the element `first`.
INLINED const float *row_factors(const aviary_layer_norm *a, int64_t first, float *scratch) {
    return dropout_factors(&a->dropout, a->dropout.first_word + (uint64_t)first, a->columns, scratch);
}

// Forward

INLINED void add_row(
    const void *source, aviary_real source_kind, const void *residual, aviary_real residual_kind, const float *factors,
    int64_t columns, void *sum) {
    EACH_VECTOR(0, columns, {
        floats x, y, f;
        take(source, i, count, source_kind, &x);
        take(residual, i, count, residual_kind, &y);
        if (factors) {
            load(factors, i, F32, &f);
            x *= f;
        }
        x += y;
        put(sum, i, count, wider(source_kind, residual_kind), &x);
    });
}

// The mean is `centre + rest`.
INLINED void measure_row(
    const void *row, aviary_real kind, int64_t columns, float *centre, double *rest, double *variance) {
    double sum = 0, squares = 0;
    for (int64_t first = 0; first < columns; first += STRETCH) {
        floats part = {0};
        EACH_VECTOR(first, least(columns, first + STRETCH), {
            floats x;
            take(row, i, count, kind, &x);
            part += x;
        });
        sum += sum_of_lanes(part);
    }
    *centre = (float)(sum / (double)columns);
    sum = 0;
    for (int64_t first = 0; first < columns; first += STRETCH) {
        floats part = {0}, square = {0};
        EACH_VECTOR(first, least(columns, first + STRETCH), {
            floats x;
            take(row, i, count, kind, &x);
            x -= *centre;
            keep_lanes(count, 0, &x);
            part += x;
            square += x * x;
        });
        sum += sum_of_lanes(part);
        squares += sum_of_lanes(square);
    }
    *rest = sum / (double)columns;
    *variance = squares / (double)columns - *rest * *rest;
}

INLINED void normalise_row(
    const aviary_layer_norm *a, const void *row, aviary_real kind, int64_t r, void *output, float *mean,
    float *inverse) {
    float centre;
    double rest, variance;
    measure_row(row, kind, a->columns, &centre, &rest, &variance);
    double factor = 1 / sqrt(variance + a->epsilon);
    float slope = (float)factor, offset = (float)(-rest * factor);
    EACH_VECTOR(0, a->columns, {
        floats x, w, b;
        take(row, i, count, kind, &x);
        x = (x - centre) * slope + offset;
        if (a->weight) {
            take(a->weight, i, count, F32, &w);
            x *= w;
        }
        if (a->bias) {
            take(a->bias, i, count, F32, &b);
            x += b;
        }
        put(output, i, count, kind, &x);
    });
    mean[r] = (float)(centre + rest);
    inverse[r] = slope;
}

INLINED void normalise_rows(
    const aviary_layer_norm *a, aviary_real source_kind, aviary_real residual_kind, const void *source,
    const void *residual, void *sum, void *output, float *mean, float *inverse, int64_t begin, int64_t end,
    float *scratch) {
    aviary_real kind = wider(source_kind, residual_kind);
    for (int64_t r = begin; r < end; r++) {
        int64_t first = r * a->columns;
        const void *row = element(source, first, source_kind);
        if (residual) {
            const float *factors = a->drops ? row_factors(a, first, scratch) : NULL;
            void *place = sum ? element_to_write(sum, first, kind) : scratch + padded(a->columns) + DROPOUT_ROOM;
            add_row(row, source_kind, element(residual, first, residual_kind), residual_kind, factors, a->columns,
                    place);
            row = place;
        }
        normalise_row(a, row, kind, r, element_to_write(output, first, kind), mean, inverse);
    }
}

VECTORISED(
    extern, void, aviary_layer_norm_forward,
    (const aviary_layer_norm *a, const void *source, const void *residual, void *sum, void *output, float *mean,
     float *inverse, int64_t begin, int64_t end, float *scratch),
    (a, source, residual, sum, output, mean, inverse, begin, end, scratch)) {
#define ROWS_OF(source_kind, residual_kind) \
    normalise_rows(a, source_kind, residual_kind, source, residual, sum, output, mean, inverse, begin, end, scratch)
    if (a->source_kind == BF16) a->residual_kind == BF16 ? ROWS_OF(BF16, BF16) : ROWS_OF(BF16, F32);
    else a->residual_kind == BF16 ? ROWS_OF(F32, BF16) : ROWS_OF(F32, F32);
#undef ROWS_OF
}

// Backward

// What a vector of a row is computed from.
typedef struct {
    const void *normalised, *upstream, *other;
    const float *weight;
    aviary_real kind;
    float mean, inverse;
} way_back;

// The gradient of the output, and the normalised numbers.
INLINED void read_back(const way_back *w, int64_t i, int64_t count, floats *gradient, floats *normal) {
    take(w->upstream, i, count, w->kind, gradient);
    if (w->other) {
        floats more;
        take(w->other, i, count, w->kind, &more);
        *gradient += more;
    }
    take(w->normalised, i, count, w->kind, normal);
    *normal = (*normal - w->mean) * w->inverse;
}

INLINED void scale_by_weight(const way_back *w, int64_t i, int64_t count, floats *gradient) {
    if (!w->weight) return;
    floats weight;
    take(w->weight, i, count, F32, &weight);
    *gradient *= weight;
}

// The row's mean gradient and mean product of gradient and normalised number; its part of the columns' sums.
INLINED void reduce_row(
    const way_back *w, int64_t columns, float *weight_sums, float *bias_sums, float *mean, float *slope) {
    double sum = 0, product = 0;
    for (int64_t first = 0; first < columns; first += STRETCH) {
        floats sums = {0}, products = {0};
        EACH_VECTOR(first, least(columns, first + STRETCH), {
            // Lanes past the end have a gradient of 0.
            floats gradient, normal;
            read_back(w, i, count, &gradient, &normal);
            *(floats *)(bias_sums + i) += gradient;
            *(floats *)(weight_sums + i) += gradient * normal;
            scale_by_weight(w, i, count, &gradient);
            sums += gradient;
            products += gradient * normal;
        });
        sum += sum_of_lanes(sums);
        product += sum_of_lanes(products);
    }
    *mean = (float)(sum / (double)columns);
    *slope = (float)(product / (double)columns);
}

INLINED void write_back(
    const way_back *w, const aviary_layer_norm_gradients *g, int64_t columns, int64_t first, float mean, float slope,
    const float *factors, aviary_real source_kind, aviary_real residual_kind) {
    EACH_VECTOR(0, columns, {
        floats gradient, normal, more, f;
        read_back(w, i, count, &gradient, &normal);
        scale_by_weight(w, i, count, &gradient);
        gradient = (gradient - mean - normal * slope) * w->inverse;
        if (g->sum_upstream) {
            take(g->sum_upstream, first + i, count, w->kind, &more);
            gradient += more;
        }
        if (g->residual_gradient) put(g->residual_gradient, first + i, count, residual_kind, &gradient);
        if (g->source_gradient) {
            if (factors) {
                load(factors, i, F32, &f);
                gradient *= f;
            }
            put(g->source_gradient, first + i, count, source_kind, &gradient);
        }
    });
}

static void add_columns(int64_t columns, float *weight_sums, float *bias_sums, double *totals) {
    for (int64_t i = 0; i < columns; i++) {
        totals[i] += weight_sums[i];
        totals[columns + i] += bias_sums[i];
        weight_sums[i] = bias_sums[i] = 0;
    }
}

INLINED void differentiate_rows(
    const aviary_layer_norm *a, const aviary_layer_norm_gradients *g, aviary_real source_kind,
    aviary_real residual_kind, int64_t begin, int64_t end, double *totals, float *scratch) {
    int64_t width = padded(a->columns);
    float *weight_sums = scratch + width + DROPOUT_ROOM, *bias_sums = weight_sums + width;
    aviary_real kind = wider(source_kind, residual_kind);
    memset(weight_sums, 0, (size_t)(2 * width) * sizeof *weight_sums);
    for (int64_t r = begin; r < end; r++) {
        int64_t first = r * a->columns;
        way_back w = {
            element(g->normalised, first, kind), element(g->upstream, first, kind),
            g->other_upstream ? element(g->other_upstream, first, kind) : NULL, a->weight, kind, g->mean[r],
            g->inverse[r]};
        float mean, slope;
        reduce_row(&w, a->columns, weight_sums, bias_sums, &mean, &slope);
        const float *factors = a->drops && g->source_gradient ? row_factors(a, first, scratch) : NULL;
        write_back(&w, g, a->columns, first, mean, slope, factors, source_kind, residual_kind);
        if ((r - begin) % ROWS == ROWS - 1 || r == end - 1) add_columns(a->columns, weight_sums, bias_sums, totals);
    }
}

VECTORISED(
    static, void, differentiate_group,
    (const aviary_layer_norm *a, const aviary_layer_norm_gradients *g, int64_t begin, int64_t end, double *totals,
     float *scratch),
    (a, g, begin, end, totals, scratch)) {
#define ROWS_OF(source_kind, residual_kind) \
    differentiate_rows(a, g, source_kind, residual_kind, begin, end, totals, scratch)
    if (a->source_kind == BF16) a->residual_kind == BF16 ? ROWS_OF(BF16, BF16) : ROWS_OF(BF16, F32);
    else a->residual_kind == BF16 ? ROWS_OF(F32, BF16) : ROWS_OF(F32, F32);
#undef ROWS_OF
}

// Columns are added up over groups of rows, which depend on the number of rows alone; a group is one thread's work.

int64_t aviary_layer_norm_group_count(int64_t rows) { return least((rows + ROWS - 1) / ROWS, GROUPS); }

void aviary_layer_norm_backward(
    const aviary_layer_norm *a, const aviary_layer_norm_gradients *g, int64_t rows, int64_t group, double *totals,
    float *scratch) {
    int64_t groups = aviary_layer_norm_group_count(rows);
    memset(totals, 0, (size_t)(2 * a->columns) * sizeof *totals);
    differentiate_group(a, g, group * rows / groups, (group + 1) * rows / groups, totals, scratch);
}
