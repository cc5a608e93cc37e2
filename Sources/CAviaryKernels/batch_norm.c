#include "CAviaryKernels.h"
#include "vectorised.h"

#include <math.h>
#include <string.h>

// A plane is what one image holds of one block of channels: `area * block` floats side by side, in which element i
// belongs to channel i % block. Every block divides LANES, so a plane is read LANES elements at a time whatever its
// layout is, and lane l always belongs to channel l % block.
// A lane adds up at most so many numbers as floats, and goes on in double.
enum { LANES = 32, GROUPS = 16, STRETCH = 512 * LANES };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t block_count(const aviary_planes *p) { return (p->channels + p->block - 1) / p->block; }
static int64_t group_count(const aviary_planes *p) { return least(p->batch, GROUPS); }
static int64_t plane_length(const aviary_planes *p) { return p->area * p->block; }

/// Where the plane of an image and a block of channels begins.
static int64_t plane_start(const aviary_planes *p, int64_t image, int64_t block) {
    return (image * block_count(p) + block) * plane_length(p);
}

/// Planes below which a second thread costs more than it gives.
static int64_t plane_grain(const aviary_planes *p) { return 16384 / plane_length(p); }

/// Adds the lanes that belong to one channel to it.
static void fold(const float lanes[LANES], int64_t block, double channels[LANES]) {
    for (int64_t c = 0; c < block; c++) {
        double sum = 0;
        for (int64_t l = c; l < LANES; l += block) sum += lanes[l];
        channels[c] += sum;
    }
}

/// One value a lane out of one a channel; 0 for the channels that only fill the last block.
static void spread(const aviary_planes *p, int64_t block, const float *channels, float lanes[LANES]) {
    for (int64_t l = 0; l < LANES; l++) {
        int64_t channel = block * p->block + l % p->block;
        lanes[l] = channel < p->channels ? channels[channel] : 0;
    }
}

// The loops over one plane.

VECTORISED(static, void, sum_plane, (const float *restrict x, int64_t count, float *restrict out), (x, count, out)) {
    float sum[LANES] = {0};
    int64_t whole = count / LANES * LANES;
    for (int64_t i = 0; i < whole; i += LANES)
        for (int l = 0; l < LANES; l++) sum[l] += x[i + l];
    for (int64_t i = whole; i < count; i++) sum[i - whole] += x[i];
    memcpy(out, sum, sizeof sum);
}

VECTORISED(
    static, void, sum_squares,
    (const float *restrict x, const float *restrict mean, int64_t count, float *restrict out),
    (x, mean, count, out)) {
    float sum[LANES] = {0}, centre[LANES];
    memcpy(centre, mean, sizeof centre);
    int64_t whole = count / LANES * LANES;
    for (int64_t i = 0; i < whole; i += LANES)
        for (int l = 0; l < LANES; l++) {
            float d = x[i + l] - centre[l];
            sum[l] += d * d;
        }
    for (int64_t i = whole; i < count; i++) {
        float d = x[i] - centre[i - whole];
        sum[i - whole] += d * d;
    }
    memcpy(out, sum, sizeof sum);
}

VECTORISED(
    static, void, normalise_plane,
    (const float *restrict x, const float *restrict mean, const float *restrict factor, const float *restrict shift,
     float *restrict y, int64_t count),
    (x, mean, factor, shift, y, count)) {
    float m[LANES], f[LANES], s[LANES];
    memcpy(m, mean, sizeof m), memcpy(f, factor, sizeof f), memcpy(s, shift, sizeof s);
    int64_t whole = count / LANES * LANES;
    for (int64_t i = 0; i < whole; i += LANES)
        for (int l = 0; l < LANES; l++) y[i + l] = (x[i + l] - m[l]) * f[l] + s[l];
    for (int64_t i = whole, l = 0; i < count; i++, l++) y[i] = (x[i] - m[l]) * f[l] + s[l];
}

