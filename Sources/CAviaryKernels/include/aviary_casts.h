#pragma once
#include <stdint.h>

// Between single precision and two bytes: to the nearest, ties to even; a NaN stays one.
void aviary_f32_to_bf16(const float *a, uint16_t *out, int64_t count);
void aviary_bf16_to_f32(const uint16_t *a, float *out, int64_t count);
void aviary_f32_to_f16(const float *a, uint16_t *out, int64_t count);
void aviary_f16_to_f32(const uint16_t *a, float *out, int64_t count);
/// There and back: the numbers that two bytes can hold, in four.
void aviary_f32_round_to_bf16(const float *a, float *out, int64_t count);
void aviary_f32_round_to_f16(const float *a, float *out, int64_t count);
