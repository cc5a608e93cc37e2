#pragma once
#include <stdint.h>

// Windows of images. Where channels lie side by side they are rows of a matrix: a convolution is one product then
// (im2col).
// A row has `[kernel height, kernel width, channels]` numbers; rows are counted `[batch, output height, output width]`.

typedef struct {
    int64_t batch, channels, height, width, output_height, output_width;
    int64_t kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width;
    int64_t padding_top, padding_left;
} aviary_windows;

/// More elements of a window than that are not served.
enum { AVIARY_WINDOW_AREA = 49 };

/// The rows, bf16; zeros where a window reaches over the edge.
void aviary_gather_windows(const aviary_windows *windows, const uint16_t *images, uint16_t *rows);
/// The gradient by the images, bf16, from that by the rows, f32: of each number the sum over the windows that it is in.
void aviary_add_windows(const aviary_windows *windows, const float *rows, uint16_t *images);
/// Weights plain `[outputs, channels, area]` as rows `[outputs, area, channels]`, of elements of 2 or 4 bytes; the way
/// back with `area` and `channels` exchanged.
void aviary_weight_rows(
    int64_t outputs, int64_t channels, int64_t area, int64_t element_size, const void *plain, void *rows);
