#pragma once

/// What the reals are that a loop reads and writes as they lie; it computes in single precision.
typedef enum { AVIARY_REAL_F32, AVIARY_REAL_BF16 } aviary_real;
