#include <array>
#include <chrono>
#include <cstdio>

#include "hindlimb/core/select.hpp"

/// Counts the operations of the rate laws and of a step by running them on a number that counts, and measures what a
/// 512-bit operation takes: the counted ceiling of docs/performance.md.
namespace hindlimb::benchmark {

struct Counts {
  long simple = 0;  ///< additions, multiplications, comparisons and selects
  long divisions = 0;
};
Counts counts;

struct Counting {
  double value = 0.0;
  Counting() = default;
  explicit Counting(double number) : value(number) {}
};
struct Truth {
  bool value;
};

#define HINDLIMB_COUNT(operation, counter)                                              \
  Counting operator operation(Counting a, Counting b) {                                 \
    ++counts.counter;                                                                   \
    return Counting(a.value operation b.value);                                         \
  }                                                                                     \
  Counting operator operation(double a, Counting b) { return Counting(a) operation b; } \
  Counting operator operation(Counting a, double b) { return a operation Counting(b); }
HINDLIMB_COUNT(+, simple)
HINDLIMB_COUNT(-, simple)
HINDLIMB_COUNT(*, simple)
HINDLIMB_COUNT(/, divisions)
Counting operator-(Counting a) { return Counting(-a.value); }

#define HINDLIMB_COMPARE(operation)                  \
  Truth operator operation(Counting a, Counting b) { \
    ++counts.simple;                                 \
    return {a.value operation b.value};              \
  }                                                  \
  Truth operator operation(Counting a, double b) { return a operation Counting(b); }
HINDLIMB_COMPARE(<)
HINDLIMB_COMPARE(>)

Counting select(Truth truth, Counting yes, Counting no) {
  ++counts.simple;
  return truth.value ? yes : no;
}
Counting value_of(Counting x) { return x; }
Counting magnitude(Counting x) {
  ++counts.simple;
  return Counting(x.value < 0.0 ? -x.value : x.value);
}

}  // namespace hindlimb::benchmark

#include "hindlimb/muscle/rates.hpp"
#include "hindlimb/ode/dopri5.hpp"

namespace hindlimb::benchmark {
namespace {

void show(const char* part, std::size_t n) {
  std::printf("%-34s n = %2zu  simple %5ld  divisions %3ld\n", part, n, counts.simple, counts.divisions);
  counts = {};
}

void count_rates() {
  const laws::Coefficients<Counting> p{};
  const laws::Stimulus<Counting> stimulus{};
  std::array<Counting, muscle::n_states> y{};
  std::array<Counting, muscle::n_states> dy{};
  counts = {};
  const auto signals = muscle::unlabelled_rates(y, stimulus, p, dy);
  show("right-hand side, without label", muscle::n_states);
  muscle::label_rates(y, stimulus, signals, p, dy);
  show("label", muscle::n_states);
}

template <std::size_t n>
void count_step() {
  using States = std::array<Counting, n>;
  States y0{};
  States y1{};
  States y{};
  ode::Stages<States> stages{};
  ode::Followers<Counting, muscle::n_followers> followers{};
  const auto nothing = [](Counting, const States&, States&) {};
  ode::dopri5_step(nothing, Counting(0.0), Counting(0.1), y0, y1, stages, followers);
  show("step beside the right-hand sides", n);
  ode::error_norm(Counting(0.1), y0, y1, stages, followers, {1e-6, 1e-6});
  show("error norm", n);
  ode::dense(Counting(0.1), Counting(0.5), y0, y1, stages, followers, y);
  show("a recorded time", n);
}

#ifdef __AVX512F__
/// @param run  carries out n_in_a_row operations
template <class Run>
void time_it(const char* operation, int n_in_a_row, Run run) {
  constexpr long times = 50'000'000;
  const auto start = std::chrono::steady_clock::now();
  for (long i = 0; i < times; ++i) run();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%-34s %.3f ns\n", operation, 1e9 * seconds / static_cast<double>(times * n_in_a_row));
}

void time_operations() {
  alignas(64) static double numbers[32];
  time_it("multiplication or addition", 4, [] {
    asm volatile(
        "vmulpd %%zmm1,%%zmm2,%%zmm3\n vaddpd %%zmm1,%%zmm2,%%zmm4\n vmulpd %%zmm1,%%zmm2,%%zmm5\n"
        "vaddpd %%zmm1,%%zmm2,%%zmm6" ::
            : "xmm3", "xmm4", "xmm5", "xmm6");
  });
  time_it("load from L1", 4, [] {
    asm volatile(
        "vmovapd (%0),%%zmm3\n vmovapd 64(%0),%%zmm4\n vmovapd 128(%0),%%zmm5\n vmovapd 192(%0),%%zmm6" ::"r"(numbers)
        : "xmm3", "xmm4", "xmm5", "xmm6");
  });
  time_it("division", 2, [] {
    asm volatile("vdivpd %%zmm1,%%zmm2,%%zmm3\n vdivpd %%zmm1,%%zmm2,%%zmm4" ::: "xmm3", "xmm4");
  });
}
#else
void time_operations() { std::puts("compiled without AVX-512: its operations are not timed"); }
#endif

}  // namespace
}  // namespace hindlimb::benchmark

int main() {
  using namespace hindlimb::benchmark;
  count_rates();
  count_step<38>();
  count_step<31>();
  count_step<22>();
  if (__builtin_cpu_supports("avx512f")) time_operations();
}
