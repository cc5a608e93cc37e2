#pragma once
#include "vectorised.h"

#include <string.h>

// Sixteen lanes: one register of AVX-512, two of AVX2, four of the base processor. A function that is no INLINED one
// takes them by pointer: the base processor has no convention for vectors so wide.

enum { LANES = 16 };

// The warning that the base processor passes such vectors in another way: an INLINED function is never called.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float floats __attribute__((vector_size(4 * LANES), aligned(4)));
typedef int32_t ints __attribute__((vector_size(4 * LANES), aligned(4)));
typedef uint32_t words __attribute__((vector_size(4 * LANES), aligned(4)));
typedef uint64_t wide __attribute__((vector_size(8 * LANES), aligned(8)));
typedef uint16_t halves __attribute__((vector_size(2 * LANES), aligned(2)));

// The lanes of `x` where the condition holds, 0 elsewhere.
#define WHERE(condition, x) ((floats)((ints)(x) & (ints)(condition)))

// Where a loop is written once for f32 and bf16: `kind` is a constant there, and the branch is gone.
typedef enum { F32, BF16 } real_kind;

// Sixteen numbers from element `i` on.
INLINED void load(const void *numbers, int64_t i, real_kind kind, floats *x) {
    if (kind == F32) {
        *x = *(const floats *)((const float *)numbers + i);
    } else {
        halves upper = *(const halves *)((const uint16_t *)numbers + i);
        *x = (floats)(__builtin_convertvector(upper, words) << 16);
    }
}

// To the nearest, ties to even; a NaN stays one.
INLINED void store(void *numbers, int64_t i, real_kind kind, const floats *x) {
    if (kind == F32) {
        *(floats *)((float *)numbers + i) = *x;
    } else {
        words bits = (words)*x, rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16, quiet = bits >> 16 | 0x40;
        words is_nan = (words)((bits & 0x7FFFFFFF) > 0x7F800000);
        *(halves *)((uint16_t *)numbers + i) = __builtin_convertvector((quiet & is_nan) | (rounded & ~is_nan), halves);
    }
}

// The same for fewer: lanes past `count` read as 0 and are not written.
INLINED void load_some(const void *numbers, int64_t i, int64_t count, real_kind kind, floats *x) {
    int64_t size = kind == F32 ? 4 : 2;
    uint32_t part[LANES] = {0};
    memcpy(part, (const char *)numbers + i * size, (size_t)(count * size));
    load(part, 0, kind, x);
}

INLINED void store_some(void *numbers, int64_t i, int64_t count, real_kind kind, const floats *x) {
    int64_t size = kind == F32 ? 4 : 2;
    uint32_t part[LANES];
    store(part, 0, kind, x);
    memcpy((char *)numbers + i * size, part, (size_t)(count * size));
}

// The sum of the lanes, halves added to each other.
INLINED float sum_of_lanes(floats x) {
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++) x[i] += x[i + half];
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

// The four words of Philox 4x32-10 (Salmon et al. 2011) at each lane's counter, which is the first of them before;
// `counter` has its three upper words.
INLINED void philox(const uint32_t key[2], const uint32_t counter[3], words drawn[4]) {
    // Words in the lower halves of lanes of 64 bits, as the products want them; what the upper halves hold, these do
    // not see.
    wide none = {0}, lower = none + 0xFFFFFFFFu;
    wide c0 = __builtin_convertvector(drawn[0], wide), c1 = none + counter[0], c2 = none + counter[1],
         c3 = none + counter[2];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        wide a0 = (c0 & lower) * 0xD2511F53u, a1 = (c2 & lower) * 0xCD9E8D57u;
        c0 = a1 >> 32 ^ c1 ^ (none + k0);
        c2 = a0 >> 32 ^ c3 ^ (none + k1);
        c1 = a1;
        c3 = a0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    drawn[0] = __builtin_convertvector(c0, words), drawn[1] = __builtin_convertvector(c1, words);
    drawn[2] = __builtin_convertvector(c2, words), drawn[3] = __builtin_convertvector(c3, words);
}
