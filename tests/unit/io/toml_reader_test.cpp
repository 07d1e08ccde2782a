#include "hindlimb/io/toml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "hindlimb/core/random.hpp"
#include "hindlimb/scenario/build.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using scenario::Node;
using scenario::Study;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string small_study =
    "seed = 7\n"
    "[[arm]]\n"
    "name = \"RE\"\n"
    "[[arm.phase]]\n"
    "name = \"suspension\"\n"
    "load = { left = 0, right = 0.3 }\n"
    "duration_d = 14\n";

/// The lines that a user reads, of everything that is wrong.
template <class Action>
std::vector<std::string> problems_of(Action action) {
  std::vector<std::string> lines;
  try {
    action();
  } catch (const InputError& error) {
    for (const Problem& problem : error.problems()) lines.push_back(to_string(problem));
  }
  return lines;
}
std::vector<std::string> problems_of_text(const std::string& text) {
  return problems_of([&] { parse_toml(text, "s.toml"); });
}

/// A directory with s.toml in it.
class StudyFile : public testing::Test {
 protected:
  void write(const std::string& text) { write_text(path(), text); }
  std::filesystem::path path() const { return directory_ / "s.toml"; }
  std::vector<std::string> problems(const std::vector<std::string>& overrides = {}) {
    std::vector<std::string> lines = problems_of([&] { read_study(path(), overrides); });
    for (std::string& line : lines) {
      if (line.starts_with(directory_.path().string())) line.erase(0, directory_.path().string().size() + 1);
    }
    return lines;
  }
  TemporaryDirectory directory_;
};

TEST_F(StudyFile, IsReadAsTheStudyItDescribes) {
  write(small_study);
  const Study study = read_study(path());
  EXPECT_EQ(study.seed, 7);
  EXPECT_EQ(study.arms.at(0).name, "RE");
  EXPECT_EQ(study.arms.at(0).phases.at(0).load, (scenario::Load{{0.0, 0.3}}));
  EXPECT_EQ(study.arms.at(0).phases.at(0).duration, Minutes(14 * 1440));
}

TEST_F(StudyFile, IsTheSameWithTheLineEndsOfWindows) {
  std::string text = small_study;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2))
    text.insert(at, 1, '\r');
  write(text);
  EXPECT_EQ(read_study(path()).arms.at(0).name, "RE");
  write(text + "[[arm.phase]]\r\nnane = \"x\"\r\n");
  EXPECT_THAT(problems(), testing::Contains(StartsWith("s.toml:9: arm.RE.phase.2.nane: unknown key")));
}

TEST_F(StudyFile, IsTheSameWithAByteOrderMark) {
  write("\xef\xbb\xbf" + small_study);
  EXPECT_EQ(read_study(path()).seed, 7);
}

TEST_F(StudyFile, MustExist) { EXPECT_THAT(problems(), ElementsAre("s.toml: there is no such file")); }

TEST_F(StudyFile, CannotBeADirectory) {
  std::filesystem::create_directory(path());
  EXPECT_THAT(problems(), ElementsAre("s.toml: is a directory, must be a TOML file"));
}

TEST_F(StudyFile, CannotBeAPipe) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_THAT(problems(), ElementsAre("s.toml: is no regular file"));
}

TEST_F(StudyFile, CannotBeEmpty) {
  write("");
  EXPECT_THAT(problems(), ElementsAre("s.toml: is empty"));
}

TEST_F(StudyFile, MustHoldMoreThanComments) {
  write("# nothing\n\n");
  EXPECT_THAT(problems(), ElementsAre("s.toml: arm: there is none; a study needs at least one [[arm]]"));
}

TEST_F(StudyFile, HasAtMostAMegabyte) {
  write(small_study + "#" + std::string(1'000'000 - small_study.size() - 1, 'x'));
  EXPECT_THAT(problems(), testing::IsEmpty());
  write(small_study + "#" + std::string(1'000'000 - small_study.size(), 'x'));
  EXPECT_THAT(problems(), ElementsAre("s.toml: has 1000001 bytes; at most 1000000 are read"));
}

TEST_F(StudyFile, CannotBeBinary) {
  std::string bytes = "\x89PNG\r\n\x1a\n";
  for (int i = 0; i < 700; ++i) bytes += static_cast<char>((i * 37) % 256);
  write(bytes);
  EXPECT_THAT(problems(), ElementsAre("s.toml:1: is not TOML: encountered invalid utf-8 sequence"));
}

