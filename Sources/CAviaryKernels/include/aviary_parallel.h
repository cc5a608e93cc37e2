#pragma once
#include <stdint.h>

/// Runs `body(context, begin, end)` over `0..<count` on the threads of the pool that oneDNN and OpenBLAS use.
/// A thread gets one contiguous part, so the split is a function of `count` and the number of threads alone.
void aviary_parallel(
    int64_t count, int64_t grain, void (*body)(void *context, int64_t begin, int64_t end), void *context);
/// How many threads work on what the calling thread gives away; it also tells libgomp, so it has to be asked before
/// oneDNN or OpenBLAS is given work.
int aviary_thread_count(void);
/// Sets that for the whole program.
void aviary_set_thread_count(int count);
/// Sets it for the calling thread alone, 0 for the program's; gives what it was.
int aviary_set_own_thread_count(int count);
/// Processors that this program may run on.
int aviary_processor_count(void);
