#pragma once
#include <stdbool.h>
#include <stdint.h>

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
