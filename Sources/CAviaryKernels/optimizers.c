#include "CAviaryKernels.h"
#include "vectorised.h"

// Each rule is one pass over memory: everything it reads is read once, everything it writes is new.

#define LOOP for (int64_t i = 0; i < count; i++)

// The library's square root tells of a negative argument through errno, which keeps a loop from being vectorised.
INLINED float root(float x) { return __builtin_elementwise_sqrt(x); }

// From `a` to `b`, exact at both ends: PyTorch's lerp.
INLINED float between(float a, float b, float share) {
    return share < 0.5f ? a + share * (b - a) : b - (b - a) * (1 - share);
}

VECTORISED(
    extern, void, aviary_sgd,
    (aviary_sgd_rule rule, const float *parameter, const float *gradient, const float *momentum, float *restrict
     new_parameter, float *restrict new_momentum, int64_t count),
    (rule, parameter, gradient, momentum, new_parameter, new_momentum, count)) {
    float rate = rule.rate, factor = rule.momentum, decay = rule.weight_decay, scale = rule.gradient_scale;
    LOOP {
        float g = gradient[i] * scale + decay * parameter[i];
        float m = momentum[i] * factor + g;
        new_momentum[i] = m;
        new_parameter[i] = parameter[i] - rate * (rule.nesterov ? g + factor * m : m);
    }
}

VECTORISED(
    extern, void, aviary_adam,
    (aviary_adam_rule rule, const float *parameter, const float *gradient, const float *first, const float *second,
     float *restrict new_parameter, float *restrict new_first, float *restrict new_second, int64_t count),
    (rule, parameter, gradient, first, second, new_parameter, new_first, new_second, count)) {
    LOOP {
        float p = parameter[i];
        float g = gradient[i] * rule.gradient_scale + rule.gradient_decay * p;
        float m = between(first[i], g, rule.first_share);
        float v = second[i] * rule.second_decay + rule.second_share * g * g;
        new_first[i] = m;
        new_second[i] = v;
        new_parameter[i] = p * rule.kept - rule.step_size * m / (root(v) / rule.root_correction + rule.epsilon);
    }
}

VECTORISED(
    extern, void, aviary_adagrad,
    (aviary_adagrad_rule rule, const float *parameter, const float *gradient, const float *square_sum, float
     *restrict new_parameter, float *restrict new_square_sum, int64_t count),
    (rule, parameter, gradient, square_sum, new_parameter, new_square_sum, count)) {
    LOOP {
        float g = gradient[i] * rule.gradient_scale + rule.weight_decay * parameter[i];
        float sum = square_sum[i] + g * g;
        new_square_sum[i] = sum;
        new_parameter[i] = parameter[i] - rule.rate * g / (root(sum) + rule.epsilon);
    }
}

INLINED void rmsprop(
    aviary_rmsprop_rule rule, bool centered, bool with_momentum, const float *parameter, const float *gradient,
    const float *square, const float *mean, const float *momentum, float *restrict new_parameter,
    float *restrict new_square, float *restrict new_mean, float *restrict new_momentum, int64_t count) {
    LOOP {
        float g = gradient[i] * rule.gradient_scale + rule.weight_decay * parameter[i];
        float v = square[i] * rule.smoothing + rule.share * g * g;
        float spread = v;
        if (centered) {
            float average = between(mean[i], g, rule.share);
            new_mean[i] = average;
            spread = v - average * average;
            // A variance that rounding leaves below zero; NaN stays NaN.
            spread = spread < 0 ? 0 : spread;
        }
        float step = g / (root(spread) + rule.epsilon);
        if (with_momentum) {
            step += momentum[i] * rule.momentum;
            new_momentum[i] = step;
        }
        new_square[i] = v;
        new_parameter[i] = parameter[i] - rule.rate * step;
    }
}

VECTORISED(
    extern, void, aviary_rmsprop,
    (aviary_rmsprop_rule rule, const float *parameter, const float *gradient, const float *square, const float
     *mean, const float *momentum, float *restrict new_parameter, float *restrict new_square, float *restrict
     new_mean, float *restrict new_momentum, int64_t count),
    (rule, parameter, gradient, square, mean, momentum, new_parameter, new_square, new_mean, new_momentum, count)) {
    // Four loops: inside one nothing is asked an element.
    if (mean && momentum)
        rmsprop(rule, true, true, parameter, gradient, square, mean, momentum, new_parameter, new_square, new_mean,
                new_momentum, count);
    else if (mean)
        rmsprop(rule, true, false, parameter, gradient, square, mean, momentum, new_parameter, new_square, new_mean,
                new_momentum, count);
    else if (momentum)
        rmsprop(rule, false, true, parameter, gradient, square, mean, momentum, new_parameter, new_square, new_mean,
                new_momentum, count);
    else
        rmsprop(rule, false, false, parameter, gradient, square, mean, momentum, new_parameter, new_square, new_mean,
                new_momentum, count);
}

VECTORISED(
    extern, void, aviary_moving_average,
    (const float *a, const float *b, float share, float *restrict out, int64_t count),
    (a, b, share, out, count)) {
    LOOP out[i] = between(a[i], b[i], share);
}

// NaN stays NaN, as in PyTorch: both comparisons are false.
VECTORISED(
    extern, void, aviary_limit,
    (const float *a, float limit, float *restrict out, int64_t count),
    (a, limit, out, count)) {
    LOOP {
        float below = a[i] > limit ? limit : a[i];
        out[i] = below < -limit ? -limit : below;
    }
}