TEST_F(StudyFile, CannotBeAResult) {
  write("\x89HDF\r\n\x1a\n");
  EXPECT_THAT(problems(), ElementsAre("s.toml: is an HDF5 file, must be text"));
}

TEST_F(StudyFile, KeepsTextInAnyLanguage) {
  write("title = \"Hinterlauf, µm: 重力 🐀\"\n" + small_study);
  EXPECT_EQ(read_study(path()).title, "Hinterlauf, µm: 重力 🐀");
}

TEST_F(StudyFile, NamesAnUnknownKeyInAnyLanguage) {
  write("\"größe\" = 7\n" + small_study);
  EXPECT_THAT(problems(), ElementsAre(StartsWith("s.toml:1: größe: unknown key; ")));
}

TEST_F(StudyFile, HasFiniteNumbers) {
  write(small_study + "[animals]\nage_months = nan\nbody_mass_g = -inf\n");
  EXPECT_THAT(problems(), ElementsAre(StartsWith("s.toml:9: animals.age_months: is nan, must be a finite number"),
                                      StartsWith("s.toml:10: animals.body_mass_g: is -inf, must be a finite number")));
}

TEST_F(StudyFile, HasNoDates) {
  write("title = 2018-01-31\n" + small_study + "[animals]\nper_arm = 07:32:00\n");
  EXPECT_THAT(problems(),
              ElementsAre(StartsWith("s.toml:1: title: is a date or time, must be text in quotes"),
                          StartsWith("s.toml:10: animals.per_arm: is a date or time, must be a whole number")));
}

TEST_F(StudyFile, HasItsProblemsNamedInTheOrderOfItsLines) {
  write("muscels = []\n" + small_study +
        "[solver]\nrtol = 7\n[animals]\nper_arm = 0\n[parameters.soleus]\ncsa = "
        "7\n[crossover]\nhumoral_gain = -1\n");
  EXPECT_THAT(problems(), ElementsAre(StartsWith("s.toml:1: muscels: "), StartsWith("s.toml:10: solver.rtol: "),
                                      StartsWith("s.toml:12: animals.per_arm: "),
                                      StartsWith("s.toml:14: "
                                                 "parameters.soleus.csa: "),
                                      StartsWith("s.toml:16: crossover.humoral_gain: ")));
}

TEST_F(StudyFile, FindsItsParameterFileBesideItself) {
  std::filesystem::create_directory(directory_ / "fits");
  write_text(directory_ / "fits/a.toml", "[parameters]\ndrive_max = 0.7\nlocal_gain = 0.11\n");
  write(small_study + "[parameters]\nfile = \"fits/a.toml\"\ndrive_max = 0.3\n");
  const Study study = read_study(path());
  EXPECT_EQ(study.parameters[0].local_gain, 0.11);
  EXPECT_EQ(study.parameters[0].drive_max, 0.3);
}

TEST_F(StudyFile, NamesTheParameterFileThatIsWrong) {
  write(small_study + "[parameters]\nfile = \"a.toml\"\n");
  EXPECT_THAT(problems(),
              ElementsAre(AllOf(StartsWith("s.toml:9: parameters.file: there is no file '"), EndsWith("/a.toml'"))));
  write_text(directory_ / "a.toml", "[parameters]\n\ndrive_max = 7\n");
  EXPECT_THAT(problems(), ElementsAre(StartsWith("a.toml:3: parameters.drive_max: is 7, must be from 0 to 5")));
  write(small_study + "[parameters]\nfile = 7\n");
  EXPECT_THAT(problems(), ElementsAre("s.toml:9: parameters.file: is a whole number, must be text in quotes"));
}

TEST_F(StudyFile, CannotBeItsOwnParameterFile) {
  write(small_study + "[parameters]\nfile = \"s.toml\"\n");
  EXPECT_THAT(problems(), ElementsAre(StartsWith("s.toml:1: seed: does not belong in a parameter file"),
                                      StartsWith("s.toml:2: arm: does not belong in a parameter file"),
                                      StartsWith("s.toml:9: parameters.file: does not belong in a parameter file")));
}

