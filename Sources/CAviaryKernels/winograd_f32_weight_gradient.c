#include "aviary_parallel.h"
#include "winograd_f32.h"

// Backward by the weights. The tiles are cut into stripes, as many as the shape alone decides, and each is summed for
// itself. Few channels make many stripes, and each worker has its own, with source and gradient in its cache. Many
// channels make one, or fewer than there are workers: then all of them first transform a chunk of tiles, and each
// multiplies for its own panels of channels and outputs, which it transforms back after the last chunk if there is one
// stripe. Either way an element's sum has one order.
//
// The two cases are one code: `aviary_parallel` inside of a parallel region runs on the thread that calls it.

enum {
    // Of all stripes' sums: they are written to memory, and read once.
    STRIPE_BYTES = 10 << 20,
    MOST_STRIPES = 16,
    // Tiles that make a stripe of their own worth while.
    LEAST_STRIPE_TILES = 64,
    // Tiles of a chunk where the sums stay in a worker's second-level cache beside it, and where they do not: then it
    // takes more to make reading and writing them little beside the products.
    SMALL_CHUNK = 32,
    LARGE_CHUNK = 96,
};

typedef struct {
    winograd_images source, destination;
    int64_t workers, tiles, stripes, chunk;
    const float *input, *output_gradient;
    float *weight_gradient;
    /// Of each stripe: `[panel of outputs, position, channels, lane]`, positions of whole panels `sum_step` apart.
    int64_t sum_step;
    float *sums;
    /// One for each worker that has stripes of its own: source and gradient of a chunk.
    int64_t source_step, gradient_step;
    float *chunks;
} weight_pass;

/// A part of a stripe, whose source and gradient are transformed before they are multiplied.
typedef struct {
    const weight_pass *pass;
    int64_t first, count;
    float *source, *gradient;
    float *sums;
    bool is_first, is_last;
} chunk;

static int64_t panel_count(const weight_pass *g) { return winograd_quotient_up(g->destination.channels, F32_PANEL); }
static int64_t stripe_floats(const weight_pass *g) { return panel_count(g) * F32_POSITIONS * g->sum_step; }
static int64_t chunk_floats(const weight_pass *g) { return F32_POSITIONS * (g->source_step + g->gradient_step); }

static weight_pass make_weight_pass(const aviary_winograd *w) {
    weight_pass g = {
        .source = {w->batch, w->channels, w->height, w->width},
        .destination = {w->batch, w->outputs, w->height, w->width},
        .stripes = 1,
        .sum_step = w->channels * least(w->outputs, F32_PANEL) + F32_GAP,
    };
    g.tiles = w->batch * winograd_tile_rows(&g.source, F32_TILE) * winograd_tile_columns(&g.source, F32_TILE);
    int64_t sum_bytes = stripe_floats(&g) * (int64_t)sizeof(float);
    int64_t most = greatest(1, least(MOST_STRIPES, STRIPE_BYTES / sum_bytes));
    g.stripes = least(most, winograd_quotient_up(g.tiles, LEAST_STRIPE_TILES));
    g.chunk = least(sum_bytes <= F32_CACHED_BYTES ? SMALL_CHUNK : LARGE_CHUNK, g.tiles);
    g.workers = w->workers <= g.stripes ? w->workers : 1;
    g.source_step = g.chunk * w->channels + F32_GAP;
    g.gradient_step = g.chunk * w->outputs + F32_GAP;
    return g;
}

static void transform_tiles(void *context, int64_t begin, int64_t end) {
    const chunk *c = context;
    const weight_pass *g = c->pass;
    winograd_f32_tiles source = {
        .images = &g->source, .numbers = g->input, .panel = F32_PANEL, .origin = c->first, .tile_count = c->count,
        .position_step = g->source_step, .out = c->source};
    winograd_f32_tiles gradient = {
        .images = &g->destination, .numbers = g->output_gradient, .panel = F32_PANEL, .origin = c->first,
        .tile_count = c->count, .position_step = g->gradient_step, .out = c->gradient};
    winograd_f32_source_tiles(&source, c->first + begin, end - begin);
    winograd_f32_gradient_tiles(&gradient, c->first + begin, end - begin);
}

