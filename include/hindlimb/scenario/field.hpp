#pragma once

#include <algorithm>
#include <cmath>

#include "hindlimb/scenario/keys.hpp"

/// How a key reaches its member: pairs of functions made from a pointer to the member.
namespace hindlimb::scenario {

template <auto Member>
struct MemberOf;
template <class OwnerType, class FieldType, FieldType OwnerType::*Member>
struct MemberOf<Member> {
  using Owner = OwnerType;
  using Field = FieldType;
};
template <auto Member>
using OwnerOf = typename MemberOf<Member>::Owner;
template <auto Member>
using FieldOf = typename MemberOf<Member>::Field;

template <auto Member>
void set_field(OwnerOf<Member>& owner, const Value& value) {
  owner.*Member = std::get<FieldOf<Member>>(value);
}
template <auto Member>
std::optional<Value> get_field(const OwnerOf<Member>& owner) {
  return owner.*Member;
}
/// For text that has no default.
template <auto Member>
std::optional<Value> get_text(const OwnerOf<Member>& owner) {
  return (owner.*Member).empty() ? std::nullopt : std::optional<Value>(owner.*Member);
}

/// For what may be left out.
template <auto Member>
void set_optional(OwnerOf<Member>& owner, const Value& value) {
  owner.*Member = std::get<typename FieldOf<Member>::value_type>(value);
}
template <auto Member>
std::optional<Value> get_optional(const OwnerOf<Member>& owner) {
  return owner.*Member ? std::optional<Value>(*(owner.*Member)) : std::nullopt;
}

template <auto Member, const auto& Names>
void set_choice(OwnerOf<Member>& owner, const Value& value) {
  const auto found = std::ranges::find(Names, std::get<std::string>(value));
  owner.*Member = static_cast<FieldOf<Member>>(found - Names.begin());
}
template <auto Member, const auto& Names>
std::optional<Value> get_choice(const OwnerOf<Member>& owner) {
  return std::string(Names[static_cast<std::size_t>(owner.*Member)]);
}

template <auto Member, const auto& Names>
void set_choices(OwnerOf<Member>& owner, const Value& value) {
  (owner.*Member).clear();
  for (const std::string& name : std::get<std::vector<std::string>>(value)) {
    const auto found = std::ranges::find(Names, name);
    (owner.*Member).push_back(static_cast<typename FieldOf<Member>::value_type>(found - Names.begin()));
  }
}
template <auto Member, const auto& Names>
std::optional<Value> get_choices(const OwnerOf<Member>& owner) {
  if ((owner.*Member).empty()) return std::nullopt;
  std::vector<std::string> names;
  for (const auto choice : owner.*Member) names.emplace_back(Names[static_cast<std::size_t>(choice)]);
  return names;
}

/// Nearest whole minute.
inline Minutes from_days(double days) { return Minutes(std::llround(days * minutes_per_day)); }

inline void assign_days(Minutes& field, const Value& value) { field = from_days(std::get<double>(value)); }
inline void assign_days(std::optional<Minutes>& field, const Value& value) {
  field = from_days(std::get<double>(value));
}
inline void assign_days(std::vector<Minutes>& field, const Value& value) {
  field.clear();
  for (const double days : std::get<std::vector<double>>(value)) field.push_back(from_days(days));
}
template <auto Member>
void set_days(OwnerOf<Member>& owner, const Value& value) {
  assign_days(owner.*Member, value);
}

inline std::optional<Value> in_days(Minutes field) { return to_days(field); }
inline std::optional<Value> in_days(std::optional<Minutes> field) {
  return field ? std::optional<Value>(to_days(*field)) : std::nullopt;
}
inline std::optional<Value> in_days(const std::vector<Minutes>& field) {
  if (field.empty()) return std::nullopt;
  std::vector<double> days(field.size());
  std::ranges::transform(field, days.begin(), to_days);
  return days;
}
template <auto Member>
std::optional<Value> get_days(const OwnerOf<Member>& owner) {
  return in_days(owner.*Member);
}

template <auto Member>
void set_minutes(OwnerOf<Member>& owner, const Value& value) {
  owner.*Member = Minutes(std::llround(std::get<double>(value)));
}
template <auto Member>
std::optional<Value> get_minutes(const OwnerOf<Member>& owner) {
  return static_cast<double>((owner.*Member).count());
}

}  // namespace hindlimb::scenario
