#include <string.h>

#include "aviary_parallel.h"
#include "extents.h"
#include "tile_grid.h"
#include "tiles.h"

#ifdef HAS_TILES

// Sums over windows want the places of the line as the inner axis: images are turned over to `[channels, places]`, the
// left operand, and gradients to pairs of places by 16 outputs, the right one. An element of the window is an offset of
// the gradients' places from the images'. Tiles of images begin at a multiple of 32; so that gradients, too, are read in
// whole cache lines, they are there twice, in pairs that begin at even and at odd places.

typedef struct {
    tile_grid grid;
    int64_t outputs, area;
    const uint16_t *source, *gradient;
    float *tiles;
    /// Lines that are summed together, the first one's first image, and how many images are on them.
    int64_t line_count, first, image_count;
    /// Numbers of a line, from one turned line to the next, and from one channel to the next there.
    int64_t line_numbers, line_step, channel_step;
    /// Places of the windows, and of each copy of the gradients, which has zeros before and behind them.
    int64_t window_places, gradient_places;
    int64_t threads;
    uint16_t *lines, *lefts, *rights;
} gradient_work;

/// Bytes of turned images and gradients that threads find in their caches.
enum { GRADIENTS_AT_ONCE = 1 << 22 };
/// Zeros before the first window's gradient.
enum { MARGIN = 32 };

static void plan(const aviary_tile_convolution *c, gradient_work *w) {
    aviary_forward_grid(c, &w->grid);
    w->outputs = c->outputs;
    w->area = area_of(c);
    w->window_places = part_places(&w->grid, &w->grid.parts[0]);
    w->gradient_places = whole(w->window_places, 2) + 2 * MARGIN;
    w->line_step = whole(grid_pixels(&w->grid), 32);
    w->line_numbers = w->line_step * w->grid.channels;
    int64_t bytes = 2 * (w->grid.channels * w->line_step + 2 * w->outputs * w->gradient_places);
    int64_t lines = (c->windows.batch + w->grid.abreast - 1) / w->grid.abreast;
    w->line_count = least(lines, greatest(1, GRADIENTS_AT_ONCE / bytes));
    // Rows an odd number of cache lines apart do not push each other out.
    w->channel_step = whole(w->line_count * w->line_step, 64) + 32;
    w->threads = least(aviary_thread_count(), w->line_count);
}

static int64_t rights_of_line(const gradient_work *w) { return 2 * w->outputs * w->gradient_places; }

int64_t aviary_tiles_backward_weights_scratch(const aviary_tile_convolution *c) {
    gradient_work w;
    plan(c, &w);
    return 2 * (w.threads * w.line_numbers + w.grid.channels * w.channel_step + w.line_count * rights_of_line(&w));
}

/// Sixteen rows of sixteen units become columns.
TILED static inline void transpose_units(__m512i u[16]) {
    __m512i v[16];
    for (int i = 0; i < 16; i += 2) {
        v[i] = _mm512_unpacklo_epi32(u[i], u[i + 1]);
        v[i + 1] = _mm512_unpackhi_epi32(u[i], u[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        u[i] = _mm512_unpacklo_epi64(v[i], v[i + 2]);
        u[i + 1] = _mm512_unpackhi_epi64(v[i], v[i + 2]);
        u[i + 2] = _mm512_unpacklo_epi64(v[i + 1], v[i + 3]);
        u[i + 3] = _mm512_unpackhi_epi64(v[i + 1], v[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        v[i] = _mm512_shuffle_i32x4(u[i], u[i + 4], 0x88);
        v[i + 4] = _mm512_shuffle_i32x4(u[i], u[i + 4], 0xDD);
        v[i + 8] = _mm512_shuffle_i32x4(u[i + 8], u[i + 12], 0x88);
        v[i + 12] = _mm512_shuffle_i32x4(u[i + 8], u[i + 12], 0xDD);
    }
    for (int i = 0; i < 4; i++) {
        u[i] = _mm512_shuffle_i32x4(v[i], v[i + 8], 0x88);
        u[i + 8] = _mm512_shuffle_i32x4(v[i], v[i + 8], 0xDD);
        u[i + 4] = _mm512_shuffle_i32x4(v[i + 4], v[i + 12], 0x88);
        u[i + 12] = _mm512_shuffle_i32x4(v[i + 4], v[i + 12], 0xDD);
    }
}

/// Sixteen numbers of two rows side by side; a row that is null counts as zeros.
TILED static inline __m512i pair(const uint16_t *even, const uint16_t *odd) {
    __m512i low = _mm512_setzero_si512(), high = low;
    if (even) low = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)even));
    if (odd) high = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)odd));
    return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

