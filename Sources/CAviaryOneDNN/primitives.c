#include "CAviaryOneDNN.h"

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAXIMUM_ARGUMENTS = 12 };

// A primitive with what it scribbles in.
typedef struct {
    dnnl_primitive_t primitive;
    dnnl_memory_t scratchpad;        // null where it wants none
    size_t scratchpad_size;
} runnable;

struct aviary_primitive {
    pthread_mutex_t lock;
    runnable main;
    runnable reorder;                // of weights into, or of their gradient out of, the layout oneDNN chose
    dnnl_memory_t plain;             // the caller's side of `reorder`
    void *chosen_bytes;              // oneDNN's side
    dnnl_exec_arg_t arguments[MAXIMUM_ARGUMENTS];
    int argument_count;
};

static dnnl_engine_t engine;
static dnnl_primitive_attr_t attributes;
static dnnl_status_t engine_status;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;
static pthread_key_t scratch_key;

// What stands before a thread's scratch.
typedef struct {
    size_t size;
    _Alignas(64) char bytes[];
} scratch;

// oneDNN's own scratchpad belongs to the thread that made a primitive: run on another, as tasks do that move between
// threads, it points nowhere ("Primitive attributes: scratchpad", DNNL_ENABLE_CONCURRENT_EXEC). Hence ours, one a thread.
static void make_engine(void) {
    engine_status = dnnl_engine_create(&engine, dnnl_cpu, 0);
    if (engine_status == dnnl_success) engine_status = dnnl_primitive_attr_create(&attributes);
    if (engine_status == dnnl_success)
        engine_status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    if (pthread_key_create(&scratch_key, free) != 0 && engine_status == dnnl_success) engine_status = dnnl_out_of_memory;
}

// At least so many bytes, this thread's own until its next call.
static void *scratch_of_thread(size_t size) {
    scratch *own = pthread_getspecific(scratch_key);
    if (own && own->size >= size) return own->bytes;
    free(own);
    own = aligned_alloc(64, (sizeof *own + size + 63) / 64 * 64);
    pthread_setspecific(scratch_key, own);
    if (!own) return NULL;
    own->size = size;
    return own->bytes;
}

static dnnl_status_t make_runnable(runnable *r, const_dnnl_primitive_desc_t pd) {
    dnnl_status_t status = dnnl_primitive_create(&r->primitive, pd);
    const dnnl_memory_desc_t *wanted = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
    r->scratchpad_size = wanted ? dnnl_memory_desc_get_size(wanted) : 0;
    if (status != dnnl_success || r->scratchpad_size == 0) return status;
    return dnnl_memory_create(&r->scratchpad, wanted, engine, DNNL_MEMORY_NONE);
}

static void destroy_runnable(runnable *r) {
    if (r->scratchpad) dnnl_memory_destroy(r->scratchpad);
    if (r->primitive) dnnl_primitive_destroy(r->primitive);
}

// A stream belongs to a thread: two threads may run different primitives at once.
static _Thread_local dnnl_stream_t stream;

static dnnl_stream_t this_stream(void) {
    if (!stream) dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
    return stream;
}

static bool failed(dnnl_status_t status, const char *what, char *error) {
    if (status == dnnl_success) return false;
    snprintf(error, AVIARY_ERROR_LENGTH, "oneDNN: %s: %s", what,
             status == dnnl_unimplemented ? "not implemented for this shape" : dnnl_status2str(status));
    return true;
}

