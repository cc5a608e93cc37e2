#include "aviary_winograd.h"

#include "winograd.h"

#if defined(__x86_64__)

bool aviary_winograd_serves(const aviary_winograd *w) {
    return aviary_instructions() == AVIARY_ISA_AVX512_BF16 && w->batch > 0 && w->channels > 0 && w->outputs > 0 &&
           w->height > 0 && w->width > 0 && w->channels % LANES == 0 && w->outputs % LANES == 0;
}

int64_t aviary_winograd_scratch_size(const aviary_winograd *w, aviary_winograd_pass pass) {
    return pass == AVIARY_WINOGRAD_BACKWARD_WEIGHTS ? winograd_weight_gradient_scratch_size(w)
                                                    : winograd_convolution_scratch_size(w, pass);
}

#else

// What serves nothing is never asked for more.

bool aviary_winograd_serves(const aviary_winograd *w) { return (void)w, false; }

int64_t aviary_winograd_scratch_size(const aviary_winograd *w, aviary_winograd_pass pass) {
    (void)w, (void)pass;
    __builtin_trap();
}

void aviary_winograd_forward(
    const aviary_winograd *w, const uint16_t *source, const void *weights, aviary_real weights_kind, const float *bias,
    uint16_t *destination, void *scratch) {
    (void)w, (void)source, (void)weights, (void)weights_kind, (void)bias, (void)destination, (void)scratch;
    __builtin_trap();
}

void aviary_winograd_backward_data(
    const aviary_winograd *w, const uint16_t *destination_gradient, const void *weights, aviary_real weights_kind,
    uint16_t *source_gradient, void *scratch) {
    (void)w, (void)destination_gradient, (void)weights, (void)weights_kind, (void)source_gradient, (void)scratch;
    __builtin_trap();
}

void aviary_winograd_backward_weights(
    const aviary_winograd *w, const uint16_t *source, const uint16_t *destination_gradient, float *weight_gradient,
    void *scratch) {
    (void)w, (void)source, (void)destination_gradient, (void)weight_gradient, (void)scratch;
    __builtin_trap();
}

#endif
