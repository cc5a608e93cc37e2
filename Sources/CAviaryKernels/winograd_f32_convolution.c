#include "aviary_parallel.h"
#include "winograd_f32.h"

// Forward and backward data. The sums of a group of tiles, 64 outputs at a time, are multiplied and transformed back
// while they are in a worker's second-level cache. Where there are more tiles than outputs the weights are transformed
// once, and each worker has a share of the tiles: it transforms a group's source when its turn comes. Where there are
// fewer, and panels enough for all workers, the source is, and each worker has a share of the outputs, whose weights it
// transforms a panel at a time. Either way it is the smaller one that is written to memory, and an element's sum has one
// order.

// Tiles of a group, where all panels of weights are read for each and where one is: their sums are 442 and 590 kB.
enum { TILES_OF_ALL_PANELS = 48, TILES_OF_ONE_PANEL = 64 };

typedef struct {
    winograd_images source, destination;
    int64_t workers, tiles, group;
    bool shares_outputs;
    const float *input;
    aviary_ending ending;
    float *output;
    winograd_f32_weights weights;
    /// What all workers share, weights or source, transformed; then each worker's own of the other, and its sums.
    int64_t weight_step, source_step, sum_step;
    float *scratch;
} convolution;

static int64_t shared_floats(const convolution *c) {
    return F32_POSITIONS * (c->shares_outputs ? c->source_step : c->weight_step);
}

static int64_t own_floats(const convolution *c) {
    return F32_POSITIONS * ((c->shares_outputs ? c->weight_step : c->source_step) + c->sum_step);
}

static float *own_of(const convolution *c, int64_t worker) {
    return c->scratch + shared_floats(c) + worker * own_floats(c);
}

static convolution make_convolution(const aviary_winograd *w, aviary_winograd_pass pass) {
    bool is_forward = pass == AVIARY_WINOGRAD_FORWARD;
    int64_t inner = is_forward ? w->channels : w->outputs, lanes = is_forward ? w->outputs : w->channels;
    convolution c = {
        .source = {w->batch, inner, w->height, w->width},
        .destination = {w->batch, lanes, w->height, w->width},
        .weights = {.lanes = lanes, .inner = inner, .is_turned = !is_forward},
    };
    // Element (o, c) of the weights is at (o * channels + c) * 9.
    c.weights.lane_step = is_forward ? w->channels * F32_TAPS : F32_TAPS;
    c.weights.inner_step = is_forward ? F32_TAPS : w->channels * F32_TAPS;
    c.tiles =
        w->batch * winograd_tile_rows(&c.source, F32_TILE) * winograd_tile_columns(&c.source, F32_TILE);
    int64_t panels = winograd_quotient_up(lanes, F32_PANEL), panel = least(lanes, F32_PANEL);
    c.shares_outputs = lanes >= c.tiles && least(panels, w->workers) >= least(c.tiles, w->workers);
    c.workers = least(w->workers, c.shares_outputs ? panels : c.tiles);
    c.group = least(c.tiles, c.shares_outputs ? TILES_OF_ONE_PANEL : TILES_OF_ALL_PANELS);
    c.weight_step = inner * (c.shares_outputs ? panel : lanes) + F32_GAP;
    c.source_step = inner * (c.shares_outputs ? c.tiles : c.group) + F32_GAP;
    c.sum_step = c.group * panel + F32_GAP;
    return c;
}

static winograd_f32_tiles source_tiles(const convolution *c, int64_t origin, float *out) {
    int64_t inner = c->source.channels;
    return (winograd_f32_tiles){
        .images = &c->source, .numbers = c->input, .panel = inner, .origin = origin, .position_step = c->source_step,
        .out = out};
}

/// The results of some tiles, whose transformed source is given, in one panel of outputs. `weights` are that panel's;
/// those of `next` are fetched.
static void convolve_panel(
    const convolution *c, int64_t first, int64_t count, const float *source, int64_t lane, const float *weights,
    const float *next, float *sums) {
    int64_t inner = c->source.channels, width = least(F32_PANEL, c->destination.channels - lane);
    for (int64_t p = 0; p < F32_POSITIONS; p++) {
        const float *right = weights + p * c->weight_step;
        winograd_f32_product(
            count, inner, source + p * c->source_step, inner, 1, right, width,
            p + 1 < F32_POSITIONS ? right + c->weight_step : next, false, sums + p * c->sum_step);
    }
    winograd_f32_results(&c->destination, sums, c->sum_step, lane, width, c->ending, first, count, c->output);
}

// MARK: Workers that share the tiles

