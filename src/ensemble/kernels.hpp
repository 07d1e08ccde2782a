#pragma once

#include "hindlimb/ensemble/ensemble.hpp"

/// One pair of functions for each instruction set, each in a file of its own that is compiled for that set.
namespace hindlimb::ensemble {

using KernelFunction = void (*)(ode::Tolerance tolerance, double first_step_d, Jobs jobs);

/// What the program knows of one instruction set.
struct KernelInfo {
  std::size_t f64_lanes;
  KernelFunction f64;
  KernelFunction f32;
};

extern const KernelInfo baseline_kernel;
extern const KernelInfo avx2_kernel;
extern const KernelInfo avx512_kernel;

}  // namespace hindlimb::ensemble
