#include "aviary_batch_norm.h"

#include <math.h>

#include "aviary_parallel.h"
#include "batch_norm_loops.h"

// Both ways are two passes, sums and then what follows from them, over the parts of `planes.h`. Where several tiles of
// all images fit into a cache together, one thread does both passes over them before it goes on.

// What one tile of all images may take so that its second pass finds it in the cache of one core.
enum { HOT = 1 << 20 };

// Sums of a group, tile by tile. They are kept by channel.

static double *partial_at(const work *w, int64_t group, int which, int64_t channel) {
    return w->partial + (group * 2 + which) * channels_in_memory(w->tiling.planes) + channel;
}

static tile tile_of_run(const work *w, int64_t run, int64_t index) {
    return tile_at(&w->tiling, run * w->tiling.run + index);
}

/// The first channel of a run, or the one behind the last run's.
static int64_t channel_of_run(const work *w, int64_t run) {
    const tiling *t = &w->tiling;
    int64_t channels = t->planes->channels;
    return run * t->run >= t->tiles ? channels : least(channels, tile_of_run(w, run, 0).channel);
}

/// Count, mean and squared distances of what each lane has seen, and the number that its next distances are taken from.
typedef struct {
    double count[WIDTH], mean[WIDTH], squares[WIDTH];
    float centre[WIDTH];
    bool has_begun;
} moments;

/// Takes in a part's sums of distances from the centre and of their squares (Chan, Golub, LeVeque 1983, eq. 1.5).
///
/// The next centre is the mean so far. A part is never larger than what its lane has seen before, so that what its own
/// mean is off the centre by enters the squares at least half as often as it was subtracted: no digits are lost.
VECTORISED(
    static, void, merge, (const part *p, const float *sums, const float *squares, moments *m), (p, sums, squares, m)) {
    for (int l = 0; l < WIDTH; l++) {
        double rows = l < p->width ? (double)(p->images * (p->rows + (l < p->tail))) : 0, all = m->count[l] + rows;
        double off = sums[l] / (rows > 0 ? rows : 1), own = squares[l] - sums[l] * off;
        double delta = m->centre[l] + off - m->mean[l], share = rows / (all > 0 ? all : 1);
        m->squares[l] += (own < 0 ? 0 : own) + delta * delta * m->count[l] * share;
        m->mean[l] += delta * share;
        m->count[l] = all;
        m->centre[l] = (float)m->mean[l];
    }
}

typedef struct {
    const work *work;
    moments tiles[RUN];
} measurement;

static void measure_part(void *context, int64_t index, const part *p) {
    measurement *s = context;
    moments *m = &s->tiles[index];
    float sums[WIDTH], squares[WIDTH];
    if (!m->has_begun) {  // a centre to begin with
        measure(s->work->source, s->work->kind, p, m->centre, sums, squares);
        for (int l = 0; l < WIDTH; l++) {
            int64_t rows = p->images * (p->rows + (l < p->tail));
            m->centre[l] = rows > 0 ? sums[l] / rows : 0;
        }
        m->has_begun = true;
    }
    measure(s->work->source, s->work->kind, p, m->centre, sums, squares);
    merge(p, sums, squares, m);
}

static void measure_group(const work *w, int64_t run, int64_t group) {
    measurement s = {.work = w};
    each_part(&w->tiling, run, group, measure_part, &s);
    for (int64_t index = 0; index < run_length(&w->tiling, run); index++) {
        const moments *m = &s.tiles[index];
        tile t = tile_of_run(w, run, index);
        for (int64_t c = 0; c < t.channels; c++) {
            double count = 0, sum = 0, squares = 0;
            for (int64_t l = c; l < t.width; l += t.channels) count += m->count[l], sum += m->count[l] * m->mean[l];
            double mean = sum / count;
            for (int64_t l = c; l < t.width; l += t.channels)
                squares += m->squares[l] + m->count[l] * (m->mean[l] - mean) * (m->mean[l] - mean);
            *partial_at(w, group, 0, t.channel + c) = mean;
            *partial_at(w, group, 1, t.channel + c) = squares;
        }
    }
}

static void set_factors(const work *w, int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; c++) w->factor[c] = w->scale[c] / sqrtf(w->variance[c] + w->norm->epsilon);
}

