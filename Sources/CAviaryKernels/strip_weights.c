#include "aviary_parallel.h"
#include "strips.h"

typedef struct {
    const aviary_strip_convolution *convolution;
    bool is_backward;
    const float *plain;
    float *packed;
} packing;

/// Groups `[channels / 16, area, 16, blocks of the group, 16]`.
static void pack_groups(void *context, int64_t begin, int64_t end) {
    const packing *p = context;
    int64_t channels = p->convolution->windows.channels, outputs = p->convolution->outputs;
    int64_t area = area_of(p->convolution), blocks = outputs / LANES;
    int64_t output_step = p->is_backward ? area : channels * area;
    int64_t channel_step = p->is_backward ? outputs * area : area;
    for (int64_t group = begin; group < end; group++) {
        int64_t first = first_of_group(blocks, group) * LANES, width = group_size(blocks, group) * LANES;
        float *to = p->packed + first * channels * area;
        for (int64_t block = 0; block < channels / LANES; block++, to += area * LANES * width)
            for (int64_t o = 0; o < width; o++)
                for (int64_t c = 0; c < LANES; c++) {
                    const float *from =
                        p->plain + (first + o) * output_step + (block * LANES + c) * channel_step;
                    for (int64_t e = 0; e < area; e++)
                        to[(e * LANES + c) * width + o] = from[p->is_backward ? area - 1 - e : e];
                }
    }
}

void aviary_strips_pack(const aviary_strip_convolution *c, bool is_backward, const float *plain, float *packed) {
    packing p = {c, is_backward, plain, packed};
    aviary_parallel(group_count(c->outputs / LANES), 1, pack_groups, &p);
}
