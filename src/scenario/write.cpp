#include <fmt/format.h>

#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/keys.hpp"

namespace hindlimb::scenario {
namespace {

/// The mean field is what every study had before there were agents: not said, so that keys of runs stay what they were.
template <class Owner>
bool says_nothing(const Key<Owner>& key, const Owner& owner) {
  if constexpr (std::is_same_v<Owner, Study>) return key.name == "fidelity" && owner.fidelity == Fidelity::mean_field;
  return false;
}

template <class Owner>
void write_keys(std::string& text, const Owner& owner) {
  for (const Key<Owner>& key : keys<Owner>()) {
    if (says_nothing(key, owner)) continue;
    if (const std::optional<Value> value = key.get(owner)) text += fmt::format("{} = {}\n", key.name, to_toml(*value));
  }
}

template <class Owner>
void write_section(std::string& text, std::string_view header, const Owner& owner) {
  text += fmt::format("\n{}\n", header);
  write_keys(text, owner);
}

void write_parameters(std::string& text, const ParameterSet& set) {
  text += "\n[parameters]\n";
  for (std::size_t i = 0; i < laws::n_parameters; ++i) {
    const laws::ParameterInfo& info = laws::parameter_table[i];
    const auto member = laws::parameter_members<double>[i];
    if (!info.per_muscle) text += fmt::format("{} = {}\n", info.name, set[0].*member);
  }
  for (std::size_t muscle = 0; muscle < set.size(); ++muscle) {
    text += fmt::format("\n[parameters.{}]\n", laws::muscle_names[muscle]);
    for (std::size_t i = 0; i < laws::n_parameters; ++i) {
      if (laws::parameter_table[i].per_muscle) {
        text +=
            fmt::format("{} = {}\n", laws::parameter_table[i].name, set[muscle].*laws::parameter_members<double>[i]);
      }
    }
  }
}

}  // namespace

std::string to_toml_without_parameters(const Study& study) {
  std::string text;
  write_keys(text, study);
  write_section(text, "[animals]", study.animals);
  for (const Arm& arm : study.arms) {
    write_section(text, "[[arm]]", arm);
    for (const Phase& phase : arm.phases) write_section(text, "[[arm.phase]]", phase);
    for (const Massage& massage : arm.massages) write_section(text, "[[arm.massage]]", massage);
    for (const Training& training : arm.trainings) write_section(text, "[[arm.training]]", training);
    write_section(text, "[arm.label]", arm.label);
  }
  write_section(text, "[record]", study.record);
  write_section(text, "[compare]", study.compare);
  write_section(text, "[solver]", study.solver);
  if (study.fidelity == Fidelity::agents) write_section(text, "[agents]", study.agents);
  return text;
}

std::string to_toml(const Study& study) {
  std::string text = to_toml_without_parameters(study);
  write_parameters(text, study.parameters);
  return text;
}

}  // namespace hindlimb::scenario
