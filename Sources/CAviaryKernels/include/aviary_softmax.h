#pragma once
#include <stdint.h>

// Rows of `[rows, columns]`, side by side.

void aviary_softmax(const float *logits, float *output, int64_t rows, int64_t columns);
void aviary_softmax_backward(
    const float *output, const float *upstream, float *gradient, int64_t rows, int64_t columns);
void aviary_log_softmax(const float *logits, float *output, int64_t rows, int64_t columns);
void aviary_log_softmax_backward(
    const float *output, const float *upstream, float *gradient, int64_t rows, int64_t columns);
/// What a cross entropy asks of a row: its label's one-hot, smoothed, times the weights of the classes.
typedef struct {
    /// `[columns]`; null where each is 1.
    const float *class_weights;
    /// The sum of the weights of all classes.
    double weight_sum;
    /// How much of a label is spread evenly over all classes.
    double smoothing;
    /// The label of rows that do not count.
    int64_t ignored;
} aviary_label_targets;

/// The cross entropy of each row's softmax with its target; unless `gradient` is null also that by the logits, of the
/// sum of the losses, each times its factor. A row that does not count is not read: it costs 0 and has a gradient of 0.
void aviary_cross_entropy(
    const float *logits, const int64_t *labels, const aviary_label_targets *targets, const double *factors,
    double *losses, float *gradient, int64_t rows, int64_t columns);
