#include "winograd.h"

#if defined(__x86_64__)

// A run of tiles within one row of tiles shares the columns where they overlap: each column of four pixels is read and
// transformed once.

INLINED int64_t pair_columns(const winograd_images *images) { return winograd_quotient_up(images->width, 2 * TILE); }

int64_t winograd_pair_count(const winograd_images *images) {
    return images->batch * winograd_tile_rows(images, TILE) * pair_columns(images);
}

// B along four numbers.
INLINED void apply_b(const floats d[4], floats out[4]) {
    out[0] = d[0] - d[2];
    out[1] = d[1] + d[2];
    out[2] = d[2] - d[1];
    out[3] = d[3] - d[1];
}

// The transpose of A along two.
INLINED void apply_a_transposed(const floats y[2], floats out[4]) {
    out[0] = y[0];
    out[1] = y[0] + y[1];
    out[2] = y[0] - y[1];
    out[3] = y[1];
}

// A along four.
INLINED void apply_a(const floats m[4], floats out[2]) {
    out[0] = m[0] + m[1] + m[2];
    out[1] = m[1] - m[2] + m[3];
}

// A column of the source, or one outside of the image, transformed along itself.
INLINED void source_column(const winograd_line lines[4], int64_t width, int64_t x, floats out[4]) {
    floats d[4] = {{0}, {0}, {0}, {0}};
    if (x >= 0 && x < width)
        for (int i = 0; i < 4; i++) load(lines[i].start, x * lines[i].step, BF16, &d[i]);
    apply_b(d, out);
}

INLINED void gradient_column(const winograd_line lines[2], int64_t width, int64_t x, floats out[4]) {
    floats y[2] = {{0}, {0}};
    if (x < width)
        for (int i = 0; i < 2; i++) load(lines[i].start, x * lines[i].step, BF16, &y[i]);
    apply_a_transposed(y, out);
}

// Four transformed columns to the 16 positions.
INLINED void across_source(const floats columns[4][4], floats out[POSITIONS]) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        const floats d[4] = {columns[0][i], columns[1][i], columns[2][i], columns[3][i]};
        apply_b(d, out + 4 * i);
    }
}

INLINED void across_gradient(const floats columns[2][4], floats out[POSITIONS]) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        const floats y[2] = {columns[0][i], columns[1][i]};
        apply_a_transposed(y, out + 4 * i);
    }
}

INLINED void copy_columns(floats to[][4], const floats from[][4], int count) {
    for (int c = 0; c < count; c++)
        for (int i = 0; i < 4; i++) to[c][i] = from[c][i];
}

// A run of tiles of one block of channels; `out` is that of its first tile, `tile_step` and `position_step` in words.
DPBF16_INLINED void source_run(
    const winograd_line lines[4], int64_t width, int64_t first, int64_t count, uint32_t *out, int64_t tile_step,
    int64_t position_step) {
    floats columns[4][4];
    for (int c = 0; c < 2; c++) source_column(lines, width, first * TILE - 1 + c, columns[c]);
    for (int64_t tile = first; tile < first + count; tile++, out += tile_step) {
        for (int c = 2; c < 4; c++) source_column(lines, width, tile * TILE - 1 + c, columns[c]);
        floats v[POSITIONS];
        across_source(columns, v);
#pragma clang loop unroll(full)
        for (int p = 0; p < POSITIONS; p++)
            _mm256_storeu_si256((__m256i *)(out + p * position_step), (__m256i)_mm512_cvtneps_pbh((__m512)v[p]));
        copy_columns(columns, columns + 2, 2);
    }
}

DPBF16 void winograd_source_tiles(
    const winograd_images *images, const uint16_t *source, int64_t first, int64_t count, uint32_t *out,
    int64_t position_step) {
    int64_t tile_step = images->channels / 2;
    for (int64_t done = 0; done < count;) {
        winograd_run r = winograd_run_at(images, TILE, winograd_tile_columns(images, TILE), first + done, count - done);
        for (int64_t block = 0; block < images->channels / LANES; block++) {
            const uint16_t *plane = source + winograd_plane(images, r.image, block);
            winograd_line lines[4];
            for (int i = 0; i < 4; i++) lines[i] = winograd_line_of(images, plane, BF16, r.row * TILE - 1 + i);
            source_run(lines, images->width, r.column, r.count, out + done * tile_step + block * LANES / 2, tile_step,
                       position_step);
        }
        done += r.count;
    }
}

// Two neighbours of a row, or the one that the image still holds.
DPBF16_INLINED void store_pixels(uint16_t *row, int64_t x, int64_t width, floats left, floats right) {
    if (x + 1 < width)
        _mm512_storeu_si512(row + x * LANES, (__m512i)_mm512_cvtne2ps_pbh((__m512)right, (__m512)left));
    else
        _mm256_storeu_si256((__m256i *)(row + x * LANES), (__m256i)_mm512_cvtneps_pbh((__m512)left));
}

