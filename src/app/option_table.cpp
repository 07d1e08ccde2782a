#include "app/option_table.hpp"

namespace hindlimb::app {
namespace {

bool takes_several(const po::option_description& option) {
  const auto* value = dynamic_cast<const po::typed_value_base*>(option.semantic().get());
  return value != nullptr && value->value_type() == typeid(std::vector<std::string>);
}

}  // namespace

std::vector<OptionInfo> options_of(const Command& command) {
  const po::options_description visible = visible_options(command);
  std::vector<OptionInfo> options;
  for (const auto& option : visible.options()) {
    const std::string shown = option->canonical_display_name(po::command_line_style::allow_dash_for_short);
    options.push_back({option->long_name(), shown.starts_with('-') ? shown.substr(1) : "",
                       option->semantic()->max_tokens() > 0 ? option->semantic()->name() : "", option->description(),
                       takes_several(*option)});
  }
  return options;
}

}  // namespace hindlimb::app
