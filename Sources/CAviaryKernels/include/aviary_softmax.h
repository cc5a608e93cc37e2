#pragma once
#include <stdint.h>

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
