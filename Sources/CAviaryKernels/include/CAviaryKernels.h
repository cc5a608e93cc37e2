#pragma once
#include <stdbool.h>
#include <stdint.h>

// The hot loops. Each is compiled for AVX-512, AVX2 and the base processor (`vectorised.h`).

/// Levels of instructions; a higher one holds the lower. `AVX2` includes FMA and F16C, `AVX512` F, BW, DQ and VL.
typedef enum { AVIARY_ISA_BASE, AVIARY_ISA_AVX2, AVIARY_ISA_AVX512, AVIARY_ISA_AVX512_BF16 } aviary_isa;
/// What these loops use here: what the processor has, or less where `AVIARY_MAX_ISA` names a lower level.
aviary_isa aviary_instructions(void);
/// Its name, as that switch takes it: `base`, `avx2`, `avx512`, `avx512_bf16`.
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

/// Images in blocks of channels, `[batch, ⌈channels / block⌉, area, block]`; a block of 1 is the plain layout, one of all
/// channels has those of a pixel side by side. The last block is filled with zeros, and what is written keeps them.
typedef struct {
    int64_t batch, channels, area, block;
} aviary_planes;

/// A batch norm over such images. They and their gradients are f32 or bf16; what there is of each channel is f32.
typedef struct {
    aviary_planes planes;
    bool is_bf16;
    /// What comes out below 0 becomes 0.
    bool relu;
    /// Mean and variance are given and do not depend on the source.
    bool constant_statistics;
    float epsilon;
} aviary_batch_norm;

/// How many doubles of scratch a batch norm over these planes wants.
int64_t aviary_batch_norm_scratch_count(const aviary_planes *planes);
/// `(source - mean) / sqrt(variance + epsilon) * scale + shift [+ residual]`, then the ReLU. Mean and biased variance of
/// the batch are written, or read where they are constant; `residual` may be null.
void aviary_batch_norm_forward(
    const aviary_batch_norm *norm, const void *source, const void *residual, const float *scale, const float *shift,
    float *mean, float *variance, void *destination, double *scratch);
/// The gradients of `gradient [+ other]`, which came back along two ways; `other` may be null. The ReLU's mask is found
/// from `output`, which a norm with a residual must give; without one it may be null, and the mask is computed from the
/// source again. `residual_gradient`, the masked sum, may be null.
void aviary_batch_norm_backward(
    const aviary_batch_norm *norm, const void *source, const void *output, const float *scale, const float *shift,
    const float *mean, const float *variance, const void *gradient, const void *other, void *source_gradient,
    void *residual_gradient, float *scale_gradient, float *shift_gradient, double *scratch);

/// How many doubles of scratch the sums of channels want.
int64_t aviary_channel_sums_scratch_count(const aviary_planes *planes);
/// The sum of each channel over all images; the source is f32 or bf16.
void aviary_channel_sums(
    const aviary_planes *planes, bool is_bf16, const void *source, float *sums, double *scratch);
/// The mean of each channel of each image, `[batch, channels]`, in the source's kind.
void aviary_plane_means(const aviary_planes *planes, bool is_bf16, const void *source, void *means);
/// The gradient of that: each number of `[batch, channels]` over the area, at every pixel.
void aviary_plane_means_backward(
    const aviary_planes *planes, bool is_bf16, const void *gradient, void *source_gradient);

/// Every `stride`-th pixel of images, with `added` channels of zeros in front and as many as `wide` has room for behind;
/// elements of so many bytes.
typedef struct {
    int64_t batch, block, stride, added;
    int64_t channels, height, width;
    int64_t wide_channels, wide_height, wide_width;
    int64_t element_size;
} aviary_identity_pad;
void aviary_identity_pad_forward(const aviary_identity_pad *pad, const void *source, void *wide);
/// The gradient by the source: 0 at the pixels that were left out.
void aviary_identity_pad_backward(const aviary_identity_pad *pad, const void *wide_gradient, void *source_gradient);

/// Attention of `[heads, queries, depth]` over `[heads, keys, depth]` and `[heads, keys, width]`, all row-major, where
/// a head is one of a batch's: `Kernels/Attention/FastAttention.swift` calls it, block by block of queries.
typedef struct {
    int64_t heads_per_batch, queries, keys, depth, width;
    float scale;
    /// Query `i` sees keys up to `i`.
    bool causal;
    /// Keys that take part (not 0), or null; what is added to the scores, or null. Steps are in elements, 0 along an
    /// axis that is broadcast.
    const uint8_t *taken;
    const float *added;
    int64_t batch_step, head_step, query_step, key_step;
    /// Philox's key and the upper three words of its counter. A probability whose word is below the threshold becomes
    /// 0, others are multiplied by `kept`.
    bool drops;
    uint32_t key[2], counter[3], threshold;
    float kept;
} aviary_attention;

/// Queries and keys that are worked on at once.
enum { AVIARY_ATTENTION_BLOCK = 64 };

/// How many floats of scratch one thread wants.
int64_t aviary_attention_scratch_count(const aviary_attention *attention);
/// The outputs `[queries, width]` of the block of queries from `first_query` on, and the logarithm of each one's sum of
/// powers: infinite where no key takes part, whose output is 0.
void aviary_attention_forward(
    const aviary_attention *attention, int64_t head, int64_t first_query, const float *query, const float *key,
    const float *value, float *output, float *log_sums, float *scratch);
/// Lays out one block of queries for `aviary_attention_backward`, in the same scratch.
void aviary_attention_prepare_backward(
    const aviary_attention *attention, int64_t head, int64_t first_query, const float *query, const float *output,
    const float *log_sums, const float *output_gradient, float *scratch);
/// Adds what that block of queries and the block of keys from `first_key` on give to the gradients that are not null.
void aviary_attention_backward(
    const aviary_attention *attention, int64_t head, int64_t first_query, int64_t first_key, const float *query,
    const float *key, const float *value, const float *output_gradient, float *query_gradient, float *key_gradient,
    float *value_gradient, float *scratch);