TEST_F(StudyFile, TakesChangesOfEveryType) {
  write(small_study);
  const Study study = read_study(path(), {"seed=11", "animals.body_mass_g=300.5", "record.times_d=[0, 7]",
                                          "muscles=[\"edl\"]", "arm.RE.phase.suspension.load={left=0.3,right=1}"});
  EXPECT_EQ(study.seed, 11);
  EXPECT_EQ(study.animals.body_mass_g, 300.5);
  EXPECT_EQ(study.arms[0].phases[0].load, (scenario::Load{{0.3, 1.0}}));
  EXPECT_THAT(study.record.times, ElementsAre(Minutes(0), Minutes(7 * 1440)));
  EXPECT_THAT(study.muscles, ElementsAre(scenario::MuscleName::edl));
}

TEST_F(StudyFile, TakesTextInChangesWithAndWithoutQuotes) {
  write(small_study);
  EXPECT_EQ(read_study(path(), {"title=Rats in space"}).title, "Rats in space");
  EXPECT_EQ(read_study(path(), {"title=\"7\""}).title, "7");
  EXPECT_EQ(read_study(path(), {"title=a=b"}).title, "a=b");
  EXPECT_EQ(read_study(path(), {"title="}).title, "");
}

TEST_F(StudyFile, TakesTheLastOfTwoChangesOfOneKey) {
  write(small_study);
  EXPECT_EQ(read_study(path(), {"seed=3", "seed=11"}).seed, 11);
}

TEST_F(StudyFile, TakesTheParameterFileOfAChange) {
  write(small_study);
  write_text(directory_ / "a.toml", "parameters.local_gain = 0.11\n");
  EXPECT_EQ(read_study(path(), {"parameters.file=a.toml"}).parameters[0].local_gain, 0.11);
}

TEST_F(StudyFile, NamesEverythingWrongWithFileAndChanges) {
  write(small_study + "[animals]\nper_arm = 0\n");
  EXPECT_THAT(problems({"seed", "=7", "arm.RX.name=x", "solver.rtol=high"}),
              ElementsAre("--set: 'seed' must be KEY=VALUE, such as animals.per_arm=20",
                          "--set: '=7' must be KEY=VALUE, such as animals.per_arm=20",
                          "--set: arm.RX.name: there is no arm 'RX'; did you mean 'RE'?",
                          StartsWith("--set: solver.rtol: is text, must be a number"),
                          StartsWith("s.toml:9: animals.per_arm: is 0")));
}

TEST(ParseToml, KeepsKeysInTheOrderOfTheText) {
  const Node document = parse_toml("zebra = 1\n[b]\nx = 2\n[a]\nx = 3\n", "s.toml");
  std::vector<std::string> keys;
  for (const auto& [key, value] : *document.table()) keys.push_back(key);
  EXPECT_THAT(keys, ElementsAre("zebra", "b", "a"));
}

TEST(ParseToml, KnowsTheLineOfEveryValue) {
  const Node document =
      parse_toml("a = [\n  0.3,\n  7,\n]\n\n[b]\nc.d = \"x\"\n[[e]]\n[[e]]\nf = { g = true }\n", "s.toml");
  EXPECT_EQ(document.find("a")->where.to_string(), "s.toml:1");
  EXPECT_EQ(document.find("a")->array()->at(1).where.to_string(), "s.toml:3");
  EXPECT_EQ(document.find("b")->where.to_string(), "s.toml:6");
  EXPECT_EQ(document.find("b")->find("c")->find("d")->where.to_string(), "s.toml:7");
  EXPECT_EQ(document.find("e")->array()->at(1).where.to_string(), "s.toml:9");
  EXPECT_EQ(document.find("e")->array()->at(1).find("f")->find("g")->where.to_string(), "s.toml:10");
}

TEST(ParseToml, KeepsWholeNumbersNumbersTextAndFlagsApart) {
  const Node document = parse_toml("a = 7\nb = 7.0\nc = \"7\"\nd = false\ne = 9223372036854775807\n", "s.toml");
  EXPECT_EQ(std::get<std::int64_t>(document.find("a")->value), 7);
  EXPECT_EQ(std::get<double>(document.find("b")->value), 7.0);
  EXPECT_EQ(std::get<std::string>(document.find("c")->value), "7");
  EXPECT_EQ(std::get<bool>(document.find("d")->value), false);
  EXPECT_EQ(std::get<std::int64_t>(document.find("e")->value), 9223372036854775807);
}