static aviary_primitive *new_primitive(char *error) {
    pthread_once(&engine_once, make_engine);
    if (failed(engine_status, "engine", error)) return NULL;
    aviary_primitive *p = calloc(1, sizeof *p);
    if (!p) {
        snprintf(error, AVIARY_ERROR_LENGTH, "oneDNN: out of memory");
        return NULL;
    }
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

static void destroy(aviary_primitive *p) {
    for (int i = 0; i < p->argument_count; i++) dnnl_memory_destroy(p->arguments[i].memory);
    if (p->plain) dnnl_memory_destroy(p->plain);
    destroy_runnable(&p->main);
    destroy_runnable(&p->reorder);
    free(p->chosen_bytes);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static bool describe_image(dnnl_memory_desc_t *md, const aviary_image *image) {
    dnnl_dims_t dims = {image->batch, image->channels, image->height, image->width};
    dnnl_format_tag_t tag = image->channel_block == 16 ? dnnl_nChw16c
                            : image->channel_block == 8 ? dnnl_nChw8c : dnnl_nchw;
    return dnnl_memory_desc_init_by_tag(md, 4, dims, dnnl_f32, tag) == dnnl_success;
}

static bool add_argument(aviary_primitive *p, int name, const dnnl_memory_desc_t *md, void *bytes) {
    dnnl_memory_t memory;
    if (dnnl_memory_create(&memory, md, engine, bytes) != dnnl_success) return false;
    p->arguments[p->argument_count++] = (dnnl_exec_arg_t){name, memory};
    return true;
}

// The weights argument: oneDNN's chosen layout, reached by a reorder from or to the plain one.
static bool add_weights(
    aviary_primitive *p, int name, const dnnl_memory_desc_t *plain, const dnnl_memory_desc_t *chosen, bool is_output) {
    if (dnnl_memory_desc_equal(plain, chosen)) return add_argument(p, name, plain, DNNL_MEMORY_NONE);
    size_t size = (dnnl_memory_desc_get_size(chosen) + 63) / 64 * 64;
    p->chosen_bytes = aligned_alloc(64, size);
    if (!p->chosen_bytes) return false;
    memset(p->chosen_bytes, 0, size);
    dnnl_primitive_desc_t pd;
    const dnnl_memory_desc_t *from = is_output ? chosen : plain, *to = is_output ? plain : chosen;
    if (dnnl_reorder_primitive_desc_create(&pd, from, engine, to, engine, attributes) != dnnl_success) return false;
    dnnl_status_t made = make_runnable(&p->reorder, pd);
    dnnl_primitive_desc_destroy(pd);
    return made == dnnl_success && dnnl_memory_create(&p->plain, plain, engine, DNNL_MEMORY_NONE) == dnnl_success
           && add_argument(p, name, chosen, p->chosen_bytes);
}

static int execute(const runnable *r, const dnnl_exec_arg_t *given, int count) {
    dnnl_exec_arg_t arguments[MAXIMUM_ARGUMENTS + 1];
    memcpy(arguments, given, sizeof *given * (size_t)count);
    if (r->scratchpad) {
        void *bytes = scratch_of_thread(r->scratchpad_size);
        if (!bytes) return dnnl_out_of_memory;
        dnnl_memory_set_data_handle(r->scratchpad, bytes);
        arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, r->scratchpad};
    }
    dnnl_status_t status = dnnl_primitive_execute(r->primitive, this_stream(), count, arguments);
    return status == dnnl_success ? (int)dnnl_stream_wait(this_stream()) : (int)status;
}

static int execute_locked(aviary_primitive *p) { return execute(&p->main, p->arguments, p->argument_count); }

static int reorder_locked(aviary_primitive *p, dnnl_memory_t from, dnnl_memory_t to) {
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    return execute(&p->reorder, arguments, 2);
}

static void point(aviary_primitive *p, int index, const void *bytes) {
    dnnl_memory_set_data_handle(p->arguments[index].memory, (void *)bytes);
}

// --- convolution ---------------------------------------------------------------------------------------------

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
    return describe_image(&m->source, &s->source) && describe_image(&m->destination, &s->destination)
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
    if (direction == AVIARY_FORWARD) return dnnl_primitive_desc_create(pd, &forward, attributes, engine, NULL);
    status = direction == AVIARY_BACKWARD_DATA
        ? dnnl_dilated_convolution_backward_data_desc_init(
              &backward, dnnl_convolution_auto, source, weights, destination, strides, dilations, before, behind)
        : dnnl_dilated_convolution_backward_weights_desc_init(
              &backward, dnnl_convolution_auto, source, weights, NULL, destination, strides, dilations, before, behind);
    if (status != dnnl_success) return status;
    dnnl_primitive_desc_t hint;
    status = dnnl_primitive_desc_create(&hint, &forward, NULL, engine, NULL);
    if (status != dnnl_success) return status;
    status = dnnl_primitive_desc_create(pd, &backward, attributes, engine, hint);
    dnnl_primitive_desc_destroy(hint);
    return status;
}

