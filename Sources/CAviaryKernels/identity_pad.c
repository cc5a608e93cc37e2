#include "aviary_identity_pad.h"

#include <stdbool.h>
#include <string.h>

#include "aviary_parallel.h"
#include "extents.h"

// Numbers are moved as bytes: of each pixel the channels that lie side by side in both images, a span at a time.

typedef struct {
    const aviary_identity_pad *pad;
    const char *from;
    char *to;
} work;

static int64_t blocks(const aviary_identity_pad *p, int64_t channels) { return (channels + p->block - 1) / p->block; }

/// In bytes, where the plane of an image and a channel's block begins in the narrow and in the wide images.
static int64_t narrow_plane(const aviary_identity_pad *p, int64_t image, int64_t channel) {
    int64_t plane = image * blocks(p, p->channels) + channel / p->block;
    return plane * p->block * p->height * p->width * p->element_size;
}
static int64_t wide_plane(const aviary_identity_pad *p, int64_t image, int64_t channel) {
    int64_t plane = image * blocks(p, p->wide_channels) + channel / p->block;
    return plane * p->block * p->wide_height * p->wide_width * p->element_size;
}

/// How far apart, in bytes, pixels and rows of the two images are.
typedef struct {
    int64_t from_pixel, from_row, to_pixel, to_row;
} steps;

INLINED void move(const aviary_identity_pad *p, const char *from, char *to, steps s, size_t bytes) {
    for (int64_t y = 0; y < p->wide_height; y++)
        for (int64_t x = 0; x < p->wide_width; x++)
            memcpy(to + y * s.to_row + x * s.to_pixel, from + y * s.from_row + x * s.from_pixel, bytes);
}

// Common lengths are constants: a copy is then one instruction.
static void move_span(const aviary_identity_pad *p, const char *from, char *to, steps s, int64_t bytes) {
    switch (bytes) {
    case 2: return move(p, from, to, s, 2);
    case 4: return move(p, from, to, s, 4);
    case 8: return move(p, from, to, s, 8);
    case 16: return move(p, from, to, s, 16);
    case 32: return move(p, from, to, s, 32);
    case 64: return move(p, from, to, s, 64);
    default: return move(p, from, to, s, (size_t)bytes);
    }
}

/// Moves the narrow channels `first..<last`, which are of one block there or in the wide images.
static void move_channels(const work *w, int64_t image, int64_t first, int64_t last, bool widens) {
    const aviary_identity_pad *p = w->pad;
    int64_t pixel = p->block * p->element_size, wide_row = p->wide_width * pixel;
    int64_t kept_pixel = p->stride * pixel, kept_row = p->stride * p->width * pixel;
    for (int64_t c = first, end; c < last; c = end) {
        int64_t lane = c % p->block, wide_lane = (c + p->added) % p->block;
        end = least(last, c + p->block - greatest(lane, wide_lane));
        int64_t narrow = narrow_plane(p, image, c) + lane * p->element_size;
        int64_t wide = wide_plane(p, image, c + p->added) + wide_lane * p->element_size;
        int64_t bytes = (end - c) * p->element_size;
        if (widens) {
            move_span(p, w->from + narrow, w->to + wide, (steps){kept_pixel, kept_row, pixel, wide_row}, bytes);
        } else {
            move_span(p, w->from + wide, w->to + narrow, (steps){pixel, wide_row, kept_pixel, kept_row}, bytes);
        }
    }
}

static void widen_planes(void *context, int64_t begin, int64_t end) {
    const work *w = context;
    const aviary_identity_pad *p = w->pad;
    for (int64_t plane = begin; plane < end; plane++) {
        int64_t image = plane / blocks(p, p->wide_channels), wide = plane % blocks(p, p->wide_channels) * p->block;
        int64_t bytes = p->wide_height * p->wide_width * p->block * p->element_size;
        int64_t first = greatest(0, wide - p->added), last = least(p->channels, wide + p->block - p->added);
        if (last - first < p->block) memset(w->to + plane * bytes, 0, (size_t)bytes);
        move_channels(w, image, first, last, true);
    }
}

static void narrow_planes(void *context, int64_t begin, int64_t end) {
    const work *w = context;
    const aviary_identity_pad *p = w->pad;
    for (int64_t plane = begin; plane < end; plane++) {
        int64_t image = plane / blocks(p, p->channels), first = plane % blocks(p, p->channels) * p->block;
        int64_t bytes = p->height * p->width * p->block * p->element_size;
        memset(w->to + plane * bytes, 0, (size_t)bytes);
        move_channels(w, image, first, least(p->channels, first + p->block), false);
    }
}

void aviary_identity_pad_forward(const aviary_identity_pad *p, const void *source, void *wide) {
    work w = {.pad = p, .from = source, .to = wide};
    int64_t plane = greatest(1, p->block * p->wide_height * p->wide_width);
    aviary_parallel(p->batch * blocks(p, p->wide_channels), 16384 / plane, widen_planes, &w);
}

void aviary_identity_pad_backward(const aviary_identity_pad *p, const void *wide_gradient, void *source_gradient) {
    work w = {.pad = p, .from = wide_gradient, .to = source_gradient};
    int64_t plane = greatest(1, p->block * p->height * p->width);
    aviary_parallel(p->batch * blocks(p, p->channels), 16384 / plane, narrow_planes, &w);
}
