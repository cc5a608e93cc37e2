#include "primitive.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    dnnl_memory_desc_t source, destination, bias;
    dnnl_memory_desc_t weights, any_weights;    // as the caller has them, and for oneDNN to choose
    dnnl_memory_desc_t any_gradient;            // of the weights
} convolution_memory;

// The weights of groups have five axes, group first; in the caller's memory that is the same.
static bool describe_convolution(
    convolution_memory *m, const aviary_convolution_shape *s, aviary_direction direction, bool channels_last) {
    dnnl_dims_t grouped = {s->groups, s->destination.channels / s->groups, s->source.channels / s->groups,
                           s->kernel_height, s->kernel_width};
    dnnl_dims_t single = {grouped[1], grouped[2], grouped[3], grouped[4]}, bias = {s->destination.channels};
    int axes = s->groups > 1 ? 5 : 4;
    const dnnl_dim_t *dims = s->groups > 1 ? grouped : single;
    dnnl_format_tag_t tag = s->groups > 1 ? dnnl_goihw : dnnl_oihw;
    dnnl_data_type_t kind = aviary_data_type(s->kind), plain = direction == AVIARY_BACKWARD_WEIGHTS ? dnnl_f32 : kind;
    return aviary_describe_image(&m->source, &s->source, s->kind, channels_last)
           && aviary_describe_image(&m->destination, &s->destination, s->kind, channels_last)
           && dnnl_memory_desc_init_by_tag(&m->weights, axes, dims, plain, tag) == dnnl_success
           && dnnl_memory_desc_init_by_tag(&m->any_weights, axes, dims, kind, dnnl_format_tag_any) == dnnl_success
           && dnnl_memory_desc_init_by_tag(&m->any_gradient, axes, dims, dnnl_f32, dnnl_format_tag_any) == dnnl_success
           && dnnl_memory_desc_init_by_tag(&m->bias, 1, bias, dnnl_f32, dnnl_a) == dnnl_success;
}

// What lies behind the last window is not padded: with a stride it may be less than asked for, and less than nothing.
static int64_t padding_behind(
    int64_t source, int64_t destination, int64_t kernel, int64_t stride, int64_t dilation, int64_t before) {
    return (destination - 1) * stride + (kernel - 1) * dilation + 1 - source - before;
}

static dnnl_status_t convolution_description(
    dnnl_primitive_desc_t *pd, const aviary_convolution_shape *s, aviary_direction direction,
    const convolution_memory *m, bool has_bias, aviary_convolution_way way) {
    dnnl_dims_t strides = {s->stride_height, s->stride_width};
    dnnl_dims_t dilations = {s->dilation_height - 1, s->dilation_width - 1};  // oneDNN counts what is left out
    dnnl_dims_t before = {s->padding_top, s->padding_left};
    dnnl_dims_t behind = {
        padding_behind(s->source.height, s->destination.height, s->kernel_height, s->stride_height,
                       s->dilation_height, s->padding_top),
        padding_behind(s->source.width, s->destination.width, s->kernel_width, s->stride_width,
                       s->dilation_width, s->padding_left)};
    const dnnl_memory_desc_t *source = &m->source, *weights = &m->any_weights, *destination = &m->destination;
    dnnl_alg_kind_t algorithm = way.winograd ? dnnl_convolution_winograd : dnnl_convolution_direct;
    dnnl_convolution_desc_t forward, backward;
    dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
        &forward, way.weights_kept ? dnnl_forward_inference : dnnl_forward_training, algorithm, source, weights,
        has_bias ? &m->bias : NULL, destination, strides, dilations, before, behind);
    if (status != dnnl_success) return status;
    if (direction == AVIARY_FORWARD) return aviary_describe_ending(pd, &forward, way.adds, way.relu);
    status = direction == AVIARY_BACKWARD_DATA
        ? dnnl_dilated_convolution_backward_data_desc_init(
              &backward, algorithm, source, weights, destination, strides, dilations, before, behind)
        : dnnl_dilated_convolution_backward_weights_desc_init(
              &backward, algorithm, source, &m->any_gradient, NULL, destination, strides, dilations, before, behind);
    if (status != dnnl_success) return status;
    dnnl_primitive_desc_t hint;
    status = dnnl_primitive_desc_create(&hint, &forward, NULL, aviary_engine, NULL);
    if (status != dnnl_success) return status;
    status = dnnl_primitive_desc_create(pd, &backward, aviary_attributes, aviary_engine, hint);
    dnnl_primitive_desc_destroy(hint);
    return status;
}

// A number for each distinct description of packed weights; there are as many as a model has distinct layers.
static int form_of(const dnnl_memory_desc_t *chosen) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static dnnl_memory_desc_t *known;
    static int count;
    pthread_mutex_lock(&lock);
    int form = 0;
    while (form < count && !dnnl_memory_desc_equal(&known[form], chosen)) form++;
    if (form == count) {
        dnnl_memory_desc_t *grown = realloc(known, (size_t)(count + 1) * sizeof *known);
        if (grown) known = grown, known[count++] = *chosen;
        else form = -1;
    }
    pthread_mutex_unlock(&lock);
    return form;
}

