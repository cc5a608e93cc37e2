#pragma once
#include "aviary_attention.h"

#include <math.h>
#include <stdint.h>

#include "attention_blocks.h"
#include "extents.h"
#include "vectors.h"

// Where a block of keys meets a block of queries: their rows, and how products become probabilities.
//
// Scores lie transposed, [keys, queries rounded up to whole vectors]: queries are the lanes. Then softmax needs no sum
// across lanes, and one block of scores is the left operand of all products that follow, whichever of its axes they add
// up.

enum { BLOCK = AVIARY_ATTENTION_BLOCK };

// Where a block of keys meets a block of queries.
typedef struct {
    const aviary_attention *a;
    unit_kind units;
    int64_t head, first_query, first_key, queries, keys, lanes;
    // Of the first query and the first key in the mask.
    int64_t mask_start;
} meeting;

static meeting meet(const aviary_attention *a, int64_t head, int64_t first_query, int64_t first_key) {
    int64_t queries = least(BLOCK, a->queries - first_query);
    return (meeting){
        .a = a, .units = a->uses_pairs ? PAIRS : FLOATS, .head = head, .first_query = first_query,
        .first_key = first_key, .queries = queries, .keys = least(BLOCK, a->keys - first_key),
        .lanes = whole_lanes(queries),
        .mask_start = head / a->heads_per_batch * a->mask_batch_step + head % a->heads_per_batch * a->mask_head_step +
                      first_query * a->mask_query_step + first_key * a->mask_key_step};
}

// How many keys some query of the block may see.
static int64_t seen_keys(const aviary_attention *a, int64_t first_query) {
    return a->causal ? least(a->keys, first_query + BLOCK) : a->keys;
}

static row_block block_of(
    const meeting *m, const aviary_head_rows *rows, int64_t first, int64_t count, int64_t columns) {
    const aviary_attention *a = m->a;
    int64_t size = a->kind == BF16 ? 2 : 4, heads = a->heads_per_batch;
    int64_t start = m->head / heads * rows->batch_step + m->head % heads * rows->head_step + first * rows->row_step;
    return (row_block){(char *)rows->first + start * size, rows->row_step * size, count, columns, a->kind};
}

static row_block query_block(const meeting *m, const aviary_head_rows *rows, int64_t columns) {
    return block_of(m, rows, m->first_query, m->queries, columns);
}

static row_block key_block(const meeting *m, const aviary_head_rows *rows, int64_t columns) {
    return block_of(m, rows, m->first_key, m->keys, columns);
}

// MARK: From products to probabilities

// The scores of the block's key `j` by sixteen queries from `i` on: minus infinity where a key takes no part.
INLINED void score(const meeting *m, int64_t j, int64_t i, const float *products, floats *result) {
    const aviary_attention *a = m->a;
    floats s = *(const floats *)(products + j * m->lanes + i) * a->scale;
    int64_t hidden = m->first_key + j - m->first_query - i;
    if (a->causal && hidden > 0) {
        ints lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        floats none = (floats){0} - INFINITY;
        s = WHERE(lane >= (int32_t)hidden, s) + WHERE(lane < (int32_t)hidden, none);
    }
    int64_t place = m->mask_start + j * a->mask_key_step + i * a->mask_query_step;
    if (a->taken && a->mask_query_step == 0) {
        if (!a->taken[place]) s = (floats){0} - INFINITY;
    } else if (a->taken) {
        for (int64_t l = 0; l < least(LANES, m->queries - i); l++)
            if (!a->taken[place + l * a->mask_query_step]) s[l] = -INFINITY;
    }
    if (a->added && a->mask_query_step == 0) {
        s += a->added[place];
    } else if (a->added) {
        for (int64_t l = 0; l < least(LANES, m->queries - i); l++) s[l] += a->added[place + l * a->mask_query_step];
    }
    *result = s;
}

