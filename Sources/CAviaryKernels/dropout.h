#pragma once
#include "aviary_dropout.h"
#include "vectors.h"

// Eight blocks of a random stream at once: each gives two draws of 64 bits, sixteen elements in all.
typedef uint64_t blocks __attribute__((vector_size(8 * LANES / 2), aligned(8)));

/// Elements whose factors are made at once; a multiple of sixteen.
enum { DROPOUT_STRETCH = 512 };
/// What `dropout_factors` may write beyond them.
enum { DROPOUT_ROOM = 2 * LANES };

// The lower halves of eight lanes: those of `a` stay, those of `b` become the upper halves.
#define JOINED(a, b)                                                                                            \
    ((blocks)__builtin_shufflevector((words)(a), (words)(b), 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30))

// The upper halves in both: on AVX-512 a shift would wait for the unit that multiplies.
#define UPPER(a) \
    ((blocks)__builtin_shufflevector((words)(a), (words)(a), 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15))

// What sixteen elements are multiplied by: of a draw below the threshold nothing is left. Philox as in `philox`, but
// each word in the lower half of a lane of 64 bits, which is how it is multiplied; what the upper halves hold is noise.
INLINED void dropout_lanes(const aviary_dropout *d, uint64_t block, floats *factors) {
    const uint64_t lower = 0xFFFFFFFF;
    blocks c0 = (blocks){0, 1, 2, 3, 4, 5, 6, 7} + block, c1 = (blocks){0} + d->counter[0];
    blocks c2 = (blocks){0} + d->counter[1], c3 = (blocks){0} + d->counter[2];
    uint32_t k0 = d->key[0], k1 = d->key[1];
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
        blocks a0 = (c0 & lower) * 0xD2511F53u, a1 = (c2 & lower) * 0xCD9E8D57u;
        c0 = UPPER(a1) ^ c1 ^ k0;
        c2 = UPPER(a0) ^ c3 ^ k1;
        c1 = a1;
        c3 = a0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    // A lane of 64 bits is two of 32, and its draws are those of an even element and the odd one behind it.
    blocks even = (blocks)(JOINED(c0, c1) < d->threshold), odd = (blocks)(JOINED(c2, c3) < d->threshold);
    *factors = WHERE(~JOINED(even, odd), (floats){0} + d->kept);
}

// The factors of up to DROPOUT_STRETCH elements from the given draw on. `room` is for sixteen and one more.
INLINED const float *dropout_factors(const aviary_dropout *d, uint64_t draw, int64_t count, float *room) {
    int64_t odd = (int64_t)(draw & 1);
    for (int64_t i = 0; i < count + odd; i += LANES) {
        floats factors;
        dropout_lanes(d, draw / 2 + (uint64_t)i / 2, &factors);
        store(room, i, F32, &factors);
    }
    return room + odd;
}
