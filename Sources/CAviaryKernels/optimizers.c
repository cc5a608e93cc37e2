#include "aviary_optimizers.h"

#include <stddef.h>

#include "aviary_parallel.h"
#include "vectorised.h"

// Each rule is one pass over memory: parameter and state are read once and written where they lie.

#define LOOP for (int64_t i = 0; i < count; i++)

// The library's square root tells of a negative argument through errno, which keeps a loop from being vectorised.
INLINED float root(float x) { return __builtin_elementwise_sqrt(x); }

// From `a` to `b`, exact at both ends: PyTorch's lerp.
INLINED float between(float a, float b, float share) {
    return share < 0.5f ? a + share * (b - a) : b - (b - a) * (1 - share);
}

VECTORISED(
    static, void, sgd,
    (aviary_sgd_rule rule, const float *restrict gradient, float *restrict parameter, float *restrict momentum,
     int64_t count),
    (rule, gradient, parameter, momentum, count)) {
    float rate = rule.rate, factor = rule.momentum, decay = rule.weight_decay, scale = rule.gradient_scale;
    LOOP {
        float g = gradient[i] * scale + decay * parameter[i];
        float m = momentum[i] * factor + g;
        momentum[i] = m;
        parameter[i] -= rate * (rule.nesterov ? g + factor * m : m);
    }
}

VECTORISED(
    static, void, adam,
    (aviary_adam_rule rule, const float *restrict gradient, float *restrict parameter, float *restrict first,
     float *restrict second, int64_t count),
    (rule, gradient, parameter, first, second, count)) {
    LOOP {
        float p = parameter[i];
        float g = gradient[i] * rule.gradient_scale + rule.gradient_decay * p;
        float m = between(first[i], g, rule.first_share);
        float v = second[i] * rule.second_decay + rule.second_share * g * g;
        first[i] = m;
        second[i] = v;
        parameter[i] = p * rule.kept - rule.step_size * m / (root(v) * rule.root_factor + rule.epsilon);
    }
}

VECTORISED(
    static, void, adagrad,
    (aviary_adagrad_rule rule, const float *restrict gradient, float *restrict parameter, float *restrict square_sum,
     int64_t count),
    (rule, gradient, parameter, square_sum, count)) {
    LOOP {
        float g = gradient[i] * rule.gradient_scale + rule.weight_decay * parameter[i];
        float sum = square_sum[i] + g * g;
        square_sum[i] = sum;
        parameter[i] -= rule.rate * g / (root(sum) + rule.epsilon);
    }
}

INLINED void rmsprop_form(
    aviary_rmsprop_rule rule, bool centered, bool with_momentum, const float *restrict gradient,
    float *restrict parameter, float *restrict square, float *restrict mean, float *restrict momentum, int64_t count) {
    LOOP {
        float g = gradient[i] * rule.gradient_scale + rule.weight_decay * parameter[i];
        float v = square[i] * rule.smoothing + rule.share * g * g;
        float spread = v;
        if (centered) {
            float average = between(mean[i], g, rule.share);
            mean[i] = average;
            spread = v - average * average;
            // A variance that rounding leaves below zero; NaN stays NaN.
            spread = spread < 0 ? 0 : spread;
        }
        float step = g / (root(spread) + rule.epsilon);
        if (with_momentum) {
            step += momentum[i] * rule.momentum;
            momentum[i] = step;
        }
        square[i] = v;
        parameter[i] -= rule.rate * step;
    }
}

VECTORISED(
    static, void, rmsprop,
    (aviary_rmsprop_rule rule, const float *restrict gradient, float *restrict parameter, float *restrict square,
     float *restrict second, float *restrict third, int64_t count),
    (rule, gradient, parameter, square, second, third, count)) {
    // Four loops: inside one nothing is asked an element.
    if (rule.centered && rule.with_momentum)
        rmsprop_form(rule, true, true, gradient, parameter, square, second, third, count);
    else if (rule.centered)
        rmsprop_form(rule, true, false, gradient, parameter, square, second, NULL, count);
    else if (rule.with_momentum)
        rmsprop_form(rule, false, true, gradient, parameter, square, NULL, second, count);
    else
        rmsprop_form(rule, false, false, gradient, parameter, square, NULL, NULL, count);
}

// `count` elements from `first` on, whose gradient begins at `gradient`.
static void step_stretch(const aviary_step *s, const float *gradient, int64_t first, int64_t count) {
    float *parameter = s->parameter + first, *state[3];
    for (int i = 0; i < 3; i++) state[i] = s->state[i] ? s->state[i] + first : NULL;
    switch (s->rule) {
    case AVIARY_SGD: return sgd(s->numbers.sgd, gradient, parameter, state[0], count);
    case AVIARY_ADAM: return adam(s->numbers.adam, gradient, parameter, state[0], state[1], count);
    case AVIARY_ADAGRAD: return adagrad(s->numbers.adagrad, gradient, parameter, state[0], count);
    case AVIARY_RMSPROP:
        return rmsprop(s->numbers.rmsprop, gradient, parameter, state[0], state[1], state[2], count);
    }
}