static void finish_statistics(const work *w, int64_t run) {
    const tiling *t = &w->tiling;
    int64_t begin = channel_of_run(w, run), end = channel_of_run(w, run + 1);
    double count = (double)(t->planes->batch * t->planes->area);
    for (int64_t c = begin; c < end; c++) {
        double sum = 0, squares = 0;
        for (int64_t g = 0; g < t->groups; g++) sum += *partial_at(w, g, 0, c) * images_in(t, g) * t->planes->area;
        double mean = sum / count;
        for (int64_t g = 0; g < t->groups; g++) {
            double delta = *partial_at(w, g, 0, c) - mean;
            squares += *partial_at(w, g, 1, c) + delta * delta * images_in(t, g) * t->planes->area;
        }
        w->mean[c] = mean;
        w->variance[c] = squares / count;
    }
    set_factors(w, begin, end);
}

typedef struct {
    const work *work;
    upstream upstream;
    constants tiles[RUN];
    double sums[RUN][WIDTH], products[RUN][WIDTH];
} walk;

static void begin_walk(walk *s, const work *w, int64_t run) {
    s->work = w;
    for (int64_t index = 0; index < run_length(&w->tiling, run); index++) {
        tile t = tile_of_run(w, run, index);
        constants *c = &s->tiles[index];
        spread(&w->tiling, &t, w->mean, c->mean), spread(&w->tiling, &t, w->factor, c->factor);
        spread(&w->tiling, &t, w->shift, c->shift);
        if (!w->offset) continue;
        spread(&w->tiling, &t, w->offset, c->offset), spread(&w->tiling, &t, w->slope, c->slope);
    }
}

static void normalise_part(void *context, int64_t index, const part *p) {
    const walk *s = context;
    normalise(s->work, p, &s->tiles[index]);
}

static void normalise_group(const work *w, int64_t run, int64_t group) {
    walk s;
    begin_walk(&s, w, run);
    each_part(&w->tiling, run, group, normalise_part, &s);
}

static void sum_part(void *context, int64_t index, const part *p) {
    walk *s = context;
    float sums[WIDTH], products[WIDTH];
    sum_gradients(s->work, &s->upstream, p, &s->tiles[index], sums, products);
    for (int l = 0; l < WIDTH; l++) s->sums[index][l] += sums[l], s->products[index][l] += products[l];
}

static upstream upstream_of(const work *w) {
    return (upstream){
        .gradient = w->gradient, .other = w->other, .output = w->norm->relu ? w->output : NULL,
        .masks_by_source = w->norm->relu && !w->output};
}

static void sum_group(const work *w, int64_t run, int64_t group) {
    walk s;
    begin_walk(&s, w, run);
    s.upstream = upstream_of(w);
    memset(s.sums, 0, sizeof s.sums), memset(s.products, 0, sizeof s.products);
    each_part(&w->tiling, run, group, sum_part, &s);
    for (int64_t index = 0; index < run_length(&w->tiling, run); index++) {
        tile t = tile_of_run(w, run, index);
        for (int64_t c = 0; c < t.channels; c++) {
            double sum = 0, product = 0;
            for (int64_t l = c; l < t.width; l += t.channels) sum += s.sums[index][l], product += s.products[index][l];
            *partial_at(w, group, 0, t.channel + c) = sum;
            *partial_at(w, group, 1, t.channel + c) = product;
        }
    }
}

static void finish_gradients(const work *w, int64_t run) {
    const tiling *t = &w->tiling;
    double count = (double)(t->planes->batch * t->planes->area);
    for (int64_t c = channel_of_run(w, run); c < channel_of_run(w, run + 1); c++) {
        double sum = 0, product = 0, inverse = 1 / sqrtf(w->variance[c] + w->norm->epsilon);
        for (int64_t g = 0; g < t->groups; g++) sum += *partial_at(w, g, 0, c), product += *partial_at(w, g, 1, c);
        w->scale_gradient[c] = product * inverse;
        w->shift_gradient[c] = sum;
        w->offset[c] = w->norm->constant_statistics ? 0 : sum / count;
        w->slope[c] = w->norm->constant_statistics ? 0 : product * inverse * inverse / count;
    }
}

static void differentiate_part(void *context, int64_t index, const part *p) {
    const walk *s = context;
    differentiate(s->work, &s->upstream, p, &s->tiles[index]);
}

static void differentiate_group(const work *w, int64_t run, int64_t group) {
    walk s;
    begin_walk(&s, w, run);
    // The first pass has written the masked sum down, where it did.
    s.upstream = w->masked ? (upstream){.gradient = w->masked} : upstream_of(w);
    each_part(&w->tiling, run, group, differentiate_part, &s);
}

// How the passes are given to threads.

typedef struct {
    const work *work;
    void (*first)(const work *w, int64_t run, int64_t group);
    void (*between)(const work *w, int64_t run);
    void (*second)(const work *w, int64_t run, int64_t group);
} passes;

