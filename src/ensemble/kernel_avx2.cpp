#include "ensemble/define_kernel.hpp"

HINDLIMB_DEFINE_KERNEL(avx2, 4)
