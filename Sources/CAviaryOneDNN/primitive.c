#include "primitive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

dnnl_engine_t aviary_engine;
dnnl_primitive_attr_t aviary_attributes;
static dnnl_status_t engine_status;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t scratch_key;

// What stands before a thread's scratch.
typedef struct {
    size_t size;
    _Alignas(64) char bytes[];
} scratch;

// oneDNN's own scratchpad belongs to the thread that made a primitive: run on another, as tasks do that move between
// threads, it points nowhere ("Primitive attributes: scratchpad", DNNL_ENABLE_CONCURRENT_EXEC). Hence ours, one a thread.
static void make_engine(void) {
    engine_status = dnnl_engine_create(&aviary_engine, dnnl_cpu, 0);
    if (engine_status == dnnl_success) engine_status = dnnl_primitive_attr_create(&aviary_attributes);
    if (engine_status == dnnl_success)
        engine_status = dnnl_primitive_attr_set_scratchpad_mode(aviary_attributes, dnnl_scratchpad_mode_user);
    if (pthread_key_create(&scratch_key, free) != 0 && engine_status == dnnl_success) engine_status = dnnl_out_of_memory;
}

dnnl_status_t aviary_engine_status(void) {
    pthread_once(&once, make_engine);
    return engine_status;
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

// A stream belongs to a thread: two threads may run different primitives at once.
static _Thread_local dnnl_stream_t stream;

static dnnl_stream_t this_stream(void) {
    if (!stream) dnnl_stream_create(&stream, aviary_engine, dnnl_stream_default_flags);
    return stream;
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
    if (r->scratchpad) {
        void *bytes = scratch_of_thread(r->scratchpad_size);
        if (!bytes) return dnnl_out_of_memory;
        dnnl_memory_set_data_handle(r->scratchpad, bytes);
        arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, r->scratchpad};
    }
    dnnl_status_t status = dnnl_primitive_execute(r->primitive, this_stream(), count, arguments);
    return status == dnnl_success ? (int)dnnl_stream_wait(this_stream()) : (int)status;
}

int aviary_execute_locked(aviary_primitive *p) { return aviary_execute(&p->main, p->arguments, p->argument_count); }

void aviary_point(aviary_primitive *p, int index, const void *bytes) {
    dnnl_memory_set_data_handle(p->arguments[index].memory, (void *)bytes);
}
