#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/study/fit_plan.hpp"
#include "hindlimb/study/sweep_plan.hpp"
#include "unit/study/studies.hpp"

/// What `hindlimb explain` shows as the example of a key must be accepted where it stands.
namespace hindlimb::study {
namespace {

using scenario::KeyEntry;

/// A key as --set takes it in the study of few arms, where every example makes sense.
std::string key_in_study(std::string path) {
  const auto replace = [&path](std::string_view start, std::string_view by) {
    if (!path.starts_with(start)) return false;
    path.replace(0, start.size(), by);
    return true;
  };
  if (replace("arm.phase.", "arm.REM.phase.suspension.") || replace("arm.training.", "arm.TRAIN.training."))
    return path;
  replace("arm.", "arm.REM.");
  return path;
}

void build_study_with(const KeyEntry& key) {
  scenario::Node document = io::parse_toml(few_arms, "study.toml");
  io::apply_change(document, "arm.TRAIN.phase.cage.duration_d=40");  // room for sessions
  io::apply_change(document, key_in_study(key.path) + "=" + key.example);
  scenario::build_study(document);
}

TEST(ExampleOfAKey, IsAcceptedInAStudy) {
  for (const KeyEntry& key : scenario::all_keys())
    EXPECT_NO_THROW(build_study_with(key)) << key.path << " = " << key.example;
}

std::string line(const KeyEntry& key) { return key.path.substr(key.path.rfind('.') + 1) + " = " + key.example + "\n"; }

const std::string axis = "[[sweep.axis]]\n";
const std::string force = "key = \"arm.REM.massage.force_N\"\n";

/// What else makes a distribution of a key that describes one.
std::string rest_of_distribution(const KeyEntry& key) {
  std::string others;
  const auto is = [&](std::string_view name) { return key.path == "sweep.axis." + std::string(name); };
  const auto add = [&](std::string_view name, const std::string& text) {
    if (!is(name)) others += std::string(name) + " = " + text + "\n";
  };
  if (is("low") || is("high")) {
    add("distribution", "\"uniform\"");
  } else if (is("mean") || is("sd")) {
    add("distribution", "\"normal\"");
    add("mean", "4");
    add("sd", "1");
  } else if (is("median") || is("cv")) {
    add("distribution", "\"log-normal\"");
    add("median", "4");
    add("cv", "0.5");
  }
  if (is("distribution") || is("low") || is("high")) {
    add("low", "0.5");
    add("high", "9.5");
  }
  return others;
}

/// An axis with the example of a key, and what has to stand beside it.
std::string axis_with(const KeyEntry& key) {
  const auto is = [&](std::string_view path) { return key.path == path; };
  if (is("sweep.axis.key")) return axis + line(key) + "values = [1]\n";
  if (is("sweep.axis.keys")) return axis + line(key) + "values = [[1, 2]]\n";
  if (is("sweep.axis.values")) return axis + force + line(key);
  if (is("sweep.axis.count")) return axis + force + line(key) + "distribution = \"uniform\"\nlow = 1\nhigh = 2\n";
  return axis + force + line(key) + rest_of_distribution(key) + "count = 3\n";
}

/// A sweep with the example of a key, and what has to stand beside it.
std::string sweep_with(const KeyEntry& key) {
  if (key.path.starts_with("sweep.axis.")) return axis_with(key);
  const auto is = [&](std::string_view path) { return key.path == path; };
  const std::string table = "[sweep]\n" + line(key);
  const std::string drawn = axis + force + "distribution = \"uniform\"\nlow = 1\nhigh = 2\n";
  if (is("sweep.points")) return table + "design = \"sobol\"\n" + drawn;
  if (is("sweep.trajectories")) return table + "design = \"morris\"\n" + drawn;
  if (is("sweep.levels")) return table + "design = \"morris\"\ntrajectories = 2\n" + drawn;
  if (is("sweep.file")) return table + "design = \"list\"\n";
  return table + axis + force + "values = [1]\n";
}

TEST(ExampleOfAKey, IsAcceptedInASweep) {
  for (const KeyEntry& key : sweep_keys()) {
    const std::string text = sweep_with(key);
    EXPECT_NO_THROW(read_sweep_plan(*io::parse_toml(text, "sweep.toml").find("sweep"))) << text;
  }
}

/// A plan of a fit with the example of a key in the place of what it would be without it.
std::string fit_with(const KeyEntry& key) {
  const auto table = [&](const std::string& header, const std::string& prefix, const std::vector<std::string>& needed) {
    std::string text = header;
    if (key.path.starts_with(prefix) && key.path.find('.', prefix.size()) == std::string::npos) text += line(key);
    for (const std::string& each : needed) {
      if (key.path != prefix + each.substr(0, each.find(' '))) text += each + "\n";
    }
    return text;
  };
  return table("", "", {"study = \"a.toml\"", "observations = \"b.csv\""}) + table("[fit]\n", "fit.", {}) +
         table("[[parameter]]\n", "parameter.", {"name = \"drive_max\""}) +
         table("[[datum]]\n", "datum.", {"quantity = \"csa\"", "arm = \"REM\"", "day = 3"}) +
         table("[[unused]]\n", "unused.", {"rows = [\"O1\"]", "reason = \"none\""});
}

TEST(ExampleOfAKey, IsAcceptedInAPlanOfAFit) {
  for (const KeyEntry& key : fit_keys()) {
    const std::string text = fit_with(key);
    EXPECT_THAT(text, testing::HasSubstr(line(key)));
    EXPECT_NO_THROW(read_fit_plan(io::parse_toml(text, "plan.toml"))) << text;
  }
}

TEST(SourceOfAParameter, IsNeverEmpty) {
  for (const KeyEntry& key : scenario::all_keys()) {
    const bool is_parameter = key.path.starts_with("parameters.") && key.path != "parameters.file";
    if (is_parameter || key.path.starts_with("crossover.")) {
      EXPECT_NE(key.source, "") << key.path;
    }
  }
}

}  // namespace
}  // namespace hindlimb::study
