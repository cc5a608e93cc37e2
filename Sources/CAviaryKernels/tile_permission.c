#include "aviary_instructions.h"
#include "tiles.h"

#ifdef HAS_TILES
#include <cpuid.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

// Source: Linux, Documentation/arch/x86/xstate.rst, "Using dynamically enabled XSTATE features".
enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };

static bool has_tiles;

static void ask(void) {
    unsigned a, b, c, d;
    if (aviary_instructions() < AVIARY_ISA_AVX512_BF16 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return;
    bool has_bf16 = d >> 22 & 1, has_tile = d >> 24 & 1;
    has_tiles = has_bf16 && has_tile && syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
}

bool aviary_has_tiles(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, ask);
    return has_tiles;
}
#else
bool aviary_has_tiles(void) { return false; }
#endif
