#pragma once
#include <stdbool.h>
#include <stdint.h>

// The hot loops. Each is compiled for AVX-512, AVX2 and the base processor (`vectorised.h`).

/// Levels of instructions; a higher one holds the lower. `AVX2` includes FMA and F16C, `AVX512` F, BW, DQ and VL.
typedef enum { AVIARY_ISA_BASE, AVIARY_ISA_AVX2, AVIARY_ISA_AVX512, AVIARY_ISA_AVX512_BF16 } aviary_isa;
/// What these loops use here: what the processor has, or less where `AVIARY_MAX_ISA` names a lower level.
aviary_isa aviary_instructions(void);
/// Lowers that for the whole program while nothing computes.
void aviary_lower_instructions(aviary_isa most);
/// The name of what they use, as that switch takes it: `base`, `avx2`, `avx512`, `avx512_bf16`.
const char *aviary_instructions_name(void);

/// Runs `body(context, begin, end)` over `0..<count` on the threads of the pool that oneDNN and OpenBLAS use.
/// A thread gets one contiguous part, so the split is a function of `count` and the number of threads alone.
void aviary_parallel(int64_t count, int64_t grain, void (*body)(void *context, int64_t begin, int64_t end), void *context);
/// How many threads work on what the calling thread gives away; it also tells libgomp, so it has to be asked before
/// oneDNN or OpenBLAS is given work.
int aviary_thread_count(void);
/// Sets that for the whole program.
void aviary_set_thread_count(int count);
/// Sets it for the calling thread alone, 0 for the program's; gives what it was.
int aviary_set_own_thread_count(int count);
/// Processors that this program may run on.
int aviary_processor_count(void);

void aviary_add(const float *a, const float *b, float *out, int64_t count);
void aviary_subtract(const float *a, const float *b, float *out, int64_t count);
void aviary_multiply(const float *a, const float *b, float *out, int64_t count);
void aviary_divide(const float *a, const float *b, float *out, int64_t count);
void aviary_scale(const float *a, float factor, float *out, int64_t count);
void aviary_relu(const float *a, float *out, int64_t count);
/// `gradient` where the output was positive, else 0.
void aviary_relu_backward(const float *output, const float *gradient, float *out, int64_t count);
/// The sum of squares, in double precision.
double aviary_sum_of_squares(const float *a, int64_t count);

// Between single precision and two bytes: to the nearest, ties to even; a NaN stays one.
void aviary_f32_to_bf16(const float *a, uint16_t *out, int64_t count);
void aviary_bf16_to_f32(const uint16_t *a, float *out, int64_t count);
void aviary_f32_to_f16(const float *a, uint16_t *out, int64_t count);
void aviary_f16_to_f32(const uint16_t *a, float *out, int64_t count);
/// There and back: the numbers that two bytes can hold, in four.
void aviary_f32_round_to_bf16(const float *a, float *out, int64_t count);
void aviary_f32_round_to_f16(const float *a, float *out, int64_t count);

/// The numbers of one step of SGD as PyTorch defines it: see `Optimizers/SGD.swift`.
typedef struct {
    float rate, momentum, weight_decay, gradient_scale;
    bool nesterov;
} aviary_sgd_rule;
void aviary_sgd(
    aviary_sgd_rule rule, const float *parameter, const float *gradient, const float *momentum, float *new_parameter,
    float *new_momentum, int64_t count);

/// The numbers of one step of Adam or AdamW; `Kernels/Optimizers/AdamStep.swift` derives them.
typedef struct {
    float step_size, root_correction, epsilon, first_share, second_decay, second_share;
    /// What the gradient is multiplied by, how much of the parameter is added to it, how much of it stays.
    float gradient_scale, gradient_decay, kept;
} aviary_adam_rule;
void aviary_adam(
    aviary_adam_rule rule, const float *parameter, const float *gradient, const float *first, const float *second,
    float *new_parameter, float *new_first, float *new_second, int64_t count);

typedef struct {
    float rate, epsilon, weight_decay, gradient_scale;
} aviary_adagrad_rule;
void aviary_adagrad(
    aviary_adagrad_rule rule, const float *parameter, const float *gradient, const float *square_sum,
    float *new_parameter, float *new_square_sum, int64_t count);

