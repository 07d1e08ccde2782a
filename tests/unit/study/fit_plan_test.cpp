#include "hindlimb/study/fit_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "unit/study/studies.hpp"

namespace hindlimb::study {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr Minutes days(double number) { return Minutes(static_cast<std::int64_t>(number * 1440.0)); }

// --- reading ---------------------------------------------------------------------------------------------------------

const std::string head = "study = \"study.toml\"\nobservations = \"rows.csv\"\n";
const std::string parameter = "[[parameter]]\nname = \"drive_max\"\n";
const std::string datum =
    "[[datum]]\nquantity = \"mass_change\"\narm = \"HS\"\nlimb = \"both\"\nmuscle = \"soleus\"\nday = 14\nreference = "
    "\"WB\"\n";

FitPlan read(const std::string& text) { return read_fit_plan(io::parse_toml(text, "plan.toml")); }

std::vector<std::string> problems_in(const std::string& text) {
  return problems_of([&] { read(text); });
}

TEST(ReadFitPlan, TakesEveryKey) {
  const FitPlan plan = read(
      head +
      "title = \"a fit\"\n[fit]\nseed = 7\nstarts = 3\nmax_iterations = 17\nprofiles = \"no\"\nlaboratory_noise = 0.3\n"
      "growing_noise = 0.7\n[[parameter]]\nname = \"soleus.postural_share\"\nlow = 0.2\nhigh = 3\nstart = 0.9\n"
      "prior_factor = 1.3\n" +
      datum +
      "row = \"O0001\"\nkind = \"unchanged\"\nreference_day = 0.5\nlow = -3\nhigh = 4\nnoise = 0.7\ngrowing = \"yes\"\n"
      "source = \"somebody\"\n[[unused]]\nrows = [\"O0002\", \"O0004-O0006\"]\nreason = \"none\"\n");
  EXPECT_EQ(plan.title, "a fit");
  EXPECT_EQ(plan.study_file, "study.toml");
  EXPECT_EQ(plan.observations_file, "rows.csv");
  EXPECT_EQ(plan.options.seed, 7);
  EXPECT_EQ(plan.options.starts, 3);
  EXPECT_EQ(plan.options.max_iterations, 17);
  EXPECT_FALSE(plan.options.profiles);
  EXPECT_EQ(plan.options.laboratory_noise, 0.3);
  EXPECT_EQ(plan.options.growing_noise, 0.7);
  ASSERT_THAT(plan.parameters, SizeIs(1));
  EXPECT_EQ(plan.parameters[0].name, "soleus.postural_share");
  EXPECT_EQ(plan.parameters[0].low, 0.2);
  EXPECT_EQ(plan.parameters[0].high, 3.0);
  EXPECT_EQ(plan.parameters[0].start, 0.9);
  EXPECT_EQ(plan.parameters[0].prior_factor, 1.3);
  ASSERT_THAT(plan.data, SizeIs(1));
  const Datum& d = plan.data[0];
  EXPECT_EQ(d.row, "O0001");
  EXPECT_EQ(d.kind, DatumKind::unchanged);
  EXPECT_EQ(d.quantity_name, "mass_change");
  EXPECT_EQ(d.arm, "HS");
  EXPECT_EQ(d.limb, static_cast<std::size_t>(MeasuredLimb::both));
  EXPECT_EQ(d.muscle, scenario::MuscleName::soleus);
  EXPECT_EQ(d.day, days(14));
  EXPECT_EQ(d.reference, "WB");
  EXPECT_EQ(d.reference_day, days(0.5));
  EXPECT_EQ(d.low, -3.0);
  EXPECT_EQ(d.high, 4.0);
  EXPECT_EQ(d.noise, 0.7);
  EXPECT_TRUE(d.growing);
  EXPECT_EQ(d.source, "somebody");
  ASSERT_THAT(plan.unused, SizeIs(1));
  EXPECT_THAT(plan.unused[0].rows, ElementsAre("O0002", "O0004-O0006"));
  EXPECT_EQ(plan.unused[0].reason, "none");
}

TEST(ReadFitPlan, LeavesWhatIsNotGivenAtItsDefault) {
  const FitPlan plan = read(head + parameter + datum);
  EXPECT_EQ(plan.options.starts, FitOptions{}.starts);
  EXPECT_TRUE(plan.options.profiles);
  EXPECT_EQ(plan.parameters[0].low, std::nullopt);
  EXPECT_EQ(plan.data[0].kind, DatumKind::value);
  EXPECT_EQ(plan.data[0].noise, std::nullopt);
  EXPECT_FALSE(plan.data[0].growing);
}

TEST(ReadFitPlan, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(
      problems_in(head + "[fit]\nstarts = 0\n" + parameter + "prior_factor = 1\nlow = 0\n" + datum +
                  "kind = \"sign\"\ndays = 7\n"),
      ElementsAre(StartsWith("plan.toml:4: fit.starts: is 0, must be from 1 to 10000; searches"),
                  StartsWith("plan.toml:7: parameter.prior_factor: is 1, must be > 1 and <= 1000; "),
                  "plan.toml:8: parameter.low: is 0, must be > 0; lower bound; the model's own where left out",
                  "plan.toml:16: datum.kind: is 'sign', must be one of value, above, below, unchanged, band; "
                  "value: that number; above, below, unchanged: the sign of the row, by low and high; band: from low "
                  "to high",
                  "plan.toml:17: datum.days: unknown key; did you mean 'day'?"));
}

TEST(ReadFitPlan, WantsItsFilesParametersAndData) {
  EXPECT_THAT(problems_in("title = \"x\"\n"),
              ElementsAre(HasSubstr("study: is missing"), HasSubstr("observations: is missing")));
  EXPECT_THAT(problems_in(head + datum),
              ElementsAre(HasSubstr("parameter: there is none; a fit needs at least one [[parameter]]")));
  EXPECT_THAT(problems_in(head + parameter),
              ElementsAre(HasSubstr("datum: there is none; a fit needs at least one [[datum]]")));
  EXPECT_THAT(problems_in(head + "[[parameter]]\nlow = 7\n" + datum + datum.substr(0, 9)),
              ElementsAre(HasSubstr("parameter.name: is missing"), HasSubstr("datum.2.quantity: is missing"),
                          HasSubstr("datum.2.arm: is missing"), HasSubstr("datum.2.day: is missing")));
}

TEST(ReadFitPlan, WantsAListOfRowsAndAReason) {
  EXPECT_THAT(problems_in(head + parameter + datum + "[[unused]]\nrows = \"O0001\"\n"),
              ElementsAre(HasSubstr("unused.reason: is missing; why"),
                          HasSubstr("unused.rows: is text, must be a list of texts in quotes")));
  EXPECT_THAT(problems_in(head + parameter + datum + "[[unused]]\nrows = []\nreason = \"none\"\n"),
              ElementsAre(HasSubstr("unused.rows: is an empty list")));
}

// --- resolving -------------------------------------------------------------------------------------------------------

const std::string rows_text =
    "id,study,muscle,quantity,unit,value,error,error_type,n,derived_from\n"
    "O0001,A,soleus,mass,percent,-30,2,SEM,8,\n"
    "O0002,A,soleus,mass,percent,6-8,2,SEM,8,\n"
    "O0003,A,soleus,mass,mg,95,12,SD,9,\n"
    "O0004,A,soleus,mass,g,0.095,0.002,SEM,8,\n"
    "O0005,A,soleus,mass,sign,-1,,,8,\n"
    "O0006,A,soleus,mass,sign,0,,,8,\n"
    "O0007,A,soleus,mass,percent,-29,,,8,O0003-O0005\n"
    "O0008,A,soleus,fsr,percent_per_day,4,0.3,SEM,8,\n"
    "O0009,A,soleus,mass,percent,-28,many,SEM,8,\n"
    "O0010,A,soleus,mass,percent,-28,3,SD,some,\n"
    "O0011,A,soleus,cells,per_mm2,12,1,SEM,8,\"O0001; O0003\"\n"
    "O0012,A,soleus,mass,sign,1,,,8,\n"
    "O0013,A,soleus,mass,ratio,0.7,0.02,SEM,8,\n";

/// A plan of one parameter and of this datum, all other rows explained.
class APlan : public testing::Test {
 protected:
  APlan() {
    plan_ = read(head + parameter + datum);
    plan_.parameters[0].name = "efficiency_loss";
    d().row = "O0001";
    d().muscle = scenario::MuscleName::soleus;
  }
  Datum& d() { return plan_.data[0]; }
  FittedParameter& p() { return plan_.parameters[0]; }
  void resolved() { resolve(plan_, study_, table_); }
  std::vector<std::string> problems() {
    FitPlan copy = plan_;
    return problems_of([&] { resolve(copy, study_, table_); });
  }