VECTORISED(
    static, void, sum_gradients,
    (const float *restrict x, const float *restrict dy, const float *restrict mean, int64_t count, float *restrict
     sums, float *restrict products),
    (x, dy, mean, count, sums, products)) {
    float sum[LANES] = {0}, product[LANES] = {0}, m[LANES];
    memcpy(m, mean, sizeof m);
    int64_t whole = count / LANES * LANES;
    for (int64_t i = 0; i < whole; i += LANES)
        for (int l = 0; l < LANES; l++) {
            sum[l] += dy[i + l];
            product[l] += dy[i + l] * (x[i + l] - m[l]);
        }
    for (int64_t i = whole, l = 0; i < count; i++, l++) {
        sum[l] += dy[i];
        product[l] += dy[i] * (x[i] - m[l]);
    }
    memcpy(sums, sum, sizeof sum), memcpy(products, product, sizeof product);
}

VECTORISED(
    static, void, differentiate_plane,
    (const float *restrict x, const float *restrict dy, const float *restrict mean, const float *restrict offset,
     const float *restrict slope, const float *restrict factor, float *restrict dx, int64_t count),
    (x, dy, mean, offset, slope, factor, dx, count)) {
    float m[LANES], o[LANES], k[LANES], f[LANES];
    memcpy(m, mean, sizeof m), memcpy(o, offset, sizeof o), memcpy(k, slope, sizeof k), memcpy(f, factor, sizeof f);
    int64_t whole = count / LANES * LANES;
    for (int64_t i = 0; i < whole; i += LANES)
        for (int l = 0; l < LANES; l++) dx[i + l] = (dy[i + l] - o[l] - (x[i + l] - m[l]) * k[l]) * f[l];
    for (int64_t i = whole, l = 0; i < count; i++, l++) dx[i] = (dy[i] - o[l] - (x[i] - m[l]) * k[l]) * f[l];
}

// The sums of one plane's channels, stretch by stretch: a lane of 100,000 floats would lose its last digits.

static void plane_sums(const aviary_planes *p, const float *x, double channels[LANES]) {
    memset(channels, 0, LANES * sizeof *channels);
    for (int64_t i = 0; i < plane_length(p); i += STRETCH) {
        float lanes[LANES];
        sum_plane(x + i, least(STRETCH, plane_length(p) - i), lanes);
        fold(lanes, p->block, channels);
    }
}

static void plane_squares(const aviary_planes *p, const float *x, const float *mean, double channels[LANES]) {
    memset(channels, 0, LANES * sizeof *channels);
    for (int64_t i = 0; i < plane_length(p); i += STRETCH) {
        float lanes[LANES];
        sum_squares(x + i, mean, least(STRETCH, plane_length(p) - i), lanes);
        fold(lanes, p->block, channels);
    }
}

static void plane_gradients(
    const aviary_planes *p, const float *x, const float *dy, const float *mean, double sums[LANES],
    double products[LANES]) {
    memset(sums, 0, LANES * sizeof *sums), memset(products, 0, LANES * sizeof *products);
    for (int64_t i = 0; i < plane_length(p); i += STRETCH) {
        float sum[LANES], product[LANES];
        sum_gradients(x + i, dy + i, mean, least(STRETCH, plane_length(p) - i), sum, product);
        fold(sum, p->block, sums), fold(product, p->block, products);
    }
}

// Sums go over groups of images: a group's sums are one thread's work, and the groups are added in their order.
// So a result is a function of the batch, and not of the number of threads.

typedef struct {
    const aviary_planes *planes;
    const float *x, *dy, *mean;
    double *partial;  // [block, group, 2, LANES]
} sums;

static void group_images(const aviary_planes *p, int64_t group, int64_t *first, int64_t *last) {
    *first = group * p->batch / group_count(p);
    *last = (group + 1) * p->batch / group_count(p);
}

static void add_groups(void *context, int64_t begin, int64_t end) {
    const sums *w = context;
    const aviary_planes *p = w->planes;
    for (int64_t item = begin; item < end; item++) {
        int64_t block = item / group_count(p), first, last;
        group_images(p, item % group_count(p), &first, &last);
        double *sum = w->partial + item * 2 * LANES, channels[LANES];
        memset(sum, 0, LANES * sizeof *sum);
        for (int64_t n = first; n < last; n++) {
            plane_sums(p, w->x + plane_start(p, n, block), channels);
            for (int64_t c = 0; c < p->block; c++) sum[c] += channels[c];
        }
    }
}

