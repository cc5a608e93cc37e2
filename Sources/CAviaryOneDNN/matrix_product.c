#include "primitive.h"

aviary_primitive *aviary_product_create(const aviary_product_shape *s, char *error) {
    aviary_primitive *p = aviary_new_primitive(error);
    if (!p) return NULL;
    dnnl_memory_desc_t left, right, addend, output;
    dnnl_dims_t left_dims = {s->rows, s->inner}, right_dims = {s->inner, s->columns}, bias_dims = {1, s->columns};
    dnnl_dims_t output_dims = {s->rows, s->columns};
    dnnl_data_type_t kind = aviary_data_type(s->operands);
    dnnl_memory_desc_init_by_tag(&left, 2, left_dims, kind, s->left_transposed ? dnnl_ba : dnnl_ab);
    dnnl_memory_desc_init_by_tag(&right, 2, right_dims, kind, s->right_transposed ? dnnl_ba : dnnl_ab);
    dnnl_memory_desc_init_by_tag(&addend, 2, bias_dims, dnnl_f32, dnnl_ab);
    dnnl_memory_desc_init_by_tag(&output, 2, output_dims, aviary_data_type(s->output), dnnl_ab);
    dnnl_matmul_desc_t desc;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_matmul_desc_init(&desc, &left, &right, s->has_bias ? &addend : NULL, &output);
    if (status == dnnl_success) status = aviary_describe_ending(&pd, &desc, s->adds, s->relu);
    if (status == dnnl_success) status = aviary_make_runnable(&p->main, pd);
    if (pd) dnnl_primitive_desc_destroy(pd);
    bool ok = status == dnnl_success && aviary_add_argument(p, DNNL_ARG_SRC, &left, DNNL_MEMORY_NONE)
              && aviary_add_argument(p, DNNL_ARG_WEIGHTS, &right, DNNL_MEMORY_NONE)
              && aviary_add_argument(p, DNNL_ARG_DST, &output, DNNL_MEMORY_NONE)
              && (!s->has_bias || aviary_add_argument(p, DNNL_ARG_BIAS, &addend, DNNL_MEMORY_NONE));
    if (ok) return p;
    aviary_failed(status == dnnl_success ? dnnl_runtime_error : status, "matrix product", error);
    aviary_destroy(p);
    return NULL;
}

int aviary_product_run(aviary_primitive *p, const void *left, const void *right, const float *bias, void *output) {
    pthread_mutex_lock(&p->lock);
    aviary_point(p, 0, left);
    aviary_point(p, 1, right);
    aviary_point(p, 2, output);
    if (p->argument_count == 4) aviary_point(p, 3, bias);
    int status = aviary_execute_locked(p);
    pthread_mutex_unlock(&p->lock);
    return status;
}
