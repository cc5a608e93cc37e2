#include "primitive.h"

aviary_primitive *aviary_reorder_create(const aviary_image *from, const aviary_image *to, char *error) {
    aviary_primitive *p = aviary_new_primitive(error);
    if (!p) return NULL;
    dnnl_memory_desc_t a, b;
    dnnl_primitive_desc_t pd = NULL;
    bool described = aviary_describe_image(&a, from) && aviary_describe_image(&b, to);
    dnnl_status_t status = described ? dnnl_success : dnnl_invalid_arguments;
    if (described)
        status = dnnl_reorder_primitive_desc_create(&pd, &a, aviary_engine, &b, aviary_engine, aviary_attributes);
    if (status == dnnl_success) status = aviary_make_runnable(&p->main, pd);
    if (pd) dnnl_primitive_desc_destroy(pd);
    bool ok = status == dnnl_success && aviary_add_argument(p, DNNL_ARG_FROM, &a, DNNL_MEMORY_NONE)
              && aviary_add_argument(p, DNNL_ARG_TO, &b, DNNL_MEMORY_NONE);
    if (ok) return p;
    aviary_failed(status == dnnl_success ? dnnl_runtime_error : status, "reorder", error);
    aviary_destroy(p);
    return NULL;
}

int aviary_reorder_run(aviary_primitive *p, const void *from, void *to) {
    pthread_mutex_lock(&p->lock);
    aviary_point(p, 0, from);
    aviary_point(p, 1, to);
    int status = aviary_execute_locked(p);
    pthread_mutex_unlock(&p->lock);
    return status;
}