void aviary_channel_sums(const aviary_planes *p, const float *x, float *out, double *scratch) {
    int64_t groups = group_count(p);
    sums w = {.planes = p, .x = x, .partial = scratch};
    aviary_parallel(block_count(p) * groups, plane_grain(p) * groups / p->batch, add_groups, &w);
    for (int64_t c = 0; c < p->channels; c++) {
        double sum = 0;
        for (int64_t g = 0; g < groups; g++) sum += scratch[(c / p->block * groups + g) * 2 * LANES + c % p->block];
        out[c] = sum;
    }
}

/// Mean and squared distances of the channels of one group, image by image (Chan, Golub, LeVeque 1983, eq. 1.5).
static void measure_groups(void *context, int64_t begin, int64_t end) {
    const sums *w = context;
    const aviary_planes *p = w->planes;
    for (int64_t item = begin; item < end; item++) {
        int64_t block = item / group_count(p), first, last;
        group_images(p, item % group_count(p), &first, &last);
        double *mean = w->partial + item * 2 * LANES, *squares = mean + LANES;
        memset(mean, 0, 2 * LANES * sizeof *mean);
        for (int64_t n = first; n < last; n++) {
            const float *x = w->x + plane_start(p, n, block);
            float centre[LANES];
            double average[LANES], distance[LANES], seen = n - first;
            plane_sums(p, x, average);
            for (int64_t l = 0; l < LANES; l++) centre[l] = average[l % p->block] / p->area;
            plane_squares(p, x, centre, distance);
            for (int64_t c = 0; c < p->block; c++) {
                double delta = average[c] / p->area - mean[c];
                // The squares were taken around the mean as a float holds it.
                double rounding = average[c] / p->area - centre[c];
                mean[c] += delta / (seen + 1);
                squares[c] += distance[c] - p->area * rounding * rounding + delta * delta * p->area * seen / (seen + 1);
            }
        }
    }
}

void aviary_batch_norm_statistics(
    const aviary_planes *p, const float *x, float *mean, float *variance, double *scratch) {
    int64_t groups = group_count(p);
    sums w = {.planes = p, .x = x, .partial = scratch};
    aviary_parallel(block_count(p) * groups, plane_grain(p) * groups / p->batch, measure_groups, &w);
    for (int64_t c = 0; c < p->channels; c++) {
        double count = 0, average = 0, squares = 0;
        for (int64_t g = 0; g < groups; g++) {
            int64_t first, last;
            group_images(p, g, &first, &last);
            const double *partial = scratch + (c / p->block * groups + g) * 2 * LANES + c % p->block;
            double rows = (double)((last - first) * p->area), delta = partial[0] - average;
            average += delta * rows / (count + rows);
            squares += partial[LANES] + delta * delta * count * rows / (count + rows);
            count += rows;
        }
        mean[c] = average;
        variance[c] = squares / count;
    }
}

static void sum_groups(void *context, int64_t begin, int64_t end) {
    const sums *w = context;
    const aviary_planes *p = w->planes;
    for (int64_t item = begin; item < end; item++) {
        int64_t block = item / group_count(p), first, last;
        group_images(p, item % group_count(p), &first, &last);
        double *sum = w->partial + item * 2 * LANES, *product = sum + LANES;
        memset(sum, 0, 2 * LANES * sizeof *sum);
        float mean[LANES];
        spread(p, block, w->mean, mean);
        for (int64_t n = first; n < last; n++) {
            int64_t start = plane_start(p, n, block);
            double sums[LANES], products[LANES];
            plane_gradients(p, w->x + start, w->dy + start, mean, sums, products);
            for (int64_t c = 0; c < p->block; c++) sum[c] += sums[c], product[c] += products[c];
        }
    }
}

typedef struct {
    const aviary_planes *planes;
    const float *x, *dy, *mean, *scale, *shift, *inverse, *offset, *slope;
    float *out;
} planes_work;

