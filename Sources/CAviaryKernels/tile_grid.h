#pragma once
#include "aviary_tiles.h"

// Images with zeros around them as one line of pixels, on which a convolution is a sum of products at fixed offsets.
//
// Rows follow each other with the zeros between them that the taps reach into, left of one row and right of the row
// before alike. The pixel that a window's element is at lies a fixed distance from the first one's, for all windows:
// those of one row are neighbours on the line, and those of the next begin `line` pixels on. What lies between the last
// window of a row and the first of the next is computed too, and dropped.
//
// A stride of 2 takes every other pixel: pixels of even and odd rows and columns are lines of their own (planes).
//
// Small images go abreast: a pixel of each, then the next pixel of each. So tiles are full where a row has few windows.

/// An element of the window: which of the weights, and how far on the line from the window's own place (in pixels of all
/// images abreast).
typedef struct {
    int64_t weight, offset;
} tap;

/// Windows that have the same taps: all of a forward convolution; of the gradient by the source those of every other row
/// and column, where the stride is 2.
typedef struct {
    int64_t height, width;
    /// Where window (y, x) is in its image: `first + y * row_step + x * column_step`, in pixels.
    int64_t first, row_step, column_step;
    int tap_count;
    tap taps[AVIARY_TILE_AREA];
} window_part;

typedef struct {
    /// Pixels and channels of an image as it comes.
    int64_t height, width, channels;
    /// How many images go abreast; what follows counts pixels of one.
    int64_t abreast;
    /// Every `step`th row and column is a plane's.
    int64_t row_step, column_step;
    /// Pixels from one row of a plane to the next, those of a plane, and where its first row begins.
    int64_t line, plane, lead;
    int part_count;
    window_part parts[4];
} tile_grid;

/// The line of a convolution's source, with all windows in one part.
void aviary_forward_grid(const aviary_tile_convolution *convolution, tile_grid *grid);
/// The line of the gradient by the destination, with the source's pixels as windows.
void aviary_backward_grid(const aviary_tile_convolution *convolution, tile_grid *grid);

/// Pixels of all the images that go abreast.
static inline int64_t grid_pixels(const tile_grid *g) { return g->plane * g->row_step * g->column_step * g->abreast; }
/// How many places on the line a part's windows take in all of them, those between them included.
static inline int64_t part_places(const tile_grid *g, const window_part *p) {
    return ((p->height - 1) * g->line + p->width) * g->abreast;
}

/// Lays out an image, the first or a later one of those that go abreast; what is no pixel is 0 already.
void aviary_lay_out(const tile_grid *grid, int64_t which, const uint16_t *image, uint16_t *line);

/// A place on the line of windows.
typedef struct {
    int64_t image, y, x;
} window_place;

static inline window_place window_place_at(const tile_grid *g, int64_t place) {
    int64_t window = place / g->abreast;
    return (window_place){place % g->abreast, window / g->line, window % g->line};
}

static inline void next_place(const tile_grid *g, window_place *p) {
    if (++p->image < g->abreast) return;
    p->image = 0;
    if (++p->x < g->line) return;
    p->x = 0;
    p->y++;
}
