#include "winograd_f32.h"

#define NUMBER float
#define REGISTER floats
// Less nothing, which a compiler leaves out; plus nothing would make -0 positive.
#define EACH(number) (number) - (floats){0}
#define LOAD(from) *(const floats *)(from)
#define ADD(sum, each, line) (sum) + (each) * (line)
#define INSTRUCTIONS WINOGRAD_F32
#include "winograd_strips.h"

void winograd_f32_product(
    int64_t rows, int64_t inner, const float *left, int64_t row_step, int64_t inner_step, const float *right,
    int64_t width, const float *ahead, bool accumulates, float *out) {
    product_of_strips(rows, inner, left, row_step, inner_step, right, width, ahead, accumulates, out);
}
