#pragma once
#include "aviary_tiles.h"

// What the files of convolution by tiles share.
//
// A tile has up to 16 rows of 64 bytes. Sums of products are 16 rows by 16 columns in f32; a left operand has 16 rows of
// 32 numbers of bf16, a right one 16 pairs of numbers by 16 columns. Where there are 16 channels alone, both have half of
// it.

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

#define HAS_TILES 1
#define TILED __attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))

/// Tiles 0 to 3 are sums, 0 and 1 of the first rows; 4 and 5 left operands of the first and of the second rows, `depth`
/// numbers long; 6 and 7 right ones.
TILED static inline void configure_tiles(int64_t first_rows, int64_t second_rows, int64_t depth) {
    struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } c = {.palette = 1};
    for (int i = 0; i < 8; i++) {
        bool is_first = i == 0 || i == 1 || i == 4, is_right = i >= 6;
        c.rows[i] = (uint8_t)(is_right ? depth / 2 : is_first ? first_rows : second_rows);
        c.row_bytes[i] = (uint16_t)(i == 4 || i == 5 ? depth * 2 : 64);
    }
    _tile_loadconfig(&c);
}
#endif

/// Channels of one left tile.
static inline int64_t depth_of(int64_t channels) { return channels % 32 == 0 ? 32 : 16; }
static inline int64_t area_of(const aviary_tile_convolution *c) {
    return c->windows.kernel_height * c->windows.kernel_width;
}
/// The least multiple of `unit` that is no less.
static inline int64_t whole(int64_t count, int64_t unit) { return (count + unit - 1) / unit * unit; }