// One tile of 16 channels at (y, x) of their plane.
DPBF16_INLINED void tile_results(
    const winograd_images *images, const float *sums, int64_t position_step, floats bias, uint16_t *plane, int64_t y,
    int64_t x) {
    floats columns[4][2], rows[2][2];
#pragma clang loop unroll(full)
    for (int c = 0; c < 4; c++) {
        floats m[4];
        for (int i = 0; i < 4; i++) m[i] = *(const floats *)(sums + (4 * i + c) * position_step);
        apply_a(m, columns[c]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        const floats m[4] = {columns[0][i], columns[1][i], columns[2][i], columns[3][i]};
        apply_a(m, rows[i]);
    }
    for (int i = 0; i < 2 && y + i < images->height; i++)
        store_pixels(plane + (y + i) * images->width * LANES, x, images->width, rows[i][0] + bias, rows[i][1] + bias);
}

DPBF16 void winograd_results(
    const winograd_images *images, const float *sums, int64_t position_step, int64_t channel, int64_t width,
    const float *bias, int64_t first, int64_t count, uint16_t *destination) {
    for (int64_t done = 0; done < count;) {
        winograd_run r = winograd_run_at(images, TILE, winograd_tile_columns(images, TILE), first + done, count - done);
        for (int64_t c = 0; c < width; c += LANES) {
            floats shift = bias ? *(const floats *)(bias + channel + c) : (floats){0};
            uint16_t *plane = destination + winograd_plane(images, r.image, (channel + c) / LANES);
            for (int64_t i = 0; i < r.count; i++)
                tile_results(images, sums + (done + i) * width + c, position_step, shift, plane, r.row * TILE,
                             (r.column + i) * TILE);
        }
        done += r.count;
    }
}

// Both tiles' numbers at each position, rounded, as pairs.
DPBF16_INLINED void store_pairs(
    const floats left[POSITIONS], const floats right[POSITIONS], uint32_t *out, int64_t position_step) {
    const __m512i order = _mm512_set_epi16(
        31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1,
        16, 0);
#pragma clang loop unroll(full)
    for (int p = 0; p < POSITIONS; p++) {
        __m512i halves_apart = (__m512i)_mm512_cvtne2ps_pbh((__m512)right[p], (__m512)left[p]);
        _mm512_storeu_si512(out + p * position_step, _mm512_permutexvar_epi16(order, halves_apart));
    }
}

DPBF16_INLINED void source_pair_run(
    const winograd_line lines[4], int64_t width, int64_t first, int64_t count, uint32_t *out, int64_t pair_step,
    int64_t position_step) {
    floats columns[6][4];
    for (int c = 0; c < 2; c++) source_column(lines, width, first * 2 * TILE - 1 + c, columns[c]);
    for (int64_t pair = first; pair < first + count; pair++, out += pair_step) {
        for (int c = 2; c < 6; c++) source_column(lines, width, pair * 2 * TILE - 1 + c, columns[c]);
        floats left[POSITIONS], right[POSITIONS];
        across_source(columns, left);
        across_source(columns + 2, right);
        store_pairs(left, right, out, position_step);
        copy_columns(columns, columns + 4, 2);
    }
}

DPBF16_INLINED void gradient_pair_run(
    const winograd_line lines[2], int64_t width, int64_t first, int64_t count, uint32_t *out, int64_t pair_step,
    int64_t position_step) {
    for (int64_t pair = first; pair < first + count; pair++, out += pair_step) {
        floats columns[4][4];
        for (int c = 0; c < 4; c++) gradient_column(lines, width, pair * 2 * TILE + c, columns[c]);
        floats left[POSITIONS], right[POSITIONS];
        across_gradient(columns, left);
        across_gradient(columns + 2, right);
        store_pairs(left, right, out, position_step);
    }
}

// The source has four rows to a tile, the first above its results; the gradient has two.
DPBF16_INLINED void pairs(
    bool is_source, const winograd_images *images, const uint16_t *numbers, int64_t first, int64_t count,
    int64_t origin, int64_t pair_count, uint32_t *out, int64_t position_step) {
    int height = is_source ? 4 : 2, before = is_source ? 1 : 0;
    for (int64_t done = 0; done < count;) {
        winograd_run r = winograd_run_at(images, TILE, pair_columns(images), first + done, count - done);
        for (int64_t block = 0; block < images->channels / LANES; block++) {
            int64_t panel = block * LANES / PANEL * PANEL, width = least(PANEL, images->channels - panel);
            uint32_t *start = out + panel * pair_count + (first + done - origin) * width + block * LANES - panel;
            const uint16_t *plane = numbers + winograd_plane(images, r.image, block);
            winograd_line lines[4];
            for (int i = 0; i < height; i++) lines[i] = winograd_line_of(images, plane, BF16, r.row * TILE - before + i);
            if (is_source)
                source_pair_run(lines, images->width, r.column, r.count, start, width, position_step);
            else
                gradient_pair_run(lines, images->width, r.column, r.count, start, width, position_step);
        }
        done += r.count;
    }
}

DPBF16 void winograd_source_pairs(
    const winograd_images *images, const uint16_t *source, int64_t first, int64_t count, int64_t origin,
    int64_t pair_count, uint32_t *out, int64_t position_step) {
    pairs(true, images, source, first, count, origin, pair_count, out, position_step);
}

DPBF16 void winograd_gradient_pairs(
    const winograd_images *images, const uint16_t *gradient, int64_t first, int64_t count, int64_t origin,
    int64_t pair_count, uint32_t *out, int64_t position_step) {
    pairs(false, images, gradient, first, count, origin, pair_count, out, position_step);
}

#endif