/// A line `[places, channels]` to `[channels, places]`.
TILED static void turn_line(const gradient_work *w, const uint16_t *line, uint16_t *lefts) {
    int64_t channels = w->grid.channels;
    for (int64_t place = 0; place < w->line_step; place += 32)
        for (int64_t channel = 0; channel < channels; channel += 16) {
            const uint16_t *from = line + place * channels + channel;
            __m512i units[16];
            for (int i = 0; i < 16; i++) units[i] = pair(from + 2 * i * channels, from + (2 * i + 1) * channels);
            transpose_units(units);
            uint16_t *to = lefts + channel * w->channel_step + place;
            for (int i = 0; i < 16; i++) _mm512_storeu_si512(to + i * w->channel_step, units[i]);
        }
}

/// The gradient of the outputs of the window at a place; null between two rows and where there is no image.
static const uint16_t *gradient_at(const gradient_work *w, const window_place *at, int64_t first, int64_t count) {
    const window_part *part = &w->grid.parts[0];
    if (at->x >= part->width || at->y >= part->height || at->image >= count) return NULL;
    return w->gradient + (((first + at->image) * part->height + at->y) * part->width + at->x) * w->outputs;
}

/// The gradients of a line's windows in both copies: `[outputs / 16, places / 2, 16, 2]`.
TILED static void turn_gradients(const gradient_work *w, int64_t first, int64_t count, uint16_t *rights) {
    int64_t places = w->gradient_places, last = MARGIN + whole(w->window_places, 2);
    for (int64_t block = 0; block < w->outputs / 8; block++) {
        uint16_t *copy = rights + block * 16 * places;
        memset(copy, 0, MARGIN * 16 * sizeof *copy);
        memset(copy + last * 16, 0, (size_t)((places - last) * 16) * sizeof *copy);
    }
    uint16_t *evens = rights + MARGIN * 16, *odds = evens + w->outputs * places;
    window_place at = window_place_at(&w->grid, 0);
    const uint16_t *before = NULL;
    for (int64_t place = 0; place <= w->window_places; place++, next_place(&w->grid, &at)) {
        const uint16_t *now = place < w->window_places ? gradient_at(w, &at, first, count) : NULL;
        uint16_t *to = place % 2 ? evens + (place - 1) * 16 : odds + place * 16;
        for (int64_t output = 0; output < w->outputs; output += 16) {
            __m512i units = pair(before ? before + output : NULL, now ? now + output : NULL);
            _mm512_storeu_si512(to + output * places, units);
        }
        before = now;
    }
}

static void turn(void *context, int64_t begin, int64_t end) {
    const gradient_work *w = context;
    const tile_grid *g = &w->grid;
    int64_t image_size = g->height * g->width * g->channels;
    for (int64_t thread = begin; thread < end; thread++) {
        uint16_t *line = w->lines + thread * w->line_numbers;
        memset(line, 0, (size_t)w->line_numbers * sizeof *line);
        for (int64_t i = w->line_count * thread / w->threads; i < w->line_count * (thread + 1) / w->threads; i++) {
            int64_t first = w->first + i * g->abreast, count = least(g->abreast, w->first + w->image_count - first);
            for (int64_t image = 0; image < count; image++)
                aviary_lay_out(g, image, w->source + (first + image) * image_size, line);
            turn_line(w, line, w->lefts + i * w->line_step);
            turn_gradients(w, first, count, w->rights + i * rights_of_line(w));
        }
    }
}

