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

// The same for loops of products and sums in single precision: AVX2 alone has no fused multiply-add, which doubles their
// speed, and a processor with "fma" has the 256-bit floats of AVX.
#if __has_feature(thread_sanitizer)
#define FUSED
#elif defined(__x86_64__)
#define FUSED __attribute__((target_clones("avx512f", "fma", "default")))
#else
#define FUSED
#endif
