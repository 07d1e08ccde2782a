#include "agents/define_kernels.hpp"

HINDLIMB_DEFINE_AGENT_KERNELS(avx2, 4)
