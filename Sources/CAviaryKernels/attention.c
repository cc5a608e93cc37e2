#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CAviaryKernels.h"
#include "vectors.h"

// Q queries and K keys of a block, D depth, E width of the values, W the block's queries rounded up to whole vectors.
//
// Scores lie transposed, [K, W]: queries are the lanes. Then softmax needs no sum across lanes, the packed queries are
// the only operand that has to be transposed (once a block), and padding lanes are simply not written back.
//
// Products are loops of our own because they are small, follow each other in cache, and run inside a parallel region
// over heads and blocks, where oneDNN would have to be given one thread; its strided batched products reach half of
// its speed.


enum { BLOCK = AVIARY_ATTENTION_BLOCK, ROWS = 6 };


INLINED int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// A strip of the product: `rows` rows of 16 columns.
INLINED void strip(
    int rows, int64_t inner, const float *left, int64_t row_step, int64_t inner_step, const float *right,
    int64_t right_step, bool accumulates, float *out, int64_t out_step) {
    floats sums[ROWS];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r] = accumulates ? *(const floats *)(out + r * out_step) : (floats){0};
    for (int64_t k = 0; k < inner; k++) {
        floats line = *(const floats *)(right + k * right_step);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) sums[r] += left[r * row_step + k * inner_step] * line;
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) *(floats *)(out + r * out_step) = sums[r];
}

// `out (+)= left × right`, columns a multiple of 16; element (i, k) of the left is at `i * row_step + k * inner_step`.
VECTORISED(
    static, void, whole_product,
    (int64_t rows, int64_t inner, int64_t columns, const float *left, int64_t row_step, int64_t inner_step, const
     float *right, int64_t right_step, bool accumulates, float *out, int64_t out_step),
    (rows, inner, columns, left, row_step, inner_step, right, right_step, accumulates, out, out_step)) {
    for (int64_t j = 0; j < columns; j += LANES) {
        int64_t i = 0;
#define STRIP(count) \
    strip(count, inner, left + i * row_step, row_step, inner_step, right + j, right_step, accumulates, \
          out + i * out_step + j, out_step)
        for (; i + ROWS <= rows; i += ROWS) STRIP(ROWS);
        switch (rows - i) {
        case 5: STRIP(5); break;
        case 4: STRIP(4); break;
        case 3: STRIP(3); break;
        case 2: STRIP(2); break;
        case 1: STRIP(1); break;
        default: break;
        }
#undef STRIP
    }
}

// `out += left × right` for any number of columns; rows and inner are at most a block.
static void add_product(
    int64_t rows, int64_t inner, int64_t columns, const float *left, int64_t row_step, int64_t inner_step,
    const float *right, int64_t right_step, float *out, int64_t out_step) {
    int64_t whole = columns / LANES * LANES, rest = columns - whole;
    whole_product(rows, inner, whole, left, row_step, inner_step, right, right_step, true, out, out_step);
    if (rest == 0) return;
    float narrow[BLOCK * LANES], sums[BLOCK * LANES];
    memset(narrow, 0, sizeof narrow);
    for (int64_t k = 0; k < inner; k++)
        memcpy(narrow + k * LANES, right + k * right_step + whole, (size_t)rest * sizeof(float));
    whole_product(rows, inner, LANES, left, row_step, inner_step, narrow, LANES, false, sums, LANES);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < rest; j++) out[i * out_step + whole + j] += sums[i * LANES + j];
}

// `[rows, columns]` times `factor` as `[columns, lanes]`; lanes past the rows are 0.
static void transpose(
    int64_t rows, int64_t columns, int64_t lanes, float factor, const float *source, float *out) {
    for (int64_t j = 0; j < columns; j++)
        for (int64_t i = 0; i < lanes; i++) out[j * lanes + i] = i < rows ? source[i * columns + j] * factor : 0;
}

// Where a block of keys meets a block of queries.
typedef struct {
    const aviary_attention *a;
    int64_t head, first_query, first_key, queries, keys, lanes;
} meeting;

static meeting meet(const aviary_attention *a, int64_t head, int64_t first_query, int64_t first_key) {
    int64_t queries = smaller(BLOCK, a->queries - first_query);
    return (meeting){a, head, first_query, first_key, queries, smaller(BLOCK, a->keys - first_key),
                     (queries + LANES - 1) / LANES * LANES};
}

// How many keys some query of the block may see.
static int64_t seen_keys(const aviary_attention *a, int64_t first_query) {
    return a->causal ? smaller(a->keys, first_query + BLOCK) : a->keys;
}