/// One element of the window of 32 channels, or of 16, by 32 outputs, or by 16: tiles 0 and 1 are sums of the first
/// channels, 2 and 3 of the second ones.
TILED static void add_windows(
    const gradient_work *w, tap element, int64_t channel, bool has_second, int64_t output, bool is_pair) {
    int64_t step = w->channel_step * 2, tile = 256, next = w->area * tile, places = w->gradient_places;
    float *sums = w->tiles + (channel / 16 * (w->outputs / 16) + output / 16) * next + element.weight * tile;
    float *second = sums + w->outputs / 16 * next;
    if (w->first == 0) {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        _tile_zero(3);
    } else {
        _tile_loadd(0, sums, 64);
        if (is_pair) _tile_loadd(1, sums + next, 64);
        if (has_second) _tile_loadd(2, second, 64);
        if (has_second && is_pair) _tile_loadd(3, second + next, 64);
    }
    int64_t start = element.offset / 32 * 32;
    for (int64_t i = 0; i < w->line_count; i++) {
        const uint16_t *left = w->lefts + channel * w->channel_step + i * w->line_step;
        const uint16_t *right = w->rights + i * rights_of_line(w) + output * places + MARGIN * 16;
        // Its pairs begin at odd places in the second copy, one place behind where the first would have them.
        if ((element.offset - start) % 2) right += w->outputs * places + 16;
        for (int64_t place = start; place < element.offset + w->window_places; place += 32) {
            const uint16_t *gradients = right + (place - element.offset) * 16;
            _tile_loadd(4, left + place, step);
            _tile_loadd(6, gradients, 64);
            _tile_dpbf16ps(0, 4, 6);
            if (has_second) {
                _tile_loadd(5, left + 16 * w->channel_step + place, step);
                _tile_dpbf16ps(2, 5, 6);
            }
            if (!is_pair) continue;
            _tile_loadd(7, gradients + 16 * places, 64);
            _tile_dpbf16ps(1, 4, 7);
            if (has_second) _tile_dpbf16ps(3, 5, 7);
        }
    }
    _tile_stored(0, sums, 64);
    if (is_pair) _tile_stored(1, sums + next, 64);
    if (has_second) _tile_stored(2, second, 64);
    if (has_second && is_pair) _tile_stored(3, second + next, 64);
}

TILED static void sum_windows(void *context, int64_t begin, int64_t end) {
    const gradient_work *w = context;
    const window_part *part = &w->grid.parts[0];
    int64_t pairs = (w->outputs + 31) / 32;
    configure_tiles(16, 16, 32);
    for (int64_t item = begin; item < end; item++) {
        int64_t channel = item / pairs * 32, output = item % pairs * 32;
        for (int t = 0; t < part->tap_count; t++)
            add_windows(
                w, part->taps[t], channel, channel + 32 <= w->grid.channels, output, output + 32 <= w->outputs);
    }
    _tile_release();
}

void aviary_tiles_backward_weights(
    const aviary_tile_convolution *c, const uint16_t *source, const uint16_t *destination_gradient, float *tiles,
    void *scratch) {
    gradient_work w;
    plan(c, &w);
    int64_t at_once = w.line_count;
    w.source = source;
    w.gradient = destination_gradient;
    w.tiles = tiles;
    w.lefts = scratch;
    w.rights = w.lefts + w.grid.channels * w.channel_step;
    w.lines = w.rights + at_once * rights_of_line(&w);
    for (w.first = 0; w.first < c->windows.batch; w.first += w.image_count) {
        w.image_count = least(at_once * w.grid.abreast, c->windows.batch - w.first);
        w.line_count = (w.image_count + w.grid.abreast - 1) / w.grid.abreast;
        aviary_parallel(w.threads, 1, turn, &w);
        aviary_parallel((w.grid.channels + 31) / 32 * ((w.outputs + 31) / 32), 1, sum_windows, &w);
    }
}

#else
#include <stdlib.h>

// Nobody asks for these where there are no tiles (`aviary_has_tiles`).

int64_t aviary_tiles_backward_weights_scratch(const aviary_tile_convolution *c) { abort(); }
void aviary_tiles_backward_weights(
    const aviary_tile_convolution *c, const uint16_t *source, const uint16_t *destination_gradient, float *tiles,
    void *scratch) {
    abort();
}

#endif
