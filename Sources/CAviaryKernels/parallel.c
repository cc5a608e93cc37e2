#include "CAviaryKernels.h"

#include <stdbool.h>
#include <stdlib.h>

// oneDNN and OpenBLAS (its OpenMP build) run on GNU libgomp. Our own loops join the same pool through libgomp's
// stable entry points, because a second pool beside spinning workers loses half the speed.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int count);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_in_parallel(void);

typedef struct {
    int64_t count;
    void (*body)(void *, int64_t, int64_t);
    void *context;
} work;

static void run_part(void *data) {
    const work *w = data;
    int64_t threads = omp_get_num_threads(), thread = omp_get_thread_num();
    int64_t part = (w->count + threads - 1) / threads;
    // Long ranges are elements: their parts begin at multiples of 16, so that no two threads write one cache line.
    if (w->count >= 4096) part = (part + 15) / 16 * 16;
    int64_t begin = thread * part, end = begin + part < w->count ? begin + part : w->count;
    if (begin < end) w->body(w->context, begin, end);
}

void aviary_parallel(int64_t count, int64_t grain, void (*body)(void *, int64_t, int64_t), void *context) {
    if (count <= 0) return;
    if (count <= grain || omp_get_max_threads() == 1 || omp_in_parallel()) {
        body(context, 0, count);
        return;
    }
    work w = {count, body, context};
    GOMP_parallel(run_part, &w, 0, 0);
}

int aviary_thread_count(void) { return omp_get_max_threads(); }
void aviary_set_thread_count(int count) { omp_set_num_threads(count); }

#if defined(__linux__)
// libgomp reads its environment in its constructor, before `main`; only the program's own .preinit_array comes
// earlier. Waiting workers spin by default for a long time; a short count bridges the gaps inside a step and then
// gives way. It is not enough where two trainers share the cores (docs/decisions/0007).
static void choose_spin_count(void) {
    if (!getenv("OMP_WAIT_POLICY")) setenv("GOMP_SPINCOUNT", "20000", false);
}
__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(void) = choose_spin_count;
#endif