  FitPlan plan_;
  scenario::Study study_ = study_of(few_arms);
  CsvTable table_ = CsvTable::parse(rows_text, "rows.csv");
};

TEST_F(APlan, RefusesAnObservationOfAnUnknownStudy) {
  plan_.studies = {"Aa"};
  EXPECT_THAT(problems(), ElementsAre("rows.csv:2: study: 'A' is not among the plan's studies; did you mean 'Aa'?"));
  plan_.studies = {"A"};
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(APlan, RefusesATableInWhichAnIdStandsTwice) {
  table_ = CsvTable::parse(std::string(rows_text) + "O0001,B,soleus,mass,percent,-7,2,SEM,8,\n", "rows.csv");
  EXPECT_THAT(problems(), ElementsAre("rows.csv:15: id: 'O0001' stands there twice"));
}

TEST_F(APlan, RefusesTheMassagedLimbOfAnArmWithoutMassage) {
  d().limb = static_cast<std::size_t>(MeasuredLimb::massaged);
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1.limb: is 'massaged', but in arm 'HS' no limb or both are "
                                      "treated; left, right or both"));
}

TEST_F(APlan, IsFilledInFromItsRow) {
  ASSERT_THAT(problems(), IsEmpty());
  resolved();
  EXPECT_EQ(d().measurement.quantity.name, "mass_change");
  EXPECT_EQ(d().measurement.arm, "HS");
  EXPECT_EQ(d().measurement.reference_arm, "WB");
  EXPECT_EQ(d().measurement.limb, MeasuredLimb::both);
  EXPECT_EQ(d().measurement.muscle, scenario::MuscleName::soleus);
  EXPECT_EQ(d().measurement.time, days(14));
  EXPECT_EQ(d().value, -30.0);
  EXPECT_EQ(d().noise, 2.0);
  EXPECT_EQ(d().label, "mass_change soleus of HS both, 14 d");
}

