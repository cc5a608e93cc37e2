#pragma once
#include "aviary_dropout.h"
#include "vectors.h"

// Eight blocks of a random stream at once: each has four words, thirty-two in all.
typedef uint64_t blocks __attribute__((vector_size(8 * LANES / 2), aligned(8)));

/// Elements whose factors are made at once; a multiple of thirty-two.
enum { DROPOUT_STRETCH = 512 };
/// What `dropout_factors` may write beyond them, or beyond any number of whole vectors.
enum { DROPOUT_ROOM = 2 * LANES };

// The lower halves of eight lanes: those of `a` stay, those of `b` become the upper halves.
#define JOINED(a, b)                                                                                            \
    ((blocks)__builtin_shufflevector((words)(a), (words)(b), 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30))

// The upper halves in both: on AVX-512 a shift would wait for the unit that multiplies.
#define UPPER(a) \
    ((blocks)__builtin_shufflevector((words)(a), (words)(a), 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15))

// What thirty-two elements are multiplied by: of a word below the threshold nothing is left. Philox as in `philox`, but
// each word in the lower half of a lane of 64 bits, which is how it is multiplied; what the upper halves hold is noise.
INLINED void dropout_lanes(const aviary_dropout *d, uint64_t block, floats *first, floats *second) {
    const uint64_t lower = 0xFFFFFFFF;
    // In such an order that the lanes below, taken in turn from two vectors, stand in the order of the blocks.
    blocks c0 = (blocks){0, 4, 1, 5, 2, 6, 3, 7} + block, c1 = (blocks){0} + d->counter[0];
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
    // Each lane has two words of its block: the even lanes of both vectors are the first four blocks.
    blocks front = JOINED(c0, c1), back = JOINED(c2, c3);
    words even = (words)__builtin_shufflevector(front, back, 0, 8, 2, 10, 4, 12, 6, 14);
    words odd = (words)__builtin_shufflevector(front, back, 1, 9, 3, 11, 5, 13, 7, 15);
    *first = WHERE(even >= d->threshold, (floats){0} + d->kept);
    *second = WHERE(odd >= d->threshold, (floats){0} + d->kept);
}

// The factors of up to DROPOUT_STRETCH elements from the given word on. `room` is for them and DROPOUT_ROOM.
INLINED const float *dropout_factors(const aviary_dropout *d, uint64_t word, int64_t count, float *room) {
    int64_t skipped = (int64_t)(word % 4);
    for (int64_t i = 0; i < count + skipped; i += 2 * LANES) {
        floats first, second;
        dropout_lanes(d, (word + (uint64_t)i) / 4, &first, &second);
        store(room, i, F32, &first);
        store(room, i + LANES, F32, &second);
    }
    return room + skipped;
}
