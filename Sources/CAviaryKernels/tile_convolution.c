#include <string.h>

#include "aviary_parallel.h"
#include "extents.h"
#include "tile_grid.h"
#include "tiles.h"

#ifdef HAS_TILES

// Forward, and backward by the source: windows are the rows of the left operand, and outputs the columns of the right one.

/// One product: a part's windows in the images of a line, by all outputs.
typedef struct {
    const tile_grid *grid;
    const window_part *part;
    /// Of the windows' own channels, and of one left tile.
    int64_t outputs, depth;
    const uint16_t *tiles;
    const aviary_ending *ending;
    /// Elements of the window that the weights have.
    int64_t area;
    /// Numbers from one image of the destination to the next.
    int64_t image_step;
} part_product;

/// Sixteen outputs of one window.
TILED static inline void finish(const part_product *p, int64_t output, const float *sums, uint16_t *to) {
    const aviary_ending *e = p->ending;
    __m512 x = _mm512_loadu_ps(sums);
    if (e && e->bias) x = _mm512_add_ps(x, _mm512_loadu_ps(e->bias + output));
    if (e && e->adds) {
        __m512i words = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)to));
        x = _mm512_add_ps(x, _mm512_castsi512_ps(_mm512_slli_epi32(words, 16)));
    }
    // The second operand is given where one is NaN.
    if (e && e->relu) x = _mm512_max_ps(_mm512_setzero_ps(), x);
    _mm256_storeu_si256((__m256i *)to, (__m256i)_mm512_cvtneps_pbh(x));
}

/// Writes the sums of `count` windows from place `first` on, `[count, columns]`, to those of the first `image_count` images
/// that they are in.
TILED static void write_windows(
    const part_product *p, int64_t first, int64_t count, int64_t output, int64_t columns, const float *sums,
    uint16_t *images, int64_t image_count) {
    const window_part *part = p->part;
    window_place at = window_place_at(p->grid, first);
    for (int64_t i = 0; i < count; i++, next_place(p->grid, &at)) {
        if (at.x >= part->width || at.image >= image_count) continue;
        int64_t pixel = part->first + at.y * part->row_step + at.x * part->column_step;
        uint16_t *to = images + at.image * p->image_step + pixel * p->outputs + output;
        for (int64_t c = 0; c < columns; c += 16) finish(p, output + c, sums + i * columns + c, to + c);
    }
}

/// Two blocks of windows, `apart` places from each other, by 32 outputs or by 16.
TILED static void multiply(
    const part_product *p, const uint16_t *line, int64_t place, int64_t apart, int64_t output, bool is_pair, float *sums) {
    int64_t channels = p->grid->channels, depth = p->depth, depths = channels / depth;
    int64_t step = channels * 2, columns = is_pair ? 128 : 64;
    // 16 outputs of one element and `depth` channels.
    int64_t tile = depth * 16, next = p->area * depths * tile;
    const uint16_t *tiles = p->tiles + output / 16 * next;
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (int t = 0; t < p->part->tap_count; t++) {
        const uint16_t *left = line + (p->part->taps[t].offset + place) * channels;
        const uint16_t *right = tiles + p->part->taps[t].weight * depths * tile;
        for (int64_t d = 0; d < depths; d++, left += depth, right += tile) {
            _tile_loadd(4, left, step);
            _tile_loadd(6, right, 64);
            _tile_loadd(5, left + apart * channels, step);
            _tile_dpbf16ps(0, 4, 6);
            _tile_dpbf16ps(2, 5, 6);
            if (is_pair) {
                _tile_loadd(7, right + next, 64);
                _tile_dpbf16ps(1, 4, 7);
                _tile_dpbf16ps(3, 5, 7);
            }
        }
    }
    float *second = sums + apart * columns / 4;
    _tile_stored(0, sums, columns);
    _tile_stored(2, second, columns);
    if (is_pair) {
        _tile_stored(1, sums + 16, columns);
        _tile_stored(3, second + 16, columns);
    }
}

/// All windows of a part in `image_count` images, on lines `line_step` apart.
TILED static void multiply_part(
    const part_product *p, const uint16_t *lines, int64_t line_step, int64_t image_count, uint16_t *images) {
    _Alignas(64) float sums[32 * 32];
    int64_t places = part_places(p->grid, p->part), blocks = (places + 31) / 32, abreast = p->grid->abreast;
    int64_t usual = places / blocks, longer = places % blocks;
    for (int64_t output = 0; output < p->outputs; output += 32) {
        bool is_pair = output + 32 <= p->outputs;
        // The first blocks have one window more: to set tiles to another number of rows is dear.
        for (int pass = 0; pass < 2; pass++) {
            int64_t rows = pass == 0 ? usual + 1 : usual, count = pass == 0 ? longer : blocks - longer;
            if (count == 0) continue;
            // A window alone is computed twice.
            int64_t half = (rows + 1) / 2, other = rows > 1 ? rows - half : 1, apart = rows > 1 ? half : 0;
            configure_tiles(half, other, p->depth);
            for (int64_t image = 0; image < image_count; image += abreast)
                for (int64_t block = 0; block < count; block++) {
                    int64_t place = (pass == 0 ? 0 : longer * (usual + 1)) + block * rows;
                    multiply(p, lines + image / abreast * line_step, place, apart, output, is_pair, sums);
                    write_windows(
                        p, place, rows, output, is_pair ? 32 : 16, sums, images + image * p->image_step,
                        least(abreast, image_count - image));
                }
        }
    }
}

