#pragma once
#include "CAviaryOneDNN.h"

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>
#include <pthread.h>

// What the files of this shim share; nobody else sees it.

enum { MAXIMUM_ARGUMENTS = 6 };

// A primitive with what it scribbles in.
typedef struct {
    dnnl_primitive_t primitive;
    dnnl_memory_t scratchpad;        // null where it wants none
    size_t scratchpad_size;
} runnable;

struct aviary_primitive {
    pthread_mutex_t lock;
    runnable main;
    aviary_primitive *packing;       // of weights into, or of their gradient out of, the form oneDNN chose; may be null
    int64_t packed_size;
    int form;
    dnnl_exec_arg_t arguments[MAXIMUM_ARGUMENTS];
    int argument_count;
};

extern dnnl_engine_t aviary_engine;
/// Those of every primitive: its scratchpad comes from us.
extern dnnl_primitive_attr_t aviary_attributes;

/// Makes both, once; what oneDNN says to that.
dnnl_status_t aviary_engine_status(void);
/// Writes why into `error` where the status is no success.
bool aviary_failed(dnnl_status_t status, const char *what, char *error);

aviary_primitive *aviary_new_primitive(char *error);
/// Describes a convolution or a product whose sums may be added to what its output holds, and rectified then.
dnnl_status_t aviary_describe_ending(dnnl_primitive_desc_t *pd, const_dnnl_op_desc_t operation, bool adds, bool relu);
dnnl_status_t aviary_make_runnable(runnable *r, const_dnnl_primitive_desc_t pd);
/// Adds an argument whose bytes may be pointed at later.
bool aviary_add_argument(aviary_primitive *p, int name, const dnnl_memory_desc_t *md, void *bytes);
void aviary_point(aviary_primitive *p, int index, const void *bytes);
/// Runs one on this thread; the lock of its owner is held.
int aviary_execute(const runnable *r, const dnnl_exec_arg_t *given, int count);
/// The same for the main one with its arguments.
int aviary_execute_locked(aviary_primitive *p);
/// A primitive of two arguments that copies from one description to another.
aviary_primitive *aviary_new_copy(const dnnl_memory_desc_t *from, const dnnl_memory_desc_t *to, char *error);
int aviary_run_copy(aviary_primitive *p, const void *from, void *to);
dnnl_data_type_t aviary_data_type(aviary_kind kind);
bool aviary_describe_image(dnnl_memory_desc_t *md, const aviary_image *image, aviary_kind kind, bool channels_last);