static void normalise_planes(void *context, int64_t begin, int64_t end) {
    const planes_work *w = context;
    const aviary_planes *p = w->planes;
    for (int64_t block = 0; block < block_count(p); block++) {
        float mean[LANES], factor[LANES], inverse[LANES], shift[LANES];
        spread(p, block, w->mean, mean), spread(p, block, w->scale, factor), spread(p, block, w->shift, shift);
        spread(p, block, w->inverse, inverse);
        for (int l = 0; l < LANES; l++) factor[l] *= inverse[l];
        for (int64_t n = begin; n < end; n++) {
            int64_t start = plane_start(p, n, block);
            normalise_plane(w->x + start, mean, factor, shift, w->out + start, plane_length(p));
        }
    }
}

static void differentiate_planes(void *context, int64_t begin, int64_t end) {
    const planes_work *w = context;
    const aviary_planes *p = w->planes;
    for (int64_t block = 0; block < block_count(p); block++) {
        float mean[LANES], factor[LANES], inverse[LANES], offset[LANES], slope[LANES];
        spread(p, block, w->mean, mean), spread(p, block, w->scale, factor), spread(p, block, w->inverse, inverse);
        spread(p, block, w->offset, offset), spread(p, block, w->slope, slope);
        for (int l = 0; l < LANES; l++) factor[l] *= inverse[l];
        for (int64_t n = begin; n < end; n++) {
            int64_t start = plane_start(p, n, block);
            differentiate_plane(
                w->x + start, w->dy + start, mean, offset, slope, factor, w->out + start, plane_length(p));
        }
    }
}

static void invert(const aviary_planes *p, const float *variance, float epsilon, float *inverse) {
    for (int64_t c = 0; c < p->channels; c++) inverse[c] = 1 / sqrtf(variance[c] + epsilon);
}

int64_t aviary_batch_norm_scratch_count(const aviary_planes *p) {
    int64_t partials = block_count(p) * group_count(p) * 2 * LANES;
    return partials + 3 * p->channels;  // three floats a channel fit in three doubles
}

void aviary_batch_norm_normalise(
    const aviary_planes *p, float epsilon, const float *x, const float *scale, const float *shift, const float *mean,
    const float *variance, float *y, double *scratch) {
    float *inverse = (float *)scratch;
    invert(p, variance, epsilon, inverse);
    planes_work w = {.planes = p, .x = x, .mean = mean, .scale = scale, .shift = shift, .inverse = inverse, .out = y};
    aviary_parallel(p->batch, plane_grain(p) / block_count(p), normalise_planes, &w);
}

void aviary_batch_norm_backward(
    const aviary_planes *p, float epsilon, bool constant_statistics, const float *x, const float *scale,
    const float *mean, const float *variance, const float *dy, float *dx, float *scale_gradient, float *shift_gradient,
    double *scratch) {
    int64_t groups = group_count(p), partials = block_count(p) * groups * 2 * LANES;
    float *inverse = (float *)(scratch + partials), *offset = inverse + p->channels, *slope = offset + p->channels;
    sums s = {.planes = p, .x = x, .dy = dy, .mean = mean, .partial = scratch};
    aviary_parallel(block_count(p) * groups, plane_grain(p) * groups / p->batch, sum_groups, &s);
    invert(p, variance, epsilon, inverse);
    double count = (double)(p->batch * p->area);
    for (int64_t c = 0; c < p->channels; c++) {
        double sum = 0, product = 0;
        for (int64_t g = 0; g < groups; g++) {
            const double *partial = scratch + (c / p->block * groups + g) * 2 * LANES + c % p->block;
            sum += partial[0];
            product += partial[LANES];
        }
        scale_gradient[c] = product * inverse[c];
        shift_gradient[c] = sum;
        offset[c] = constant_statistics ? 0 : sum / count;
        slope[c] = constant_statistics ? 0 : product * inverse[c] * inverse[c] / count;
    }
    planes_work w = {.planes = p, .x = x, .dy = dy, .mean = mean, .scale = scale, .inverse = inverse, .offset = offset,
                     .slope = slope, .out = dx};
    aviary_parallel(p->batch, plane_grain(p) / block_count(p), differentiate_planes, &w);
}
