#include "winograd_f32.h"

// A run of tiles within one row of tiles shares the columns where they overlap: each column of six pixels is read and
// transformed once.

enum { OVERLAP = F32_WINDOW - F32_TILE };

// B along six numbers.
INLINED void apply_b(const floats d[6], floats out[6]) {
    floats even_a = d[4] - B2 * d[2], odd_a = POINT_A * (d[3] - B2 * d[1]);
    floats even_b = d[4] - A2 * d[2], odd_b = POINT_B * (d[3] - A2 * d[1]);
    out[0] = A2 * B2 * d[0] + (d[4] - (A2 + B2) * d[2]);
    out[1] = even_a + odd_a;
    out[2] = even_a - odd_a;
    out[3] = even_b + odd_b;
    out[4] = even_b - odd_b;
    out[5] = A2 * B2 * d[1] + (d[5] - (A2 + B2) * d[3]);
}

// A along six.
INLINED void apply_a(const floats m[6], floats out[4]) {
    floats even_a = m[1] + m[2], odd_a = POINT_A * (m[1] - m[2]), even_b = m[3] + m[4], odd_b = POINT_B * (m[3] - m[4]);
    out[0] = m[0] + (even_a + even_b);
    out[1] = odd_a + odd_b;
    out[2] = A2 * even_a + B2 * even_b;
    out[3] = A2 * odd_a + B2 * odd_b + m[5];
}

// The transpose of A along four.
INLINED void apply_a_transposed(const floats y[4], floats out[6]) {
    floats even_a = y[0] + A2 * y[2], odd_a = POINT_A * (y[1] + A2 * y[3]);
    floats even_b = y[0] + B2 * y[2], odd_b = POINT_B * (y[1] + B2 * y[3]);
    out[0] = y[0];
    out[1] = even_a + odd_a;
    out[2] = even_a - odd_a;
    out[3] = even_b + odd_b;
    out[4] = even_b - odd_b;
    out[5] = y[3];
}

// A column of pixels, or one outside of the image, transformed along itself.
INLINED void source_column(const winograd_line lines[6], int64_t width, int64_t x, floats out[6]) {
    floats d[6] = {{0}, {0}, {0}, {0}, {0}, {0}};
    if (x >= 0 && x < width)
        UNROLLED for (int i = 0; i < 6; i++) load(lines[i].start, x * lines[i].step, F32, &d[i]);
    apply_b(d, out);
}

INLINED void gradient_column(const winograd_line lines[4], int64_t width, int64_t x, floats out[6]) {
    floats y[4] = {{0}, {0}, {0}, {0}};
    if (x < width) UNROLLED for (int i = 0; i < 4; i++) load(lines[i].start, x * lines[i].step, F32, &y[i]);
    apply_a_transposed(y, out);
}

INLINED void source_run(
    const winograd_line lines[6], int64_t width, int64_t first, int64_t count, float *out, int64_t tile_step,
    int64_t position_step) {
    floats columns[6][6];
    UNROLLED for (int c = 0; c < OVERLAP; c++) source_column(lines, width, first * F32_TILE - 1 + c, columns[c]);
    for (int64_t tile = first; tile < first + count; tile++, out += tile_step) {
        UNROLLED for (int c = OVERLAP; c < 6; c++) source_column(lines, width, tile * F32_TILE - 1 + c, columns[c]);
        UNROLLED for (int i = 0; i < 6; i++) {
            const floats d[6] = {columns[0][i], columns[1][i], columns[2][i],
                                 columns[3][i], columns[4][i], columns[5][i]};
            floats v[6];
            apply_b(d, v);
            UNROLLED for (int j = 0; j < 6; j++) *(floats *)(out + (6 * i + j) * position_step) = v[j];
        }
        UNROLLED for (int c = 0; c < OVERLAP; c++)
            UNROLLED for (int i = 0; i < 6; i++) columns[c][i] = columns[F32_TILE + c][i];
    }
}

