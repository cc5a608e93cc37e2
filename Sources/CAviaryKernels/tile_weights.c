#include <string.h>

#include "aviary_parallel.h"
#include "tiles.h"

/// Right operands `[outputs / 16, area, inner / depth, depth / 2, 16, 2]`.
typedef struct {
    int64_t outputs, inner, area;
    /// Plain numbers from one output, and from one inner channel, to the next.
    int64_t output_step, inner_step;
    const uint16_t *plain;
    uint16_t *tiles;
} packing;

/// Sixteen outputs at a time. Tiles of one element of the window lie far from those of the next: they are put together
/// in cache first.
static void pack(void *context, int64_t begin, int64_t end) {
    const packing *p = context;
    int64_t depth = depth_of(p->inner), depths = p->inner / depth, tile = depth * 16;
    uint16_t near[AVIARY_TILE_AREA * 32 * 16];
    for (int64_t block = begin; block < end; block++)
        for (int64_t d = 0; d < depths; d++) {
            for (int64_t n = 0; n < 16; n++)
                for (int64_t k = 0; k < depth; k += 2) {
                    const uint16_t *even = p->plain + (block * 16 + n) * p->output_step + (d * depth + k) * p->inner_step;
                    const uint16_t *odd = even + p->inner_step;
                    uint16_t *to = near + k * 16 + n * 2;
                    for (int64_t e = 0; e < p->area; e++) {
                        to[e * tile] = even[e];
                        to[e * tile + 1] = odd[e];
                    }
                }
            for (int64_t e = 0; e < p->area; e++)
                memcpy(
                    p->tiles + ((block * p->area + e) * depths + d) * tile, near + e * tile, (size_t)tile * sizeof *near);
        }
}

void aviary_tiles_pack(const aviary_tile_convolution *c, bool backward, const uint16_t *plain, uint16_t *tiles) {
    int64_t channels = c->windows.channels, area = area_of(c);
    packing p = {
        .outputs = backward ? channels : c->outputs, .inner = backward ? c->outputs : channels, .area = area,
        .output_step = backward ? area : channels * area, .inner_step = backward ? channels * area : area,
        .plain = plain, .tiles = tiles};
    aviary_parallel(p.outputs / 16, 1, pack, &p);
}

/// A gradient in tiles `[channels / 16, outputs / 16, area, 16, 16]`, the inner ones outputs.
typedef struct {
    int64_t outputs, channels, area;
    const float *tiles;
    float *plain;
} unpacking;

/// Sixteen outputs at a time.
static void unpack(void *context, int64_t begin, int64_t end) {
    const unpacking *u = context;
    for (int64_t block = begin; block < end; block++)
        for (int64_t channel = 0; channel < u->channels; channel += 16) {
            const float *tiles = u->tiles + (channel / 16 * (u->outputs / 16) + block) * u->area * 256;
            for (int64_t o = 0; o < 16; o++) {
                float *to = u->plain + ((block * 16 + o) * u->channels + channel) * u->area;
                for (int64_t c = 0; c < 16; c++)
                    for (int64_t e = 0; e < u->area; e++) *to++ = tiles[e * 256 + c * 16 + o];
            }
        }
}

void aviary_tiles_unpack(const aviary_tile_convolution *c, const float *tiles, float *plain) {
    unpacking u = {c->outputs, c->windows.channels, area_of(c), tiles, plain};
    aviary_parallel(u.outputs / 16, 1, unpack, &u);
}
