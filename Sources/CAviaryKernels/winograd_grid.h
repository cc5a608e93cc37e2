#pragma once
#include "extents.h"
#include "vectors.h"

// Where tiles of results lie in images, for Winograd's convolutions with tiles of any size.

INLINED int64_t winograd_quotient_up(int64_t a, int64_t b) { return (a + b - 1) / b; }
/// Where part `i` of `parts` even ones of `0..<count` begins.
INLINED int64_t winograd_cut(int64_t count, int64_t parts, int64_t i) { return count * i / parts; }

/// Images in blocks of 16 channels.
typedef struct {
    int64_t batch, channels, height, width;
} winograd_images;

INLINED int64_t winograd_tile_rows(const winograd_images *images, int64_t tile) {
    return winograd_quotient_up(images->height, tile);
}
INLINED int64_t winograd_tile_columns(const winograd_images *images, int64_t tile) {
    return winograd_quotient_up(images->width, tile);
}

/// Consecutive tiles (or pairs of them) of one row of tiles.
typedef struct {
    int64_t image, row, column, count;
} winograd_run;

/// The run that begins with tile `first`, of at most `count`: tiles are numbered along the columns, the rows and the
/// images.
INLINED winograd_run winograd_run_at(
    const winograd_images *images, int64_t tile, int64_t columns, int64_t first, int64_t count) {
    int64_t rows = winograd_tile_rows(images, tile), row = first / columns, column = first % columns;
    return (winograd_run){row / rows, row % rows, column, least(count, columns - column)};
}

/// The element with which a block of channels of an image begins.
INLINED int64_t winograd_plane(const winograd_images *images, int64_t image, int64_t block) {
    return (image * (images->channels / LANES) + block) * images->height * images->width * LANES;
}
