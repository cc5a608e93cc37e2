#include "aviary_parallel.h"
#include "extents.h"
#include "strips.h"

#if defined(__x86_64__)
#define STRIP AVIARY_AVX512
#else
#define STRIP
#endif

// A strip is up to six pixels of a row by four blocks of outputs, or eight pixels by two or one: up to 24 of 32
// registers hold sums, and a line of weights that is loaded is used for every pixel.
enum { MOST_PIXELS = 8, MOST_BLOCKS = 4 };
typedef floats strip_sums[MOST_PIXELS][MOST_BLOCKS];

/// Rows of one image, of the blocks of outputs that are computed together: what their strips have in common.
typedef struct {
    const aviary_strip_convolution *convolution;
    aviary_ending ending;
    /// The weights of these blocks.
    const float *packed;
    /// The image, and the first of these blocks of its result.
    const float *source;
    float *destination;
    /// Rows of the destination, from and to.
    int64_t top, bottom;
} block_rows;

/// Adds what one element of the window makes of sixteen channels, the first pixel's at `source + first`, but for `left`
/// pixels at the one end of the strip and `right` at the other. Meanwhile as many weights are fetched from `ahead`, if
/// it is not null.
STRIP INLINED void add_element(
    int pixels, int blocks, int left, int right, const float *source, int64_t first, int64_t step,
    const float *weights, const float *ahead, strip_sums sums) {
    for (int64_t c = 0; c < LANES; c++) {
        floats line[MOST_BLOCKS];
        UNROLLED for (int b = 0; b < blocks; b++)
            line[b] = *(const floats *)(weights + (c * blocks + b) * LANES);
        if (ahead) {
            UNROLLED for (int b = 0; b < blocks; b++) __builtin_prefetch(ahead + (c * blocks + b) * LANES, 0, 2);
        }
        UNROLLED for (int p = left; p < pixels - right; p++)
            UNROLLED for (int b = 0; b < blocks; b++) sums[p][b] += source[first + p * step + c] * line[b];
    }
}

/// One block of channels of the strip that begins at (row, column). The sums of the blocks before it are in the
/// destination.
STRIP INLINED void add_strip(
    int pixels, int blocks, const block_rows *rows, int64_t block, int64_t row, int64_t column) {
    const aviary_windows *w = &rows->convolution->windows;
    int64_t area = area_of(rows->convolution), plane = w->output_height * w->output_width * LANES;
    int64_t element_size = blocks * LANES * LANES, step = w->stride_width * LANES;
    const float *weights = rows->packed + block * area * element_size;
    const float *source = rows->source + block * w->height * w->width * LANES;
    float *to = rows->destination + (row * w->output_width + column) * LANES;
    bool is_first = block == 0, is_last = block == w->channels / LANES - 1;

    strip_sums sums;
    UNROLLED for (int b = 0; b < blocks; b++) {
        floats bias = is_first && rows->ending.bias ? *(const floats *)(rows->ending.bias + b * LANES) : (floats){0};
        UNROLLED for (int p = 0; p < pixels; p++) {
            sums[p][b] = bias;
            if (!is_first || rows->ending.adds) sums[p][b] += *(const floats *)(to + b * plane + p * LANES);
        }
    }
    // The rows share out among them the elements of the next block of channels, to be fetched by their first strips.
    int64_t height = rows->bottom - rows->top, fetched = area * (row - rows->top) / height;
    int64_t last_fetched = is_last || column > 0 ? fetched : area * (row - rows->top + 1) / height;
    for (int64_t element = 0; element < area; element++) {
        int64_t y = row * w->stride_height + element / w->kernel_width * w->dilation_height - w->padding_top;
        int64_t x = column * w->stride_width + element % w->kernel_width * w->dilation_width - w->padding_left;
        if (y < 0 || y >= w->height) continue;
        bool left = x < 0, right = x + (pixels - 1) * w->stride_width >= w->width;
        if (left + right >= pixels) continue;
        const float *own = weights + element * element_size;
        const float *ahead = fetched < last_fetched ? weights + (area + fetched++) * element_size : 0;
        int64_t first = (y * w->width + x) * LANES;
        if (!left && !right) {
            add_element(pixels, blocks, 0, 0, source, first, step, own, ahead, sums);
        } else if (!right) {
            add_element(pixels, blocks, 1, 0, source, first, step, own, ahead, sums);
        } else if (!left) {
            add_element(pixels, blocks, 0, 1, source, first, step, own, ahead, sums);
        } else {
            add_element(pixels, blocks, 1, 1, source, first, step, own, ahead, sums);
        }
    }
    UNROLLED for (int p = 0; p < pixels; p++)
        UNROLLED for (int b = 0; b < blocks; b++) {
            floats sum = sums[p][b];
            if (is_last && rows->ending.relu) sum = WHERE(~(ints)(sum < 0), sum);
            *(floats *)(to + b * plane + p * LANES) = sum;
        }
}

