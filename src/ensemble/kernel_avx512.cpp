#include "ensemble/define_kernel.hpp"

HINDLIMB_DEFINE_KERNEL(avx512, 8)
