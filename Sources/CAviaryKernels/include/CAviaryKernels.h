#pragma once

// The hot loops, a header for each subject. Each loop is compiled for AVX-512, AVX2 and the base processor
// (`vectorised.h`).

#include "aviary_attention.h"
#include "aviary_batch_norm.h"
#include "aviary_bias_activation.h"
#include "aviary_casts.h"
#include "aviary_dropout.h"
#include "aviary_element_functions.h"
#include "aviary_ending.h"
#include "aviary_identity_pad.h"
#include "aviary_instructions.h"
#include "aviary_l2_normalisation.h"
#include "aviary_layer_norm.h"
#include "aviary_optimizers.h"
#include "aviary_pairs.h"
#include "aviary_parallel.h"
#include "aviary_planes.h"
#include "aviary_real.h"
#include "aviary_rows.h"
#include "aviary_softmax.h"
#include "aviary_strips.h"
#include "aviary_sums.h"
#include "aviary_tiles.h"
#include "aviary_windows.h"
#include "aviary_winograd.h"