// Images are in the order of memory: a thread's share is one stretch of it, the same in both passes.
static void first_pass(void *context, int64_t begin, int64_t end) {
    const passes *p = context;
    int64_t runs = run_count(&p->work->tiling);
    for (int64_t item = begin; item < end; item++) p->first(p->work, item % runs, item / runs);
}

static void second_pass(void *context, int64_t begin, int64_t end) {
    const passes *p = context;
    int64_t runs = run_count(&p->work->tiling);
    for (int64_t item = begin; item < end; item++) p->second(p->work, item % runs, item / runs);
}

static void both_passes(void *context, int64_t begin, int64_t end) {
    const passes *p = context;
    for (int64_t run = begin; run < end; run++) {
        for (int64_t g = 0; g < p->work->tiling.groups; g++) p->first(p->work, run, g);
        p->between(p->work, run);
        for (int64_t g = 0; g < p->work->tiling.groups; g++) p->second(p->work, run, g);
    }
}

/// Neighbouring tiles are walked together where all of them stay in a cache: their pieces of an image lie side by side.
static void run_passes(work *w, int64_t arrays, passes p) {
    tiling *t = &w->tiling;
    int64_t bytes = arrays * (w->kind == F32 ? 4 : 2) * t->planes->batch * t->image / greatest(1, t->tiles);
    int64_t threads = aviary_thread_count(), fitting = HOT / greatest(1, bytes);
    t->run = greatest(1, least(least(RUN, fitting), t->tiles / (2 * threads)));
    int64_t runs = run_count(t), items = runs * t->groups;
    p.work = w;
    if (!p.first) {
        aviary_parallel(items, grain(t, items), second_pass, &p);
    } else if (fitting > 0 && (runs >= 4 * threads || runs % threads == 0)) {
        aviary_parallel(runs, grain(t, runs), both_passes, &p);
    } else {
        aviary_parallel(items, grain(t, items), first_pass, &p);
        for (int64_t run = 0; run < runs; run++) p.between(w, run);
        aviary_parallel(items, grain(t, items), second_pass, &p);
    }
}

static work begin(const aviary_batch_norm *norm, double *scratch) {
    work w = {.norm = norm, .kind = norm->kind, .tiling = tiles_of(&norm->planes, false)};
    w.partial = scratch;
    w.factor = (float *)partial_at(&w, w.tiling.groups, 0, 0);
    return w;
}

int64_t aviary_batch_norm_scratch_count(const aviary_planes *p) {
    // Three floats a channel fit in three doubles.
    return tiles_of(p, false).groups * 2 * channels_in_memory(p) + 3 * p->channels;
}

void aviary_batch_norm_forward(
    const aviary_batch_norm *norm, const void *source, const void *residual, const float *scale, const float *shift,
    float *mean, float *variance, void *destination, double *scratch) {
    work w = begin(norm, scratch);
    w.source = source, w.residual = residual, w.destination = destination;
    w.scale = scale, w.shift = shift, w.mean = mean, w.variance = variance;
    if (norm->constant_statistics) {
        set_factors(&w, 0, norm->planes.channels);
        run_passes(&w, 1, (passes){.second = normalise_group});
    } else {
        run_passes(&w, 1, (passes){.first = measure_group, .between = finish_statistics, .second = normalise_group});
    }
}

void aviary_batch_norm_backward(
    const aviary_batch_norm *norm, const void *source, const void *output, const float *scale, const float *shift,
    const float *mean, const float *variance, const void *gradient, const void *other, void *source_gradient,
    void *residual_gradient, float *scale_gradient, float *shift_gradient, double *scratch) {
    work w = begin(norm, scratch);
    w.source = source, w.output = output, w.gradient = gradient, w.other = other;
    w.destination = source_gradient, w.masked = residual_gradient;
    w.scale = scale, w.shift = shift, w.mean = (float *)mean, w.variance = (float *)variance;
    w.scale_gradient = scale_gradient, w.shift_gradient = shift_gradient;
    w.offset = w.factor + norm->planes.channels, w.slope = w.offset + norm->planes.channels;
    set_factors(&w, 0, norm->planes.channels);
    // `begin_walk` of the first pass copies them.
    memset(w.offset, 0, 2 * (size_t)norm->planes.channels * sizeof *w.offset);
    int64_t arrays = 2 + (other != NULL) + (output != NULL) + (residual_gradient != NULL);
    run_passes(&w, arrays, (passes){.first = sum_group, .between = finish_gradients, .second = differentiate_group});
}