// Minus infinity where a key takes no part, the real mask added elsewhere.
static void mask(const meeting *m, float *scores) {
    const aviary_attention *a = m->a;
    if (a->causal && m->first_key + m->keys - 1 > m->first_query)
        for (int64_t j = 0; j < m->keys; j++) {
            int64_t hidden = m->first_key + j - m->first_query;
            for (int64_t i = 0; i < smaller(hidden, m->queries); i++) scores[j * m->lanes + i] = -INFINITY;
        }
    if (!a->taken && !a->added) return;
    int64_t start = m->head / a->heads_per_batch * a->batch_step + m->head % a->heads_per_batch * a->head_step +
                    m->first_query * a->query_step + m->first_key * a->key_step;
    for (int64_t j = 0; j < m->keys; j++) {
        float *line = scores + j * m->lanes;
        int64_t first = start + j * a->key_step;
        for (int64_t i = 0; i < m->queries; i++) {
            if (a->taken && !a->taken[first + i * a->query_step]) line[i] = -INFINITY;
            if (a->added) line[i] += a->added[first + i * a->query_step];
        }
    }
}

// Dropout of `[K, W]`. Four keys share a counter and a row of them begins a new one, so that the words are a function
// of the place alone: backward asks for them again.
VECTORISED(static, void, drop, (const meeting *m, float *values), (m, values)) {
    const aviary_attention *a = m->a;
    uint32_t row_counters = (uint32_t)((a->keys + 3) / 4);
    words lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    for (int64_t i = 0; i < m->lanes; i += LANES) {
        uint32_t row = (uint32_t)(m->head * a->queries + m->first_query + i);
        words first = (lane + row) * row_counters + (uint32_t)(m->first_key / 4);
        for (int64_t j = 0; j < m->keys; j += 4) {
            words drawn[4] = {first + (uint32_t)(j / 4)};
            philox(a->key, a->counter, drawn);
            for (int64_t k = 0; k < smaller(4, m->keys - j); k++) {
                floats *value = (floats *)(values + (j + k) * m->lanes + i);
                *value = WHERE(drawn[k] >= a->threshold, *value * a->kept);
            }
        }
    }
}

// Takes a block of scores into the running softmax: its greatest score and sum of powers so far, and the outputs
// `[E, W]` brought to the new greatest. The scores become powers.
// Source: Milakov and Gimelshein 2018, "Online normalizer calculation for softmax", algorithm 3.
VECTORISED(
    static, void, absorb,
    (const meeting *m, int64_t width, float *scores, float *greatest, float *sums, float *outputs),
    (m, width, scores, greatest, sums, outputs)) {
    for (int64_t i = 0; i < m->lanes; i += LANES) {
        floats before = *(floats *)(greatest + i), most = before, sum = *(floats *)(sums + i);
        for (int64_t j = 0; j < m->keys; j++)
            most = __builtin_elementwise_max(most, *(floats *)(scores + j * m->lanes + i));
        // Where no key took part yet, 0 stands for minus infinity, which less itself would be NaN.
        floats shift = WHERE(most != -INFINITY, most), factor = before - shift;
        exponential(&factor);
        sum *= factor;
        for (int64_t j = 0; j < m->keys; j++) {
            floats *score = (floats *)(scores + j * m->lanes + i), power = *score - shift;
            exponential(&power);
            *score = power;
            sum += power;
        }
        *(floats *)(greatest + i) = most;
        *(floats *)(sums + i) = sum;
        for (int64_t e = 0; e < width; e++) *(floats *)(outputs + e * m->lanes + i) *= factor;
    }
}

// Scores become probabilities, and the gradients of probabilities those of scores: `P (dP - Σ P dP) · scale`. With
// dropout `dP` is masked already.
VECTORISED(
    static, void, differentiate,
    (const meeting *m, const float *log_sums, const float *means, float *scores, float *gradients),
    (m, log_sums, means, scores, gradients)) {
    for (int64_t i = 0; i < m->lanes; i += LANES) {
        floats log_sum = *(const floats *)(log_sums + i), mean = *(const floats *)(means + i);
        for (int64_t j = 0; j < m->keys; j++) {
            floats *score = (floats *)(scores + j * m->lanes + i), *gradient = (floats *)(gradients + j * m->lanes + i);
            floats probability = *score - log_sum;
            exponential(&probability);
            *score = probability;
            *gradient = probability * (*gradient - mean) * m->a->scale;
        }
    }
}

// The scratch of one thread.
typedef struct {
    float *query;     // [D, W], times the scale
    float *output;    // [E, W]: forward the output, backward its gradient
    float *scores;    // [K, W]
    float *gradients; // [K, W], of the probabilities, then of the scores
    float *first;     // [W]: forward the greatest score, backward the log-sum
    float *second;    // [W]: forward the sum of powers, backward the mean gradient
} places;

