#include "CAviaryOpenBLAS.h"

#include <cblas.h>

static int leading(int64_t rows, int64_t columns, _Bool transposed) {
    int64_t width = transposed ? rows : columns;
    return width > 0 ? (int)width : 1;
}

void aviary_dgemm(
    int64_t rows, int64_t inner, int64_t columns, _Bool lt, _Bool rt, const double *left, const double *right,
    double *output) {
    cblas_dgemm(CblasRowMajor, lt ? CblasTrans : CblasNoTrans, rt ? CblasTrans : CblasNoTrans, (int)rows, (int)columns,
                (int)inner, 1, left, leading(rows, inner, lt), right, leading(inner, columns, rt), 0, output,
                leading(rows, columns, 0));
}

void aviary_sgemm(
    int64_t rows, int64_t inner, int64_t columns, _Bool lt, _Bool rt, const float *left, const float *right, _Bool adds,
    float *output) {
    cblas_sgemm(CblasRowMajor, lt ? CblasTrans : CblasNoTrans, rt ? CblasTrans : CblasNoTrans, (int)rows, (int)columns,
                (int)inner, 1, left, leading(rows, inner, lt), right, leading(inner, columns, rt), adds ? 1 : 0, output,
                leading(rows, columns, 0));
}

int aviary_openblas_parallel(void) { return openblas_get_parallel(); }
const char *aviary_openblas_config(void) { return openblas_get_config(); }
