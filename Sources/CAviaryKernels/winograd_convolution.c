#include "aviary_parallel.h"
#include "winograd.h"

#if defined(__x86_64__)

// Forward and backward data: the weights are transformed once; then each worker takes a share of the tiles in groups
// that its second-level cache holds: it transforms the source of a group, multiplies 64 outputs at a time and
// transforms the sums back, before they leave the cache.

enum { MOST_TILES = 256 };

typedef struct {
    winograd_images source, destination;
    int64_t workers, tiles, group;
    const uint16_t *input;
    const float *bias;
    uint16_t *output;
    winograd_weights weights;
    /// Of each worker: the transformed source of a group and its sums.
    int64_t source_step, sum_step;
    char *scratch;
} convolution;

static int64_t weight_bytes(const convolution *c) {
    return POSITIONS * c->weights.position_step * (int64_t)sizeof(uint32_t);
}

static int64_t worker_bytes(const convolution *c) {
    return POSITIONS * (c->source_step * (int64_t)sizeof(uint32_t) + c->sum_step * (int64_t)sizeof(float));
}

static convolution make_convolution(const aviary_winograd *w, aviary_winograd_pass pass) {
    bool is_forward = pass == AVIARY_WINOGRAD_FORWARD;
    int64_t inner = is_forward ? w->channels : w->outputs, lanes = is_forward ? w->outputs : w->channels;
    int64_t tiles = w->batch * winograd_quotient_up(w->height, TILE) * winograd_quotient_up(w->width, TILE);
    int64_t tile_words = inner / 2 + least(PANEL, lanes);
    int64_t held = WINOGRAD_GROUP_BYTES / (POSITIONS * (int64_t)sizeof(uint32_t) * tile_words);
    int64_t most = least(tiles, least(held, MOST_TILES));
    convolution c = {
        .source = {w->batch, inner, w->height, w->width},
        .destination = {w->batch, lanes, w->height, w->width},
        .workers = least(w->workers, tiles),
        .tiles = tiles,
        .group = most > 0 ? most : 1,
        .weights = {.lanes = lanes, .inner = inner, .is_turned = !is_forward},
    };
    // Element (o, c) of the weights is at (o * channels + c) * 9.
    c.weights.lane_step = is_forward ? w->channels * TAPS : TAPS;
    c.weights.inner_step = is_forward ? TAPS : w->channels * TAPS;
    c.weights.position_step = inner / 2 * lanes + GAP_WORDS;
    c.source_step = c.group * inner / 2 + GAP_WORDS;
    c.sum_step = c.group * least(PANEL, lanes) + GAP_WORDS;
    return c;
}

static const uint32_t *panel_of(const convolution *c, int64_t position, int64_t lane) {
    return c->weights.out + position * c->weights.position_step + lane * (c->source.channels / 2);
}

static void convolve_group(const convolution *c, int64_t first, int64_t count, uint32_t *tiles, float *sums) {
    int64_t inner = c->source.channels / 2, lanes = c->destination.channels;
    winograd_source_tiles(&c->source, c->input, first, count, tiles, c->source_step);
    for (int64_t lane = 0; lane < lanes; lane += PANEL) {
        int64_t width = least(PANEL, lanes - lane), next = lane + width < lanes ? lane + width : 0;
        for (int64_t p = 0; p < POSITIONS; p++) {
            const uint32_t *right = panel_of(c, p, lane);
            const uint32_t *ahead = p + 1 < POSITIONS ? panel_of(c, p + 1, lane) : panel_of(c, 0, next);
            winograd_product(
                count, inner, tiles + p * c->source_step, inner, 1, right, width, ahead, false, sums + p * c->sum_step);
        }
        winograd_results(&c->destination, sums, c->sum_step, lane, width, c->bias, first, count, c->output);
    }
}

static void convolve_part(void *context, int64_t begin, int64_t end) {
    const convolution *c = context;
    for (int64_t worker = begin; worker < end; worker++) {
        uint32_t *tiles = (uint32_t *)(c->scratch + weight_bytes(c) + worker * worker_bytes(c));
        float *sums = (float *)(tiles + POSITIONS * c->source_step);
        int64_t first = winograd_cut(c->tiles, c->workers, worker);
        int64_t count = winograd_cut(c->tiles, c->workers, worker + 1) - first;
        int64_t groups = winograd_quotient_up(count, c->group);
        for (int64_t g = 0; g < groups; g++) {
            int64_t start = winograd_cut(count, groups, g);
            convolve_group(c, first + start, winograd_cut(count, groups, g + 1) - start, tiles, sums);
        }
    }
}

static void transform_part(void *context, int64_t begin, int64_t end) {
    winograd_transform_weights(&((const convolution *)context)->weights, begin, end);
}

static void convolve(
    convolution c, const uint16_t *input, const void *weights, aviary_real weights_kind, const float *bias,
    uint16_t *output, void *scratch) {
    c.input = input, c.bias = bias, c.output = output, c.scratch = scratch;
    c.weights.weights = weights, c.weights.kind = weights_kind, c.weights.out = scratch;
    aviary_parallel(winograd_quotient_up(c.weights.lanes, PANEL), 1, transform_part, &c);
    aviary_parallel(c.workers, 1, convolve_part, &c);
}

int64_t winograd_convolution_scratch_size(const aviary_winograd *w, aviary_winograd_pass pass) {
    convolution c = make_convolution(w, pass);
    return weight_bytes(&c) + c.workers * worker_bytes(&c);
}

void aviary_winograd_forward(
    const aviary_winograd *w, const uint16_t *source, const void *weights, aviary_real weights_kind, const float *bias,
    uint16_t *destination, void *scratch) {
    convolve(
        make_convolution(w, AVIARY_WINOGRAD_FORWARD), source, weights, weights_kind, bias, destination, scratch);
}

void aviary_winograd_backward_data(
    const aviary_winograd *w, const uint16_t *destination_gradient, const void *weights, aviary_real weights_kind,
    uint16_t *source_gradient, void *scratch) {
    convolve(
        make_convolution(w, AVIARY_WINOGRAD_BACKWARD_DATA), destination_gradient, weights, weights_kind, NULL,
        source_gradient, scratch);
}

#endif
