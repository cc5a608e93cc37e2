#include "aviary_attention.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "attention_scores.h"

// Q queries and K keys of a block, D depth, E width of the values, W the block's queries rounded up to whole vectors.
//
// Products are loops of our own because they are small, follow each other in cache, and run inside a parallel region
// over heads and blocks, where oneDNN would have to be given one thread; its strided batched products reach half of
// its speed. Rows are packed before they are multiplied: where they are parts of longer rows, a power of two apart,
// they would push each other out of the first-level cache.

// Multiplies rows `[count, columns]`, each by its factor.
VECTORISED(
    static, void, rescale, (int64_t count, int64_t columns, const float *factors, float *rows),
    (count, columns, factors, rows)) {
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = 0; j < columns; j += LANES) *(floats *)(rows + i * columns + j) *= factors[i];
}

// MARK: Scratch

// The scratch of one thread, in blocks of D, E or 64 times 64 units, D and E rounded up to whole vectors. At a depth
// and width of 64 a block has 16 KB: what a product touches at a time stays in the first-level cache, all of them in
// the second-level one.
typedef struct {
    float *query_columns;    // [D, W]
    float *query_lines;      // [W, D]
    float *upstream_columns; // [E, W], of the output's gradient
    float *upstream_lines;   // [W, E]
    float *key_lines;        // [K, D]
    float *value_lines;      // [K, E]
    float *scores;           // [K, W]
    float *gradients;        // [K, W], of the probabilities, then of the scores
    float *packed;           // [K, W], pairs
    float *sums;             // [W, E] of outputs, or [W, D] of the queries' gradients
    float *greatest;         // [W], scores
    float *second;           // [W]: forward the sum of powers, backward the mean gradient
    float *factors;          // [W]: forward what outputs are multiplied by, backward 1 / the sum of powers
} places;

typedef struct {
    int64_t depth, width, scores, packed, sums;
} extents;

static extents extents_of(const aviary_attention *a) {
    int64_t depth = whole_lanes(a->depth) * BLOCK, width = whole_lanes(a->width) * BLOCK;
    return (extents){depth, width, BLOCK * BLOCK, a->uses_pairs ? BLOCK * BLOCK / 2 : 0, depth > width ? depth : width};
}

int64_t aviary_attention_scratch_count(const aviary_attention *a) {
    extents e = extents_of(a);
    return 3 * e.depth + 3 * e.width + 2 * e.scores + e.packed + e.sums + 3 * BLOCK;
}

static float *take(float **next, int64_t count) {
    float *taken = *next;
    *next += count;
    return taken;
}

static places lay_out(const aviary_attention *a, float *scratch) {
    extents e = extents_of(a);
    float *next = scratch;
    places p;
    p.query_columns = take(&next, e.depth);
    p.query_lines = take(&next, e.depth);
    p.upstream_columns = take(&next, e.width);
    p.upstream_lines = take(&next, e.width);
    p.key_lines = take(&next, e.depth);
    p.value_lines = take(&next, e.width);
    p.scores = take(&next, e.scores);
    p.gradients = take(&next, e.scores);
    p.packed = take(&next, e.packed);
    p.sums = take(&next, e.sums);
    p.greatest = take(&next, BLOCK);
    p.second = take(&next, BLOCK);
    p.factors = take(&next, BLOCK);
    return p;
}

int64_t aviary_attention_sums_count(const aviary_attention *a, int64_t keys) {
    return keys * (whole_lanes(a->depth) + whole_lanes(a->width));
}

bool aviary_attention_can_use_pairs(const aviary_attention *a) {
    return aviary_instructions() == AVIARY_ISA_AVX512_BF16 && a->kind == BF16 && a->depth % 2 == 0 && a->width % 2 == 0;
}

bool aviary_pairs_are_faster(void) {
#if defined(__x86_64__)
    return __builtin_cpu_is("amd");
#else
    return false;
#endif
}

// MARK: Forward and backward

// Rows as a left operand whose inner axis is that of their columns: where they lie, or, where those would be bf16 in a
// product of floats, as the lines that they are packed to.
static left_operand left_rows(const meeting *m, const row_block *rows, float *lines) {
    if (rows->kind == BF16 && m->units == FLOATS) return (left_operand){lines, 4 * whole_lanes(rows->columns), 4};
    return (left_operand){rows->first, rows->step, 4};
}

void aviary_attention_forward(
    const aviary_attention *a, int64_t head, int64_t first_query, const aviary_head_rows *output,
    const aviary_normalizers *normalizers, float *scratch) {
    places p = lay_out(a, scratch);
    meeting m = meet(a, head, first_query, 0);
    int64_t width = whole_lanes(a->width), row = head * a->queries + first_query;
    row_block queries = query_block(&m, &a->query, a->depth), outputs = query_block(&m, output, a->width);
    aviary_pack_columns(m.units, &queries, m.lanes, p.query_columns);
    memset(p.sums, 0, (size_t)(width * m.lanes) * sizeof(float));
    for (int64_t i = 0; i < m.lanes; i++) p.greatest[i] = -INFINITY, p.second[i] = 0;
    for (int64_t j = 0; j < seen_keys(a, first_query); j += BLOCK) {
        m = meet(a, head, first_query, j);
        row_block keys = key_block(&m, &a->key, a->depth), values = key_block(&m, &a->value, a->width);
        if (a->kind == BF16 && m.units == FLOATS) aviary_pack_lines(m.units, &keys, p.key_lines);
        aviary_block_product(m.units, m.keys, unit_count(m.units, a->depth), m.lanes, left_rows(&m, &keys, p.key_lines),
                             p.query_columns, false, p.scores);
        absorb(&m, p.scores, p.greatest, p.second, p.factors);
        if (j > 0) rescale(m.queries, width, p.factors, p.sums);
        aviary_pack_lines(m.units, &values, p.value_lines);
        aviary_block_product(m.units, m.queries, unit_count(m.units, m.keys), width,
                             aviary_left_across(m.units, m.keys, m.lanes, p.scores, p.packed), p.value_lines, true,
                             p.sums);
    }
    for (int64_t i = 0; i < m.queries; i++) {
        bool is_empty = p.second[i] == 0;
        p.factors[i] = is_empty ? 0 : 1 / p.second[i];
        // Not minus infinity, which less itself would be NaN.
        normalizers->greatest[row + i] = is_empty ? 0 : p.greatest[i];
        normalizers->inverses[row + i] = p.factors[i];
    }
    aviary_unpack(&outputs, p.sums, p.factors);
}

