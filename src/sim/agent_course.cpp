#include "sim/agent_course.hpp"

#include <algorithm>

#include "hindlimb/core/bytes.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/muscle/state_vector.hpp"

namespace hindlimb::sim {
namespace {

using muscle::Observable;

agents::Signals signals_in(const double* y) {
  return {.load_signal = y[muscle::load_signal],
          .load_history = y[muscle::load_history],
          .readiness = y[muscle::readiness],
          .tolerance = y[muscle::tolerance],
          .massage_memory = y[muscle::massage_memory],
          .perfusion = y[muscle::perfusion],
          .humoral_signal = y[muscle::humoral_signal],
          .neural_signal = y[muscle::neural_signal],
          .body_water = y[muscle::body_water]};
}

/// The states of the mean field, with the section's means in the place of all that a section has of its own.
muscle::StateVector<double> states_of(const double* mean_field, const agents::Means& means) {
  muscle::StateVector<double> y = Eigen::Map<const muscle::StateVector<double>>(mean_field);
  y[muscle::efficiency] = means.fibre[agents::efficiency];
  y[muscle::rna] = means.fibre[agents::rna];
  y[muscle::rna_saved] = means.fibre[agents::rna_saved];
  y[muscle::proteolysis] = means.fibre[agents::proteolysis];
  y[muscle::myofibrillar] = means.fibre[agents::myofibrillar];
  y[muscle::cytosolic] = means.fibre[agents::cytosolic];
  y[muscle::mitochondrial] = means.fibre[agents::mitochondrial];
  y[muscle::damage] = means.fibre[agents::damage];
  y[muscle::myonuclei] = means.fibre[agents::myonuclei];
  y[muscle::labelled_myofibrillar] = means.fibre[agents::labelled_myofibrillar];
  y[muscle::labelled_cytosolic] = means.fibre[agents::labelled_cytosolic];
  y[muscle::labelled_mitochondrial] = means.fibre[agents::labelled_mitochondrial];
  y[muscle::labelled_rna] = means.fibre[agents::labelled_rna];
  y[muscle::neutrophils] = means.neutrophils;
  y[muscle::ed1] = means.ed1;
  y[muscle::ed2] = means.ed2;
  y[muscle::pax7] = means.pax7;
  y[muscle::dna] = means.dna;
  y[muscle::labelled_dna] = means.labelled_dna;
  y[muscle::collagen_dynamic] = means.collagen_dynamic;
  y[muscle::collagen_stable] = means.collagen_stable;
  y[muscle::labelled_collagen] = means.labelled_collagen;
  y[muscle::extracellular] = means.extracellular;
  y[muscle::label_growth] = means.label_growth;
  return y;
}

muscle::Observables<double> observe(const double* mean_field, const agents::Means& means, double window_d,
                                    const laws::Coefficients<double>& p) {
  const muscle::StateVector<double> y = states_of(mean_field, means);
  muscle::Signals<double> s = muscle::signals(y, p);
  static_cast<laws::FibreFluxes<double>&>(s) = means.fluxes;
  muscle::Observables<double> observed = muscle::observe_means(y, s, window_d, p);
  observed.at(Observable::csa) = means.csa_um2;
  for (std::size_t type = 0; type < means.csa_by_type_um2.size(); ++type)
    observed.at(Observable::csa_by_type, type) = means.csa_by_type_um2[type];
  return observed;
}

void save(const agents::Picture& picture, ByteWriter& bytes) {
  bytes.number(picture.side_um);
  bytes.all(picture.cells);
  bytes.all(picture.fibre_csa_um2);
  bytes.all(picture.fibre_damage);
  bytes.all(picture.fibre_myonuclei);
  bytes.number(picture.fields.size());
  for (const std::vector<double>& field : picture.fields) bytes.all(field);
}

agents::Picture read_picture(ByteReader& bytes) {
  agents::Picture picture;
  picture.side_um = bytes.number<double>();
  picture.cells = bytes.all<agents::Cell>();
  picture.fibre_csa_um2 = bytes.all<double>();
  picture.fibre_damage = bytes.all<double>();
  picture.fibre_myonuclei = bytes.all<double>();
  picture.fields.resize(std::min<std::size_t>(bytes.number<std::size_t>(), agents::n_fields));
  for (std::vector<double>& field : picture.fields) field = bytes.all<double>();
  return picture;
}

/// A section on its way, with what it has left behind.
class Carriage {
 public:
  explicit Carriage(const AgentCourse& course)
      : course_(course),
        n_steps_((course.mean_field.size() - 1) / 2),
        section_(course.settings, course.tissue, course.coefficients) {
    const std::string kept = course.store != nullptr ? course.store->find(course.name) : "";
    if (kept.empty()) {
      look();
    } else {
      restore(kept);
    }
  }

