#include "hindlimb/agents/section.hpp"

#include <algorithm>
#include <cmath>

#include "agents/cells.hpp"
#include "agents/fibres.hpp"
#include "agents/fields.hpp"
#include "hindlimb/core/bytes.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/math.hpp"
#include "hindlimb/laws/tissue.hpp"

namespace hindlimb::agents {
namespace {

/// What the section has once: water, collagen and DNA. They follow targets that hardly change within a step.
struct Matrix {
  double extracellular = 1.0;
  double collagen_dynamic = 1.0;
  double collagen_stable = 1.0;
  double labelled_collagen = 0.0;
  double dna = 1.0;
  double labelled_dna = 0.0;
  double label_growth = 0.0;
};

/// A state that follows a target, after a step.
double followed(double state, double target, double rate_per_d, double step_d) {
  return target + (state - target) * math::exp(-rate_per_d * step_d);
}

}  // namespace

struct Section::Contents {
  Contents(const Settings& its_settings, const Tissue& its_tissue, const laws::Coefficients<double>& its_p,
           const Kernels& kernels)
      : settings(its_settings),
        tissue(its_tissue),
        p(its_p),
        fibres(tissue, p, kernels),
        cells(settings, tissue, p),
        fields(settings, tissue, cells.at_rest(), kernels) {}

  double neutrophils(const Counts& c) const { return ratio(c.neutrophils, Source::neutrophil); }
  double ed1(const Counts& c) const { return ratio(c.ed1, Source::ed1); }
  double ed2(const Counts& c) const { return ratio(c.ed2, Source::ed2); }
  double pax7(const Counts& c) const { return over_resting(c.pax7, cells.resting(CellKind::satellite)); }
  double fibroblasts(const Counts& c) const { return ratio(c.fibroblasts, Source::fibroblast); }

  void advance_matrix(const std::array<Signals, 3>& signals, double deficit_before, const Counts& before,
                      double step_d);

  const Settings& settings;
  const Tissue& tissue;
  laws::Coefficients<double> p;
  Fibres fibres;
  Cells cells;
  Fields fields;
  Matrix matrix;
  std::uint64_t n_updates = 0;

