#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_dropout.h"
#include "aviary_real.h"

/// Rows of numbers of every head of every member of a batch. Steps are in elements; a row's own lie side by side.
typedef struct {
    void *first;
    int64_t batch_step, head_step, row_step;
} aviary_head_rows;

/// Attention of queries over keys and values, where they lie: `Kernels/Attention/FastAttention.swift` calls it, block
/// by block. A head is one of a member of the batch.
typedef struct {
    int64_t heads_per_batch, queries, keys, depth, width;
    /// Rows of `depth` numbers, of values `width`.
    aviary_head_rows query, key, value;
    /// What all rows hold, gradients too.
    aviary_real kind;
    /// Whether products are those of pairs of bf16, with probabilities rounded to bf16, where that is possible; else
    /// bf16 is widened and multiplied as f32.
    bool uses_pairs;
    float scale;
    /// Query `i` sees keys up to `i`.
    bool causal;
    /// Keys that take part (not 0), or null; what is added to the scores, or null. Steps are in elements, 0 along an
    /// axis that is broadcast.
    const uint8_t *taken;
    const float *added;
    int64_t mask_batch_step, mask_head_step, mask_query_step, mask_key_step;
    /// Of the probabilities. Each row begins a block of four words, the first one the first whole block that there is.
    bool drops;
    aviary_dropout dropout;
} aviary_attention;

/// What makes probabilities of a query's scores, `exp(score - greatest) * inverse`, each `[heads, queries]`: its
/// greatest score, and 1 / the sum of the powers; both 0 where no key takes part. Two numbers and not the one logarithm
/// of the sum: beside a greatest score of -1e9, as a mask of finite numbers makes it, that would be lost.
typedef struct {
    float *greatest, *inverses;
} aviary_normalizers;

/// What backward is given and where it writes; a gradient that nobody wants has no first row.
typedef struct {
    aviary_head_rows output, output_gradient;
    aviary_normalizers normalizers;
    aviary_head_rows query, key, value;
} aviary_attention_gradients;

typedef struct {
    int64_t begin, end;
} aviary_span;

/// Queries and keys that are worked on at once.
enum { AVIARY_ATTENTION_BLOCK = 64 };

/// Whether products can be those of pairs: bf16 on a processor with AVX512_BF16, at an even depth and width.
bool aviary_attention_can_use_pairs(const aviary_attention *attention);
/// Whether this kind of processor multiplies pairs of bf16 faster than floats. AMD's do, twice as fast; on Intel's one
/// such instruction takes as long as four of f32 (measured on a Xeon of 2023: 83 GF/s a core against 163).
bool aviary_pairs_are_faster(void);
/// How many floats of scratch one thread wants, aligned to 64 bytes.
int64_t aviary_attention_scratch_count(const aviary_attention *attention);
/// How many floats backward wants beside it for the sums of so many keys' gradients.
int64_t aviary_attention_sums_count(const aviary_attention *attention, int64_t keys);
/// The outputs (rows of `width`) of the block of queries from `first_query` on, and their normalizers; the output is 0
/// where no key takes part.
void aviary_attention_forward(
    const aviary_attention *attention, int64_t head, int64_t first_query, const aviary_head_rows *output,
    const aviary_normalizers *normalizers, float *scratch);
/// What the given queries and keys of a head give to the gradients that are wanted, written and not added. Both spans
/// begin and end with a block; that of the keys has to be all of them where the queries' gradient is wanted, and the
/// other way round.
void aviary_attention_backward(
    const aviary_attention *attention, const aviary_attention_gradients *gradients, int64_t head, aviary_span queries,
    aviary_span keys, float *sums, float *scratch);
