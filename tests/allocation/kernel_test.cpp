#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/muscle/state_vector.hpp"
#include "sim/histories.hpp"

namespace {
std::atomic<long> allocations = 0;
}

// Every allocation of this program is counted.
void* operator new(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  void* const memory = std::aligned_alloc(static_cast<std::size_t>(alignment), size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace hindlimb {
namespace {

TEST(Kernel, AllocatesNothing) {
  const scenario::Study study = io::read_study(HINDLIMB_SOURCE_DIR "/configs/miller2018.toml");
  const sim::Run run{&study};
  const sim::Histories histories = sim::Histories({&run, 1}, scenario::recorded_times(study));
  const auto coefficients = laws::coefficients(study.parameters[1]);
  const muscle::StateVector<double> start = muscle::weight_bearing_state<double>();
  std::vector<double> end(muscle::n_states);
  const sim::Stretch& stretch = histories.stretches()[histories.roots().back()];
  std::vector<double> recorded(stretch.times.size() * muscle::n_states);
  ensemble::Job job{.coefficients = &coefficients,
                    .spans = stretch.spans.data(),
                    .n_spans = stretch.spans.size(),
                    .start = start.data(),
                    .times_d = stretch.times_d.data(),
                    .n_times = stretch.times.size(),
                    .recorded = recorded.data(),
                    .end = end.data(),
                    .max_steps = 100'000};
  ensemble::Job* waiting = &job;
  const auto next = [](void* owner) { return std::exchange(*static_cast<ensemble::Job**>(owner), nullptr); };
  const auto instruction_set = chosen_instruction_set();
  const long before = allocations;
  ensemble::integrate(instruction_set, ensemble::Precision::f64, {1e-7, 1e-7},
                      {&waiting, next, [](void*, ensemble::Job*) {}});
  EXPECT_EQ(allocations - before, 0);
  EXPECT_GT(before, 0);  // they are counted
  EXPECT_EQ(job.outcome, ode::Outcome::reached);
  EXPECT_GT(job.statistics.accepted, 40);
}

}  // namespace
}  // namespace hindlimb
