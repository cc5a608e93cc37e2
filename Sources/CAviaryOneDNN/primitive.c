#include "primitive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

dnnl_engine_t aviary_engine;
dnnl_primitive_attr_t aviary_attributes;
static dnnl_status_t engine_status;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t own_key;

// What belongs to a thread, and ends with it. Two threads may run different primitives at once, hence a stream each.
// oneDNN's own scratchpad belongs to the thread that made a primitive: run on another, as tasks do that move between
// threads, it points nowhere ("Primitive attributes: scratchpad", DNNL_ENABLE_CONCURRENT_EXEC). Hence ours.
typedef struct {
    dnnl_stream_t stream;
    void *scratch;
    size_t scratch_size;
} thread_own;

static void end_thread(void *pointer) {
    thread_own *own = pointer;
    if (own->stream) dnnl_stream_destroy(own->stream);
    free(own->scratch);
    free(own);
}

static void make_engine(void) {
    engine_status = dnnl_engine_create(&aviary_engine, dnnl_cpu, 0);
    if (engine_status == dnnl_success) engine_status = dnnl_primitive_attr_create(&aviary_attributes);
    if (engine_status == dnnl_success)
        engine_status = dnnl_primitive_attr_set_scratchpad_mode(aviary_attributes, dnnl_scratchpad_mode_user);
    if (pthread_key_create(&own_key, end_thread) != 0 && engine_status == dnnl_success)
        engine_status = dnnl_out_of_memory;
}

dnnl_status_t aviary_engine_status(void) {
    pthread_once(&once, make_engine);
    return engine_status;
}

// NULL without memory.
static thread_own *own_of_thread(void) {
    thread_own *own = pthread_getspecific(own_key);
    if (own) return own;
    own = calloc(1, sizeof *own);
    if (!own) return NULL;
    if (dnnl_stream_create(&own->stream, aviary_engine, dnnl_stream_default_flags) == dnnl_success &&
        pthread_setspecific(own_key, own) == 0)
        return own;
    end_thread(own);
    return NULL;
}

// At least so many bytes, the thread's until its next call; NULL without memory.
static void *scratch(thread_own *own, size_t size) {
    if (own->scratch_size < size) {
        free(own->scratch);
        own->scratch = aligned_alloc(64, (size + 63) / 64 * 64);
        own->scratch_size = own->scratch ? size : 0;
    }
    return own->scratch;
}

dnnl_status_t aviary_describe_ending(dnnl_primitive_desc_t *pd, const_dnnl_op_desc_t operation, bool adds, bool relu) {
    if (!adds && !relu) return dnnl_primitive_desc_create(pd, operation, aviary_attributes, aviary_engine, NULL);
    dnnl_post_ops_t then = NULL;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_status_t status = dnnl_post_ops_create(&then);
    if (status == dnnl_success && adds) status = dnnl_post_ops_append_sum(then, 1);
    if (status == dnnl_success && relu) status = dnnl_post_ops_append_eltwise(then, 1, dnnl_eltwise_relu, 0, 0);
    if (status == dnnl_success) status = dnnl_primitive_attr_clone(&attributes, aviary_attributes);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, then);
    if (status == dnnl_success) status = dnnl_primitive_desc_create(pd, operation, attributes, aviary_engine, NULL);
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    if (then) dnnl_post_ops_destroy(then);
    return status;
}

dnnl_status_t aviary_make_runnable(runnable *r, const_dnnl_primitive_desc_t pd) {
    dnnl_status_t status = dnnl_primitive_create(&r->primitive, pd);
    const dnnl_memory_desc_t *wanted = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
    r->scratchpad_size = wanted ? dnnl_memory_desc_get_size(wanted) : 0;
    if (status != dnnl_success || r->scratchpad_size == 0) return status;
    return dnnl_memory_create(&r->scratchpad, wanted, aviary_engine, DNNL_MEMORY_NONE);
}

static void destroy_runnable(runnable *r) {
    if (r->scratchpad) dnnl_memory_destroy(r->scratchpad);
    if (r->primitive) dnnl_primitive_destroy(r->primitive);
}

bool aviary_failed(dnnl_status_t status, const char *what, char *error) {
    if (status == dnnl_success) return false;
    snprintf(error, AVIARY_ERROR_LENGTH, "oneDNN: %s: %s", what,
             status == dnnl_unimplemented ? "not implemented for this shape" : dnnl_status2str(status));
    return true;
}

aviary_primitive *aviary_new_primitive(char *error) {
    if (aviary_failed(aviary_engine_status(), "engine", error)) return NULL;
    aviary_primitive *p = calloc(1, sizeof *p);
    if (!p) {
        snprintf(error, AVIARY_ERROR_LENGTH, "oneDNN: out of memory");
        return NULL;
    }
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void aviary_destroy(aviary_primitive *p) {
    for (int i = 0; i < p->argument_count; i++) dnnl_memory_destroy(p->arguments[i].memory);
    destroy_runnable(&p->main);
    if (p->packing) aviary_destroy(p->packing);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

dnnl_data_type_t aviary_data_type(aviary_kind kind) { return kind == AVIARY_BF16 ? dnnl_bf16 : dnnl_f32; }

bool aviary_describe_image(dnnl_memory_desc_t *md, const aviary_image *image, aviary_kind kind, bool channels_last) {
    dnnl_dims_t dims = {image->batch, image->channels, image->height, image->width};
    int64_t block = image->channel_block;
    bool is_named = block == 1 || block == 8 || block == 16, is_whole = block == image->channels;
    if (!is_named && !is_whole) return false;
    dnnl_format_tag_t tag = is_whole && (channels_last || !is_named) ? dnnl_nhwc
                            : block == 16 ? dnnl_nChw16c : block == 8 ? dnnl_nChw8c : dnnl_nchw;
    return dnnl_memory_desc_init_by_tag(md, 4, dims, aviary_data_type(kind), tag) == dnnl_success;
}

bool aviary_add_argument(aviary_primitive *p, int name, const dnnl_memory_desc_t *md, void *bytes) {
    dnnl_memory_t memory;
    if (dnnl_memory_create(&memory, md, aviary_engine, bytes) != dnnl_success) return false;
    p->arguments[p->argument_count++] = (dnnl_exec_arg_t){name, memory};
    return true;
}

int aviary_execute(const runnable *r, const dnnl_exec_arg_t *given, int count) {
    dnnl_exec_arg_t arguments[MAXIMUM_ARGUMENTS + 1];
    memcpy(arguments, given, sizeof *given * (size_t)count);
    thread_own *own = own_of_thread();
    if (!own) return dnnl_out_of_memory;
    if (r->scratchpad) {
        void *bytes = scratch(own, r->scratchpad_size);
        if (!bytes) return dnnl_out_of_memory;
        dnnl_memory_set_data_handle(r->scratchpad, bytes);
        arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, r->scratchpad};
    }
    dnnl_status_t status = dnnl_primitive_execute(r->primitive, own->stream, count, arguments);
    return status == dnnl_success ? (int)dnnl_stream_wait(own->stream) : (int)status;
}

int aviary_execute_locked(aviary_primitive *p) { return aviary_execute(&p->main, p->arguments, p->argument_count); }

void aviary_point(aviary_primitive *p, int index, const void *bytes) {
    dnnl_memory_set_data_handle(p->arguments[index].memory, (void *)bytes);
}
