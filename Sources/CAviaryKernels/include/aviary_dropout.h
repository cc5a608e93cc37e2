#pragma once
#include <stdint.h>

#include "aviary_real.h"

/// Dropout of a tensor whose element i takes word `first_word + i` of a random stream: 32 bits, of which Philox has
/// four for each counter. `key` and `counter`, its upper three words, are the stream's.
typedef struct {
    uint32_t key[2], counter[3];
    uint64_t first_word;
    /// An element whose word is below becomes 0, others are multiplied by `kept`.
    uint32_t threshold;
    float kept;
} aviary_dropout;

/// Elements `first..<first + count` of `x` times their factors; a gradient goes back the same way.
void aviary_drop(
    const aviary_dropout *dropout, aviary_real kind, const void *x, void *output, int64_t first, int64_t count);