TEST_F(APlan, AddsTheNoiseOfLaboratoriesAndOfGrowth) {
  plan_.options.laboratory_noise = 3.0;
  plan_.options.growing_noise = 6.0;
  resolved();
  EXPECT_DOUBLE_EQ(d().sigma, std::hypot(2.0, 3.0));
  d().growing = true;
  resolved();
  EXPECT_DOUBLE_EQ(d().sigma, 7.0);  // 2, 3 and 6
}

TEST_F(APlan, ScalesTheNoiseOfLaboratoriesToTheSizeOfARatioOrNumber) {
  plan_.options.laboratory_noise = 3.0;
  d().quantity_name = "mass_ratio";  // -30 % is 0.7
  resolved();
  EXPECT_DOUBLE_EQ(d().value, 0.7);
  EXPECT_DOUBLE_EQ(d().sigma, std::hypot(0.02, 0.03 * 0.7));
}

TEST_F(APlan, TakesTheErrorOfARowAsItIsMeant) {
  d().quantity_name = "mass";
  d().row = "O0003";
  resolved();
  EXPECT_DOUBLE_EQ(*d().noise, 4.0);  // SD 12 of 9 rats
  d().noise = 0.7;
  resolved();
  EXPECT_EQ(d().noise, 0.7);
}

TEST_F(APlan, ConvertsUnits) {
  d().quantity_name = "mass";
  d().row = "O0004";
  resolved();
  EXPECT_DOUBLE_EQ(d().value, 95.0);
  EXPECT_DOUBLE_EQ(*d().noise, 2.0);
  d().noise.reset();
  d().quantity_name = "myofibrillar_fsr";
  d().row = "O0008";
  resolved();
  EXPECT_DOUBLE_EQ(d().value, 0.04);
  EXPECT_DOUBLE_EQ(*d().noise, 0.003);
  d().noise.reset();
  d().quantity_name = "mass_ratio";
  d().row = "O0013";
  resolved();
  EXPECT_DOUBLE_EQ(d().value, 0.7);
}

