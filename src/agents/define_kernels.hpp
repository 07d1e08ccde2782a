#pragma once

#include "agents/kernel.hpp"

/// The kernels of one instruction set whose registers hold n_lanes numbers.
#define HINDLIMB_DEFINE_AGENT_KERNELS(name, n_lanes)                                  \
  namespace hindlimb::agents {                                                        \
  namespace {                                                                         \
  struct name##_set;                                                                  \
  void advance_fibres(const FibreArrays& fibres, const FibreStep& step) {             \
    FibreKernel<name##_set, n_lanes>(fibres, step).run();                             \
  }                                                                                   \
  void advance_fields(const FieldStep& step) { FieldKernel<name##_set>(step).run(); } \
  }                                                                                   \
  const Kernels name##_kernels{advance_fibres, advance_fields};                       \
  }