// The bias comes last, because it may be missing.
static bool add_convolution_arguments(
    aviary_primitive *p, aviary_direction direction, const convolution_memory *m, const dnnl_memory_desc_t *chosen,
    const dnnl_memory_desc_t *bias) {
    switch (direction) {
    case AVIARY_FORWARD:
        return add_argument(p, DNNL_ARG_SRC, &m->source, DNNL_MEMORY_NONE)
               && add_weights(p, DNNL_ARG_WEIGHTS, &m->weights, chosen, false)
               && add_argument(p, DNNL_ARG_DST, &m->destination, DNNL_MEMORY_NONE)
               && (!bias || add_argument(p, DNNL_ARG_BIAS, bias, DNNL_MEMORY_NONE));
    case AVIARY_BACKWARD_DATA:
        return add_argument(p, DNNL_ARG_DIFF_DST, &m->destination, DNNL_MEMORY_NONE)
               && add_weights(p, DNNL_ARG_WEIGHTS, &m->weights, chosen, false)
               && add_argument(p, DNNL_ARG_DIFF_SRC, &m->source, DNNL_MEMORY_NONE);
    case AVIARY_BACKWARD_WEIGHTS:
        return add_argument(p, DNNL_ARG_SRC, &m->source, DNNL_MEMORY_NONE)
               && add_argument(p, DNNL_ARG_DIFF_DST, &m->destination, DNNL_MEMORY_NONE)
               && add_weights(p, DNNL_ARG_DIFF_WEIGHTS, &m->weights, chosen, true);
    }
    return false;
}

aviary_primitive *aviary_convolution_create(
    const aviary_convolution_shape *s, aviary_direction direction, bool has_bias, char *error) {
    aviary_primitive *p = new_primitive(error);
    if (!p) return NULL;
    convolution_memory m;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_invalid_arguments;
    if (describe_convolution(&m, s)) status = convolution_description(&pd, s, direction, &m, has_bias ? &m.bias : NULL);
    if (failed(status, "convolution", error)) {
        destroy(p);
        return NULL;
    }
    dnnl_query_t query = direction == AVIARY_BACKWARD_WEIGHTS ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
    const dnnl_memory_desc_t *chosen = dnnl_primitive_desc_query_md(pd, query, 0);
    bool ok = make_runnable(&p->main, pd) == dnnl_success
              && add_convolution_arguments(p, direction, &m, chosen, has_bias ? &m.bias : NULL);
    dnnl_primitive_desc_destroy(pd);
    if (ok) return p;
    failed(dnnl_runtime_error, "convolution memory", error);
    destroy(p);
    return NULL;
}

bool aviary_convolution_has_kernel(const aviary_convolution_shape *s, aviary_direction direction, bool has_bias) {
    pthread_once(&engine_once, make_engine);
    convolution_memory m;
    dnnl_primitive_desc_t pd = NULL;
    if (engine_status != dnnl_success || !describe_convolution(&m, s)) return false;
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
        else point(p, i, given[i]);
    }
    int status = 0;
    if (p->reorder.primitive && !weights_are_output) status = reorder_locked(p, p->plain, p->arguments[weights].memory);
    if (!status) status = execute_locked(p);
    if (!status && p->reorder.primitive && weights_are_output)
        status = reorder_locked(p, p->arguments[weights].memory, p->plain);
    pthread_mutex_unlock(&p->lock);
    return status;
}

// --- matrix product ------------------------------------------------------------------------------------------

