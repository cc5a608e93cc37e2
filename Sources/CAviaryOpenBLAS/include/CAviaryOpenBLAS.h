#pragma once
#include <stdint.h>

/// `output = left x right` in double precision, all row-major; a transposed operand lies the other way round.
void aviary_dgemm(
    int64_t rows, int64_t inner, int64_t columns, _Bool left_transposed, _Bool right_transposed,
    const double *left, const double *right, double *output);
/// The same in single precision; `adds` to what is in `output`.
void aviary_sgemm(
    int64_t rows, int64_t inner, int64_t columns, _Bool left_transposed, _Bool right_transposed, const float *left,
    const float *right, _Bool adds, float *output);
/// 0 sequential, 1 its own threads, 2 OpenMP.
int aviary_openblas_parallel(void);
const char *aviary_openblas_config(void);
