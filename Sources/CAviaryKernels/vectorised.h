#pragma once
#include "aviary_instructions.h"

// A function is written once and compiled for each level of instructions; the caller's processor, or the switch
// `AVIARY_MAX_ISA`, says at run time which one runs:
//
//     VECTORISED(extern, void, aviary_add, (const float *a, const float *b, float *restrict out, int64_t count),
//                (a, b, out, count)) {
//         for (int64_t i = 0; i < count; i++) out[i] = a[i] + b[i];
//     }
//
// `linkage` is `static` or `extern`, then come the result, the name, the parameters and their names. The body may call
// INLINED functions, which are compiled with it for the same level.

#define UNROLLED _Pragma("clang loop unroll(full)")
#define INLINED static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define AVIARY_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")))
#define AVIARY_AVX512_BF16 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma,f16c")))
#define AVIARY_AVX2 __attribute__((target("avx2,fma,f16c")))
#define VECTORISED(linkage, result, name, parameters, names)                \
    INLINED result name##_body parameters;                                  \
    AVIARY_AVX512 static result name##_avx512 parameters { return name##_body names; } \
    AVIARY_AVX2 static result name##_avx2 parameters { return name##_body names; }     \
    static result name##_base parameters { return name##_body names; }      \
    linkage result name parameters {                                        \
        switch (aviary_instructions()) {                                    \
        case AVIARY_ISA_BASE: return name##_base names;                     \
        case AVIARY_ISA_AVX2: return name##_avx2 names;                     \
        default: return name##_avx512 names;                                \
        }                                                                   \
    }                                                                       \
    INLINED result name##_body parameters
#else
#define VECTORISED(linkage, result, name, parameters, names) linkage result name parameters
#endif
