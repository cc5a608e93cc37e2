#include "aviary_windows.h"

#include "aviary_parallel.h"
#include "vector_loops.h"

typedef struct {
    const aviary_windows *windows;
    const void *from;
    void *to;
} work;

/// Elements `first..<end` of a window's row or column lie in the image.
typedef struct {
    int64_t first, end;
} span;

static span inside(int64_t start, int64_t dilation, int64_t kernel, int64_t extent) {
    int64_t first = start < 0 ? (-start + dilation - 1) / dilation : 0;
    int64_t end = extent <= start ? 0 : (extent - start + dilation - 1) / dilation;
    first = least(first, kernel);
    end = least(end, kernel);
    return (span){first, end < first ? first : end};
}

static uint16_t *copy(const uint16_t *from, uint16_t *to, int64_t count) {
    memcpy(to, from, (size_t)count * sizeof *to);
    return to + count;
}

static uint16_t *clear(uint16_t *to, int64_t count) {
    memset(to, 0, (size_t)count * sizeof *to);
    return to + count;
}

/// Rows of windows `begin..<end`, each as long as the output is wide.
static void gather(void *context, int64_t begin, int64_t end) {
    const work *job = context;
    const aviary_windows *w = job->windows;
    int64_t channels = w->channels, line = w->kernel_width * channels;
    uint16_t *to = (uint16_t *)job->to + begin * w->output_width * w->kernel_height * line;
    for (int64_t row = begin; row < end; row++) {
        const uint16_t *image =
            (const uint16_t *)job->from + row / w->output_height * w->height * w->width * channels;
        int64_t top = row % w->output_height * w->stride_height - w->padding_top;
        span rows = inside(top, w->dilation_height, w->kernel_height, w->height);
        for (int64_t x = 0; x < w->output_width; x++) {
            int64_t left = x * w->stride_width - w->padding_left;
            span columns = inside(left, w->dilation_width, w->kernel_width, w->width);
            to = clear(to, rows.first * line);
            for (int64_t r = rows.first; r < rows.end; r++) {
                const uint16_t *from = image + ((top + r * w->dilation_height) * w->width + left) * channels;
                to = clear(to, columns.first * channels);
                if (w->dilation_width == 1) {
                    to = copy(from + columns.first * channels, to, (columns.end - columns.first) * channels);
                } else {
                    for (int64_t c = columns.first; c < columns.end; c++)
                        to = copy(from + c * w->dilation_width * channels, to, channels);
                }
                to = clear(to, (w->kernel_width - columns.end) * channels);
            }
            to = clear(to, (w->kernel_height - rows.end) * line);
        }
    }
}

void aviary_gather_windows(const aviary_windows *windows, const uint16_t *images, uint16_t *rows) {
    work job = {windows, images, rows};
    aviary_parallel(windows->batch * windows->output_height, 1, gather, &job);
}

/// In which windows an image's row or column is, and as which element of them.
typedef struct {
    int count;
    int64_t window[AVIARY_WINDOW_AREA], element[AVIARY_WINDOW_AREA];
} memberships;

static void find_windows(
    int64_t position, int64_t padding, int64_t kernel, int64_t stride, int64_t dilation, int64_t window_count,
    memberships *found) {
    found->count = 0;
    for (int64_t element = 0; element < kernel; element++) {
        int64_t start = position + padding - element * dilation;
        if (start < 0 || start % stride != 0 || start / stride >= window_count) continue;
        found->window[found->count] = start / stride;
        found->element[found->count++] = element;
    }
}

VECTORISED(
    static, void, add_pixel, (const float *const *parts, int count_of_parts, int64_t channels, uint16_t *pixel),
    (parts, count_of_parts, channels, pixel)) {
    EACH_VECTOR(0, channels, {
        floats sum = {0};
        for (int part = 0; part < count_of_parts; part++) {
            floats x;
            take(parts[part], i, count, F32, &x);
            sum += x;
        }
        put(pixel, i, count, BF16, &sum);
    });
}

/// Rows of pixels `begin..<end` of the images.
static void add(void *context, int64_t begin, int64_t end) {
    const work *job = context;
    const aviary_windows *w = job->windows;
    uint16_t *to = (uint16_t *)job->to + begin * w->width * w->channels;
    memberships rows, columns;
    for (int64_t row = begin; row < end; row++) {
        find_windows(row % w->height, w->padding_top, w->kernel_height, w->stride_height, w->dilation_height,
                     w->output_height, &rows);
        int64_t first = row / w->height * w->output_height;
        for (int64_t x = 0; x < w->width; x++, to += w->channels) {
            find_windows(x, w->padding_left, w->kernel_width, w->stride_width, w->dilation_width, w->output_width,
                         &columns);
            const float *parts[AVIARY_WINDOW_AREA];
            int count = 0;
            for (int r = 0; r < rows.count; r++)
                for (int c = 0; c < columns.count; c++) {
                    int64_t window = (first + rows.window[r]) * w->output_width + columns.window[c];
                    int64_t element = rows.element[r] * w->kernel_width + columns.element[c];
                    int64_t place = window * w->kernel_height * w->kernel_width + element;
                    parts[count++] = (const float *)job->from + place * w->channels;
                }
            add_pixel(parts, count, w->channels, to);
        }
    }
}

void aviary_add_windows(const aviary_windows *windows, const float *rows, uint16_t *images) {
    work job = {windows, rows, images};
    aviary_parallel(windows->batch * windows->height, 1, add, &job);
}

typedef struct {
    int64_t channels, area, element_size;
    const char *from;
    char *to;
} transposition;

static void transpose(void *context, int64_t begin, int64_t end) {
    const transposition *t = context;
#define TRANSPOSE(type)                                                                 \
    for (int64_t output = begin; output < end; output++) {                              \
        const type *from = (const type *)t->from + output * t->channels * t->area;      \
        type *to = (type *)t->to + output * t->channels * t->area;                      \
        for (int64_t e = 0; e < t->area; e++)                                           \
            for (int64_t c = 0; c < t->channels; c++) to[e * t->channels + c] = from[c * t->area + e]; \
    }
    if (t->element_size == 2) {
        TRANSPOSE(uint16_t)
    } else {
        TRANSPOSE(uint32_t)
    }
#undef TRANSPOSE
}

void aviary_weight_rows(
    int64_t outputs, int64_t channels, int64_t area, int64_t element_size, const void *plain, void *rows) {
    transposition t = {channels, area, element_size, plain, rows};
    aviary_parallel(outputs, 1, transpose, &t);
}
