#include "aviary_parallel.h"
#include "winograd.h"

#if defined(__x86_64__)

// Backward by the weights. The tiles are cut into stripes, as many as the shape alone decides, and each is summed for
// itself. Few channels make many stripes, and each worker has its own, with sums, source and gradient in its cache.
// Many channels make one: then all workers first transform a chunk of tiles, and each multiplies at its own positions.
// Either way an element's sum has one order.
//
// The two cases are one code: `aviary_parallel` inside of a parallel region runs on the thread that calls it.

enum {
    // Bytes of sums up to which there are stripes.
    STRIPE_BYTES = 512 << 10,
    MOST_STRIPES = 16,
    // Pairs of tiles that make a stripe of their own worth while.
    LEAST_STRIPE_PAIRS = 64,
    // Pairs of a chunk: enough that reading and writing the sums is little beside the products, and few enough that a
    // panel of them fits the first-level cache.
    LEAST_PAIRS = 32,
    MOST_PAIRS = 128,
};

typedef struct {
    winograd_images source, destination;
    int64_t workers, pairs, stripes, chunk;
    const uint16_t *input, *output_gradient;
    float *weight_gradient;
    /// One scratch for each worker that has stripes of its own: source and gradient of a chunk.
    int64_t source_step, gradient_step;
    /// Of each stripe: positions `sum_step` floats apart, each `[panel of outputs, channels, lane]`.
    int64_t sum_step;
    float *sums;
    uint32_t *chunks;
} weight_pass;

/// A part of a stripe, whose source and gradient are transformed before they are multiplied.
typedef struct {
    const weight_pass *g;
    int64_t first, count;
    uint32_t *source, *gradient;
    float *sums;
    bool accumulates;
} chunk;

static int64_t sum_count(const weight_pass *g) { return POSITIONS * g->sum_step; }

static int64_t chunk_words(const weight_pass *g) { return POSITIONS * (g->source_step + g->gradient_step); }

static weight_pass make_weight_pass(const aviary_winograd *w) {
    weight_pass g = {
        .source = {w->batch, w->channels, w->height, w->width},
        .destination = {w->batch, w->outputs, w->height, w->width},
        .stripes = 1,
        .chunk = MOST_PAIRS,
        .sum_step = w->channels * w->outputs + GAP_WORDS,
    };
    g.pairs = winograd_pair_count(&g.source);
    int64_t sum_bytes = sum_count(&g) * (int64_t)sizeof(float);
    if (sum_bytes <= STRIPE_BYTES) {
        int64_t pair_bytes = POSITIONS * (w->channels + w->outputs) * (int64_t)sizeof(uint32_t);
        int64_t held = (WINOGRAD_GROUP_BYTES - sum_bytes) / pair_bytes;
        g.stripes = least(MOST_STRIPES, winograd_quotient_up(g.pairs, LEAST_STRIPE_PAIRS));
        g.chunk = held < LEAST_PAIRS ? LEAST_PAIRS : least(held, MOST_PAIRS);
    }
    g.chunk = least(g.chunk, g.pairs);
    g.workers = least(w->workers, g.stripes);
    g.source_step = g.chunk * w->channels + GAP_WORDS;
    g.gradient_step = g.chunk * w->outputs + GAP_WORDS;
    return g;
}

static void transform_pairs(void *context, int64_t begin, int64_t end) {
    const chunk *c = context;
    const weight_pass *g = c->g;
    winograd_source_pairs(
        &g->source, g->input, c->first + begin, end - begin, c->first, c->count, c->source, g->source_step);
    winograd_gradient_pairs(
        &g->destination, g->output_gradient, c->first + begin, end - begin, c->first, c->count, c->gradient,
        g->gradient_step);
}

// A task is a position and a panel of outputs.
static void add_products(void *context, int64_t begin, int64_t end) {
    const chunk *c = context;
    const weight_pass *g = c->g;
    int64_t channels = g->source.channels, outputs = g->destination.channels;
    int64_t panels = winograd_quotient_up(outputs, PANEL);
    for (int64_t task = begin; task < end; task++) {
        int64_t p = task / panels, output = task % panels * PANEL, width = least(PANEL, outputs - output);
        const uint32_t *right = c->gradient + p * g->gradient_step + output * c->count;
        float *sums = c->sums + p * g->sum_step + output * channels;
        for (int64_t channel = 0; channel < channels; channel += PANEL) {
            int64_t rows = least(PANEL, channels - channel);
            const uint32_t *left = c->source + p * g->source_step + channel * c->count;
            bool is_last = channel + rows == channels;
            const uint32_t *ahead = is_last ? right + width * c->count : left + rows * c->count;
            winograd_product(
                rows, c->count, left, 1, rows, right, width, ahead, c->accumulates, sums + channel * width);
        }
    }
}

static void sum_stripe(const weight_pass *g, int64_t stripe, uint32_t *scratch) {
    int64_t first = winograd_cut(g->pairs, g->stripes, stripe);
    int64_t count = winograd_cut(g->pairs, g->stripes, stripe + 1) - first;
    int64_t chunks = winograd_quotient_up(count, g->chunk);
    int64_t tasks = POSITIONS * winograd_quotient_up(g->destination.channels, PANEL);
    for (int64_t i = 0; i < chunks; i++) {
        int64_t start = winograd_cut(count, chunks, i);
        chunk c = {
            g, first + start, winograd_cut(count, chunks, i + 1) - start, scratch, scratch + POSITIONS * g->source_step,
            g->sums + stripe * sum_count(g), i > 0};
        aviary_parallel(c.count, 1, transform_pairs, &c);
        aviary_parallel(tasks, 1, add_products, &c);
    }
}

static void sum_stripes(void *context, int64_t begin, int64_t end) {
    const weight_pass *g = context;
    for (int64_t worker = begin; worker < end; worker++) {
        int64_t last = winograd_cut(g->stripes, g->workers, worker + 1);
        for (int64_t stripe = winograd_cut(g->stripes, g->workers, worker); stripe < last; stripe++)
            sum_stripe(g, stripe, g->chunks + worker * chunk_words(g));
    }
}

static void transform_back(void *context, int64_t begin, int64_t end) {
    const weight_pass *g = context;
    winograd_weight_gradient(
        g->source.channels, g->destination.channels, g->sums, g->sum_step, g->stripes, begin, end, g->weight_gradient);
}

int64_t winograd_weight_gradient_scratch_size(const aviary_winograd *w) {
    weight_pass g = make_weight_pass(w);
    return (int64_t)sizeof(float) * g.stripes * sum_count(&g) + (int64_t)sizeof(uint32_t) * g.workers * chunk_words(&g);
}

void aviary_winograd_backward_weights(
    const aviary_winograd *w, const uint16_t *source, const uint16_t *destination_gradient, float *weight_gradient,
    void *scratch) {
    weight_pass g = make_weight_pass(w);
    g.input = source, g.output_gradient = destination_gradient, g.weight_gradient = weight_gradient;
    g.sums = scratch, g.chunks = (uint32_t *)(g.sums + g.stripes * sum_count(&g));
    aviary_parallel(g.workers, 1, sum_stripes, &g);
    aviary_parallel(w->outputs / LANES, 1, transform_back, &g);
}

#endif
