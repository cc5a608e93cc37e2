#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_windows.h"

// The hot loops. Each is compiled for AVX-512, AVX2 and the base processor (`vectorised.h`).

/// Levels of instructions; a higher one holds the lower. `AVX2` includes FMA and F16C, `AVX512` F, BW, DQ and VL.
typedef enum { AVIARY_ISA_BASE, AVIARY_ISA_AVX2, AVIARY_ISA_AVX512, AVIARY_ISA_AVX512_BF16 } aviary_isa;
/// What these loops use here: what the processor has, or less where `AVIARY_MAX_ISA` names a lower level.
aviary_isa aviary_instructions(void);
/// Lowers that for the whole program while nothing computes.
void aviary_lower_instructions(aviary_isa most);
/// The name of what they use, as that switch takes it: `base`, `avx2`, `avx512`, `avx512_bf16`.
const char *aviary_instructions_name(void);
/// What the processor calls itself, good until this thread asks again.
const char *aviary_processor_name(void);

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

/// What the reals are that a loop reads and writes as they lie; it computes in single precision.
typedef enum { AVIARY_REAL_F32, AVIARY_REAL_BF16 } aviary_real;

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

/// The numbers of one step of Adam or AdamW; `Kernels/Optimizers/AdamStep.swift` derives them.
typedef struct {
    /// `root_factor` is what the root of the second moment is multiplied by.
    float step_size, root_factor, epsilon, first_share, second_decay, second_share;
    /// What the gradient is multiplied by, how much of the parameter is added to it, how much of it stays.
    float gradient_scale, gradient_decay, kept;
} aviary_adam_rule;

typedef struct {
    float rate, epsilon, weight_decay, gradient_scale;
} aviary_adagrad_rule;

typedef struct {
    /// `share` is `1 - smoothing`.
    float rate, smoothing, share, epsilon, momentum, weight_decay, gradient_scale;
    bool centered, with_momentum;
} aviary_rmsprop_rule;

typedef enum { AVIARY_SGD, AVIARY_ADAM, AVIARY_ADAGRAD, AVIARY_RMSPROP } aviary_rule_kind;
typedef union {
    aviary_sgd_rule sgd;
    aviary_adam_rule adam;
    aviary_adagrad_rule adagrad;
    aviary_rmsprop_rule rmsprop;
} aviary_rule_numbers;

typedef enum {
    /// A number for each element.
    AVIARY_GRADIENT_WHOLE,
    /// `[row_count, width]`: some rows of a table. The others' gradient is 0, and they are stepped with it.
    AVIARY_GRADIENT_ROWS_OF_ZEROS,
    /// The same, but the others rest: they are neither read nor written.
    AVIARY_GRADIENT_ROWS
} aviary_gradient_kind;

/// One step over one parameter of at least one element, which is changed where it lies.
typedef struct {
    aviary_rule_kind rule;
    aviary_gradient_kind kind;
    aviary_rule_numbers numbers;
    int64_t count;
    float *parameter;
    /// What is kept beside the parameter, each as large: the momentum; both moments; the sum of squares; the average
    /// square, then the average gradient if centered, then the momentum if there is one. The rest is null.
    float *state[3];
    const float *gradient;
    /// Of gradients that are rows: how wide these are, how many, and which is the first of them in the list of rows.
    int64_t width, row_count, first_place;
} aviary_step;
/// Makes all steps, in one parallel region if they are over more than `grain` elements together. `rows` has the rows of
/// one gradient behind those of another, ascending and each once within one. The same bytes for any number of threads.
void aviary_run_steps(const aviary_step *steps, int64_t step_count, const int64_t *rows, int64_t grain);

/// `a + share * (b - a)`, exact at both ends.
void aviary_moving_average(const float *a, const float *b, float share, float *out, int64_t count);
/// Each element brought into `[-limit, limit]`.
void aviary_limit(const float *a, float limit, float *out, int64_t count);

/// Orders the places of `keys`, each in `0..<bound`, by key, and by place where keys are equal; places of the key
/// `excluded` are left out (-1 for none). `rows` takes the keys that are there, ascending; the places of the group `r`
/// are `places[starts[r]..<starts[r + 1]]`. Each of the arrays and the scratch has `count` numbers, `starts` one more.
/// Gives the number of groups.
int64_t aviary_row_groups(
    const int64_t *keys, int64_t count, int64_t bound, int64_t excluded, int64_t *rows, int64_t *starts,
    int64_t *places, int64_t *scratch);
/// For each of `group_count` such groups from `first_group` on, the sum of its rows of `source` in the `column_count`
/// columns from `first_column` on, in double precision, in the order of the places, rounded once. `source` and `out`,
/// which is `[all groups, width]`, have `width` columns.
void aviary_row_sums(
    const float *source, const int64_t *places, const int64_t *starts, int64_t first_group, int64_t group_count,
    int64_t width, int64_t first_column, int64_t column_count, float *out);
/// Copies `count` rows of `row_bytes` bytes each, whose numbers are `rows`, from a table to `out`.
void aviary_gather_rows(const void *table, const int64_t *rows, int64_t count, int64_t row_bytes, void *out);

