#include "aviary_casts.h"

#include <stdbool.h>
#include <string.h>

#include "vectorised.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define LOOP for (int64_t i = 0; i < count; i++)

static inline uint32_t bits_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float float_of(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint32_t bf16_of(uint32_t bits) {
    uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    uint32_t quiet = bits >> 16 | 0x40;
    return (bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded;
}

VECTORISED(extern, void, aviary_f32_to_bf16, (const float *a, uint16_t *restrict out, int64_t count), (a, out, count)) {
    LOOP out[i] = (uint16_t)bf16_of(bits_of(a[i]));
}

VECTORISED(extern, void, aviary_bf16_to_f32, (const uint16_t *a, float *restrict out, int64_t count), (a, out, count)) {
    LOOP out[i] = float_of((uint32_t)a[i] << 16);
}

VECTORISED(
    extern, void, aviary_f32_round_to_bf16, (const float *a, float *restrict out, int64_t count), (a, out, count)) {
    LOOP out[i] = float_of(bf16_of(bits_of(a[i])) << 16);
}

// Half precision by the processor's own conversion (F16C, since 2012); else by the compiler's.
#if defined(__x86_64__)
#define F16C __attribute__((target("avx,f16c")))
F16C static void narrow_f16c(const float *a, uint16_t *out, int64_t count) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm_storeu_si128((__m128i *)(out + i), _mm256_cvtps_ph(_mm256_loadu_ps(a + i), _MM_FROUND_TO_NEAREST_INT));
    for (; i < count; i++)
        out[i] = (uint16_t)_mm_extract_epi16(_mm_cvtps_ph(_mm_set_ss(a[i]), _MM_FROUND_TO_NEAREST_INT), 0);
}
F16C static void widen_f16c(const uint16_t *a, float *out, int64_t count) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm256_storeu_ps(out + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(a + i))));
    for (; i < count; i++) out[i] = _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(a[i])));
}
F16C static void round_f16c(const float *a, float *out, int64_t count) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm256_storeu_ps(out + i, _mm256_cvtph_ps(_mm256_cvtps_ph(_mm256_loadu_ps(a + i), _MM_FROUND_TO_NEAREST_INT)));
    for (; i < count; i++)
        out[i] = _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtps_ph(_mm_set_ss(a[i]), _MM_FROUND_TO_NEAREST_INT)));
}
static bool has_f16c(void) { return __builtin_cpu_supports("avx") && __builtin_cpu_supports("f16c"); }
#else
static void narrow_f16c(const float *a, uint16_t *out, int64_t count) { (void)a, (void)out, (void)count; }
static void widen_f16c(const uint16_t *a, float *out, int64_t count) { (void)a, (void)out, (void)count; }
static void round_f16c(const float *a, float *out, int64_t count) { (void)a, (void)out, (void)count; }
static bool has_f16c(void) { return false; }
#endif

void aviary_f32_to_f16(const float *a, uint16_t *out, int64_t count) {
    if (has_f16c()) {
        narrow_f16c(a, out, count);
        return;
    }
    LOOP {
        _Float16 half = (_Float16)a[i];
        memcpy(out + i, &half, sizeof half);
    }
}

void aviary_f16_to_f32(const uint16_t *a, float *out, int64_t count) {
    if (has_f16c()) {
        widen_f16c(a, out, count);
        return;
    }
    LOOP {
        _Float16 half;
        memcpy(&half, a + i, sizeof half);
        out[i] = (float)half;
    }
}

void aviary_f32_round_to_f16(const float *a, float *out, int64_t count) {
    if (has_f16c()) round_f16c(a, out, count);
    else LOOP out[i] = (float)(_Float16)a[i];
}