TEST_F(APlan, TakesSignsAsLimitsAtNoChange) {
  d().row = "O0005";
  d().kind = DatumKind::below;
  d().noise = 2.0;
  resolved();
  EXPECT_EQ(d().high, 0.0);
  EXPECT_EQ(d().low, std::nullopt);
  d().quantity_name = "mass_ratio";
  d().row = "O0012";
  d().kind = DatumKind::above;
  d().high.reset();
  resolved();
  EXPECT_EQ(d().low, 1.0);
  EXPECT_EQ(d().high, std::nullopt);
}

TEST_F(APlan, KnowsTheMusclesOfAParameter) {
  resolved();
  EXPECT_THAT(p().muscles, IsEmpty());
  EXPECT_EQ(laws::parameter_table[p().index].name, "efficiency_loss");
  p() = {.name = "gastrocnemius.extracellular_fill", .low = {}, .high = {}, .start = {}, .muscles = {}};
  resolved();
  EXPECT_THAT(p().muscles, ElementsAre(1u, 2u));
  EXPECT_EQ(p().start, study_.parameters[1].extracellular_fill);
  p() = {.name = "edl.postural_share", .low = {}, .high = {}, .start = {}, .muscles = {}};
  resolved();
  EXPECT_THAT(p().muscles, ElementsAre(5u));
}

TEST_F(APlan, StartsWhereTheStudyIsWithinFiftyfoldAndTheBoundsOfTheModel) {
  for (auto& each : study_.parameters) each.efficiency_loss = 0.3;
  resolved();
  EXPECT_EQ(p().start, 0.3);
  EXPECT_EQ(p().low, 0.3 / 50.0);
  EXPECT_EQ(p().high, 3.0);
}

TEST_F(APlan, RemarksOnRowsOfWhichItSaysNothing) {
  resolved();
  EXPECT_THAT(
      plan_.remarks,
      ElementsAre(
          "rows neither used nor explained: O0002, O0003, O0004, O0005, O0006, O0007, O0008, O0009, O0010, O0011, "
          "O0012, O0013"));
}

TEST_F(APlan, ExplainsRowsOneByOneOrFromTo) {
  plan_.unused = {{{"O0002-O0006", "O0008-O0012"}, "not of interest"}, {{"O0007", "O0013"}, "neither"}};
  resolved();
  EXPECT_THAT(plan_.remarks, IsEmpty());
}

// --- mistakes --------------------------------------------------------------------------------------------------------

TEST_F(APlan, RefusesAnUnknownParameter) {
  p().name = "eficiency_loss";
  EXPECT_THAT(
      problems(),
      ElementsAre("plan.toml:3: parameter.1.name: 'eficiency_loss' is no parameter; did you mean 'efficiency_loss'?"));
  p().name = "soleus.bone";
  EXPECT_THAT(
      problems(),
      ElementsAre("plan.toml:3: parameter.1.name: 'soleus.bone' is no parameter; `hindlimb explain` lists all keys"));
}

TEST_F(APlan, RefusesAParameterOfAnUnknownMuscleOrOfAllMuscles) {
  p().name = "soleos.postural_share";
  EXPECT_THAT(problems(), ElementsAre("plan.toml:3: parameter.1.name: 'soleos' is no muscle; did you mean 'soleus'?"));
  p().name = "soleus.efficiency_loss";
  EXPECT_THAT(problems(), ElementsAre("plan.toml:3: parameter.1.name: 'efficiency_loss' is the same for all muscles"));
}

TEST_F(APlan, RefusesBoundsThatExcludeTheStart) {
  p().start = 0.3;
  p().low = 0.4;
  EXPECT_THAT(
      problems(),
      ElementsAre(StartsWith("plan.toml:3: parameter.1: efficiency_loss starts at 0.3, outside its bounds 0.4 to ")));
  p().low = 0.1;
  p().high = 0.3;
  EXPECT_THAT(problems(),
              ElementsAre("plan.toml:3: parameter.1: efficiency_loss starts at 0.3, outside its bounds 0.1 to 0.3"));
}

TEST_F(APlan, RefusesBoundsBeyondThoseOfTheModel) {
  p().start = 0.3;
  p().high = 7.0;
  EXPECT_THAT(
      problems(),
      ElementsAre("plan.toml:3: parameter.1: bounds of efficiency_loss reach beyond those of the model, 0 to 3"));
}

