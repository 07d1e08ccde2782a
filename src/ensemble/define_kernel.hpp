#pragma once

#include <cstddef>

#include "ensemble/kernel.hpp"
#include "ensemble/kernels.hpp"

/// The kernels of one instruction set whose registers hold f64_lanes numbers of double precision.
#define HINDLIMB_DEFINE_KERNEL(name, n_lanes)                                                 \
  namespace hindlimb::ensemble {                                                              \
  namespace {                                                                                 \
  struct name##_set;                                                                          \
  void f64(ode::Tolerance tolerance, double first_step_d, Jobs jobs) {                        \
    Kernel<name##_set, double, n_lanes>(tolerance, first_step_d, jobs).run();                 \
  }                                                                                           \
  void f32(ode::Tolerance tolerance, double first_step_d, Jobs jobs) {                        \
    Kernel<name##_set, float, 2 * std::size_t{n_lanes}>(tolerance, first_step_d, jobs).run(); \
  }                                                                                           \
  }                                                                                           \
  const KernelInfo name##_kernel{n_lanes, f64, f32};                                          \
  }
