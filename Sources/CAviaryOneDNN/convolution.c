#include "primitive.h"

#include <stdlib.h>
#include <string.h>

// The weights argument: oneDNN's chosen layout, reached by a reorder from or to the plain one.
static bool add_weights(
    aviary_primitive *p, int name, const dnnl_memory_desc_t *plain, const dnnl_memory_desc_t *chosen, bool is_output) {
    if (dnnl_memory_desc_equal(plain, chosen)) return aviary_add_argument(p, name, plain, DNNL_MEMORY_NONE);
    size_t size = (dnnl_memory_desc_get_size(chosen) + 63) / 64 * 64;
    p->chosen_bytes = aligned_alloc(64, size);
    if (!p->chosen_bytes) return false;
    memset(p->chosen_bytes, 0, size);
    dnnl_primitive_desc_t pd;
    const dnnl_memory_desc_t *from = is_output ? chosen : plain, *to = is_output ? plain : chosen;
    dnnl_status_t described =
        dnnl_reorder_primitive_desc_create(&pd, from, aviary_engine, to, aviary_engine, aviary_attributes);
    if (described != dnnl_success) return false;
    dnnl_status_t made = aviary_make_runnable(&p->reorder, pd);
    dnnl_primitive_desc_destroy(pd);
    return made == dnnl_success && dnnl_memory_create(&p->plain, plain, aviary_engine, DNNL_MEMORY_NONE) == dnnl_success
           && aviary_add_argument(p, name, chosen, p->chosen_bytes);
}

static int reorder_locked(aviary_primitive *p, dnnl_memory_t from, dnnl_memory_t to) {
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    return aviary_execute(&p->reorder, arguments, 2);
}

typedef struct {
    dnnl_memory_desc_t source, destination, bias;
    dnnl_memory_desc_t weights, any_weights;  // as the caller has them, and for oneDNN to choose
} convolution_memory;

// The weights of groups have five axes, group first; in the caller's memory that is the same.
static bool describe_convolution(convolution_memory *m, const aviary_convolution_shape *s) {
    dnnl_dims_t grouped = {s->groups, s->destination.channels / s->groups, s->source.channels / s->groups,
                           s->kernel_height, s->kernel_width};
    dnnl_dims_t single = {grouped[1], grouped[2], grouped[3], grouped[4]}, bias = {s->destination.channels};
    int axes = s->groups > 1 ? 5 : 4;
    const dnnl_dim_t *dims = s->groups > 1 ? grouped : single;
    dnnl_format_tag_t tag = s->groups > 1 ? dnnl_goihw : dnnl_oihw;
    return aviary_describe_image(&m->source, &s->source) && aviary_describe_image(&m->destination, &s->destination)
           && dnnl_memory_desc_init_by_tag(&m->weights, axes, dims, dnnl_f32, tag) == dnnl_success
           && dnnl_memory_desc_init_by_tag(&m->any_weights, axes, dims, dnnl_f32, dnnl_format_tag_any) == dnnl_success
           && dnnl_memory_desc_init_by_tag(&m->bias, 1, bias, dnnl_f32, dnnl_a) == dnnl_success;
}

// What lies behind the last window is not padded: with a stride it may be less than asked for, and less than nothing.
static int64_t padding_behind(
    int64_t source, int64_t destination, int64_t kernel, int64_t stride, int64_t dilation, int64_t before) {
    return (destination - 1) * stride + (kernel - 1) * dilation + 1 - source - before;
}

static dnnl_status_t convolution_description(
    dnnl_primitive_desc_t *pd, const aviary_convolution_shape *s, aviary_direction direction,
    const convolution_memory *m, const dnnl_memory_desc_t *bias) {
    dnnl_dims_t strides = {s->stride_height, s->stride_width};
    dnnl_dims_t dilations = {s->dilation_height - 1, s->dilation_width - 1};  // oneDNN counts what is left out
    dnnl_dims_t before = {s->padding_top, s->padding_left};
    dnnl_dims_t behind = {
        padding_behind(s->source.height, s->destination.height, s->kernel_height, s->stride_height,
                       s->dilation_height, s->padding_top),
        padding_behind(s->source.width, s->destination.width, s->kernel_width, s->stride_width,
                       s->dilation_width, s->padding_left)};
    const dnnl_memory_desc_t *source = &m->source, *weights = &m->any_weights, *destination = &m->destination;
    dnnl_convolution_desc_t forward, backward;
    dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
        &forward, dnnl_forward_training, dnnl_convolution_auto, source, weights, bias, destination, strides, dilations,
        before, behind);
    if (status != dnnl_success) return status;
    if (direction == AVIARY_FORWARD)
        return dnnl_primitive_desc_create(pd, &forward, aviary_attributes, aviary_engine, NULL);
    status = direction == AVIARY_BACKWARD_DATA
        ? dnnl_dilated_convolution_backward_data_desc_init(
              &backward, dnnl_convolution_auto, source, weights, destination, strides, dilations, before, behind)
        : dnnl_dilated_convolution_backward_weights_desc_init(
              &backward, dnnl_convolution_auto, source, weights, NULL, destination, strides, dilations, before, behind);
    if (status != dnnl_success) return status;
    dnnl_primitive_desc_t hint;
    status = dnnl_primitive_desc_create(&hint, &forward, NULL, aviary_engine, NULL);
    if (status != dnnl_success) return status;
    status = dnnl_primitive_desc_create(pd, &backward, aviary_attributes, aviary_engine, hint);
    dnnl_primitive_desc_destroy(hint);
    return status;
}