TEST_F(APlan, RefusesAStartAtZero) {
  p().name = "neural_gain";
  for (auto& each : study_.parameters) each.neural_gain = 0.0;
  EXPECT_THAT(problems(), ElementsAre("plan.toml:3: parameter.1: neural_gain starts at 0, must start above 0: it is "
                                      "fitted in the logarithm; give a start"));
}

TEST_F(APlan, RefusesAnUnknownRow) {
  d().row = "O0099";
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1.row: there is no row 'O0099' in rows.csv"));
}

TEST_F(APlan, RefusesTextForANumber) {
  d().row = "O0002";
  EXPECT_THAT(problems(), ElementsAre("rows.csv:3: value: is '6-8', must be a number"));
  d().row = "O0009";
  EXPECT_THAT(problems(), ElementsAre("rows.csv:10: error: is 'many', must be a number"));
  d().row = "O0010";
  EXPECT_THAT(problems(), ElementsAre("rows.csv:11: n: is 'some', must be a number"));
}

TEST_F(APlan, RefusesAUnitThatDoesNotFit) {
  d().row = "O0003";
  EXPECT_THAT(problems(), ElementsAre("rows.csv:4: unit: 'mg' does not fit mass_change; used by datum.1"));
  d().quantity_name = "csa";
  EXPECT_THAT(problems(), ElementsAre("rows.csv:4: unit: 'mg' does not fit csa; used by datum.1"));
  d().quantity_name = "mass";
  d().row = "O0011";
  EXPECT_THAT(problems(), ElementsAre("rows.csv:12: unit: 'per_mm2' does not fit mass; used by datum.1"));
  d().quantity_name = "csa";
  d().row = "O0008";
  EXPECT_THAT(problems(), ElementsAre("rows.csv:9: unit: 'percent_per_day' does not fit csa; used by datum.1"));
  d().row = "O0005";
  EXPECT_THAT(problems(), ElementsAre("rows.csv:6: unit: 'sign' does not fit csa; used by datum.1"));
}

TEST_F(APlan, RefusesASignThatContradictsItsRow) {
  d().noise = 2.0;
  d().row = "O0005";
  d().kind = DatumKind::above;
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1: row O0005 says -1, but the kind is above"));
  d().row = "O0006";
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1: row O0006 says +0, but the kind is above"));
  d().row = "O0001";
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1: row O0001 is no sign but a number in percent"));
}

