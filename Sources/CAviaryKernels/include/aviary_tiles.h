#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "aviary_ending.h"
#include "aviary_windows.h"

// Convolution in bf16 by the processor's tiles (AMX), of images whose channels lie side by side. No window is copied: an
// image with zeros around it is the left operand of one product for each element of the window, at another offset.

/// Whether this program may use tiles; asks the system for them once.
bool aviary_has_tiles(void);

typedef struct {
    /// `windows.channels` are the source's; both counts of channels are multiples of 16, strides 1 or 2, no window has
    /// more than AVIARY_TILE_AREA elements.
    aviary_windows windows;
    int64_t outputs;
} aviary_tile_convolution;

enum { AVIARY_TILE_AREA = 49 };

/// Weights plain `[outputs, channels, area]` as the tiles of a right operand, forward or for the gradient by the source;
/// as many bytes.
void aviary_tiles_pack(const aviary_tile_convolution *convolution, bool backward, const uint16_t *plain, uint16_t *tiles);
/// The weights' gradient in tiles, f32, into a plain one `[outputs, channels, area]`.
void aviary_tiles_unpack(const aviary_tile_convolution *convolution, const float *tiles, float *plain);

/// Bytes that each of the three scribbles in on as many threads as are used.
int64_t aviary_tiles_forward_scratch(const aviary_tile_convolution *convolution);
int64_t aviary_tiles_backward_data_scratch(const aviary_tile_convolution *convolution);
int64_t aviary_tiles_backward_weights_scratch(const aviary_tile_convolution *convolution);

/// Images `[batch, height, width, channels]` to `[batch, output height, output width, outputs]`; scratch begins at a cache
/// line.
void aviary_tiles_forward(
    const aviary_tile_convolution *convolution, const uint16_t *source, const uint16_t *tiles,
    const aviary_ending *ending, uint16_t *destination, void *scratch);
void aviary_tiles_backward_data(
    const aviary_tile_convolution *convolution, const uint16_t *destination_gradient, const uint16_t *tiles,
    uint16_t *source_gradient, void *scratch);
/// Sums in f32, in an order that depends on the shape alone.
void aviary_tiles_backward_weights(
    const aviary_tile_convolution *convolution, const uint16_t *source, const uint16_t *destination_gradient,
    float *tiles, void *scratch);
