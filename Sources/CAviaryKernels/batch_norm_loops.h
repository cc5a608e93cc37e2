#pragma once
#include "aviary_batch_norm.h"
#include "planes.h"

// The loops of batch norm over the rows of one part, for f32 and bf16.

/// One call of a batch norm: what is not needed on its way is null.
typedef struct {
    const aviary_batch_norm *norm;
    aviary_real kind;
    tiling tiling;
    const void *source, *residual, *output, *gradient, *other;
    void *destination, *masked;
    const float *scale, *shift;
    float *mean, *variance, *scale_gradient, *shift_gradient;
    double *partial;                 // [group, 2, channels in memory]
    float *factor, *offset, *slope;  // [channels] each
} work;

/// What the loops know of each lane.
typedef struct {
    float mean[WIDTH], factor[WIDTH], shift[WIDTH], offset[WIDTH], slope[WIDTH];
} constants;

#define VECTOR(numbers, v) (*(const floats *)((numbers) + (v) * LANES))

// Forward and backward call this one: backward finds the mask of a ReLU again from the same bits.
INLINED void scale_and_shift(
    const floats *x, const floats *mean, const floats *factor, const floats *shift, floats *y) {
    floats centred = *x - *mean;
    *y = centred * *factor + *shift;
}

INLINED void measure_rows(
    const void *x, aviary_real kind, const part *p, const float *centre, float *sums, float *squares) {
    floats c[VECTORS], sum[VECTORS] = {0}, square[VECTORS] = {0};
    for (int v = 0; v < VECTORS; v++) c[v] = VECTOR(centre, v);
    EACH_ROW(p, {
        for (int v = 0; v < VECTORS; v++) {
            floats d;
            load_lanes(x, i, lanes, v, kind, &d);
            d -= c[v];
            clear_absent(lanes, v, &d);
            sum[v] += d;
            square[v] += d * d;
        }
    });
    memcpy(sums, sum, sizeof sum), memcpy(squares, square, sizeof square);
}

VECTORISED(
    static, void, measure,
    (const void *x, aviary_real kind, const part *p, const float *centre, float *sums, float *squares),
    (x, kind, p, centre, sums, squares)) {
    if (kind == F32) measure_rows(x, F32, p, centre, sums, squares);
    else measure_rows(x, BF16, p, centre, sums, squares);
}

INLINED void normalise_rows(const work *w, aviary_real kind, const part *p, const constants *c) {
    floats mean[VECTORS], factor[VECTORS], shift[VECTORS];
    for (int v = 0; v < VECTORS; v++)
        mean[v] = VECTOR(c->mean, v), factor[v] = VECTOR(c->factor, v), shift[v] = VECTOR(c->shift, v);
    const void *x = w->source, *residual = w->residual;
    void *y = w->destination;
    bool relu = w->norm->relu;
    EACH_ROW(p, {
        floats out[VECTORS];
        for (int v = 0; v < VECTORS; v++) {
            load_lanes(x, i, lanes, v, kind, &out[v]);
            scale_and_shift(&out[v], &mean[v], &factor[v], &shift[v], &out[v]);
        }
        if (residual)
            for (int v = 0; v < VECTORS; v++) {
                floats r;
                load_lanes(residual, i, lanes, v, kind, &r);
                out[v] += r;
            }
        if (relu)
            for (int v = 0; v < VECTORS; v++) out[v] = WHERE(~(ints)(out[v] < 0), out[v]);  // NaN stays one
        for (int v = 0; v < VECTORS; v++) store_lanes(y, i, lanes, v, kind, &out[v]);
    });
}

VECTORISED(static, void, normalise, (const work *w, const part *p, const constants *c), (w, p, c)) {
    if (w->kind == F32) normalise_rows(w, F32, p, c);
    else normalise_rows(w, BF16, p, c);
}

/// What came back: one gradient or two that are added up, and what their mask is found by.
///
/// The output of a norm without residual follows from the source, which is read anyhow, by a product and a sum: cheaper
/// than to read the output as well. With a residual the output is one array to read, and source and residual would be
/// two.
typedef struct {
    const void *gradient, *other, *output;
    bool masks_by_source;
} upstream;