/// Images in blocks of channels, `[batch, ⌈channels / block⌉, area, block]`; a block of 1 is the plain layout, one of all
/// channels has those of a pixel side by side. The last block is filled with zeros, and what is written keeps them.
typedef struct {
    int64_t batch, channels, area, block;
} aviary_planes;

/// A batch norm over such images. They and their gradients are of its kind; what there is of each channel is f32.
typedef struct {
    aviary_planes planes;
    aviary_real kind;
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
/// The sum of each channel over all images.
void aviary_channel_sums(
    const aviary_planes *planes, aviary_real kind, const void *source, float *sums, double *scratch);
/// The mean of each channel of each image, `[batch, channels]`, of the source's kind.
void aviary_plane_means(const aviary_planes *planes, aviary_real kind, const void *source, void *means);
/// The gradient of that: each number of `[batch, channels]` over the area, at every pixel.
void aviary_plane_means_backward(
    const aviary_planes *planes, aviary_real kind, const void *gradient, void *source_gradient);

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

/// A convolution with windows of 3×3, stride 1 and padding 1, `[batch, channels, height, width]` to `[batch, outputs,
/// height, width]`, bf16 in blocks of 16 channels, by Winograd's F(2×2, 3×3): `winograd.h`.
typedef struct {
    int64_t batch, channels, outputs, height, width;
    /// Into how many parts the work is cut at most, one a thread: no result depends on it, scratch does.
    int64_t workers;
} aviary_winograd;

typedef enum {
    AVIARY_WINOGRAD_FORWARD,
    AVIARY_WINOGRAD_BACKWARD_DATA,
    AVIARY_WINOGRAD_BACKWARD_WEIGHTS
} aviary_winograd_pass;

/// Whether the functions below may be called: with the instructions of `AVX512_BF16`, for whole blocks of channels.
bool aviary_winograd_serves(const aviary_winograd *winograd);
/// Bytes of scratch that a pass wants.
int64_t aviary_winograd_scratch_size(const aviary_winograd *winograd, aviary_winograd_pass pass);
/// Weights are plain `[outputs, channels, 3, 3]`; the bias is `[outputs]` or null.
void aviary_winograd_forward(
    const aviary_winograd *winograd, const uint16_t *source, const void *weights, aviary_real weights_kind,
    const float *bias, uint16_t *destination, void *scratch);
/// The gradient by the source.
void aviary_winograd_backward_data(
    const aviary_winograd *winograd, const uint16_t *destination_gradient, const void *weights,
    aviary_real weights_kind, uint16_t *source_gradient, void *scratch);
/// The gradient by the weights, plain and in f32.
void aviary_winograd_backward_weights(
    const aviary_winograd *winograd, const uint16_t *source, const uint16_t *destination_gradient,
    float *weight_gradient, void *scratch);

/// Dropout of a tensor whose element i takes draw `first_draw + i` of a random stream: 64 bits, of which Philox has two
/// for each counter. `key` and `counter`, its upper three words, are the stream's.
typedef struct {
    uint32_t key[2], counter[3];
    uint64_t first_draw;
    /// An element whose draw is below becomes 0, others are multiplied by `kept`.
    uint64_t threshold;
    float kept;
} aviary_dropout;

/// A layer norm of rows of `columns` numbers: of `residual + dropout(source)`, or of the source alone. Scale and shift,
/// `[columns]`, may be null. The sum is of two bytes where both its parts are, and so is the output.
typedef struct {
    int64_t columns;
    double epsilon;
    aviary_real source_kind;
    /// Without a residual, the same as of the source.
    aviary_real residual_kind;
    bool drops;
    aviary_dropout dropout;
    const float *weight, *bias;
} aviary_layer_norm;

/// What the way back is given and what it writes; the kind of all but `mean` and `inverse` follows from those above.
typedef struct {
    /// What was normalised, the mean of each row and what its deviations were multiplied by.
    const void *normalised;
    const float *mean, *inverse;
    /// The gradient of the output, in one part or two; that of the sum, or null.
    const void *upstream, *other_upstream, *sum_upstream;
    /// The gradients by the residual, which is that by the sum, and by the source; either may be null.
    void *residual_gradient, *source_gradient;
} aviary_layer_norm_gradients;

/// How many floats of scratch one thread wants, either way.
int64_t aviary_layer_norm_scratch_count(int64_t columns);
/// Rows `begin..<end`: the sum, which may be null, the output, each row's mean and the inverse of its deviation.
void aviary_layer_norm_forward(
    const aviary_layer_norm *norm, const void *source, const void *residual, void *sum, void *output, float *mean,
    float *inverse, int64_t begin, int64_t end, float *scratch);
/// Into how many groups the way back parts so many rows.
int64_t aviary_layer_norm_group_count(int64_t rows);
/// One group's gradients by source and residual, and in `totals`, `[2, columns]`, what it adds to those by scale and
/// shift.
void aviary_layer_norm_backward(
    const aviary_layer_norm *norm, const aviary_layer_norm_gradients *gradients, int64_t rows, int64_t group,
    double *totals, float *scratch);

/// What two operands make of a pair of elements.
typedef enum { AVIARY_ADD, AVIARY_SUBTRACT, AVIARY_MULTIPLY, AVIARY_DIVIDE } aviary_operation;

/// Two operands that are broadcast to rows of `columns` elements, counted through `axis_count` axes in front, along
/// which each operand has its own steps, in elements. Along a row an operand lies side by side, or is one element
/// repeated.
typedef struct {
    aviary_operation operation;
    aviary_real kind;
    bool a_repeats, b_repeats;
    int axis_count;
    const int64_t *extents, *a_steps, *b_steps;
    int64_t columns;
} aviary_pairs;

/// Rows `begin..<end` of the result; `out` is where the first of all rows lies.
void aviary_combine(const aviary_pairs *pairs, const void *a, const void *b, void *out, int64_t begin, int64_t end);
/// Each element times a number.
void aviary_scale(const void *a, aviary_real kind, float factor, void *out, int64_t count);

// Rows of `[rows, columns]`, side by side.

void aviary_softmax(const float *logits, float *output, int64_t rows, int64_t columns);
void aviary_softmax_backward(
    const float *output, const float *upstream, float *gradient, int64_t rows, int64_t columns);
void aviary_log_softmax(const float *logits, float *output, int64_t rows, int64_t columns);
void aviary_log_softmax_backward(
    const float *output, const float *upstream, float *gradient, int64_t rows, int64_t columns);
/// The cross entropy of each row's softmax with its label, smoothed; unless `gradient` is null also that by the logits,
/// of `factor` times the sum of the losses.
void aviary_cross_entropy(
    const float *logits, const int64_t *labels, double smoothing, double factor, double *losses, float *gradient,
    int64_t rows, int64_t columns);
/// Each row by its Euclidean length, or by `epsilon` where it is shorter; the lengths, `[rows]`.
void aviary_l2_normalise(
    const float *source, float epsilon, float *output, float *lengths, int64_t rows, int64_t columns);
void aviary_l2_normalise_backward(
    const float *output, const float *upstream, const float *lengths, float epsilon, float *gradient, int64_t rows,
    int64_t columns);

/// Functions of one element; those that take more say so.
typedef enum {
    AVIARY_ABSOLUTE,
    /// Into `low...high`.
    AVIARY_CLAMP,
    AVIARY_EXPONENTIAL,
    /// `x Φ(x)`.
    AVIARY_GELU,
    AVIARY_HARDSWISH,
    /// What is not positive times `low`.
    AVIARY_LEAKY_RELU,
    AVIARY_LOGARITHM,
    AVIARY_RECIPROCAL_SQUARE_ROOT,
    AVIARY_RELU,
    AVIARY_RELU6,
    AVIARY_SIGMOID,
    AVIARY_SILU,
    AVIARY_SOFTPLUS,
    AVIARY_SQUARE_ROOT,
    AVIARY_TANH,
    /// GELU by the hyperbolic tangent.
    AVIARY_TANH_GELU,
} aviary_function;
typedef struct {
    aviary_function kind;
    float low, high;
} aviary_element_function;

/// The function of each element.
void aviary_element_values(
    aviary_element_function function, aviary_real kind, const void *x, void *output, int64_t count);
/// The gradient by each element. `kept` is the function's output if it is an exponential, ReLU, sigmoid or tanh, else
/// its argument.
void aviary_element_gradients(
    aviary_element_function function, aviary_real kind, const void *kept, const void *upstream, void *gradient,
    int64_t count);

/// Elements `first..<first + count` of `x` times their factors; a gradient goes back the same way.
void aviary_drop(
    const aviary_dropout *dropout, aviary_real kind, const void *x, void *output, int64_t first, int64_t count);

/// A part of a matrix.
typedef struct {
    int64_t first_row, end_row, first_column, end_column;
} aviary_tile;

/// `dropout(function(x + bias))` of `[rows, columns]`, the bias f32 `[columns]`.
typedef struct {
    /// ReLU, SiLU or a form of GELU.
    aviary_function function;
    aviary_real kind;
    bool drops;
    int64_t columns;
    aviary_dropout dropout;
} aviary_bias_activation;
void aviary_bias_activation_forward(
    const aviary_bias_activation *a, const aviary_tile *tile, const void *x, const float *bias, void *output);
/// The gradient by `x`, and, where `sums` is not null, the columns' sums of it added to those of the tile.
void aviary_bias_activation_backward(
    const aviary_bias_activation *a, const aviary_tile *tile, const void *x, const float *bias, const void *upstream,
    void *gradient, double *sums);

/// Adds the rows of a tile of `[rows, columns]` to sums of its columns.
void aviary_add_rows(aviary_real kind, const void *x, int64_t columns, const aviary_tile *tile, double *sums);
/// The sum of elements `first..<first + count`.
double aviary_sum(aviary_real kind, const void *x, int64_t first, int64_t count);
/// The sum of the squares.
double aviary_sum_of_squares(const float *x, int64_t count);