// The random words of four keys from the block's key `j` on, by sixteen queries. Four keys share a counter and a row of
// them begins a new one, so that the words are a function of the place alone: backward asks for them again.
INLINED void draw(const meeting *m, int64_t j, int64_t i, words drawn[4]) {
    const aviary_attention *a = m->a;
    uint32_t row_counters = (uint32_t)((a->keys + 3) / 4);
    uint32_t row = (uint32_t)(m->head * a->queries + m->first_query + i);
    words lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    uint32_t first = (uint32_t)((a->dropout.first_word + 3) / 4 + (uint64_t)((m->first_key + j) / 4));
    drawn[0] = (lane + row) * row_counters + first;
    philox(a->dropout.key, a->dropout.counter, drawn);
}

INLINED void drop(const aviary_dropout *dropout, const words *drawn, floats *x) {
    *x = WHERE(*drawn >= dropout->threshold, *x * dropout->kept);
}

// Takes a block of products of queries and keys into the running softmax: each query's greatest score and sum of powers
// so far, and what its output has to be multiplied by to stay beside the new greatest. The products become powers,
// some of them dropped.
// Source: Milakov and Gimelshein 2018, "Online normalizer calculation for softmax", algorithm 3.
VECTORISED(
    static, void, absorb, (const meeting *m, float *scores, float *greatest, float *sums, float *factors),
    (m, scores, greatest, sums, factors)) {
    const aviary_attention *a = m->a;
    for (int64_t i = 0; i < m->lanes; i += LANES) {
        floats before = *(floats *)(greatest + i), most = before, sum = *(floats *)(sums + i);
        for (int64_t j = 0; j < m->keys; j++) {
            floats *place = (floats *)(scores + j * m->lanes + i);
            score(m, j, i, scores, place);
            most = __builtin_elementwise_max(most, *place);
        }
        // Where no key took part yet, 0 stands for minus infinity, which less itself would be NaN.
        floats shift = WHERE(most != -INFINITY, most), factor = before - shift;
        exponential(&factor);
        sum *= factor;
        for (int64_t j = 0; j < m->keys; j += 4) {
            words drawn[4];
            if (a->drops) draw(m, j, i, drawn);
            for (int64_t k = 0; k < least(4, m->keys - j); k++) {
                floats *place = (floats *)(scores + (j + k) * m->lanes + i), power = *place - shift;
                exponential(&power);
                sum += power;
                if (a->drops) drop(&a->dropout, &drawn[k], &power);
                *place = power;
            }
        }
        *(floats *)(greatest + i) = most;
        *(floats *)(sums + i) = sum;
        *(floats *)(factors + i) = factor;
    }
}

// Products of queries and keys become probabilities, some of them dropped, and the gradients of what dropout left
// become those of the scores: `P (dP - Σ P dP) · scale`.
VECTORISED(
    static, void, differentiate,
    (const meeting *m, const aviary_normalizers *normalizers, const float *means, float *scores, float *gradients),
    (m, normalizers, means, scores, gradients)) {
    const aviary_attention *a = m->a;
    for (int64_t i = 0; i < m->lanes; i += LANES) {
        floats greatest = *(const floats *)(normalizers->greatest + i);
        floats inverse = *(const floats *)(normalizers->inverses + i), mean = *(const floats *)(means + i);
        for (int64_t j = 0; j < m->keys; j += 4) {
            words drawn[4];
            if (a->drops) draw(m, j, i, drawn);
            for (int64_t k = 0; k < least(4, m->keys - j); k++) {
                floats *place = (floats *)(scores + (j + k) * m->lanes + i), probability;
                floats *gradient = (floats *)(gradients + (j + k) * m->lanes + i), upstream = *gradient;
                score(m, j + k, i, scores, &probability);
                probability -= greatest;
                exponential(&probability);
                probability *= inverse;
                if (a->drops) drop(&a->dropout, &drawn[k], &upstream);
                *gradient = probability * (upstream - mean) * a->scale;
                if (a->drops) drop(&a->dropout, &drawn[k], &probability);
                *place = probability;
            }
        }
    }
}
