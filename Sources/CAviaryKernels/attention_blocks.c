#include "attention_blocks.h"

#include "extents.h"
#include "transpose.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Sixteen numbers of a row from column `j` on, 0 past its end.
INLINED void load_columns(const row_block *rows, aviary_real kind, int64_t i, int64_t j, floats *x) {
    const char *row = rows->first + i * rows->step;
    if (j + LANES <= rows->columns) load(row, j, kind, x);
    else load_some(row, j, rows->columns - j, kind, x);
}

// MARK: Lines of floats

INLINED void copy_rows(const row_block *rows, aviary_real kind, float *lines) {
    int64_t width = whole_lanes(rows->columns);
    for (int64_t i = 0; i < rows->count; i++)
        for (int64_t j = 0; j < width; j += LANES) load_columns(rows, kind, i, j, (floats *)(lines + i * width + j));
}

INLINED void transpose_rows(const row_block *rows, aviary_real kind, int64_t lanes, float *lines) {
    for (int64_t i = 0; i < lanes; i += LANES)
        for (int64_t j = 0; j < rows->columns; j += LANES) {
            floats x[LANES];
            for (int64_t r = 0; r < LANES; r++)
                if (i + r < rows->count) load_columns(rows, kind, i + r, j, &x[r]);
                else x[r] = (floats){0};
            transpose(x);
            for (int64_t r = 0; r < least(LANES, rows->columns - j); r++)
                *(floats *)(lines + (j + r) * lanes + i) = x[r];
        }
}

VECTORISED(static, void, copy_f32, (const row_block *rows, float *lines), (rows, lines)) {
    copy_rows(rows, F32, lines);
}
VECTORISED(static, void, copy_bf16, (const row_block *rows, float *lines), (rows, lines)) {
    copy_rows(rows, BF16, lines);
}
VECTORISED(
    static, void, transpose_f32, (const row_block *rows, int64_t lanes, float *lines), (rows, lanes, lines)) {
    transpose_rows(rows, F32, lanes, lines);
}
VECTORISED(
    static, void, transpose_bf16, (const row_block *rows, int64_t lanes, float *lines), (rows, lanes, lines)) {
    transpose_rows(rows, BF16, lanes, lines);
}

// MARK: Lines of pairs

// Widening a bf16 to f32 puts it into the upper half of its lane, exactly.
VECTORISED(static, void, pair_rows, (const row_block *rows, uint32_t *lines), (rows, lines)) {
    int64_t width = whole_lanes(rows->columns);
    for (int64_t i = 0; i < rows->count; i += 2)
        for (int64_t j = 0; j < width; j += LANES) {
            floats first, second = {0};
            load_columns(rows, BF16, i, j, &first);
            if (i + 1 < rows->count) load_columns(rows, BF16, i + 1, j, &second);
            *(words *)(lines + i / 2 * width + j) = (words)first >> 16 | (words)second;
        }
}

void aviary_pack_lines(unit_kind units, const row_block *rows, void *lines) {
    if (units == PAIRS) pair_rows(rows, lines);
    else if (rows->kind == BF16) copy_bf16(rows, lines);
    else copy_f32(rows, lines);
}

void aviary_pack_columns(unit_kind units, const row_block *rows, int64_t lanes, void *lines) {
    if (units == PAIRS) {
        // Two neighbours in a row are a pair as they lie: a word that is moved like a float.
        row_block pairs = *rows;
        pairs.columns /= 2;
        transpose_f32(&pairs, lanes, lines);
    } else if (rows->kind == BF16) {
        transpose_bf16(rows, lanes, lines);
    } else {
        transpose_f32(rows, lanes, lines);
    }
}

// MARK: Back to rows

INLINED void scale_rows(const row_block *rows, aviary_real kind, const float *source, const float *factors) {
    int64_t width = whole_lanes(rows->columns);
    for (int64_t i = 0; i < rows->count; i++)
        for (int64_t j = 0; j < width; j += LANES) {
            char *row = rows->first + i * rows->step;
            floats x = *(const floats *)(source + i * width + j) * (factors ? factors[i] : 1);
            if (j + LANES <= rows->columns) store(row, j, kind, &x);
            else store_some(row, j, rows->columns - j, kind, &x);
        }
}

VECTORISED(
    extern, void, aviary_unpack, (const row_block *rows, const float *source, const float *factors),
    (rows, source, factors)) {
    if (rows->kind == BF16) scale_rows(rows, BF16, source, factors);
    else scale_rows(rows, F32, source, factors);
}

INLINED void add_products(const row_block *a, const row_block *b, aviary_real kind, float *dots) {
    for (int64_t i = 0; i < a->count; i++) {
        floats sum = {0};
        for (int64_t j = 0; j < a->columns; j += LANES) {
            floats x, y;
            load_columns(a, kind, i, j, &x);
            load_columns(b, kind, i, j, &y);
            sum += x * y;
        }
        dots[i] = sum_of_lanes(sum);
    }
}

VECTORISED(extern, void, aviary_row_dots, (const row_block *a, const row_block *b, float *dots), (a, b, dots)) {
    if (a->kind == BF16) add_products(a, b, BF16, dots);
    else add_products(a, b, F32, dots);
}

// MARK: Left operands

#if defined(__x86_64__)
// Rounds each two rows, and a last one beside zeros, to rows of pairs.
AVIARY_AVX512_BF16 static void round_across(int64_t count, int64_t lanes, const float *block, uint32_t *pairs) {
    for (int64_t i = 0; i < count; i += 2)
        for (int64_t j = 0; j < lanes; j += LANES) {
            const float *first = block + i * lanes + j;
            __m512 next = i + 1 < count ? _mm512_loadu_ps(first + lanes) : _mm512_setzero_ps();
            __m512i lower = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(first)));
            __m512i upper = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(next));
            _mm512_storeu_si512(pairs + i / 2 * lanes + j, _mm512_or_si512(lower, _mm512_slli_epi32(upper, 16)));
        }
}

AVIARY_AVX512_BF16 static void round_along(int64_t count, const float *block, uint16_t *halves) {
    for (int64_t i = 0; i < count; i += LANES)
        _mm256_storeu_si256((__m256i_u *)(halves + i), (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(block + i)));
}
#endif

left_operand aviary_left_across(unit_kind units, int64_t count, int64_t lanes, const float *block, void *packed) {
#if defined(__x86_64__)
    if (units == PAIRS) {
        round_across(count, lanes, block, packed);
        return (left_operand){packed, 4, 4 * lanes};
    }
#endif
    return (left_operand){block, 4, 4 * lanes};
}

left_operand aviary_left_along(unit_kind units, int64_t count, int64_t lanes, const float *block, void *packed) {
#if defined(__x86_64__)
    if (units == PAIRS) {
        round_along(count * lanes, block, packed);
        return (left_operand){packed, 2 * lanes, 4};
    }
#endif
    return (left_operand){block, 4 * lanes, 4};
}
