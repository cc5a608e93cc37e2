#pragma once
#include <stdint.h>
#include <string.h>

#include "aviary_real.h"
#include "vectorised.h"

// Sixteen lanes: one register of AVX-512, two of AVX2, four of the base processor. A function that is no INLINED one
// takes them by pointer: the base processor has no convention for vectors so wide.

// Every function that takes one by value is an INLINED one: no call depends on the convention.
#pragma clang diagnostic ignored "-Wpsabi"

enum { LANES = 16 };

typedef float floats __attribute__((vector_size(4 * LANES), aligned(4)));
typedef int32_t ints __attribute__((vector_size(4 * LANES), aligned(4)));
typedef uint32_t words __attribute__((vector_size(4 * LANES), aligned(4)));
typedef uint64_t double_words __attribute__((vector_size(4 * LANES), aligned(8)));
typedef uint16_t halves __attribute__((vector_size(2 * LANES), aligned(2)));
// In memory: a pair of bf16 is moved like a float, and begins at any bf16.
typedef float floats_anywhere __attribute__((vector_size(4 * LANES), aligned(2)));

// The lanes of `x` where the condition holds, 0 elsewhere.
#define WHERE(condition, x) ((floats)((ints)(x) & (ints)(condition)))

// Where a loop is written once for f32 and bf16: `kind` is a constant there, and the branch is gone.
enum { F32 = AVIARY_REAL_F32, BF16 = AVIARY_REAL_BF16 };

// Sixteen numbers from element `i` on.
INLINED void load(const void *numbers, int64_t i, aviary_real kind, floats *x) {
    if (kind == F32) {
        *x = *(const floats_anywhere *)((const float *)numbers + i);
    } else {
        halves upper = *(const halves *)((const uint16_t *)numbers + i);
        *x = (floats)(__builtin_convertvector(upper, words) << 16);
    }
}

// To the nearest, ties to even; a NaN stays one.
INLINED void store(void *numbers, int64_t i, aviary_real kind, const floats *x) {
    if (kind == F32) {
        *(floats *)((float *)numbers + i) = *x;
    } else {
        words bits = (words)*x, rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16, quiet = bits >> 16 | 0x40;
        words is_nan = (words)((bits & 0x7FFFFFFF) > 0x7F800000);
        *(halves *)((uint16_t *)numbers + i) = __builtin_convertvector((quiet & is_nan) | (rounded & ~is_nan), halves);
    }
}

// The same for fewer: lanes past `count` read as 0 and are not written.
INLINED void load_some(const void *numbers, int64_t i, int64_t count, aviary_real kind, floats *x) {
    int64_t size = kind == F32 ? 4 : 2;
    uint32_t part[LANES] = {0};
    memcpy(part, (const char *)numbers + i * size, (size_t)(count * size));
    load(part, 0, kind, x);
}

INLINED void store_some(void *numbers, int64_t i, int64_t count, aviary_real kind, const floats *x) {
    int64_t size = kind == F32 ? 4 : 2;
    uint32_t part[LANES];
    store(part, 0, kind, x);
    memcpy((char *)numbers + i * size, part, (size_t)(count * size));
}

// The sum of the lanes, halves added to each other.
INLINED float sum_of_lanes(floats x) {
    x += __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    x += __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    x += __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    x += __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    return x[0];
}

// e to the power of each lane, for lanes up to 88; 0 below -87, NaN stays NaN.
// Cephes' expf: x = n ln 2 + r with |r| at most half of ln 2, a polynomial of r, and n put into the exponent.
INLINED void exponential(floats *x) {
    ints normal = ~(ints)(*x < -87.0f);
    floats v = WHERE(normal, *x);
    // Adding 1.5 · 2²³ rounds to an integer and leaves it in the last bits.
    floats shifted = v * 1.44269504f + 12582912.0f;
    floats n = shifted - 12582912.0f;
    floats r = v - n * 0.693359375f - n * -2.12194440e-4f;
    floats p = ((((1.9875691500e-4f * r + 1.3981999507e-3f) * r + 8.3334519073e-3f) * r + 4.1665795894e-2f) * r +
                1.6666665459e-1f) * r + 5.0000001201e-1f;
    floats power = p * r * r + r + 1.0f;
    ints exponent = ((ints)shifted - 0x4B400000 + 127) << 23;
    *x = WHERE(normal, power * (floats)exponent);
}

// The upper and the lower word of each lane's product. Even lanes and odd ones are multiplied apart, as the processor
// does it, and joined by shuffles: a shift to the left would be made part of a multiplication of 64 bits, a slow one.
INLINED void wide_product(words x, uint64_t factor, words *high, words *low) {
    words even = (words)(((double_words)x & 0xFFFFFFFF) * factor), odd = (words)(((double_words)x >> 32) * factor);
    *low = __builtin_shufflevector(even, odd, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
    *high = __builtin_shufflevector(even, odd, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
}

// The four words of Philox 4x32-10 (Salmon et al. 2011) at each lane's counter, which is the first of them before;
// `counter` has its three upper words.
INLINED void philox(const uint32_t key[2], const uint32_t counter[3], words drawn[4]) {
    words none = {0}, c0 = drawn[0], c1 = none + counter[0], c2 = none + counter[1], c3 = none + counter[2];
    uint32_t k0 = key[0], k1 = key[1];
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
        words high0, low0, high1, low1;
        wide_product(c0, 0xD2511F53, &high0, &low0);
        wide_product(c2, 0xCD9E8D57, &high1, &low1);
        c0 = high1 ^ c1 ^ k0;
        c2 = high0 ^ c3 ^ k1;
        c1 = low1;
        c3 = low0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    drawn[0] = c0, drawn[1] = c1, drawn[2] = c2, drawn[3] = c3;
}

typedef double doubles __attribute__((vector_size(8 * LANES), aligned(8)));

// Adds sixteen numbers to sums in double precision.
INLINED void add_to(double *sums, const floats *x) {
    *(doubles *)sums += __builtin_convertvector(*x, doubles);
}

INLINED void add_some_to(double *sums, int64_t count, const floats *x) {
    for (int64_t i = 0; i < count; i++) sums[i] += (*x)[i];
}