  AgentOutcome run() {
    const std::size_t first = at_;
    const auto current = [this] { return state(); };
    while (at_ < n_steps_) {
      step();
      if (course_.store != nullptr && course_.store->is_due(course_.name)) course_.store->keep(course_.name, current);
    }
    if (course_.store != nullptr && first < n_steps_) course_.store->keep(course_.name, current);
    return std::move(outcome_);
  }

 private:
  Minutes time() const { return course_.settings.step * static_cast<std::int64_t>(at_); }
  agents::Signals signals(std::size_t half_steps) const { return signals_in(course_.mean_field[half_steps]); }

  void step() {
    const Minutes end = time() + course_.settings.step;
    const double labelled = to_days(end - course_.label_start) / to_days(course_.settings.step);
    std::array<agents::Signals, 3> now{signals(2 * at_), signals(2 * at_ + 1), signals(2 * at_ + 2)};
    // the only jump there is: states at its time are those before it
    if (time() == course_.label_start) now[0].body_water += course_.coefficients.label_bolus;
    section_.advance(now, at_, std::clamp(labelled, 0.0, 1.0));
    ++at_;
    look();
  }

  void look() {
    if (std::ranges::binary_search(course_.times, time())) {
      const double* const y = course_.mean_field[2 * at_];
      outcome_.observed.push_back(
          observe(y, section_.means(signals_in(y)), to_days(time() - course_.label_start), course_.coefficients));
    }
    if (std::ranges::binary_search(course_.snapshots, time()))
      outcome_.pictures.emplace_back(time(), section_.picture());
  }

  std::string state() const {
    ByteWriter bytes;
    bytes.all(course_.times);
    bytes.all(course_.snapshots);
    bytes.number(at_);
    bytes.all(outcome_.observed);
    bytes.number(outcome_.pictures.size());
    for (const auto& [time, picture] : outcome_.pictures) {
      bytes.number(time.count());
      save(picture, bytes);
    }
    if (at_ < n_steps_) section_.save(bytes);  // at its end only what it has left behind is needed
    return std::move(bytes.bytes());
  }

  void restore(const std::string& kept) {
    ByteReader bytes(kept, "the checkpoint of " + course_.name);
    const std::vector<Minutes> times = bytes.all<Minutes>();
    const std::vector<Minutes> snapshots = bytes.all<Minutes>();
    if (times != course_.times || snapshots != course_.snapshots)
      throw Error("the checkpoint of " + course_.name + " is of a run that records other times");
    at_ = bytes.number<std::size_t>();
    outcome_.observed = bytes.all<muscle::Observables<double>>();
    const auto n = bytes.number<std::size_t>();
    for (std::size_t i = 0; i < n; ++i) {
      const Minutes time(bytes.number<std::int64_t>());
      outcome_.pictures.emplace_back(time, read_picture(bytes));
    }
    if (at_ < n_steps_) section_.restore(bytes.rest());
    if (!bytes.is_at_end() || at_ > n_steps_) throw Error("the checkpoint of " + course_.name + " is broken");
  }

  const AgentCourse& course_;
  std::size_t n_steps_;
  agents::Section section_;
  std::size_t at_ = 0;
  AgentOutcome outcome_;
};

}  // namespace

AgentOutcome carry_through(const AgentCourse& course) { return Carriage(course).run(); }

}  // namespace hindlimb::sim