// The bias comes last, because it may be missing.
static bool add_convolution_arguments(
    aviary_primitive *p, aviary_direction direction, const convolution_memory *m, const dnnl_memory_desc_t *chosen,
    const dnnl_memory_desc_t *bias) {
    switch (direction) {
    case AVIARY_FORWARD:
        return aviary_add_argument(p, DNNL_ARG_SRC, &m->source, DNNL_MEMORY_NONE)
               && add_weights(p, DNNL_ARG_WEIGHTS, &m->weights, chosen, false)
               && aviary_add_argument(p, DNNL_ARG_DST, &m->destination, DNNL_MEMORY_NONE)
               && (!bias || aviary_add_argument(p, DNNL_ARG_BIAS, bias, DNNL_MEMORY_NONE));
    case AVIARY_BACKWARD_DATA:
        return aviary_add_argument(p, DNNL_ARG_DIFF_DST, &m->destination, DNNL_MEMORY_NONE)
               && add_weights(p, DNNL_ARG_WEIGHTS, &m->weights, chosen, false)
               && aviary_add_argument(p, DNNL_ARG_DIFF_SRC, &m->source, DNNL_MEMORY_NONE);
    case AVIARY_BACKWARD_WEIGHTS:
        return aviary_add_argument(p, DNNL_ARG_SRC, &m->source, DNNL_MEMORY_NONE)
               && aviary_add_argument(p, DNNL_ARG_DIFF_DST, &m->destination, DNNL_MEMORY_NONE)
               && add_weights(p, DNNL_ARG_DIFF_WEIGHTS, &m->weights, chosen, true);
    }
    return false;
}

aviary_primitive *aviary_convolution_create(
    const aviary_convolution_shape *s, aviary_direction direction, bool has_bias, char *error) {
    aviary_primitive *p = aviary_new_primitive(error);
    if (!p) return NULL;
    convolution_memory m;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_invalid_arguments;
    if (describe_convolution(&m, s)) status = convolution_description(&pd, s, direction, &m, has_bias ? &m.bias : NULL);
    if (aviary_failed(status, "convolution", error)) {
        aviary_destroy(p);
        return NULL;
    }
    dnnl_query_t query = direction == AVIARY_BACKWARD_WEIGHTS ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
    const dnnl_memory_desc_t *chosen = dnnl_primitive_desc_query_md(pd, query, 0);
    bool ok = aviary_make_runnable(&p->main, pd) == dnnl_success
              && add_convolution_arguments(p, direction, &m, chosen, has_bias ? &m.bias : NULL);
    dnnl_primitive_desc_destroy(pd);
    if (ok) return p;
    aviary_failed(dnnl_runtime_error, "convolution memory", error);
    aviary_destroy(p);
    return NULL;
}

bool aviary_convolution_has_kernel(const aviary_convolution_shape *s, aviary_direction direction, bool has_bias) {
    convolution_memory m;
    dnnl_primitive_desc_t pd = NULL;
    if (aviary_engine_status() != dnnl_success || !describe_convolution(&m, s)) return false;
    if (convolution_description(&pd, s, direction, &m, has_bias ? &m.bias : NULL) != dnnl_success) return false;
    const char *name = NULL;
    bool named = dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name) == dnnl_success;
    bool is_reference = named && strncmp(name, "ref", 3) == 0;  // "ref:any"; others begin "jit", "x64:gemm"
    dnnl_primitive_desc_destroy(pd);
    return !is_reference;
}

int aviary_convolution_run(
    aviary_primitive *p, const void *first, const void *second, const void *bias, void *output) {
    pthread_mutex_lock(&p->lock);
    bool weights_are_output = p->arguments[2].arg == DNNL_ARG_DIFF_WEIGHTS;
    int weights = weights_are_output ? 2 : 1;
    const void *given[] = {first, second, output, bias};
    for (int i = 0; i < p->argument_count; i++) {
        if (i == weights && p->reorder.primitive) dnnl_memory_set_data_handle(p->plain, (void *)given[i]);
        else aviary_point(p, i, given[i]);
    }
    int status = 0;
    if (p->reorder.primitive && !weights_are_output) status = reorder_locked(p, p->plain, p->arguments[weights].memory);
    if (!status) status = aviary_execute_locked(p);
    if (!status && p->reorder.primitive && weights_are_output)
        status = reorder_locked(p, p->arguments[weights].memory, p->plain);
    pthread_mutex_unlock(&p->lock);
    return status;
}