// Lays out a block of queries and the gradient of their outputs.
static void prepare(const meeting *m, const aviary_attention_gradients *g, const places *p) {
    const aviary_attention *a = m->a;
    row_block queries = query_block(m, &a->query, a->depth), outputs = query_block(m, &g->output, a->width),
              upstream = query_block(m, &g->output_gradient, a->width);
    aviary_pack_columns(m->units, &queries, m->lanes, p->query_columns);
    aviary_pack_columns(m->units, &upstream, m->lanes, p->upstream_columns);
    if (g->key.first) aviary_pack_lines(m->units, &queries, p->query_lines);
    if (g->value.first) aviary_pack_lines(m->units, &upstream, p->upstream_lines);
    aviary_row_dots(&outputs, &upstream, p->second);
    int64_t row = m->head * a->queries + m->first_query;
    for (int64_t i = 0; i < m->lanes; i++) {
        bool is_query = i < m->queries;
        // In a lane that holds no query every power is 0, whatever a mask adds to the score.
        p->greatest[i] = is_query ? g->normalizers.greatest[row + i] : INFINITY;
        p->factors[i] = is_query ? g->normalizers.inverses[row + i] : 0;
        if (!is_query) p->second[i] = 0;
    }
}

// Adds what a prepared block of queries and a block of keys give to the gradients that are wanted: the queries' in
// scratch, `[K, D]` and `[K, E]` of the keys and values.
static void add_gradients(
    const meeting *m, const aviary_attention_gradients *g, const places *p, float *key_sums, float *value_sums) {
    const aviary_attention *a = m->a;
    unit_kind units = m->units;
    row_block keys = key_block(m, &a->key, a->depth), values = key_block(m, &a->value, a->width);
    bool is_widened = a->kind == BF16 && units == FLOATS;
    if (is_widened || g->query.first) aviary_pack_lines(units, &keys, p->key_lines);
    if (is_widened) aviary_pack_lines(units, &values, p->value_lines);
    aviary_block_product(units, m->keys, unit_count(units, a->depth), m->lanes, left_rows(m, &keys, p->key_lines),
                         p->query_columns, false, p->scores);
    aviary_block_product(units, m->keys, unit_count(units, a->width), m->lanes, left_rows(m, &values, p->value_lines),
                         p->upstream_columns, false, p->gradients);
    differentiate(m, &(aviary_normalizers){p->greatest, p->factors}, p->second, p->scores, p->gradients);
    if (g->query.first)
        aviary_block_product(units, m->queries, unit_count(units, m->keys), whole_lanes(a->depth),
                             aviary_left_across(units, m->keys, m->lanes, p->gradients, p->packed), p->key_lines, true,
                             p->sums);
    if (g->key.first)
        aviary_block_product(units, m->keys, unit_count(units, m->queries), whole_lanes(a->depth),
                             aviary_left_along(units, m->keys, m->lanes, p->gradients, p->packed), p->query_lines, true,
                             key_sums);
    if (g->value.first)
        aviary_block_product(units, m->keys, unit_count(units, m->queries), whole_lanes(a->width),
                             aviary_left_along(units, m->keys, m->lanes, p->scores, p->packed), p->upstream_lines, true,
                             value_sums);
}

// Writes the sums of a gradient, if it is wanted.
static void write_gradient(
    const meeting *m, const aviary_head_rows *gradient, int64_t first, int64_t count, int64_t columns,
    const float *sums) {
    if (!gradient->first) return;
    row_block rows = block_of(m, gradient, first, count, columns);
    aviary_unpack(&rows, sums, NULL);
}

void aviary_attention_backward(
    const aviary_attention *a, const aviary_attention_gradients *g, int64_t head, aviary_span queries, aviary_span keys,
    float *sums, float *scratch) {
    places p = lay_out(a, scratch);
    int64_t depth = whole_lanes(a->depth), width = whole_lanes(a->width), count = keys.end - keys.begin;
    float *key_sums = sums, *value_sums = sums + count * depth;
    if (g->key.first || g->value.first) memset(sums, 0, (size_t)(count * (depth + width)) * sizeof(float));
    for (int64_t i = queries.begin; i < queries.end; i += BLOCK) {
        meeting m = meet(a, head, i, keys.begin);
        prepare(&m, g, &p);
        memset(p.sums, 0, (size_t)(depth * m.lanes) * sizeof(float));
        for (int64_t j = keys.begin; j < least(keys.end, seen_keys(a, i)); j += BLOCK) {
            m = meet(a, head, i, j);
            int64_t done = j - keys.begin;
            add_gradients(&m, g, &p, key_sums + done * depth, value_sums + done * width);
        }
        write_gradient(&m, &g->query, i, m.queries, a->depth, p.sums);
    }
    meeting m = meet(a, head, queries.begin, keys.begin);
    write_gradient(&m, &g->key, keys.begin, count, a->depth, key_sums);
    write_gradient(&m, &g->value, keys.begin, count, a->width, value_sums);
}