// The way between plain weights, or their plain gradient, and the form that oneDNN chose.
static bool add_packing(
    aviary_primitive *p, const dnnl_memory_desc_t *plain, const dnnl_memory_desc_t *chosen, bool is_gradient,
    char *error) {
    if (dnnl_memory_desc_equal(plain, chosen)) return true;
    p->packed_size = (int64_t)dnnl_memory_desc_get_size(chosen);
    p->form = form_of(chosen);
    p->packing = is_gradient ? aviary_new_copy(chosen, plain, error) : aviary_new_copy(plain, chosen, error);
    return p->packing && p->form >= 0;
}

// The bias comes last, because it may be missing.
static bool add_convolution_arguments(
    aviary_primitive *p, aviary_direction direction, const convolution_memory *m, const dnnl_memory_desc_t *chosen,
    bool has_bias) {
    switch (direction) {
    case AVIARY_FORWARD:
        return aviary_add_argument(p, DNNL_ARG_SRC, &m->source, DNNL_MEMORY_NONE)
               && aviary_add_argument(p, DNNL_ARG_WEIGHTS, chosen, DNNL_MEMORY_NONE)
               && aviary_add_argument(p, DNNL_ARG_DST, &m->destination, DNNL_MEMORY_NONE)
               && (!has_bias || aviary_add_argument(p, DNNL_ARG_BIAS, &m->bias, DNNL_MEMORY_NONE));
    case AVIARY_BACKWARD_DATA:
        return aviary_add_argument(p, DNNL_ARG_DIFF_DST, &m->destination, DNNL_MEMORY_NONE)
               && aviary_add_argument(p, DNNL_ARG_WEIGHTS, chosen, DNNL_MEMORY_NONE)
               && aviary_add_argument(p, DNNL_ARG_DIFF_SRC, &m->source, DNNL_MEMORY_NONE);
    case AVIARY_BACKWARD_WEIGHTS:
        return aviary_add_argument(p, DNNL_ARG_SRC, &m->source, DNNL_MEMORY_NONE)
               && aviary_add_argument(p, DNNL_ARG_DIFF_DST, &m->destination, DNNL_MEMORY_NONE)
               && aviary_add_argument(p, DNNL_ARG_DIFF_WEIGHTS, chosen, DNNL_MEMORY_NONE);
    }
    return false;
}

static dnnl_query_t weights_query(aviary_direction direction) {
    return direction == AVIARY_BACKWARD_WEIGHTS ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
}

aviary_primitive *aviary_convolution_create(
    const aviary_convolution_shape *s, aviary_direction direction, bool has_bias, aviary_convolution_way way,
    char *error) {
    aviary_primitive *p = aviary_new_primitive(error);
    if (!p) return NULL;
    convolution_memory m;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_invalid_arguments;
    if (describe_convolution(&m, s, direction, way.channels_last))
        status = convolution_description(&pd, s, direction, &m, has_bias, way);
    if (aviary_failed(status, "convolution", error)) {
        aviary_destroy(p);
        return NULL;
    }
    bool is_gradient = direction == AVIARY_BACKWARD_WEIGHTS;
    const dnnl_memory_desc_t *chosen = dnnl_primitive_desc_query_md(pd, weights_query(direction), 0);
    aviary_failed(dnnl_runtime_error, "convolution memory", error);
    bool ok = aviary_make_runnable(&p->main, pd) == dnnl_success
              && add_packing(p, &m.weights, chosen, is_gradient, error)
              && add_convolution_arguments(p, direction, &m, chosen, has_bias);
    dnnl_primitive_desc_destroy(pd);
    if (ok) return p;
    aviary_destroy(p);
    return NULL;
}

bool aviary_convolution_has_kernel(
    const aviary_convolution_shape *s, aviary_direction direction, bool has_bias, aviary_convolution_way way,
    int64_t *weights_size) {
    convolution_memory m;
    dnnl_primitive_desc_t pd = NULL;
    if (aviary_engine_status() != dnnl_success || !describe_convolution(&m, s, direction, way.channels_last))
        return false;
    if (convolution_description(&pd, s, direction, &m, has_bias, way) != dnnl_success) return false;
    const char *name = NULL;
    bool named = dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name) == dnnl_success;
    bool is_reference = named && strncmp(name, "ref", 3) == 0;  // "ref:any"; others begin "jit", "x64:gemm"
    *weights_size = (int64_t)dnnl_memory_desc_get_size(dnnl_primitive_desc_query_md(pd, weights_query(direction), 0));
    dnnl_primitive_desc_destroy(pd);
    return !is_reference;
}

int64_t aviary_convolution_packed_size(const aviary_primitive *p) { return p->packed_size; }
int aviary_convolution_form(const aviary_primitive *p) { return p->form; }
int aviary_convolution_pack(aviary_primitive *p, const void *from, void *to) {
    return aviary_run_copy(p->packing, from, to);
}

int aviary_convolution_run(
    aviary_primitive *p, const void *first, const void *second, const void *bias, void *output) {
    pthread_mutex_lock(&p->lock);
    const void *given[] = {first, second, output, bias};
    for (int i = 0; i < p->argument_count; i++) aviary_point(p, i, given[i]);
    int status = aviary_execute_locked(p);
    pthread_mutex_unlock(&p->lock);
    return status;
}
