#include "aviary_parallel.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

// oneDNN and OpenBLAS (its OpenMP build) run on GNU libgomp. Our own loops join the same pool through libgomp's
// stable entry points, because a second pool beside spinning workers loses half the speed.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int count);
extern int omp_get_num_procs(void);
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
    if (count <= grain || omp_in_parallel() || aviary_thread_count() == 1) {
        body(context, 0, count);
        return;
    }
    work w = {count, body, context};
    GOMP_parallel(run_part, &w, 0, 0);
}

// libgomp keeps the number of threads for each thread that asks, and a task may go on another one after any `await`:
// the number chosen for the program is taken over wherever work begins.
static _Atomic int program_count;
static _Thread_local int own_count, adopted_count;

int aviary_thread_count(void) {
    // What libgomp found when the program started stands until somebody chooses.
    if (!program_count) program_count = omp_get_max_threads();
    int count = own_count ? own_count : program_count;
    if (count != adopted_count) omp_set_num_threads(adopted_count = count);
    return count;
}

void aviary_set_thread_count(int count) { program_count = count; }

int aviary_set_own_thread_count(int count) {
    int before = own_count;
    own_count = count;
    return before;
}

int aviary_processor_count(void) { return omp_get_num_procs(); }

#if defined(__linux__)
// libgomp's waiting workers spin 300,000 turns by default, which starves whoever shares the cores; 1,000 bridge the gaps
// inside a step. It reads the environment in its constructor, before `main`, and only the program's own .preinit_array
// comes earlier: there `setenv` is still in vain, because libc takes the kernel's array afterwards. So one slot of that
// array, of a variable that no library reads while it loads, is lent until the constructors have run
// (docs/decisions/0007).
static const char *const unread[] = {"_=", "SHLVL=", "OLDPWD=", "PWD=", "LOGNAME=", "USER=", "SHELL=", "HOME=", "PATH="};
static char spin_count[] = "GOMP_SPINCOUNT=1000";
static char **lent_slot, *lent;

static char **find(char **environment, const char *start) {
    for (; *environment; environment++)
        if (strncmp(*environment, start, strlen(start)) == 0) return environment;
    return NULL;
}

static void lend_slot(int count, char **arguments, char **environment) {
    (void)count, (void)arguments;
    if (find(environment, "OMP_WAIT_POLICY=") || find(environment, "GOMP_SPINCOUNT=")) return;
    for (size_t i = 0; !lent_slot && i < sizeof unread / sizeof *unread; i++) lent_slot = find(environment, unread[i]);
    if (!lent_slot) return;
    lent = *lent_slot;
    *lent_slot = spin_count;
}
__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(int, char **, char **) = lend_slot;

__attribute__((constructor)) static void return_slot(void) {
    if (lent_slot) *lent_slot = lent;
}
#endif