/// Pixels of the next strip: two strips of four rather than one of six and a short one.
INLINED int64_t strip_width(int64_t left, int64_t widest) {
    if (left >= widest && (widest > 6 || left != 8)) return widest;
    return left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/// All blocks of channels, one after the other: their weights stay in cache from row to row.
#define ADD_BLOCKS(name, blocks, widest)                                                                               \
    STRIP static void name(const block_rows *rows) {                                                                   \
        const aviary_windows *w = &rows->convolution->windows;                                                         \
        for (int64_t block = 0; block < w->channels / LANES; block++)                                                  \
            for (int64_t row = rows->top; row < rows->bottom; row++)                                                   \
                for (int64_t column = 0, width; column < w->output_width; column += width) {                           \
                    width = strip_width(w->output_width - column, widest);                                             \
                    switch (width) {                                                                                   \
                    case widest: add_strip(widest, blocks, rows, block, row, column); break;                           \
                    case 4: add_strip(4, blocks, rows, block, row, column); break;                                     \
                    case 2: add_strip(2, blocks, rows, block, row, column); break;                                     \
                    default: add_strip(1, blocks, rows, block, row, column);                                           \
                    }                                                                                                  \
                }                                                                                                      \
    }

ADD_BLOCKS(add_to_four_blocks, 4, 6)
ADD_BLOCKS(add_to_two_blocks, 2, 8)
ADD_BLOCKS(add_to_one_block, 1, 8)

typedef struct {
    const aviary_strip_convolution *convolution;
    aviary_ending ending;
    const float *source, *packed;
    float *destination;
    /// Into how many parts the rows of an image fall.
    int64_t bands;
} strip_work;

/// Tasks are counted [group of blocks, image, band of rows]: the weights of a group stay in cache from image to image.
static void run_tasks(void *context, int64_t begin, int64_t end) {
    const strip_work *work = context;
    const aviary_strip_convolution *c = work->convolution;
    const aviary_windows *w = &c->windows;
    int64_t blocks = c->outputs / LANES;
    for (int64_t task = begin; task < end; task++) {
        int64_t band = task % work->bands, image = task / work->bands % w->batch;
        int64_t group = task / work->bands / w->batch;
        int64_t first = first_of_group(blocks, group) * LANES;
        block_rows rows = {
            .convolution = c, .ending = work->ending, .packed = work->packed + first * w->channels * area_of(c),
            .source = work->source + image * w->channels * w->height * w->width,
            .destination = work->destination + (image * c->outputs + first) * w->output_height * w->output_width,
            .top = w->output_height * band / work->bands, .bottom = w->output_height * (band + 1) / work->bands};
        if (rows.ending.bias) rows.ending.bias += first;
        switch (group_size(blocks, group)) {
        case 4: add_to_four_blocks(&rows); break;
        case 2: add_to_two_blocks(&rows); break;
        default: add_to_one_block(&rows);
        }
    }
}

void aviary_strips_run(
    const aviary_strip_convolution *c, const float *source, const float *packed, aviary_ending ending,
    float *destination) {
    int64_t threads = aviary_thread_count(), tasks = c->windows.batch * group_count(c->outputs / LANES);
    // Each thread that has rows of a group reads its weights: rows are only cut where threads had nothing to do.
    bool is_even = tasks % threads == 0 || tasks >= 8 * threads;
    strip_work work = {c, ending, source, packed, destination, is_even ? 1 : least(threads, c->windows.output_height)};
    aviary_parallel(tasks * work.bands, 1, run_tasks, &work);
}

static bool serves_axis(
    int64_t extent, int64_t outputs, int64_t kernel, int64_t stride, int64_t dilation, int64_t padding) {
    int64_t end = (outputs - 1) * stride + (kernel - 1) * dilation - padding;
    return padding <= stride && end - (extent - 1) <= stride;
}

bool aviary_strips_serve(const aviary_strip_convolution *c) {
    const aviary_windows *w = &c->windows;
    return aviary_instructions() >= AVIARY_ISA_AVX512 && w->batch > 0 && w->channels % LANES == 0 &&
        c->outputs % LANES == 0 &&
        serves_axis(w->width, w->output_width, w->kernel_width, w->stride_width, w->dilation_width, w->padding_left);
}

aviary_strip_convolution aviary_strips_backward(const aviary_strip_convolution *c) {
    aviary_strip_convolution back = *c;
    aviary_windows *w = &back.windows;
    w->channels = c->outputs, back.outputs = c->windows.channels;
    w->height = c->windows.output_height, w->output_height = c->windows.height;
    w->width = c->windows.output_width, w->output_width = c->windows.width;
    w->padding_top = (w->kernel_height - 1) * w->dilation_height - c->windows.padding_top;
    w->padding_left = (w->kernel_width - 1) * w->dilation_width - c->windows.padding_left;
    return back;
}
