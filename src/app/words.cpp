#include "app/words.hpp"

#include <fmt/format.h>

#include <set>

#include "app/init.hpp"
#include "app/key_groups.hpp"
#include "app/man.hpp"
#include "app/text.hpp"
#include "hindlimb/muscle/observables.hpp"

namespace hindlimb::app {
namespace {

std::vector<std::string> observable_names() {
  std::vector<std::string> names;
  for (const muscle::ObservableInfo& info : muscle::observable_table) {
    names.emplace_back(info.name);
    if (info.width == 1) continue;
    for (const std::string_view type : laws::fibre_type_names) names.push_back(fmt::format("{}.{}", info.name, type));
  }
  return names;
}

/// What `hindlimb explain` takes, each once: keys in full and tables.
std::vector<std::string> explained_words() {
  std::set<std::string> words;
  for (const KeyGroup& group : key_groups()) {
    for (const scenario::KeyEntry& key : group.keys) {
      words.insert(key.path);
      for (std::size_t dot = key.path.find('.'); dot != std::string::npos; dot = key.path.find('.', dot + 1))
        words.insert(key.path.substr(0, dot));
    }
  }
  const std::vector<std::string> observables = observable_names();
  words.insert(observables.begin(), observables.end());
  return {words.begin(), words.end()};
}

std::vector<std::string> assignments() {
  std::vector<std::string> words = settable_keys();
  for (std::string& word : words) word += '=';
  return words;
}

}  // namespace

Place place_of(std::string_view usage) {
  const std::size_t from = usage.starts_with('[') ? 1 : 0;
  constexpr std::string_view and_more = ",...";
  std::string name(usage.substr(from, usage.find_first_of(" ]", from) - from));
  const bool takes_several = name.ends_with(and_more);
  if (takes_several) name.resize(name.size() - and_more.size());
  Place place{name, {}, std::nullopt, takes_several};
  if (name.find('|') != std::string::npos) place.choices = split(name, '|');
  if (name == "FILE") place.ending = "";
  if (const std::size_t dot = name.rfind('.'); dot != std::string::npos) place.ending = name.substr(dot);
  return place;
}

std::vector<WordList> word_lists() {
  const std::vector<std::string_view> templates = template_names();
  return {{"KEY", explained_words()},
          {"KEY=VALUE", assignments()},
          {"OBSERVABLE", observable_names()},
          {"TEMPLATE", {templates.begin(), templates.end()}},
          {"PAGE", page_names()}};
}

}  // namespace hindlimb::app