INLINED void load_gradients(
    const upstream *u, int64_t i, int64_t lanes, aviary_real kind, const floats *x, const floats *mean,
    const floats *factor, const floats *shift, floats *g) {
    for (int v = 0; v < VECTORS; v++) load_lanes(u->gradient, i, lanes, v, kind, &g[v]);
    if (u->other)
        for (int v = 0; v < VECTORS; v++) {
            floats other;
            load_lanes(u->other, i, lanes, v, kind, &other);
            g[v] += other;
        }
    if (u->output) {
        for (int v = 0; v < VECTORS; v++) {
            floats y;
            load_lanes(u->output, i, lanes, v, kind, &y);
            g[v] = WHERE(y > 0, g[v]);
        }
    } else if (u->masks_by_source) {
        for (int v = 0; v < VECTORS; v++) {
            floats y;
            scale_and_shift(&x[v], &mean[v], &factor[v], &shift[v], &y);
            g[v] = WHERE(y > 0, g[v]);
        }
    }
}

INLINED void sum_rows(
    const work *w, const upstream *from, aviary_real kind, const part *p, const constants *c, float *sums,
    float *products) {
    floats mean[VECTORS], factor[VECTORS], shift[VECTORS], sum[VECTORS] = {0}, product[VECTORS] = {0};
    for (int v = 0; v < VECTORS; v++)
        mean[v] = VECTOR(c->mean, v), factor[v] = VECTOR(c->factor, v), shift[v] = VECTOR(c->shift, v);
    const upstream u = *from;
    const void *source = w->source;
    void *masked = w->masked;
    EACH_ROW(p, {
        floats x[VECTORS], g[VECTORS];
        for (int v = 0; v < VECTORS; v++) load_lanes(source, i, lanes, v, kind, &x[v]);
        load_gradients(&u, i, lanes, kind, x, mean, factor, shift, g);
        if (masked)
            for (int v = 0; v < VECTORS; v++) store_lanes(masked, i, lanes, v, kind, &g[v]);
        for (int v = 0; v < VECTORS; v++) {
            sum[v] += g[v];
            product[v] += g[v] * (x[v] - mean[v]);
        }
    });
    memcpy(sums, sum, sizeof sum), memcpy(products, product, sizeof product);
}

VECTORISED(
    static, void, sum_gradients,
    (const work *w, const upstream *u, const part *p, const constants *c, float *sums, float *products),
    (w, u, p, c, sums, products)) {
    if (w->kind == F32) sum_rows(w, u, F32, p, c, sums, products);
    else sum_rows(w, u, BF16, p, c, sums, products);
}

INLINED void differentiate_rows(
    const work *w, const upstream *from, aviary_real kind, const part *p, const constants *c) {
    floats mean[VECTORS], factor[VECTORS], shift[VECTORS], offset[VECTORS], slope[VECTORS];
    for (int v = 0; v < VECTORS; v++) {
        mean[v] = VECTOR(c->mean, v), factor[v] = VECTOR(c->factor, v), shift[v] = VECTOR(c->shift, v);
        offset[v] = VECTOR(c->offset, v), slope[v] = VECTOR(c->slope, v);
    }
    const upstream u = *from;
    const void *source = w->source;
    void *dx = w->destination;
    EACH_ROW(p, {
        floats x[VECTORS], g[VECTORS];
        for (int v = 0; v < VECTORS; v++) load_lanes(source, i, lanes, v, kind, &x[v]);
        load_gradients(&u, i, lanes, kind, x, mean, factor, shift, g);
        for (int v = 0; v < VECTORS; v++) {
            g[v] = (g[v] - offset[v] - (x[v] - mean[v]) * slope[v]) * factor[v];
            store_lanes(dx, i, lanes, v, kind, &g[v]);
        }
    });
}

VECTORISED(
    static, void, differentiate, (const work *w, const upstream *u, const part *p, const constants *c),
    (w, u, p, c)) {
    if (w->kind == F32) differentiate_rows(w, u, F32, p, c);
    else differentiate_rows(w, u, BF16, p, c);
}
