#include "winograd_f32.h"

bool aviary_winograd_f32_serves(const aviary_winograd *w) {
    return aviary_instructions() >= AVIARY_ISA_AVX512 && w->batch > 0 && w->height > 0 && w->width > 0 &&
           w->channels >= F32_LEAST_CHANNELS && w->outputs >= F32_LEAST_CHANNELS && w->channels % LANES == 0 &&
           w->outputs % LANES == 0;
}

int64_t aviary_winograd_f32_scratch_size(const aviary_winograd *w, aviary_winograd_pass pass) {
    return pass == AVIARY_WINOGRAD_BACKWARD_WEIGHTS ? winograd_f32_weight_gradient_scratch(w)
                                                    : winograd_f32_convolution_scratch(w, pass);
}
