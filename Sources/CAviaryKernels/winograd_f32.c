#include "winograd_f32.h"

// Tiles that lap over an edge are work for nothing, and rounding for little.
static bool fills_tiles(const aviary_winograd *w) {
    int64_t height = winograd_quotient_up(w->height, F32_TILE) * F32_TILE;
    int64_t width = winograd_quotient_up(w->width, F32_TILE) * F32_TILE;
    return 5 * w->height * w->width >= 4 * height * width;
}

bool aviary_winograd_f32_serves(const aviary_winograd *w) {
    return aviary_instructions() >= AVIARY_ISA_AVX512 && w->batch > 0 && w->height > 0 && w->width > 0 &&
           w->channels >= F32_LEAST_CHANNELS && w->outputs >= F32_LEAST_CHANNELS && w->channels % LANES == 0 &&
           w->outputs % LANES == 0 && fills_tiles(w);
}

int64_t aviary_winograd_f32_scratch_size(const aviary_winograd *w, aviary_winograd_pass pass) {
    return pass == AVIARY_WINOGRAD_BACKWARD_WEIGHTS ? winograd_f32_weight_gradient_scratch(w)
                                                    : winograd_f32_convolution_scratch(w, pass);
}