INLINED void gradient_run(
    const winograd_line lines[4], int64_t width, int64_t first, int64_t count, float *out, int64_t tile_step,
    int64_t position_step) {
    for (int64_t tile = first; tile < first + count; tile++, out += tile_step) {
        floats columns[4][6];
        UNROLLED for (int c = 0; c < 4; c++) gradient_column(lines, width, tile * F32_TILE + c, columns[c]);
        UNROLLED for (int i = 0; i < 6; i++) {
            const floats y[4] = {columns[0][i], columns[1][i], columns[2][i], columns[3][i]};
            floats v[6];
            apply_a_transposed(y, v);
            UNROLLED for (int j = 0; j < 6; j++) *(floats *)(out + (6 * i + j) * position_step) = v[j];
        }
    }
}

// The source has six rows to a tile, the first above its results; the gradient has four.
INLINED void tiles(bool is_source, const winograd_f32_tiles *t, int64_t first, int64_t count) {
    const winograd_images *images = t->images;
    int height = is_source ? F32_WINDOW : F32_TILE, before = is_source ? 1 : 0;
    for (int64_t done = 0; done < count;) {
        winograd_run r = winograd_run_at(
            images, F32_TILE, winograd_tile_columns(images, F32_TILE), first + done, count - done);
        for (int64_t channel = 0; channel < images->channels; channel += LANES) {
            int64_t panel = channel / t->panel * t->panel, width = least(t->panel, images->channels - panel);
            float *out = t->out + panel * t->tile_count + (first + done - t->origin) * width + channel - panel;
            const float *plane = t->numbers + winograd_plane(images, r.image, channel / LANES);
            winograd_line lines[F32_WINDOW];
            for (int i = 0; i < height; i++) lines[i] = winograd_line_of(images, plane, F32, r.row * F32_TILE - before + i);
            if (is_source) source_run(lines, images->width, r.column, r.count, out, width, t->position_step);
            else gradient_run(lines, images->width, r.column, r.count, out, width, t->position_step);
        }
        done += r.count;
    }
}

WINOGRAD_F32 void winograd_f32_source_tiles(const winograd_f32_tiles *t, int64_t first, int64_t count) {
    tiles(true, t, first, count);
}

WINOGRAD_F32 void winograd_f32_gradient_tiles(const winograd_f32_tiles *t, int64_t first, int64_t count) {
    tiles(false, t, first, count);
}

// One tile of 16 channels at (y, x) of their plane.
INLINED void tile_results(
    const winograd_images *images, const float *sums, int64_t position_step, const floats *bias,
    aviary_ending ending, float *plane, int64_t y, int64_t x) {
    floats columns[6][4];
    UNROLLED for (int c = 0; c < 6; c++) {
        floats m[6];
        UNROLLED for (int i = 0; i < 6; i++) m[i] = *(const floats *)(sums + (6 * i + c) * position_step);
        apply_a(m, columns[c]);
    }
    int64_t height = least(F32_TILE, images->height - y), width = least(F32_TILE, images->width - x);
    UNROLLED for (int i = 0; i < F32_TILE; i++) {
        if (i >= height) break;
        const floats m[6] = {columns[0][i], columns[1][i], columns[2][i], columns[3][i], columns[4][i], columns[5][i]};
        floats row[4];
        apply_a(m, row);
        float *to = plane + ((y + i) * images->width + x) * LANES;
        UNROLLED for (int j = 0; j < F32_TILE; j++) {
            if (j >= width) break;
            floats result = row[j] + *bias;
            if (ending.adds) result += *(const floats *)(to + j * LANES);
            // NaN is not less than zero, and stays.
            if (ending.relu) result = WHERE(~(ints)(result < 0.0f), result);
            *(floats *)(to + j * LANES) = result;
        }
    }
}

WINOGRAD_F32 void winograd_f32_results(
    const winograd_images *images, const float *sums, int64_t position_step, int64_t channel, int64_t width,
    aviary_ending ending, int64_t first, int64_t count, float *destination) {
    for (int64_t done = 0; done < count;) {
        winograd_run r = winograd_run_at(
            images, F32_TILE, winograd_tile_columns(images, F32_TILE), first + done, count - done);
        for (int64_t c = 0; c < width; c += LANES) {
            floats bias = ending.bias ? *(const floats *)(ending.bias + channel + c) : (floats){0};
            float *plane = destination + winograd_plane(images, r.image, (channel + c) / LANES);
            for (int64_t i = 0; i < r.count; i++)
                tile_results(
                    images, sums + (done + i) * width + c, position_step, &bias, ending, plane, r.row * F32_TILE,
                    (r.column + i) * F32_TILE);
        }
        done += r.count;
    }
}
