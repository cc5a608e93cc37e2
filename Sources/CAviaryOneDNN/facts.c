#include "CAviaryOneDNN.h"

#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>

// Sets of bits, not an order: AVX2 with VNNI is the greater number.
static bool has(dnnl_cpu_isa_t isa) { return (dnnl_get_effective_cpu_isa() & isa) == isa; }

int64_t aviary_preferred_channel_block(aviary_kind kind) {
    if (kind == AVIARY_BF16 && has(dnnl_cpu_isa_avx512_core_amx)) return 0;
    return has(dnnl_cpu_isa_avx512_core) ? 16 : 8;
}

bool aviary_multiplies(aviary_kind kind) { return kind == AVIARY_F32 || has(dnnl_cpu_isa_avx512_core_bf16); }

const char *aviary_onednn_isa(void) {
    switch (dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_sse41: return "sse41";
    case dnnl_cpu_isa_avx: return "avx";
    case dnnl_cpu_isa_avx2: return "avx2";
    case dnnl_cpu_isa_avx2_vnni: return "avx2_vnni";
    case dnnl_cpu_isa_avx512_core: return "avx512_core";
    case dnnl_cpu_isa_avx512_core_vnni: return "avx512_core_vnni";
    case dnnl_cpu_isa_avx512_core_bf16: return "avx512_core_bf16";
    case dnnl_cpu_isa_avx512_core_amx: return "avx512_core_amx";
    default: return "other";
    }
}

const char *aviary_onednn_version(void) {
    static _Thread_local char text[32];
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, sizeof text, "%d.%d.%d", v->major, v->minor, v->patch);
    return text;
}