static void transform_panels(void *context, int64_t begin, int64_t end) {
    const convolution *c = context;
    for (int64_t panel = begin; panel < end; panel++) {
        int64_t lane = panel * F32_PANEL, width = least(F32_PANEL, c->weights.lanes - lane);
        winograd_f32_transform_weights(
            &c->weights, lane, width, c->scratch + lane * c->weights.inner, c->weight_step);
    }
}

static void convolve_tiles(void *context, int64_t begin, int64_t end) {
    const convolution *c = context;
    int64_t inner = c->source.channels, lanes = c->destination.channels;
    for (int64_t worker = begin; worker < end; worker++) {
        float *source = own_of(c, worker), *sums = source + F32_POSITIONS * c->source_step;
        int64_t start = winograd_cut(c->tiles, c->workers, worker);
        int64_t all = winograd_cut(c->tiles, c->workers, worker + 1) - start;
        int64_t groups = winograd_quotient_up(all, c->group);
        for (int64_t g = 0; g < groups; g++) {
            int64_t first = start + winograd_cut(all, groups, g);
            int64_t count = start + winograd_cut(all, groups, g + 1) - first;
            winograd_f32_tiles tiles = source_tiles(c, first, source);
            winograd_f32_source_tiles(&tiles, first, count);
            for (int64_t lane = 0; lane < lanes; lane += F32_PANEL) {
                const float *next = c->scratch + (lane + F32_PANEL < lanes ? lane + F32_PANEL : 0) * inner;
                convolve_panel(c, first, count, source, lane, c->scratch + lane * inner, next, sums);
            }
        }
    }
}

// MARK: Workers that share the outputs

static void transform_tiles(void *context, int64_t begin, int64_t end) {
    const convolution *c = context;
    winograd_f32_tiles tiles = source_tiles(c, 0, c->scratch);
    winograd_f32_source_tiles(&tiles, begin, end - begin);
}

static void convolve_outputs(void *context, int64_t begin, int64_t end) {
    const convolution *c = context;
    int64_t inner = c->source.channels, lanes = c->destination.channels;
    int64_t panels = winograd_quotient_up(lanes, F32_PANEL), groups = winograd_quotient_up(c->tiles, c->group);
    for (int64_t worker = begin; worker < end; worker++) {
        float *weights = own_of(c, worker), *sums = weights + F32_POSITIONS * c->weight_step;
        int64_t last = winograd_cut(panels, c->workers, worker + 1);
        for (int64_t panel = winograd_cut(panels, c->workers, worker); panel < last; panel++) {
            int64_t lane = panel * F32_PANEL, width = least(F32_PANEL, lanes - lane);
            winograd_f32_transform_weights(&c->weights, lane, width, weights, c->weight_step);
            for (int64_t g = 0; g < groups; g++) {
                int64_t first = winograd_cut(c->tiles, groups, g);
                int64_t count = winograd_cut(c->tiles, groups, g + 1) - first;
                convolve_panel(c, first, count, c->scratch + first * inner, lane, weights, weights, sums);
            }
        }
    }
}

static void convolve(
    convolution c, const float *input, const float *weights, aviary_ending ending, float *output,
    float *scratch) {
    c.input = input, c.ending = ending, c.output = output, c.scratch = scratch;
    c.weights.weights = weights;
    if (c.shares_outputs) {
        aviary_parallel(c.tiles, 1, transform_tiles, &c);
        aviary_parallel(c.workers, 1, convolve_outputs, &c);
    } else {
        aviary_parallel(winograd_quotient_up(c.weights.lanes, F32_PANEL), 1, transform_panels, &c);
        aviary_parallel(c.workers, 1, convolve_tiles, &c);
    }
}

int64_t winograd_f32_convolution_scratch(const aviary_winograd *w, aviary_winograd_pass pass) {
    convolution c = make_convolution(w, pass);
    return (int64_t)sizeof(float) * (shared_floats(&c) + c.workers * own_floats(&c));
}

void aviary_winograd_f32_forward(
    const aviary_winograd *w, const float *source, const float *weights, aviary_ending ending,
    float *destination, float *scratch) {
    convolve(make_convolution(w, AVIARY_WINOGRAD_FORWARD), source, weights, ending, destination, scratch);
}

void aviary_winograd_f32_backward_data(
    const aviary_winograd *w, const float *destination_gradient, const float *weights, float *source_gradient,
    float *scratch) {
    convolve(
        make_convolution(w, AVIARY_WINOGRAD_BACKWARD_DATA), destination_gradient, weights, (aviary_ending){0},
        source_gradient, scratch);
}
