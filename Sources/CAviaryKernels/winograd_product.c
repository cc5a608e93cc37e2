#include "winograd.h"

#if defined(__x86_64__)

#define NUMBER uint32_t
#define REGISTER __m512bh
#define EACH(pair) (__m512bh)_mm512_set1_epi32((int)(pair))
#define LOAD(from) (__m512bh)_mm512_loadu_si512(from)
#define ADD(sum, each, line) (floats)_mm512_dpbf16_ps((__m512)(sum), each, line)
#define INSTRUCTIONS DPBF16
#include "winograd_strips.h"

void winograd_product(
    int64_t rows, int64_t inner, const uint32_t *left, int64_t row_step, int64_t inner_step, const uint32_t *right,
    int64_t width, const uint32_t *ahead, bool accumulates, float *out) {
    product_of_strips(rows, inner, left, row_step, inner_step, right, width, ahead, accumulates, out);
}

#endif