 private:
  double ratio(double count, Source source) const {
    return over_resting(count, cells.at_rest().sources[static_cast<std::size_t>(source)]);
  }
};

/// The mean field's laws of water, collagen and DNA, read in the middle of the step.
void Section::Contents::advance_matrix(const std::array<Signals, 3>& signals, double deficit_before,
                                       const Counts& before, double step_d) {
  const Counts after = cells.counts();
  const auto middle = [](double a, double b) { return 0.5 * (a + b); };
  const Signals& now = signals[1];
  const double water =
      laws::extracellular_target(middle(deficit_before, fibres.mean_deficit()), middle(ed1(before), ed1(after)), p);
  matrix.extracellular = followed(matrix.extracellular, water, p.extracellular_per_d, step_d);
  const double collagen = laws::collagen_synthesis(laws::unloading(now.load_signal), now.massage_memory, p) *
                          middle(fibroblasts(before), fibroblasts(after));
  const double mature = matrix.collagen_dynamic;
  matrix.collagen_dynamic = followed(mature, collagen, p.collagen_turnover_per_d, step_d);
  matrix.collagen_stable =
      followed(matrix.collagen_stable, middle(mature, matrix.collagen_dynamic), p.collagen_maturation_per_d, step_d);
  matrix.labelled_collagen =
      followed(matrix.labelled_collagen, collagen * now.body_water, p.collagen_turnover_per_d, step_d);
  const double dna = laws::dna_synthesis(middle(pax7(before), pax7(after)), p);
  matrix.dna = followed(matrix.dna, dna, p.dna_turnover_per_d, step_d);
  matrix.labelled_dna = followed(matrix.labelled_dna, dna * now.body_water, p.dna_turnover_per_d, step_d);
}

Section::Section(const Settings& settings, const Tissue& tissue, const laws::Coefficients<double>& p,
                 const Kernels* kernels)
    : contents_(std::make_unique<Contents>(settings, tissue, p, kernels != nullptr ? *kernels : chosen_kernels())) {}
Section::Section(Section&&) noexcept = default;
Section::~Section() = default;

void Section::advance(const std::array<Signals, 3>& signals, std::uint64_t step, double label) {
  Contents& c = *contents_;
  const double step_d = to_days(c.settings.step);
  c.n_updates += c.tissue.n_fibres() + c.cells.all().size();
  const Counts counts_before = c.cells.counts();
  const std::vector<Occupants> occupants = c.cells.occupants(c.fields);
  const double damage_before = c.fibres.mean_damage();
  const double deficit_before = c.fibres.mean_deficit();
  const double protein_before = label > 0.0 ? c.fibres.mean(myofibrillar) : 0.0;
  c.fibres.advance(signals, step_d);
  const double damage_now = 0.5 * (damage_before + c.fibres.mean_damage());
  c.cells.advance(c.fibres, c.fields, signals[1], damage_now, step);
  c.fields.advance(occupants, c.fibres.states()[damage], signals[1].massage_memory);
  c.advance_matrix(signals, deficit_before, counts_before, step_d);
  if (label > 0.0) c.matrix.label_growth += label * math::log(c.fibres.mean(myofibrillar) / protein_before);
}

Means Section::means(const Signals& now) const {
  const Contents& c = *contents_;
  const Counts counts = c.cells.counts();
  Means means;
  c.fibres.measure(now, means);
  means.neutrophils = c.neutrophils(counts);
  means.ed1 = c.ed1(counts);
  means.ed2 = c.ed2(counts);
  means.pax7 = c.pax7(counts);
  means.fibroblasts = c.fibroblasts(counts);
  means.dna = c.matrix.dna;
  means.labelled_dna = c.matrix.labelled_dna;
  means.collagen_dynamic = c.matrix.collagen_dynamic;
  means.collagen_stable = c.matrix.collagen_stable;
  means.labelled_collagen = c.matrix.labelled_collagen;
  means.extracellular = c.matrix.extracellular;
  means.label_growth = c.matrix.label_growth;
  return means;
}

Picture Section::picture() const {
  const Contents& c = *contents_;
  Picture picture;
  picture.side_um = c.tissue.side_um;
  picture.cells = c.cells.picture();
  for (std::size_t i = 0; i < c.fibres.n(); ++i) {
    picture.fibre_csa_um2.push_back(c.tissue.areas_um2[i] * c.fibres.size(i));
    picture.fibre_damage.push_back(c.fibres.at(damage, i));
    picture.fibre_myonuclei.push_back(c.fibres.at(myonuclei, i));
  }
  for (std::size_t f = 0; f < n_fields; ++f) picture.fields.push_back(c.fields.picture(static_cast<Field>(f)));
  return picture;
}

const std::vector<Cell>& Section::cells() const { return contents_->cells.all(); }
std::size_t Section::n_fibres() const { return contents_->fibres.n(); }
std::uint64_t Section::n_updates() const { return contents_->n_updates; }

void Section::save(ByteWriter& writer) const {
  const Contents& c = *contents_;
  constexpr std::size_t for_all_else = 1000;
  writer.reserve(c.fibres.states().size() * c.fibres.states()[0].size() * sizeof(double) +
                 c.cells.all().size() * sizeof(Cell) + c.fields.values().size() * sizeof(double) + for_all_else);
  for (const std::vector<double>& states : c.fibres.states()) writer.all(states);
  writer.all(c.cells.all());
  writer.number(c.cells.next_id());
  writer.all(c.fields.values());
  writer.number(c.matrix);
  writer.number(c.n_updates);
}

void Section::restore(std::string_view bytes) {
  Contents& c = *contents_;
  ByteReader reader(bytes, "the state of a section");
  const auto read_like = [&](const std::vector<double>& there) {
    std::vector<double> read = reader.all<double>();
    const bool are_finite = std::ranges::all_of(read, [](double number) { return std::isfinite(number); });
    if (read.size() != there.size() || !are_finite) throw Error("the state is that of another section");
    return read;
  };
  auto states = c.fibres.states();
  for (std::vector<double>& one : states) one = read_like(one);
  std::vector<Cell> cells = reader.all<Cell>();
  const auto next_id = reader.number<std::uint32_t>();
  std::vector<double> fields = read_like(c.fields.values());
  const auto matrix = reader.number<Matrix>();
  const auto n_updates = reader.number<std::uint64_t>();
  if (!reader.is_at_end()) throw Error("the state is that of another section");
  c.cells.restore(std::move(cells), next_id);  // the last that may throw
  c.fibres.states() = std::move(states);
  c.fields.values() = std::move(fields);
  c.matrix = matrix;
  c.n_updates = n_updates;
}

void Section::shuffle_cells(std::uint64_t seed) { contents_->cells.shuffle(seed); }

}  // namespace hindlimb::agents