// The gradient of rows that nobody looked up: from the first cache, again and again.
enum { ZERO_COUNT = 1024 };
static const float zeros[ZERO_COUNT];

static void step_with_zeros(const aviary_step *s, int64_t first, int64_t end) {
    for (; first < end; first += ZERO_COUNT)
        step_stretch(s, zeros, first, end - first < ZERO_COUNT ? end - first : ZERO_COUNT);
}

// The first place whose row is not below `row`.
static int64_t place_of(const int64_t *rows, int64_t row_count, int64_t row) {
    int64_t low = 0, high = row_count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (rows[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// Rows of the whole table: from one that was looked up to the next, then that one.
static void step_table(const aviary_step *s, const int64_t *rows, int64_t row, int64_t end_row) {
    int64_t width = s->width;
    for (int64_t place = place_of(rows, s->row_count, row); row < end_row; place++) {
        int64_t next = place < s->row_count && rows[place] < end_row ? rows[place] : end_row;
        step_with_zeros(s, row * width, next * width);
        if (next < end_row) step_stretch(s, s->gradient + place * width, next * width, width);
        row = next + 1;
    }
}

// So many rows ahead the processor is told where it will read: they lie anywhere in memory.
enum { PREFETCH_DISTANCE = 4, LINE = 64 / sizeof(float), PREFETCHED_LINES = 8 };

static void prefetch_row(const aviary_step *s, int64_t row) {
    int64_t most = PREFETCHED_LINES * LINE, first = row * s->width, end = first + (s->width < most ? s->width : most);
    for (int64_t i = first; i < end; i += LINE) {
        __builtin_prefetch(s->parameter + i, 1);
        for (int table = 0; table < 3 && s->state[table]; table++) __builtin_prefetch(s->state[table] + i, 1);
    }
}

static void step_rows(const aviary_step *s, const int64_t *rows, int64_t place, int64_t end) {
    for (; place < end; place++) {
        if (place + PREFETCH_DISTANCE < end) prefetch_row(s, rows[place + PREFETCH_DISTANCE]);
        step_stretch(s, s->gradient + place * s->width, rows[place] * s->width, s->width);
    }
}

// What one thread is not to part: an element, or a row; and how many of those there are.
static int64_t unit_width(const aviary_step *s) { return s->kind == AVIARY_GRADIENT_WHOLE ? 1 : s->width; }
static int64_t unit_count(const aviary_step *s) {
    return s->kind == AVIARY_GRADIENT_ROWS ? s->row_count : s->count / unit_width(s);
}

static void step_units(const aviary_step *s, const int64_t *rows, int64_t first, int64_t end) {
    switch (s->kind) {
    case AVIARY_GRADIENT_WHOLE: return step_stretch(s, s->gradient + first, first, end - first);
    case AVIARY_GRADIENT_ROWS_OF_ZEROS: return step_table(s, rows + s->first_place, first, end);
    case AVIARY_GRADIENT_ROWS: return step_rows(s, rows + s->first_place, first, end);
    }
}

typedef struct {
    const aviary_step *steps;
    int64_t step_count;
    const int64_t *rows;
} step_list;

// Elements that a step touches, in whole cache lines: the threads' shares begin at lines.
static int64_t extent(const aviary_step *s) { return (unit_count(s) * unit_width(s) + LINE - 1) / LINE * LINE; }

// Of the unit that begins at or after so many elements, the number.
static int64_t unit_at(const aviary_step *s, int64_t elements) {
    int64_t width = unit_width(s), unit = (elements + width - 1) / width, count = unit_count(s);
    return unit < count ? unit : count;
}

// Takes `begin..<end` of all steps' elements, one step behind the other.
static void run_share(void *context, int64_t begin, int64_t end) {
    const step_list *list = context;
    for (int64_t i = 0, start = 0; i < list->step_count && start < end; i++) {
        const aviary_step *s = list->steps + i;
        int64_t next = start + extent(s);
        if (next > begin) {
            int64_t first = unit_at(s, begin > start ? begin - start : 0), last = unit_at(s, end - start);
            if (first < last) step_units(s, list->rows, first, last);
        }
        start = next;
    }
}

void aviary_run_steps(const aviary_step *steps, int64_t step_count, const int64_t *rows, int64_t grain) {
    step_list list = {steps, step_count, rows};
    int64_t total = 0;
    for (int64_t i = 0; i < step_count; i++) total += extent(steps + i);
    aviary_parallel(total, grain, run_share, &list);
}

VECTORISED(
    extern, void, aviary_moving_average,
    (const float *a, const float *b, float share, float *restrict out, int64_t count),
    (a, b, share, out, count)) {
    LOOP out[i] = between(a[i], b[i], share);
}

// NaN stays NaN, as in PyTorch: both comparisons are false.
VECTORISED(
    extern, void, aviary_limit,
    (const float *a, float limit, float *restrict out, int64_t count),
    (a, limit, out, count)) {
    LOOP {
        float below = a[i] > limit ? limit : a[i];
        out[i] = below < -limit ? -limit : below;
    }
}
