#pragma once
#include "extents.h"
#include "vectors.h"

// Where tiles of results lie in images, for Winograd's convolutions with tiles of any edge.

INLINED int64_t winograd_quotient_up(int64_t a, int64_t b) { return (a + b - 1) / b; }
/// Where part `i` of `parts` even ones of `0..<count` begins.
INLINED int64_t winograd_cut(int64_t count, int64_t parts, int64_t i) { return count * i / parts; }

/// Images in blocks of 16 channels.
typedef struct {
    int64_t batch, channels, height, width;
} winograd_images;

INLINED int64_t winograd_tile_rows(const winograd_images *images, int64_t edge) {
    return winograd_quotient_up(images->height, edge);
}
INLINED int64_t winograd_tile_columns(const winograd_images *images, int64_t edge) {
    return winograd_quotient_up(images->width, edge);
}

/// Consecutive tiles (or pairs of them) of one row of tiles.
typedef struct {
    int64_t image, row, column, count;
} winograd_run;

/// The run that begins with tile `first`, of at most `count`: tiles (or pairs), `columns` in a row, are numbered along the
/// columns, the rows and the images.
INLINED winograd_run winograd_run_at(
    const winograd_images *images, int64_t edge, int64_t columns, int64_t first, int64_t count) {
    int64_t rows = winograd_tile_rows(images, edge), row = first / columns, column = first % columns;
    return (winograd_run){row / rows, row % rows, column, least(count, columns - column)};
}

/// The element with which a block of channels of an image begins.
INLINED int64_t winograd_plane(const winograd_images *images, int64_t image, int64_t block) {
    return (image * (images->channels / LANES) + block) * images->height * images->width * LANES;
}

/// A row of pixels of a block of channels, `step` elements apart; one outside of the image is the same zeros again and
/// again.
typedef struct {
    const void *start;
    int64_t step;
} winograd_line;

/// Row `y` of the block that begins at `plane`; `kind` is a constant.
INLINED winograd_line winograd_line_of(
    const winograd_images *images, const void *plane, aviary_real kind, int64_t y) {
    static const float zeros[LANES];
    if (y < 0 || y >= images->height) return (winograd_line){zeros, 0};
    int64_t size = kind == F32 ? sizeof(float) : sizeof(uint16_t);
    return (winograd_line){(const char *)plane + y * images->width * LANES * size, LANES};
}
