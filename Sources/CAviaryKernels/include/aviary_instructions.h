#pragma once

/// Levels of instructions; a higher one holds the lower. `AVX2` includes FMA and F16C, `AVX512` F, BW, DQ and VL.
typedef enum { AVIARY_ISA_BASE, AVIARY_ISA_AVX2, AVIARY_ISA_AVX512, AVIARY_ISA_AVX512_BF16 } aviary_isa;
/// What these loops use here: what the processor has, or less where `AVIARY_MAX_ISA` names a lower level.
aviary_isa aviary_instructions(void);
/// Lowers that for the whole program while nothing computes.
void aviary_lower_instructions(aviary_isa most);
/// The name of what they use, as that switch takes it: `base`, `avx2`, `avx512`, `avx512_bf16`.
const char *aviary_instructions_name(void);
/// What the processor calls itself, good until this thread asks again.
const char *aviary_processor_name(void);
