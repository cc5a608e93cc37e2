#include "aviary_instructions.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"base", "avx2", "avx512", "avx512_bf16"};

static aviary_isa found(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("f16c"))
        return AVIARY_ISA_BASE;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
        return AVIARY_ISA_AVX2;
    return __builtin_cpu_supports("avx512bf16") ? AVIARY_ISA_AVX512_BF16 : AVIARY_ISA_AVX512;
#else
    return AVIARY_ISA_BASE;
#endif
}

static aviary_isa allowed(void) {
    const char *limit = getenv("AVIARY_MAX_ISA");
    if (!limit) return AVIARY_ISA_AVX512_BF16;
    for (int isa = AVIARY_ISA_BASE; isa <= AVIARY_ISA_AVX512_BF16; isa++)
        if (strcmp(limit, names[isa]) == 0) return isa;
    fprintf(stderr, "aviary: AVIARY_MAX_ISA=%s: takes base, avx2, avx512 or avx512_bf16\n", limit);
    exit(64);
}

// Written by the constructor, before any other thread is there, and where a test lowers it.
static aviary_isa instructions;

__attribute__((constructor)) static void choose(void) {
    aviary_isa most = allowed();
    instructions = found();
    if (instructions > most) instructions = most;
}

void aviary_lower_instructions(aviary_isa most) {
    if (instructions > most) instructions = most;
}

aviary_isa aviary_instructions(void) { return instructions; }
const char *aviary_instructions_name(void) { return names[instructions]; }

const char *aviary_processor_name(void) {
    static _Thread_local char text[49];
#if defined(__x86_64__)
    unsigned words[12];
    for (unsigned i = 0; i < 3; i++)
        if (!__get_cpuid(0x80000002 + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2], &words[4 * i + 3]))
            return "x86-64";
    memcpy(text, words, 48);
    return text;
#else
    return "unnamed";
#endif
}