/// Sums of `[position, channels, width]`, of which those of one panel of outputs begin at `sums`, back to windows.
static void transform_back(
    const weight_pass *g, const float *sums, int64_t output, int64_t width, int64_t channel, int64_t count) {
    for (int64_t o = 0; o < width; o += LANES) {
        winograd_f32_sums s = {
            .first = sums + channel * width + o, .position_step = g->sum_step, .channel_step = width,
            .stripes = g->stripes, .stripe_step = stripe_floats(g)};
        winograd_f32_weight_gradient(&s, g->source.channels, channel, count, output + o, g->weight_gradient);
    }
}

/// A task is a panel of channels and one of outputs, at all positions.
static void add_products(const chunk *c, int64_t task) {
    const weight_pass *g = c->pass;
    int64_t channels = g->source.channels, outputs = g->destination.channels;
    int64_t blocks = winograd_quotient_up(channels, F32_PANEL);
    int64_t output = task / blocks * F32_PANEL, width = least(F32_PANEL, outputs - output);
    int64_t channel = task % blocks * F32_PANEL, rows = least(F32_PANEL, channels - channel);
    float *sums = c->sums + task / blocks * F32_POSITIONS * g->sum_step;
    for (int64_t p = 0; p < F32_POSITIONS; p++) {
        const float *left = c->source + p * g->source_step + channel * c->count;
        const float *right = c->gradient + p * g->gradient_step + output * c->count;
        const float *ahead = p + 1 < F32_POSITIONS ? right + g->gradient_step : right;
        winograd_f32_product(
            rows, c->count, left, 1, rows, right, width, ahead, !c->is_first, sums + p * g->sum_step + channel * width);
    }
    if (c->is_last && g->stripes == 1) transform_back(g, sums, output, width, channel, rows);
}

static void add_all_products(void *context, int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) add_products(context, task);
}

static void sum_stripe(const weight_pass *g, int64_t stripe, float *scratch) {
    int64_t first = winograd_cut(g->tiles, g->stripes, stripe);
    int64_t count = winograd_cut(g->tiles, g->stripes, stripe + 1) - first;
    int64_t chunks = winograd_quotient_up(count, g->chunk);
    int64_t tasks = panel_count(g) * winograd_quotient_up(g->source.channels, F32_PANEL);
    for (int64_t i = 0; i < chunks; i++) {
        int64_t start = winograd_cut(count, chunks, i);
        chunk c = {
            .pass = g, .first = first + start, .count = winograd_cut(count, chunks, i + 1) - start, .source = scratch,
            .gradient = scratch + F32_POSITIONS * g->source_step, .sums = g->sums + stripe * stripe_floats(g),
            .is_first = i == 0, .is_last = i == chunks - 1};
        aviary_parallel(c.count, 1, transform_tiles, &c);
        aviary_parallel(tasks, 1, add_all_products, &c);
    }
}

static void sum_stripes(void *context, int64_t begin, int64_t end) {
    const weight_pass *g = context;
    for (int64_t worker = begin; worker < end; worker++) {
        int64_t last = winograd_cut(g->stripes, g->workers, worker + 1);
        for (int64_t stripe = winograd_cut(g->stripes, g->workers, worker); stripe < last; stripe++)
            sum_stripe(g, stripe, g->chunks + worker * chunk_floats(g));
    }
}

static void transform_channels_back(void *context, int64_t begin, int64_t end) {
    const weight_pass *g = context;
    for (int64_t panel = 0; panel < panel_count(g); panel++) {
        int64_t output = panel * F32_PANEL, width = least(F32_PANEL, g->destination.channels - output);
        transform_back(g, g->sums + panel * F32_POSITIONS * g->sum_step, output, width, begin, end - begin);
    }
}

int64_t winograd_f32_weight_gradient_scratch(const aviary_winograd *w) {
    weight_pass g = make_weight_pass(w);
    return (int64_t)sizeof(float) * (g.stripes * stripe_floats(&g) + g.workers * chunk_floats(&g));
}

void aviary_winograd_f32_backward_weights(
    const aviary_winograd *w, const float *source, const float *destination_gradient, float *weight_gradient,
    float *scratch) {
    weight_pass g = make_weight_pass(w);
    g.input = source, g.output_gradient = destination_gradient, g.weight_gradient = weight_gradient;
    g.sums = scratch, g.chunks = g.sums + g.stripes * stripe_floats(&g);
    aviary_parallel(g.workers, 1, sum_stripes, &g);
    if (g.stripes > 1) aviary_parallel(w->channels, 1, transform_channels_back, &g);
}