static places lay_out(const aviary_attention *a, float *scratch) {
    places p = {.query = scratch};
    p.output = p.query + a->depth * BLOCK;
    p.scores = p.output + a->width * BLOCK;
    p.gradients = p.scores + BLOCK * BLOCK;
    p.first = p.gradients + BLOCK * BLOCK;
    p.second = p.first + BLOCK;
    return p;
}

int64_t aviary_attention_scratch_count(const aviary_attention *a) {
    return (a->depth + a->width + 2 * BLOCK + 2) * BLOCK;
}

void aviary_attention_forward(
    const aviary_attention *a, int64_t head, int64_t first_query, const float *query, const float *key,
    const float *value, float *output, float *log_sums, float *scratch) {
    places p = lay_out(a, scratch);
    meeting m = meet(a, head, first_query, 0);
    int64_t row = head * a->queries + first_query;
    transpose(m.queries, a->depth, m.lanes, a->scale, query + row * a->depth, p.query);
    memset(p.output, 0, (size_t)(a->width * m.lanes) * sizeof(float));
    for (int64_t i = 0; i < m.lanes; i++) p.first[i] = -INFINITY, p.second[i] = 0;
    for (int64_t j = 0; j < seen_keys(a, first_query); j += BLOCK) {
        m = meet(a, head, first_query, j);
        const float *keys = key + (head * a->keys + j) * a->depth, *values = value + (head * a->keys + j) * a->width;
        whole_product(m.keys, a->depth, m.lanes, keys, a->depth, 1, p.query, m.lanes, false, p.scores, m.lanes);
        mask(&m, p.scores);
        absorb(&m, a->width, p.scores, p.first, p.second, p.output);
        if (a->drops) drop(&m, p.scores);
        whole_product(a->width, m.keys, m.lanes, values, 1, a->width, p.scores, m.lanes, true, p.output, m.lanes);
    }
    for (int64_t i = 0; i < m.queries; i++) {
        bool is_empty = p.second[i] == 0;
        float factor = is_empty ? 0 : 1 / p.second[i];
        log_sums[row + i] = is_empty ? INFINITY : p.first[i] + logf(p.second[i]);
        for (int64_t e = 0; e < a->width; e++) output[(row + i) * a->width + e] = p.output[e * m.lanes + i] * factor;
    }
}

void aviary_attention_prepare_backward(
    const aviary_attention *a, int64_t head, int64_t first_query, const float *query, const float *output,
    const float *log_sums, const float *output_gradient, float *scratch) {
    places p = lay_out(a, scratch);
    meeting m = meet(a, head, first_query, 0);
    int64_t row = head * a->queries + first_query;
    transpose(m.queries, a->depth, m.lanes, a->scale, query + row * a->depth, p.query);
    transpose(m.queries, a->width, m.lanes, 1, output_gradient + row * a->width, p.output);
    for (int64_t i = 0; i < m.lanes; i++) {
        // A lane that holds no query has probabilities of 0.
        p.first[i] = i < m.queries ? log_sums[row + i] : INFINITY;
        float sum = 0;
        for (int64_t e = 0; i < m.queries && e < a->width; e++)
            sum += output[(row + i) * a->width + e] * output_gradient[(row + i) * a->width + e];
        p.second[i] = sum;
    }
}

void aviary_attention_backward(
    const aviary_attention *a, int64_t head, int64_t first_query, int64_t first_key, const float *query,
    const float *key, const float *value, const float *output_gradient, float *query_gradient, float *key_gradient,
    float *value_gradient, float *scratch) {
    if (first_key >= seen_keys(a, first_query)) return;
    places p = lay_out(a, scratch);
    meeting m = meet(a, head, first_query, first_key);
    int64_t row = head * a->queries + first_query, key_row = head * a->keys + first_key, w = m.lanes;
    const float *keys = key + key_row * a->depth, *values = value + key_row * a->width;
    whole_product(m.keys, a->depth, w, keys, a->depth, 1, p.query, w, false, p.scores, w);
    mask(&m, p.scores);
    whole_product(m.keys, a->width, w, values, a->width, 1, p.output, w, false, p.gradients, w);
    if (a->drops) drop(&m, p.gradients);
    differentiate(&m, p.first, p.second, p.scores, p.gradients);
    if (query_gradient)
        add_product(m.queries, m.keys, a->depth, p.gradients, 1, w, keys, a->depth,
                    query_gradient + row * a->depth, a->depth);
    if (key_gradient)
        add_product(m.keys, m.queries, a->depth, p.gradients, w, 1, query + row * a->depth, a->depth,
                    key_gradient + key_row * a->depth, a->depth);
    if (!value_gradient) return;
    if (a->drops) drop(&m, p.scores);
    add_product(m.keys, m.queries, a->width, p.scores, w, 1, output_gradient + row * a->width, a->width,
                value_gradient + key_row * a->width, a->width);
}
