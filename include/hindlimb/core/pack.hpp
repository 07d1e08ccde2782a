#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

/// Numbers side by side, one for each lane. Every type carries the tag of its instruction set, so that no function made
/// from it for one set can be taken by the linker for another.
namespace hindlimb {

/// Truth of a comparison, lane by lane: all bits set or none.
template <class Isa, class Number, std::size_t n_lanes>
struct Mask {
  using Whole = std::conditional_t<sizeof(Number) == 8, std::int64_t, std::int32_t>;
  typedef Whole Vector __attribute__((vector_size(n_lanes * sizeof(Number))));
  Vector v;

  friend Mask operator&(const Mask& a, const Mask& b) { return {a.v & b.v}; }

  /// One bit for each lane.
  unsigned bits() const {
    unsigned result = 0;
    for (std::size_t lane = 0; lane < n_lanes; ++lane) result |= static_cast<unsigned>(v[lane] & 1) << lane;
    return result;
  }
};

template <class Isa, class Number, std::size_t n_lanes>
struct Pack {
  typedef Number Vector __attribute__((vector_size(n_lanes * sizeof(Number))));
  using M = Mask<Isa, Number, n_lanes>;
  Vector v;

  Pack() = default;
  explicit Pack(Vector vector) : v(vector) {}
  explicit Pack(double number) : v(Vector{} + static_cast<Number>(number)) {}

  Number operator[](std::size_t lane) const { return v[lane]; }
  void set(std::size_t lane, double number) { v[lane] = static_cast<Number>(number); }

  friend Pack operator+(const Pack& a, const Pack& b) { return Pack(a.v + b.v); }
  friend Pack operator-(const Pack& a, const Pack& b) { return Pack(a.v - b.v); }
  friend Pack operator*(const Pack& a, const Pack& b) { return Pack(a.v * b.v); }
  friend Pack operator/(const Pack& a, const Pack& b) { return Pack(a.v / b.v); }
  friend Pack operator+(double a, const Pack& b) { return Pack(a) + b; }
  friend Pack operator-(double a, const Pack& b) { return Pack(a) - b; }
  friend Pack operator*(double a, const Pack& b) { return Pack(a) * b; }
  friend Pack operator/(double a, const Pack& b) { return Pack(a) / b; }
  friend Pack operator+(const Pack& a, double b) { return a + Pack(b); }
  friend Pack operator-(const Pack& a, double b) { return a - Pack(b); }
  friend Pack operator*(const Pack& a, double b) { return a * Pack(b); }
  friend Pack operator/(const Pack& a, double b) { return a / Pack(b); }
  friend Pack operator-(const Pack& a) { return Pack(-a.v); }

  friend M operator<(const Pack& a, const Pack& b) { return {a.v < b.v}; }
  friend M operator>(const Pack& a, const Pack& b) { return {a.v > b.v}; }
  friend M operator<=(const Pack& a, const Pack& b) { return {a.v <= b.v}; }
  friend M operator>=(const Pack& a, const Pack& b) { return {a.v >= b.v}; }
  friend M operator==(const Pack& a, const Pack& b) { return {a.v == b.v}; }
  friend M operator<(const Pack& a, double b) { return a < Pack(b); }
  friend M operator>(const Pack& a, double b) { return a > Pack(b); }
  friend M operator<=(const Pack& a, double b) { return a <= Pack(b); }
};

template <class Isa, class Number, std::size_t n>
Pack<Isa, Number, n> select(const Mask<Isa, Number, n>& mask, const Pack<Isa, Number, n>& yes,
                            const Pack<Isa, Number, n>& no) {
  return Pack<Isa, Number, n>(mask.v ? yes.v : no.v);
}

/// |x|, by its sign bit
template <class Isa, class Number, std::size_t n>
Pack<Isa, Number, n> magnitude(const Pack<Isa, Number, n>& x) {
  using Bits = typename Mask<Isa, Number, n>::Vector;
  constexpr auto all_but_sign = std::numeric_limits<typename Mask<Isa, Number, n>::Whole>::max();
  return Pack<Isa, Number, n>((typename Pack<Isa, Number, n>::Vector)((Bits)x.v & (Bits{} + all_but_sign)));
}

/// The bits of each lane as a whole number.
template <class Isa, std::size_t n>
struct Bits {
  typedef std::uint64_t Vector __attribute__((vector_size(n * sizeof(std::uint64_t))));
  Vector v;

  friend Bits operator+(const Bits& a, const Bits& b) { return {a.v + b.v}; }
  friend Bits operator-(const Bits& a, const Bits& b) { return {a.v - b.v}; }
  friend Bits operator+(std::uint64_t a, const Bits& b) { return {a + b.v}; }
  friend Bits operator-(std::uint64_t a, const Bits& b) { return {a - b.v}; }
  Bits operator>>(int places) const { return {v >> places}; }
};

template <class Isa, std::size_t n>
Bits<Isa, n> bits_of(const Pack<Isa, double, n>& x) {
  return {(typename Bits<Isa, n>::Vector)x.v};
}

template <class Isa, std::size_t n>
Pack<Isa, double, n> number_of(const Bits<Isa, n>& bits) {
  return Pack<Isa, double, n>((typename Pack<Isa, double, n>::Vector)bits.v);
}

/// All of a pack is what steps are decided by.
template <class Isa, class Number, std::size_t n>
const Pack<Isa, Number, n>& value_of(const Pack<Isa, Number, n>& x) {
  return x;
}

/// The same numbers in another precision.
template <class Number, class Isa, class Other, std::size_t n>
Pack<Isa, Number, n> convert(const Pack<Isa, Other, n>& x) {
  return Pack<Isa, Number, n>(__builtin_convertvector(x.v, typename Pack<Isa, Number, n>::Vector));
}

}  // namespace hindlimb