TEST_F(APlan, RefusesADatumWithoutRowThatIsNoBand) {
  d().row = "";
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1: value needs a row; only a band stands without one"));
  d().kind = DatumKind::below;
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1: below needs a row; only a band stands without one"));
  d().kind = DatumKind::band;
  d().low = -40.0;
  d().noise = 2.0;
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(APlan, RefusesLimitsThatMakeNoSense) {
  d().low = -40.0;
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1: has limits, but its kind is value"));
  d().kind = DatumKind::band;
  d().high = -40.0;
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1: low is -40, must be below high, -40"));
  d().low.reset();
  d().high.reset();
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1: needs low, high or both"));
}

TEST_F(APlan, RefusesADatumWithoutNoise) {
  d().row = "O0007";
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1.noise: is missing, and row O0007 has no error"));
  d().row = "O0005";
  d().kind = DatumKind::below;
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1.noise: is missing"));
}

TEST_F(APlan, RefusesAnUnknownArmAndADayAfterItsEnd) {
  d().arm = "RME";
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1: the study has no arm 'RME'; did you mean 'RE'?"));
  d().arm = "HS";
  d().day = days(14) + Minutes(36);
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1.day: is 14.025, after the end of arm 'HS' (day 14)"));
}

TEST_F(APlan, ComparesTheDayOfTheReferenceWithTheEndOfTheReference) {
  d().arm = "RE";
  d().day = days(20);
  d().reference = "HS";
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1.day: is 20, after the end of arm 'HS' (day 14)"));
  d().reference_day = days(14);
  EXPECT_THAT(problems(), IsEmpty());
  d().reference_day = days(15);
  EXPECT_THAT(problems(), ElementsAre("plan.toml:5: datum.1.reference_day: is 15, after the end of arm 'HS' (day 14)"));
}

TEST_F(APlan, RefusesAChangeFromNothing) {
  d().reference = "";
  EXPECT_THAT(problems(),
              ElementsAre("plan.toml:5: datum.1.reference: is missing; a ratio or change needs an arm to refer to"));
}

TEST_F(APlan, RefusesWhatIsNoQuantityOfATypicalRat) {
  d().quantity_name = "mas_change";
  EXPECT_THAT(problems(), ElementsAre(StartsWith("datum.1: mas_change: is no quantity: ")));
  d().quantity_name = "csa_by_type_ratio";
  EXPECT_THAT(problems(), ElementsAre(StartsWith("datum.1: csa_by_type_ratio: is no quantity: ")));
  d().row = "";
  d().kind = DatumKind::band;
  d().low = 0.05;
  d().noise = 0.01;
  d().quantity_name = "csa_cv";
  EXPECT_THAT(problems(),
              ElementsAre("plan.toml:5: datum.1.quantity: csa_cv is of many rats, and a fit simulates a typical one"));
}

TEST_F(APlan, RefusesARowThatIsUsedTogetherWithWhatItIsDerivedFrom) {
  plan_.data.push_back(d());
  d().row = "O0007";
  d().noise = 2.0;
  plan_.data[1].quantity_name = "mass";
  plan_.data[1].row = "O0004";  // O0003 to O0005, of which only the ends are named
  EXPECT_THAT(problems(),
              ElementsAre("plan.toml:5: datum: row O0007 is used, and so is O0004, which it is derived from"));
  plan_.data[1].row = "O0011";
  plan_.data[1].quantity_name = "ed1";
  EXPECT_THAT(problems(), IsEmpty());
  d().row = "O0001";
  EXPECT_THAT(problems(),
              ElementsAre("plan.toml:5: datum: row O0011 is used, and so is O0001, which it is derived from"));
}

TEST_F(APlan, RefusesToExplainRowsThatAreUsedOrNotThere) {
  plan_.unused = {{{"O0001"}, "forgotten"}};
  EXPECT_THAT(problems(), ElementsAre("plan.toml: unused: row O0001 is listed as unused, but a datum uses it"));
  plan_.unused = {{{"O0099"}, "forgotten"}};
  EXPECT_THAT(problems(), ElementsAre("plan.toml: unused: there is no row 'O0099' in rows.csv"));
  plan_.unused = {{{"O0010-O0099"}, "forgotten"}};
  EXPECT_THAT(problems(), ElementsAre("plan.toml: unused: there is no row 'O0099' in rows.csv"));
}

TEST_F(APlan, RefusesRangesThatAreNone) {
  for (const std::string range : {"see-note", "O0002-", "O00x2-O0003", "O0002-O99999999999999999999", "-"}) {
    plan_.unused = {{{range}, "forgotten"}};
    EXPECT_THAT(problems(), SizeIs(1)) << range;
  }
}

TEST_F(APlan, NamesAllItsMistakesTogether) {
  p().name = "bone";
  d().arm = "XX";
  plan_.data.push_back(d());
  plan_.data[1].arm = "HS";
  plan_.data[1].row = "O0002";
  EXPECT_THAT(problems(), ElementsAre(StartsWith("plan.toml:3: parameter.1.name: "),
                                      StartsWith("plan.toml:5: datum.1: "), StartsWith("rows.csv:3: value: ")));
}

TEST_F(APlan, NeedsTheColumnsOfTheTable) {
  table_ = CsvTable::parse("id,value\n", "rows.csv");
  EXPECT_THAT(problems(), Contains("rows.csv:1: derived_from: there is no such column"));
}

// --- the shipped plan ------------------------------------------------------------------------------------------------

TEST(ShippedPlan, IsResolvedAndLeavesNoRowUnexplained) {
  FitPlan plan = read_fit_plan(io::read_toml(HINDLIMB_SOURCE_DIR "/configs/fit_reference.toml"));
  const scenario::Study study = io::read_study(HINDLIMB_SOURCE_DIR "/configs/" + plan.study_file);
  resolve(plan, study, file_table("data/observations.csv"));
  EXPECT_THAT(plan.remarks, IsEmpty());
  for (const Datum& each : plan.data) {
    EXPECT_GT(each.sigma, 0.0) << each.label;
    EXPECT_TRUE(!each.row.empty() || !each.source.empty()) << each.label;
  }
}

}  // namespace
}  // namespace hindlimb::study