aviary_primitive *aviary_product_create(
    int64_t rows, int64_t inner, int64_t columns, bool left_transposed, bool right_transposed, bool bias, char *error) {
    aviary_primitive *p = new_primitive(error);
    if (!p) return NULL;
    dnnl_memory_desc_t left, right, addend, output;
    dnnl_dims_t left_dims = {rows, inner}, right_dims = {inner, columns}, bias_dims = {1, columns};
    dnnl_dims_t output_dims = {rows, columns};
    dnnl_memory_desc_init_by_tag(&left, 2, left_dims, dnnl_f32, left_transposed ? dnnl_ba : dnnl_ab);
    dnnl_memory_desc_init_by_tag(&right, 2, right_dims, dnnl_f32, right_transposed ? dnnl_ba : dnnl_ab);
    dnnl_memory_desc_init_by_tag(&addend, 2, bias_dims, dnnl_f32, dnnl_ab);
    dnnl_memory_desc_init_by_tag(&output, 2, output_dims, dnnl_f32, dnnl_ab);
    dnnl_matmul_desc_t desc;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = dnnl_matmul_desc_init(&desc, &left, &right, bias ? &addend : NULL, &output);
    if (status == dnnl_success) status = dnnl_primitive_desc_create(&pd, &desc, attributes, engine, NULL);
    if (status == dnnl_success) status = make_runnable(&p->main, pd);
    if (pd) dnnl_primitive_desc_destroy(pd);
    bool ok = status == dnnl_success && add_argument(p, DNNL_ARG_SRC, &left, DNNL_MEMORY_NONE)
              && add_argument(p, DNNL_ARG_WEIGHTS, &right, DNNL_MEMORY_NONE)
              && add_argument(p, DNNL_ARG_DST, &output, DNNL_MEMORY_NONE)
              && (!bias || add_argument(p, DNNL_ARG_BIAS, &addend, DNNL_MEMORY_NONE));
    if (ok) return p;
    failed(status == dnnl_success ? dnnl_runtime_error : status, "matrix product", error);
    destroy(p);
    return NULL;
}

int aviary_product_run(
    aviary_primitive *p, const float *left, const float *right, const float *bias, float *output) {
    pthread_mutex_lock(&p->lock);
    point(p, 0, left);
    point(p, 1, right);
    point(p, 2, output);
    if (p->argument_count == 4) point(p, 3, bias);
    int status = execute_locked(p);
    pthread_mutex_unlock(&p->lock);
    return status;
}

// --- reorder -------------------------------------------------------------------------------------------------

aviary_primitive *aviary_reorder_create(const aviary_image *from, const aviary_image *to, char *error) {
    aviary_primitive *p = new_primitive(error);
    if (!p) return NULL;
    dnnl_memory_desc_t a, b;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t status = describe_image(&a, from) && describe_image(&b, to) ? dnnl_success : dnnl_invalid_arguments;
    if (status == dnnl_success) status = dnnl_reorder_primitive_desc_create(&pd, &a, engine, &b, engine, attributes);
    if (status == dnnl_success) status = make_runnable(&p->main, pd);
    if (pd) dnnl_primitive_desc_destroy(pd);
    bool ok = status == dnnl_success && add_argument(p, DNNL_ARG_FROM, &a, DNNL_MEMORY_NONE)
              && add_argument(p, DNNL_ARG_TO, &b, DNNL_MEMORY_NONE);
    if (ok) return p;
    failed(status == dnnl_success ? dnnl_runtime_error : status, "reorder", error);
    destroy(p);
    return NULL;
}

int aviary_reorder_run(aviary_primitive *p, const void *from, void *to) {
    pthread_mutex_lock(&p->lock);
    point(p, 0, from);
    point(p, 1, to);
    int status = execute_locked(p);
    pthread_mutex_unlock(&p->lock);
    return status;
}

// --- facts ---------------------------------------------------------------------------------------------------

int64_t aviary_preferred_channel_block(void) {
    return dnnl_get_effective_cpu_isa() >= dnnl_cpu_isa_avx512_core ? 16 : 8;
}

const char *aviary_onednn_isa(void) {
    switch (dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_sse41: return "sse41";
    case dnnl_cpu_isa_avx: return "avx";
    case dnnl_cpu_isa_avx2: return "avx2";
    case dnnl_cpu_isa_avx512_core: return "avx512_core";
    case dnnl_cpu_isa_avx512_core_vnni: return "avx512_core_vnni";
    case dnnl_cpu_isa_avx512_core_bf16: return "avx512_core_bf16";
    default: return "other";
    }
}

const char *aviary_onednn_version(void) {
    static _Thread_local char text[32];
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, sizeof text, "%d.%d.%d", v->major, v->minor, v->patch);
    return text;
}
