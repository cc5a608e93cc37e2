#pragma once
#include "aviary_strips.h"
#include "vectors.h"

// What computing by strips and packing for it know both.

INLINED int64_t area_of(const aviary_strip_convolution *c) {
    return c->windows.kernel_height * c->windows.kernel_width;
}

/// Blocks of outputs fall into groups of four, and what is left into one of two and one of one.
INLINED int64_t group_count(int64_t blocks) { return blocks / 4 + (blocks % 4 + 1) / 2; }

INLINED int64_t group_size(int64_t blocks, int64_t group) {
    if (group < blocks / 4) return 4;
    return group == blocks / 4 && blocks % 4 >= 2 ? 2 : 1;
}

INLINED int64_t first_of_group(int64_t blocks, int64_t group) {
    return group <= blocks / 4 ? 4 * group : blocks - 1;
}