/// All that a user reads of what is wrong with a text.
std::string told_of(const std::string& text) {
  try {
    parse_toml(text, "s.toml");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(BrokenToml, IsShownWithAMarkWhereItBreaks) {
  EXPECT_EQ(told_of("a = 1\n\nb = = 2\n"),
            "s.toml:3: is not TOML: error while parsing value: could not determine value type\n"
            "    3 | b = = 2\n"
            "      |     ^");
  EXPECT_EQ(
      told_of("a = 1\nb = \"open\nc = 2\n"),
      "s.toml:2: is not TOML: error while parsing string: unescaped control characters other than TAB (U+0009) are "
      "explicitly prohibited; is a closing quote missing?\n"
      "    2 | b = \"open\n"
      "      |          ^");
  EXPECT_EQ(told_of("a = 1\n[b\n"),
            "s.toml:2: is not TOML: error while parsing table header: expected ']', saw '\\n'\n"
            "    2 | [b\n"
            "      |   ^");
}

TEST(BrokenToml, GivesAKeyTwice) {
  EXPECT_EQ(told_of("a = 1\nb = 2\na = 3\n"),
            "s.toml:3: is not TOML: error while parsing key-value pair: cannot redefine existing integer 'a'\n"
            "    3 | a = 3\n"
            "      |     ^");
  EXPECT_EQ(told_of("[a]\nb = 2\n[a]\n"),
            "s.toml:3: is not TOML: error while parsing table header: cannot redefine existing table 'a'\n"
            "    3 | [a]\n"
            "      | ^");
}

TEST(BrokenToml, IsShownByItsLineWhereItsReaderGivesUp) {
  EXPECT_EQ(told_of("[,"), "s.toml:1: is not TOML\n    1 | [,\n      | ^~");
  EXPECT_EQ(told_of("a = 1\n# [,\n[,\nb = 2\n"), "s.toml:3: is not TOML\n    3 | [,\n      | ^~");
}

TEST_F(StudyFile, MarksTheKeyThatIsUnknownAndTheValueThatIsWrong) {
  write("sed = 7\r\n\"größe\" = 7\r\n" + small_study + "[animals]\nper_arm = \"8\"  # rats\n");
  std::string told;
  try {
    read_study(path());
  } catch (const InputError& error) {
    told = error.what();
  }
  const std::string name = path().string();
  EXPECT_EQ(told,
            name +
                ":1: sed: unknown key; did you mean 'seed'?\n"
                "    1 | sed = 7\n"
                "      | ^~~\n" +
                name +
                ":2: größe: unknown key; known here: animals, arm, crossover, parameters, record, compare, solver, "
                "agents, title, seed, fidelity, muscles\n"
                "    2 | \"größe\" = 7\n"
                "      | ^~~~~~~\n" +
                name +
                ":11: animals.per_arm: is text, must be a whole number; rats in each arm\n"
                "   11 | per_arm = \"8\"  # rats\n"
                "      |           ^~~");
}

TEST(BrokenToml, EndsWhereNoReaderWouldExpectIt) {
  for (const std::string text : {"[,",
                                 "[",
                                 "[[",
                                 "[[arm",
                                 "a",
                                 "a =",
                                 "a = [",
                                 "a = [,",
                                 "a = {",
                                 "a = {,",
                                 "a = \"",
                                 "a = \"\"\"",
                                 "a = '",
                                 "a = \"\\",
                                 "a = \"\\u00",
                                 "\"",
                                 "a.",
                                 ".a = 1",
                                 "a = 1e",
                                 "a = 0x",
                                 "a = 1_",
                                 "a = 2018-",
                                 "a = 9223372036854775808",
                                 "é",
                                 "a = é",
                                 "[é]",
                                 "a = +é",
                                 "\xef\xbb",
                                 "\xff",
                                 "a = \"\xff\"",
                                 "a = \"\xed\xa0\x80\"",
                                 "a = 1 b = 2"}) {
    EXPECT_THAT(problems_of_text(text), ElementsAre(StartsWith("s.toml:"))) << text;
    EXPECT_THAT(problems_of_text(text + "\n[b]\n"), ElementsAre(StartsWith("s.toml"))) << text;
  }
}

TEST(BrokenToml, HasAZeroByte) {
  EXPECT_THAT(problems_of_text(std::string("a = 1\n\0b = 2\n", 13)),
              ElementsAre(StartsWith("s.toml:2: is not TOML: ")));
}

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

/// Of a key of this many parts in line 2.
std::vector<std::string> problems_of_key(const std::string& begin, const std::string& part, int parts,
                                         const std::string& end) {
  std::string text = "\n";
  text += begin;
  text += repeated(part, parts);
  text += end;
  return problems_of_text(text);
}

class DeepToml : public testing::TestWithParam<int> {};

TEST_P(DeepToml, IsRefusedWhereBracketsNest) {
  EXPECT_THAT(problems_of_key("a = ", "[", GetParam(), "7"), ElementsAre(StartsWith("s.toml:2:")));
  EXPECT_THAT(problems_of_key("a = ", "{ a = ", GetParam(), "7"), ElementsAre(StartsWith("s.toml:2:")));
}

TEST_P(DeepToml, IsRefusedWhereDotsNest) {
  const std::string problem = "s.toml:2: joins more than 32 names by dots";
  EXPECT_THAT(problems_of_key("", "a.", GetParam(), "a = 7\n"), ElementsAre(problem));
  EXPECT_THAT(problems_of_key("[", "a . ", GetParam(), "a]\n"), ElementsAre(problem));
  EXPECT_THAT(problems_of_key("[[", "\"a\".", GetParam(), "a]]\n"), ElementsAre(problem));
  EXPECT_THAT(problems_of_key("", "'='.\",\".", GetParam(), "a = 7\n"), ElementsAre(problem));
  EXPECT_THAT(problems_of_key("", "\"\\\"\".", GetParam(), "a = 7\n"), ElementsAre(problem));
}

// The stack ends somewhere between: at 10,000 levels or at a file full of them.
INSTANTIATE_TEST_SUITE_P(Levels, DeepToml, testing::Values(10'000, 150'000), testing::PrintToStringParamName());

TEST(DeepTables, AreRefusedWhereDotsAndBracketsNestTogether) {
  const std::string level = repeated("a.", 31) + "a = [{ ";
  EXPECT_THAT(problems_of_text(repeated(level, 10'000)), ElementsAre(StartsWith("s.toml:1:")));
}

TEST(ManyDots, AreFineInTextNumbersAndComments) {
  const std::string dots(300, '.');
  std::string text =
      "# @\na = \"@\"\nb = '@'\nc = \"\"\"\n@\n\"\"\"\nd = [" + repeated("0.5, ", 300) + "]\ne = \"\\\"@\" # \" @\n";
  for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@')) text.replace(at, 1, dots);
  const Node document = parse_toml(text, "s.toml");
  EXPECT_EQ(*document.find("a")->text(), dots);
  EXPECT_EQ(*document.find("b")->text(), dots);
  EXPECT_EQ(document.find("d")->array()->size(), 300u);
  EXPECT_EQ(*document.find("e")->text(), "\"" + dots);
}

/// Numbers below a limit, the same in every run.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : key_{seed, random::Purpose::set_point} {}
  std::size_t below(std::size_t limit) { return random::bits(key_, {.step = step_++})[0] % limit; }

 private:
  random::Key key_;
  std::uint64_t step_ = 0;
};

std::string mutated(std::string text, Draws& draw) {
  for (std::size_t changes = 1 + draw.below(4); changes > 0 && !text.empty(); --changes) {
    const std::size_t at = draw.below(text.size());
    const std::size_t length = 1 + draw.below(40);
    switch (draw.below(5)) {
      case 0:
        text[at] = static_cast<char>(text[at] ^ (1 << draw.below(8)));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(draw.below(text.size()), text.substr(at, length));
        break;
      case 3:
        text.insert(at, "é");
        break;
      default:
        text[at] = "[]{}\",=.#'\\\n 0-e"[draw.below(16)];
        break;
    }
  }
  return text;
}

TEST(AnyMutation, OfAStudyIsReadOrRefused) {
  const std::string original = bytes_of(HINDLIMB_SOURCE_DIR "/configs/miller2018.toml");
  ASSERT_FALSE(original.empty());
  Draws draw(1);
  int read = 0;
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = mutated(original, draw);
    try {
      scenario::build_study(parse_toml(text, "s.toml"));
      ++read;
    } catch (const InputError& error) {
      EXPECT_FALSE(error.problems().empty());
      ++refused;
    } catch (const std::exception& error) {
      FAIL() << error.what() << " from mutation " << i << ":\n" << text;
    }
  }
  EXPECT_GT(read, 1000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace hindlimb::io
