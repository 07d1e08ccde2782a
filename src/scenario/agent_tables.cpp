#include <fmt/format.h>

#include "hindlimb/agents/rules.hpp"
#include "hindlimb/scenario/reference.hpp"

namespace hindlimb::scenario {
namespace {

using agents::CellKind;

std::string_view name_of(CellKind kind) { return agents::cell_kind_names[static_cast<std::size_t>(kind)]; }

std::string states_of(CellKind kind, unsigned states) {
  std::string text;
  for (std::size_t state = 0; state < agents::cell_state_names[0].size(); ++state) {
    const std::string_view name = agents::cell_state_names[static_cast<std::size_t>(kind)][state];
    if ((states >> state & 1U) != 0 && !name.empty()) text += fmt::format("{}{}", text.empty() ? "" : ", ", name);
  }
  return text;
}

std::string rules_markdown() {
  std::string text = "| rule | who | does | reads | chance in a step | source |\n|---|---|---|---|---|---|\n";
  for (const agents::Rule& rule : agents::rules()) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", rule.name, states_of(rule.kind, rule.states),
                        agents::fate_names[static_cast<std::size_t>(rule.fate)],
                        rule.reads.empty() ? "nothing" : rule.reads, rule.formula, rule.source);
  }
  return text;
}

std::string fields_markdown() {
  std::string text =
      "| field | diffusivity, um2/s | half-life, h | fibre | damage | massage | neutrophil | ED1+ | ED2+ | fibroblast "
      "| "
      "taken up by | what it does |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const agents::FieldInfo& field : agents::field_table) {
    const agents::Secretion& s = field.secretion;
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {}, {} per h | {} |\n", field.long_name,
                        field.diffusivity_um2_per_s, field.half_life_h, s.fibre, s.damage, s.massage, s.neutrophil,
                        s.ed1, s.ed2, s.fibroblast, name_of(field.reader), field.uptake_per_h, field.source);
  }
  return text;
}

std::string parameters_markdown() {
  std::string text = "| key | unit | range | default | meaning | source |\n|---|---|---|---|---|---|\n";
  for (const KeyEntry& key : entries_of<agents::Settings>("agents.")) {
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", key.path, key.unit, key.range, key.default_value,
                        key.meaning, key.source);
  }
  return text;
}

}  // namespace

std::string agent_tables_markdown() {
  return fmt::format(
      "#### Rules of the cells\n\n{}\n#### Fields\n\nThe seven columns in the middle are weights of secretion, against "
      "each other.\n\n{}\n#### Parameters\n\n{}",
      rules_markdown(), fields_markdown(), parameters_markdown());
}

}  // namespace hindlimb::scenario
