#pragma once

// A function so marked is compiled for AVX-512, AVX2 and the base processor; the loader picks one at start. Not under
// ThreadSanitizer: the loader asks before its runtime is there, and what it watches crashes.
#if __has_feature(thread_sanitizer)
#define VECTORISED
#elif defined(__x86_64__)
#define VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VECTORISED
#endif
