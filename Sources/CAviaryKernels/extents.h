#pragma once
#include <stdint.h>

#include "vectorised.h"

INLINED int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
INLINED int64_t greatest(int64_t a, int64_t b) { return a > b ? a : b; }
