#include "ensemble/define_kernel.hpp"

HINDLIMB_DEFINE_KERNEL(baseline, 2)
