#include "tile_grid.h"

#include <string.h>

#include "extents.h"

static int64_t floor_quotient(int64_t a, int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

/// Where an element of the window is: in which plane, and how many of its rows and columns from the window's place.
typedef struct {
    int64_t weight, plane_row, plane_column, row, column;
} place;

/// The extents of what all parts reach.
typedef struct {
    int64_t top, bottom, left, right;
} reach;

static void widen(reach *r, const window_part *part, const place *p) {
    r->top = least(r->top, p->row);
    r->bottom = greatest(r->bottom, part->height - 1 + p->row);
    r->left = least(r->left, p->column);
    r->right = greatest(r->right, part->width - 1 + p->column);
}

/// As many images as fill nearly all rows of their tiles: 32 windows are multiplied at a time.
static int64_t images_abreast(int64_t places, int64_t batch) {
    int64_t abreast = 1;
    while (abreast < 16 && abreast < batch && places * abreast * 16 < (places * abreast + 31) / 32 * 32 * 15) abreast *= 2;
    return abreast;
}

/// Gives the line its length once every part's taps are known as places.
static void settle(tile_grid *g, int64_t batch, const reach *r, place places[][AVIARY_TILE_AREA]) {
    int64_t content = (g->width + g->column_step - 1) / g->column_step;
    int64_t zeros = greatest(-r->left, r->right + 1 - content);
    g->line = content + zeros;
    for (int i = 0; i < g->part_count; i++) g->line = greatest(g->line, g->parts[i].width);
    g->lead = -r->top * g->line + zeros;
    int64_t rows = greatest(r->bottom + 1, (g->height + g->row_step - 1) / g->row_step);
    g->plane = g->lead + rows * g->line + zeros;
    g->abreast = images_abreast(part_places(g, &g->parts[0]), batch);
    for (int i = 0; i < g->part_count; i++)
        for (int t = 0; t < g->parts[i].tap_count; t++) {
            const place *p = &places[i][t];
            int64_t plane = p->plane_row * g->column_step + p->plane_column;
            int64_t offset = plane * g->plane + g->lead + p->row * g->line + p->column;
            g->parts[i].taps[t] = (tap){p->weight, offset * g->abreast};
        }
}

void aviary_forward_grid(const aviary_tile_convolution *convolution, tile_grid *g) {
    const aviary_windows *w = &convolution->windows;
    *g = (tile_grid){
        .abreast = 1, .height = w->height, .width = w->width, .channels = w->channels, .row_step = w->stride_height,
        .column_step = w->stride_width, .part_count = 1};
    window_part *part = &g->parts[0];
    *part = (window_part){
        .height = w->output_height, .width = w->output_width, .row_step = w->output_width, .column_step = 1};
    place places[1][AVIARY_TILE_AREA];
    reach r = {0, 0, 0, 0};
    for (int64_t ky = 0; ky < w->kernel_height; ky++)
        for (int64_t kx = 0; kx < w->kernel_width; kx++) {
            int64_t y = ky * w->dilation_height - w->padding_top, x = kx * w->dilation_width - w->padding_left;
            place *p = &places[0][part->tap_count++];
            p->weight = ky * w->kernel_width + kx;
            p->row = floor_quotient(y, w->stride_height);
            p->column = floor_quotient(x, w->stride_width);
            p->plane_row = y - p->row * w->stride_height;
            p->plane_column = x - p->column * w->stride_width;
            widen(&r, part, p);
        }
    settle(g, w->batch, &r, places);
}

void aviary_backward_grid(const aviary_tile_convolution *convolution, tile_grid *g) {
    const aviary_windows *w = &convolution->windows;
    *g = (tile_grid){
        .abreast = 1, .height = w->output_height, .width = w->output_width, .channels = convolution->outputs, .row_step = 1,
        .column_step = 1};
    place places[4][AVIARY_TILE_AREA];
    reach r = {0, 0, 0, 0};
    int64_t sy = w->stride_height, sx = w->stride_width;
    for (int64_t py = 0; py < sy && py < w->height; py++)
        for (int64_t px = 0; px < sx && px < w->width; px++) {
            window_part *part = &g->parts[g->part_count];
            *part = (window_part){
                .height = (w->height - py + sy - 1) / sy, .width = (w->width - px + sx - 1) / sx,
                .first = py * w->width + px, .row_step = sy * w->width, .column_step = sx};
            for (int64_t ky = 0; ky < w->kernel_height; ky++)
                for (int64_t kx = 0; kx < w->kernel_width; kx++) {
                    int64_t y = py + w->padding_top - ky * w->dilation_height;
                    int64_t x = px + w->padding_left - kx * w->dilation_width;
                    if (y % sy != 0 || x % sx != 0) continue;
                    place *p = &places[g->part_count][part->tap_count++];
                    *p = (place){ky * w->kernel_width + kx, 0, 0, y / sy, x / sx};
                    widen(&r, part, p);
                }
            g->part_count++;
        }
    settle(g, w->batch, &r, places);
}

void aviary_lay_out(const tile_grid *g, int64_t which, const uint16_t *image, uint16_t *line) {
    int64_t channels = g->channels;
    for (int64_t y = 0; y < g->height; y++) {
        int64_t plane_row = y % g->row_step, row = y / g->row_step;
        const uint16_t *from = image + y * g->width * channels;
        if (g->column_step == 1 && g->abreast == 1) {
            int64_t start = plane_row * g->plane + g->lead + row * g->line;
            memcpy(line + start * channels, from, (size_t)(g->width * channels) * sizeof *from);
            continue;
        }
        for (int64_t x = 0; x < g->width; x++) {
            int64_t plane = plane_row * g->column_step + x % g->column_step;
            int64_t pixel = plane * g->plane + g->lead + row * g->line + x / g->column_step;
            uint16_t *to = line + (pixel * g->abreast + which) * channels;
            memcpy(to, from + x * channels, (size_t)channels * sizeof *from);
        }
    }
}
