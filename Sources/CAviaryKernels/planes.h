#pragma once
#include <stdbool.h>

#include "aviary_planes.h"
#include "extents.h"
#include "vectors.h"

// How the loops over images go. A plane is what one image holds of one block of channels: `area * block` numbers side
// by side, in which number i belongs to channel i % block. Loops see tiles: rows of up to WIDTH numbers, a step apart,
// where a lane belongs to one channel all the way down.
//
// - The plane of a block of up to WIDTH channels is one tile. Its rows are whole pixels, as many as fit, one behind the
//   other; the last one may be short (the tail).
// - A larger block, such as all channels of an image side by side, falls into columns of WIDTH channels: a tile each,
//   with one pixel a row.
//
// Work is given out by groups of images, and a group's sums are added up in the order of the groups. How many there are
// is a function of the planes, so that no result depends on the number of threads.

enum { VECTORS = 4, WIDTH = VECTORS * LANES };

// A lane adds up at most CHUNK numbers as floats and goes on in double. At most RUN neighbouring tiles are walked
// together.
enum { CHUNK = 256, MOST_GROUPS = 16, RUN = 8 };

typedef struct {
    const aviary_planes *planes;
    int64_t columns;   // tiles in a block
    int64_t tiles;     // of an image
    int64_t image;     // numbers of an image
    int64_t together;  // images whose rows of one tile are worked through at once
    int64_t groups;
    int64_t run;       // tiles that are walked together
} tiling;

typedef struct {
    int64_t start;              // in an image
    int64_t channel, channels;  // lane l belongs to channel + l % channels
    int64_t width, step, rows, tail;
} tile;

/// Rows of one tile in some images that follow each other; the tail is a short row behind the others.
typedef struct {
    int64_t start, images, image;
    int64_t width, step, rows, tail;
} part;

/// Channels with those that only fill the last block.
INLINED int64_t channels_in_memory(const aviary_planes *p) {
    return (p->channels + p->block - 1) / p->block * p->block;
}

/// An image is a group where its sums are wanted apart; else a group has CHUNK rows of a tile, or is the only one.
static inline tiling tiles_of(const aviary_planes *p, bool is_image_apart) {
    int64_t pixels = p->block <= WIDTH ? WIDTH / p->block : 1, lines = (p->area + pixels - 1) / pixels;
    tiling t = {.planes = p, .columns = (p->block + WIDTH - 1) / WIDTH, .run = 1};
    t.image = channels_in_memory(p) * p->area;
    t.tiles = channels_in_memory(p) / p->block * t.columns;
    t.together = is_image_apart ? 1 : greatest(1, CHUNK / greatest(1, lines));
    int64_t groups = least(least(p->batch, MOST_GROUPS), p->batch * lines / CHUNK);
    t.groups = is_image_apart ? p->batch : greatest(1, groups);
    return t;
}

static inline tile tile_at(const tiling *t, int64_t index) {
    const aviary_planes *p = t->planes;
    int64_t block = index / t->columns, column = index % t->columns * WIDTH;
    tile found = {.start = block * p->block * p->area + column, .channel = block * p->block + column};
    found.channels = least(WIDTH, p->block - column);
    if (p->block > WIDTH) {
        found.width = found.channels, found.step = p->block, found.rows = p->area;
    } else {
        found.width = found.step = WIDTH / p->block * p->block;
        found.rows = p->area * p->block / found.width, found.tail = p->area * p->block % found.width;
    }
    return found;
}

static inline int64_t run_count(const tiling *t) { return (t->tiles + t->run - 1) / t->run; }
static inline int64_t run_length(const tiling *t, int64_t run) { return least(t->run, t->tiles - run * t->run); }

static inline int64_t first_image(const tiling *t, int64_t group) { return group * t->planes->batch / t->groups; }
static inline int64_t images_in(const tiling *t, int64_t group) {
    return first_image(t, group + 1) - first_image(t, group);
}

