#include "agents/define_kernels.hpp"

HINDLIMB_DEFINE_AGENT_KERNELS(baseline, 2)