typedef struct {
    /// `share` is `1 - smoothing`.
    float rate, smoothing, share, epsilon, momentum, weight_decay, gradient_scale;
} aviary_rmsprop_rule;
/// Centered if there is a mean, with momentum if there is one; else both of a pair are null.
void aviary_rmsprop(
    aviary_rmsprop_rule rule, const float *parameter, const float *gradient, const float *square, const float *mean,
    const float *momentum, float *new_parameter, float *new_square, float *new_mean, float *new_momentum,
    int64_t count);
/// `a + share * (b - a)`, exact at both ends.
void aviary_moving_average(const float *a, const float *b, float share, float *out, int64_t count);
/// Each element brought into `[-limit, limit]`.
void aviary_limit(const float *a, float limit, float *out, int64_t count);

/// For each of `row_count` groups from `first_row` on, the sum of its rows of `source` (`width` numbers each), in double
/// precision, rounded once. Group `r` is `places[starts[r]..<starts[r + 1]]`, added in that order; `sums` is scratch of
/// `width` doubles; `out` is that of the first group.
void aviary_row_sums(
    const float *source, const int64_t *places, const int64_t *starts, int64_t first_row, int64_t row_count,
    int64_t width, double *sums, float *out);

/// Images in blocks of channels, `[batch, ⌈channels / block⌉, area, block]`; a block of 1 is the plain layout, others
/// are 8, 16 or 32. The last block is filled with zeros, which batch norm keeps.
typedef struct {
    int64_t batch, channels, area, block;
} aviary_planes;

/// How many doubles of scratch a batch norm or the sums over these planes want.
int64_t aviary_batch_norm_scratch_count(const aviary_planes *planes);
/// The sum of each channel.
void aviary_channel_sums(const aviary_planes *planes, const float *source, float *sums, double *scratch);
/// Mean and biased variance of each channel.
void aviary_batch_norm_statistics(
    const aviary_planes *planes, const float *source, float *mean, float *variance, double *scratch);
/// `(source - mean) / sqrt(variance + epsilon) * scale + shift`.
void aviary_batch_norm_normalise(
    const aviary_planes *planes, float epsilon, const float *source, const float *scale, const float *shift,
    const float *mean, const float *variance, float *destination, double *scratch);
/// The three gradients; with `constant_statistics` mean and variance do not depend on the source.
void aviary_batch_norm_backward(
    const aviary_planes *planes, float epsilon, bool constant_statistics, const float *source, const float *scale,
    const float *mean, const float *variance, const float *destination_gradient, float *source_gradient,
    float *scale_gradient, float *shift_gradient, double *scratch);

/// Rows of numbers of every head of every member of a batch. Steps are in elements; a row's own lie side by side.
typedef struct {
    void *first;
    int64_t batch_step, head_step, row_step;
} aviary_head_rows;

/// Attention of queries over keys and values, where they lie: `Kernels/Attention/FastAttention.swift` calls it, block by
/// block. A head is one of a member of the batch.
typedef struct {
    int64_t heads_per_batch, queries, keys, depth, width;
    /// Rows of `depth` numbers, of values `width`.
    aviary_head_rows query, key, value;
    /// What all rows hold, gradients too: bf16, else f32.
    bool is_bf16;
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
    /// Philox's key and the upper three words of its counter. A probability whose word is below the threshold becomes
    /// 0, others are multiplied by `kept`.
    bool drops;
    uint32_t key_words[2], counter[3], threshold;
    float kept;
} aviary_attention;

/// What backward is given and where it writes; a gradient that nobody wants has no first row.
typedef struct {
    aviary_head_rows output, output_gradient;
    const float *log_sums;
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
/// The outputs (rows of `width`) of the block of queries from `first_query` on, and the logarithm of each one's sum of
/// powers in `[heads, queries]`: infinite where no key takes part, whose output is 0.
void aviary_attention_forward(
    const aviary_attention *attention, int64_t head, int64_t first_query, const aviary_head_rows *output,
    float *log_sums, float *scratch);
/// What the given queries and keys of a head give to the gradients that are wanted, written and not added. Both spans
/// begin and end with a block; that of the keys has to be all of them where the queries' gradient is wanted, and the
/// other way round.
void aviary_attention_backward(
    const aviary_attention *attention, const aviary_attention_gradients *gradients, int64_t head, aviary_span queries,
    aviary_span keys, float *sums, float *scratch);