/// Of `items` equal pieces of these planes, how many one thread should do before a second one is worth its start.
static inline int64_t grain(const tiling *t, int64_t items) {
    return 16384 * items / greatest(1, t->image * t->planes->batch);
}

/// Calls `body` with all parts of a run's tiles in a group of images; `index` counts the tiles of the run.
static inline void each_part(
    const tiling *t, int64_t run, int64_t group, void (*body)(void *context, int64_t index, const part *p),
    void *context) {
    int64_t last = first_image(t, group + 1);
    for (int64_t image = first_image(t, group); image < last; image += t->together)
        for (int64_t index = 0; index < run_length(t, run); index++) {
            tile whole = tile_at(t, run * t->run + index);
            for (int64_t row = 0; row == 0 || row < whole.rows; row += CHUNK) {
                bool is_last = row + CHUNK >= whole.rows;
                part p = {
                    .start = image * t->image + whole.start + row * whole.step,
                    .images = least(t->together, last - image), .image = t->image, .width = whole.width,
                    .step = whole.step, .rows = is_last ? whole.rows - row : CHUNK, .tail = is_last ? whole.tail : 0};
                body(context, index, &p);
            }
        }
}

// Runs the statements for each row of a part: `i` is its first number, `lanes` how many it has. Rows of full width have
// a loop of their own, in which that is a constant.
#define EACH_ROW(p, ...)                                                                 \
    do {                                                                                 \
        const part part_ = *(p);                                                         \
        const int64_t whole_ = part_.width == WIDTH ? part_.rows : 0;                    \
        const int64_t all_ = part_.rows + (part_.tail > 0);                              \
        for (int64_t image_ = 0; image_ < part_.images; image_++) {                      \
            int64_t i = part_.start + image_ * part_.image;                              \
            for (int64_t row_ = 0; row_ < whole_; row_++, i += part_.step) {             \
                const int64_t lanes = WIDTH;                                             \
                __VA_ARGS__                                                              \
            }                                                                            \
            for (int64_t row_ = whole_; row_ < all_; row_++, i += part_.step) {          \
                const int64_t lanes = row_ < part_.rows ? part_.width : part_.tail;      \
                __VA_ARGS__                                                              \
            }                                                                            \
        }                                                                                \
    } while (0)

// Vector v of a row of so many lanes: those that it has not read as 0 and are not written.

INLINED void load_lanes(const void *numbers, int64_t i, int64_t lanes, int v, aviary_real kind, floats *x) {
    int64_t left = lanes - v * LANES;
    if (left >= LANES) load(numbers, i + v * LANES, kind, x);
    else if (left > 0) load_some(numbers, i + v * LANES, left, kind, x);
    else *x = (floats){0};
}

INLINED void store_lanes(void *numbers, int64_t i, int64_t lanes, int v, aviary_real kind, const floats *x) {
    int64_t left = lanes - v * LANES;
    if (left >= LANES) store(numbers, i + v * LANES, kind, x);
    else if (left > 0) store_some(numbers, i + v * LANES, left, kind, x);
}

/// Makes the lanes 0 that such a vector has not.
INLINED void clear_absent(int64_t lanes, int v, floats *x) {
    if (lanes >= (v + 1) * LANES) return;
    ints index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    *x = WHERE(index < (int32_t)(lanes - v * LANES), *x);
}

/// A tile's lanes out of one number a channel; 0 for channels that only fill a block.
static inline void spread(const tiling *t, const tile *whole, const float *channels, float lanes[WIDTH]) {
    int64_t there = greatest(0, least(whole->channels, t->planes->channels - whole->channel));
    memset(lanes, 0, WIDTH * sizeof *lanes);
    for (int64_t l = 0; l < whole->width; l += whole->channels)
        memcpy(lanes + l, channels + whole->channel, (size_t)there * sizeof *lanes);
}
