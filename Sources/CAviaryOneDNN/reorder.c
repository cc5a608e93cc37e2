#include "primitive.h"

aviary_primitive *aviary_new_copy(const dnnl_memory_desc_t *from, const dnnl_memory_desc_t *to, char *error) {
    aviary_primitive *p = aviary_new_primitive(error);
    if (!p) return NULL;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status =
        dnnl_reorder_primitive_desc_create(&pd, from, aviary_engine, to, aviary_engine, aviary_attributes);
    if (status == dnnl_success) status = aviary_make_runnable(&p->main, pd);
    if (pd) dnnl_primitive_desc_destroy(pd);
    bool ok = status == dnnl_success && aviary_add_argument(p, DNNL_ARG_FROM, from, DNNL_MEMORY_NONE)
              && aviary_add_argument(p, DNNL_ARG_TO, to, DNNL_MEMORY_NONE);
    if (ok) return p;
    aviary_failed(status == dnnl_success ? dnnl_runtime_error : status, "reorder", error);
    aviary_destroy(p);
    return NULL;
}

int aviary_run_copy(aviary_primitive *p, const void *from, void *to) {
    pthread_mutex_lock(&p->lock);
    aviary_point(p, 0, from);
    aviary_point(p, 1, to);
    int status = aviary_execute_locked(p);
    pthread_mutex_unlock(&p->lock);
    return status;
}

aviary_primitive *aviary_reorder_create(
    const aviary_image *from, const aviary_image *to, aviary_kind kind, char *error) {
    dnnl_memory_desc_t a, b;
    if (aviary_failed(aviary_engine_status(), "engine", error)) return NULL;
    if (aviary_describe_image(&a, from, kind, true) && aviary_describe_image(&b, to, kind, true))
        return aviary_new_copy(&a, &b, error);
    aviary_failed(dnnl_invalid_arguments, "reorder", error);
    return NULL;
}

int aviary_reorder_run(aviary_primitive *p, const void *from, void *to) { return aviary_run_copy(p, from, to); }
