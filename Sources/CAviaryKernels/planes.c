#include "aviary_planes.h"

#include "aviary_parallel.h"
#include "planes.h"

// Sums of channels, and means of planes there and back.

INLINED void sum_rows(const void *x, aviary_real kind, const part *p, float *sums) {
    floats sum[VECTORS] = {0};
    EACH_ROW(p, {
        for (int v = 0; v < VECTORS; v++) {
            floats some;
            load_lanes(x, i, lanes, v, kind, &some);
            sum[v] += some;
        }
    });
    memcpy(sums, sum, sizeof sum);
}

VECTORISED(
    static, void, sum_lanes, (const void *x, aviary_real kind, const part *p, float *sums), (x, kind, p, sums)) {
    if (kind == F32) sum_rows(x, F32, p, sums);
    else sum_rows(x, BF16, p, sums);
}

typedef struct {
    const void *source;
    aviary_real kind;
    double lanes[WIDTH];
} lane_sums;

static void sum_part(void *context, int64_t index, const part *p) {
    (void)index;
    lane_sums *s = context;
    float sums[WIDTH];
    sum_lanes(s->source, s->kind, p, sums);
    for (int l = 0; l < WIDTH; l++) s->lanes[l] += sums[l];
}

/// The sums of a tile's channels over a group.
static void sum_tile(const tiling *t, int64_t index, int64_t group, const void *x, aviary_real kind, double *channels) {
    lane_sums s = {.source = x, .kind = kind};
    each_part(t, index, group, sum_part, &s);
    tile whole = tile_at(t, index);
    for (int64_t c = 0; c < whole.channels; c++) {
        channels[c] = 0;
        for (int64_t l = c; l < whole.width; l += whole.channels) channels[c] += s.lanes[l];
    }
}

typedef struct {
    tiling tiling;
    aviary_real kind;
    const void *source;
    void *out;
    double *partial;  // [group, channels in memory]
} work;

static void sum_items(void *context, int64_t begin, int64_t end) {
    const work *w = context;
    const tiling *t = &w->tiling;
    for (int64_t item = begin; item < end; item++) {
        int64_t index = item % t->tiles, group = item / t->tiles;
        double *sums = w->partial + group * channels_in_memory(t->planes) + tile_at(t, index).channel;
        sum_tile(t, index, group, w->source, w->kind, sums);
    }
}

int64_t aviary_channel_sums_scratch_count(const aviary_planes *p) {
    return tiles_of(p, false).groups * channels_in_memory(p);
}

void aviary_channel_sums(const aviary_planes *p, aviary_real kind, const void *source, float *sums, double *scratch) {
    work w = {.tiling = tiles_of(p, false), .kind = kind, .source = source, .partial = scratch};
    int64_t items = w.tiling.tiles * w.tiling.groups;
    aviary_parallel(items, grain(&w.tiling, items), sum_items, &w);
    for (int64_t c = 0; c < p->channels; c++) {
        double sum = 0;
        for (int64_t g = 0; g < w.tiling.groups; g++) sum += scratch[g * channels_in_memory(p) + c];
        sums[c] = sum;
    }
}

// Means of planes: an image is a group.

static void put(void *out, int64_t i, aviary_real kind, float x) {
    floats lanes = {x};
    store_some(out, i, 1, kind, &lanes);
}

static void mean_items(void *context, int64_t begin, int64_t end) {
    const work *w = context;
    const tiling *t = &w->tiling;
    int64_t channels = t->planes->channels;
    for (int64_t item = begin; item < end; item++) {
        int64_t image = item / t->tiles, index = item % t->tiles;
        tile whole = tile_at(t, index);
        double sums[WIDTH];
        sum_tile(t, index, image, w->source, w->kind, sums);
        for (int64_t c = 0; c < least(whole.channels, channels - whole.channel); c++)
            put(w->out, image * channels + whole.channel + c, w->kind, (float)(sums[c] / t->planes->area));
    }
}

void aviary_plane_means(const aviary_planes *p, aviary_real kind, const void *source, void *means) {
    work w = {.tiling = tiles_of(p, true), .kind = kind, .source = source, .out = means};
    int64_t items = w.tiling.tiles * p->batch;
    aviary_parallel(items, grain(&w.tiling, items), mean_items, &w);
}

INLINED void fill_rows(void *out, aviary_real kind, const part *p, const float *lanes_of_row) {
    floats row[VECTORS];
    memcpy(row, lanes_of_row, sizeof row);
    EACH_ROW(p, {
        for (int v = 0; v < VECTORS; v++) store_lanes(out, i, lanes, v, kind, &row[v]);
    });
}

VECTORISED(static, void, fill, (void *out, aviary_real kind, const part *p, const float *row), (out, kind, p, row)) {
    if (kind == F32) fill_rows(out, F32, p, row);
    else fill_rows(out, BF16, p, row);
}

typedef struct {
    void *out;
    aviary_real kind;
    float row[WIDTH];
} filling;

static void fill_part(void *context, int64_t index, const part *p) {
    (void)index;
    const filling *f = context;
    fill(f->out, f->kind, p, f->row);
}

static float taken(const void *numbers, int64_t i, aviary_real kind) {
    floats lanes;
    load_some(numbers, i, 1, kind, &lanes);
    return lanes[0];
}

static void fill_items(void *context, int64_t begin, int64_t end) {
    const work *w = context;
    const tiling *t = &w->tiling;
    int64_t channels = t->planes->channels;
    for (int64_t item = begin; item < end; item++) {
        int64_t image = item / t->tiles, index = item % t->tiles;
        tile whole = tile_at(t, index);
        filling f = {.out = w->out, .kind = w->kind};
        for (int64_t l = 0; l < whole.width; l++) {
            int64_t c = whole.channel + l % whole.channels;
            if (c < channels) f.row[l] = taken(w->source, image * channels + c, w->kind) / t->planes->area;
        }
        each_part(t, index, image, fill_part, &f);
    }
}

void aviary_plane_means_backward(
    const aviary_planes *p, aviary_real kind, const void *gradient, void *source_gradient) {
    work w = {.tiling = tiles_of(p, true), .kind = kind, .source = gradient, .out = source_gradient};
    int64_t items = w.tiling.tiles * p->batch;
    aviary_parallel(items, grain(&w.tiling, items), fill_items, &w);
}