typedef struct {
    tile_grid grid;
    part_product product;
    int64_t batch;
    const uint16_t *source;
    uint16_t *destination;
    /// For each thread a few lines, each of so many numbers.
    int64_t lines_at_once, line_step, threads;
    uint16_t *lines;
} line_work;

/// Bytes of lines that stay in a second-level cache beside the weights of 32 outputs.
enum { LINES_AT_ONCE = 1 << 19 };

static void plan_lines(line_work *w, int64_t batch) {
    int64_t line_count = (batch + w->grid.abreast - 1) / w->grid.abreast;
    w->batch = batch;
    w->threads = least(aviary_thread_count(), line_count);
    w->line_step = whole(grid_pixels(&w->grid) * w->grid.channels, 32);
    int64_t fit = greatest(1, LINES_AT_ONCE / (w->line_step * 2));
    w->lines_at_once = least(fit, (line_count + w->threads - 1) / w->threads);
}

static int64_t lines_scratch(const line_work *w) { return w->threads * w->lines_at_once * w->line_step * 2; }

static void work_on_lines(void *context, int64_t begin, int64_t end) {
    const line_work *w = context;
    const tile_grid *g = &w->grid;
    int64_t line_count = (w->batch + g->abreast - 1) / g->abreast, image_size = g->height * g->width * g->channels;
    for (int64_t thread = begin; thread < end; thread++) {
        uint16_t *lines = w->lines + thread * w->lines_at_once * w->line_step;
        memset(lines, 0, (size_t)(w->lines_at_once * w->line_step) * sizeof *lines);
        int64_t first = line_count * thread / w->threads * g->abreast;
        int64_t last = least(w->batch, line_count * (thread + 1) / w->threads * g->abreast);
        int64_t step = w->lines_at_once * g->abreast;
        for (int64_t image = first; image < last; image += step) {
            int64_t count = least(step, last - image);
            for (int64_t i = 0; i < count; i++)
                aviary_lay_out(
                    g, i % g->abreast, w->source + (image + i) * image_size, lines + i / g->abreast * w->line_step);
            part_product product = w->product;
            product.grid = g;
            for (int i = 0; i < g->part_count; i++) {
                product.part = &g->parts[i];
                multiply_part(&product, lines, w->line_step, count, w->destination + image * product.image_step);
            }
        }
    }
}

TILED static void work(void *context, int64_t begin, int64_t end) {
    work_on_lines(context, begin, end);
    _tile_release();
}

int64_t aviary_tiles_forward_scratch(const aviary_tile_convolution *c) {
    line_work w;
    aviary_forward_grid(c, &w.grid);
    plan_lines(&w, c->windows.batch);
    return lines_scratch(&w);
}

int64_t aviary_tiles_backward_data_scratch(const aviary_tile_convolution *c) {
    line_work w;
    aviary_backward_grid(c, &w.grid);
    plan_lines(&w, c->windows.batch);
    return lines_scratch(&w);
}

void aviary_tiles_forward(
    const aviary_tile_convolution *c, const uint16_t *source, const uint16_t *tiles, const aviary_ending *ending,
    uint16_t *destination, void *scratch) {
    const aviary_windows *windows = &c->windows;
    line_work w = {
        .product = {
            .outputs = c->outputs, .depth = depth_of(windows->channels), .tiles = tiles, .ending = ending,
            .area = area_of(c), .image_step = windows->output_height * windows->output_width * c->outputs},
        .source = source, .destination = destination, .lines = scratch};
    aviary_forward_grid(c, &w.grid);
    plan_lines(&w, windows->batch);
    aviary_parallel(w.threads, 1, work, &w);
}

void aviary_tiles_backward_data(
    const aviary_tile_convolution *c, const uint16_t *destination_gradient, const uint16_t *tiles,
    uint16_t *source_gradient, void *scratch) {
    const aviary_windows *windows = &c->windows;
    line_work w = {
        .product = {
            .outputs = windows->channels, .depth = depth_of(c->outputs), .tiles = tiles, .area = area_of(c),
            .image_step = windows->height * windows->width * windows->channels},
        .source = destination_gradient, .destination = source_gradient, .lines = scratch};
    aviary_backward_grid(c, &w.grid);
    plan_lines(&w, windows->batch);
    aviary_parallel(w.threads, 1, work, &w);
}

#else
#include <stdlib.h>

// Nobody asks for these where there are no tiles (`aviary_has_tiles`).

int64_t aviary_tiles_forward_scratch(const aviary_tile_convolution *c) { abort(); }
int64_t aviary_tiles_backward_data_scratch(const aviary_tile_convolution *c) { abort(); }
void aviary_tiles_forward(
    const aviary_tile_convolution *c, const uint16_t *source, const uint16_t *tiles, const aviary_ending *ending,
    uint16_t *destination, void *scratch) {
    abort();
}
void aviary_tiles_backward_data(
    const aviary_tile_convolution *c, const uint16_t *destination_gradient, const uint16_t *tiles,
    uint16_t *source_gradient, void *scratch) {
    abort();
}

#endif
