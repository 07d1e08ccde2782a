#include "io/agents_group.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "io/labelled_file.hpp"

namespace hindlimb::io {
namespace {

using agents::Cell;
using agents::CellKind;
using agents::Point;
using hdf5::Handle;
using sim::SectionPicture;
using Pictures = std::span<const SectionPicture>;

constexpr double csa_bin_um2 = 200.0;
constexpr std::size_t n_csa_bins = 50;
constexpr std::size_t n_cells_bins = 10;
constexpr const char* cell_types =
    "neutrophil ED1_macrophage ED2_macrophage quiescent_satellite activated_satellite committed_satellite fibroblast";

/// In the order of cell_types.
std::int8_t type_of(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::neutrophil:
      return 0;
    case CellKind::macrophage:
      return static_cast<std::int8_t>(1 + cell.state);
    case CellKind::satellite:
      return static_cast<std::int8_t>(3 + cell.state);
    case CellKind::fibroblast:
      break;
  }
  return 6;
}

double cross(const Point& a, const Point& b) { return a.x * b.y - a.y * b.x; }

struct Form {
  double area = 0.0;
  Point centroid;
};

/// Of a polygon that has an area.
Form form_of(std::span<const Point> polygon) {
  const Point& origin = polygon.front();
  Form form;
  Point sum;
  for (std::size_t i = 1; i + 1 < polygon.size(); ++i) {
    const Point a{polygon[i].x - origin.x, polygon[i].y - origin.y};
    const Point b{polygon[i + 1].x - origin.x, polygon[i + 1].y - origin.y};
    const double triangle = 0.5 * cross(a, b);
    form.area += triangle;
    sum.x += triangle * (a.x + b.x) / 3.0;
    sum.y += triangle * (a.y + b.y) / 3.0;
  }
  form.centroid = {origin.x + sum.x / form.area, origin.y + sum.y / form.area};
  return form;
}

/// The tile about its centroid, as large as the fibre; never larger than the tile.
void append_outline(std::span<const Point> tile, double csa_um2, std::vector<Point>& outlines) {
  if (tile.size() < 3) return;
  const Form form = form_of(tile);
  const double scale = std::sqrt(std::min(1.0, csa_um2 / form.area));
  for (const Point& corner : tile) {
    outlines.push_back({form.centroid.x + scale * (corner.x - form.centroid.x),
                        form.centroid.y + scale * (corner.y - form.centroid.y)});
  }
}

std::size_t fibres_of(const SectionPicture& picture) { return picture.types.size(); }
std::size_t cells_of(const SectionPicture& picture) { return picture.now.cells.size(); }
std::size_t capillaries_of(const SectionPicture& picture) { return picture.capillaries.size(); }

/// What value(picture) is for each picture.
template <class T, class Value>
std::vector<T> each(Pictures pictures, Value value) {
  std::vector<T> values;
  for (const SectionPicture& picture : pictures) values.push_back(static_cast<T>(value(picture)));
  return values;
}

/// What value(picture, row) is for all rows of all pictures, one after the other.
template <class T, class Count, class Value>
std::vector<T> rows(Pictures pictures, Count count, Value value) {
  std::vector<T> values;
  for (const SectionPicture& picture : pictures) {
    for (std::size_t row = 0; row < count(picture); ++row) values.push_back(static_cast<T>(value(picture, row)));
  }
  return values;
}

/// Which picture each row is of.
template <class Count>
std::vector<std::int64_t> owners(Pictures pictures, Count count) {
  return rows<std::int64_t>(pictures, count,
                            [&](const SectionPicture& picture, std::size_t) { return &picture - pictures.data(); });
}

template <class Count>
std::size_t total(Pictures pictures, Count count) {
  std::size_t sum = 0;
  for (const SectionPicture& picture : pictures) sum += count(picture);
  return sum;
}

std::vector<std::int64_t> satellite_cells_of(const SectionPicture& picture) {
  std::vector<std::int64_t> counts(fibres_of(picture), 0);
  for (const Cell& cell : picture.now.cells) {
    if (cell.kind == CellKind::satellite) ++counts[cell.fibre];
  }
  return counts;
}

/// The outlines of all fibres of all pictures.
struct Outlines {
  explicit Outlines(Pictures pictures) {
    std::int64_t first_fibre = 0;
    for (const SectionPicture& picture : pictures) {
      for (std::size_t i = 0; i < fibres_of(picture); ++i) {
        const std::size_t before = vertices.size();
        append_outline(picture.tiles.outline(i), picture.now.fibre_csa_um2[i], vertices);
        counts.push_back(static_cast<std::int64_t>(vertices.size() - before));
        if (vertices.size() == before) continue;
        for (const std::uint32_t tile : picture.tiles.neighbours(i))
          neighbours.push_back(tile == agents::no_tile ? -1 : first_fibre + tile);
      }
      first_fibre += static_cast<std::int64_t>(fibres_of(picture));
    }
  }

  std::vector<Point> vertices;
  std::vector<std::int64_t> neighbours;  ///< across the edge that begins at each vertex, as rows of `fibre`; -1: none
  std::vector<std::int64_t> counts;
};

/// Points along a side of the grid of the fields.
std::size_t grid_of(const SectionPicture& picture) {
  return static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(picture.now.fields.front().size()))));
}

/// The group in the making.
class AgentsGroup {
 public:
  AgentsGroup(LabelledFile& group, const sim::Results& results)
      : group_(group), results_(results), pictures_(results.pictures), outlines_(pictures_) {}

  void write() {
    write_dimensions();
    write_snapshots();
    write_fibres();
    write_outlines();
    write_cells();
    write_capillaries();
    write_fields();
    write_csa_histogram();
    write_satellite_cells_histogram();
  }

 private:
  void write_dimensions();
  void write_snapshots();
  void write_fibres();
  void write_outlines();
  void write_cells();
  void write_capillaries();
  void write_fields();
  void write_csa_histogram();
  void write_satellite_cells_histogram();

  template <class T>
  Handle number(const std::string& name, const std::string& axis, const std::string& long_name,
                const std::vector<T>& values) {
    Handle variable = group_.add_whole<T>(name, {axis}, long_name, values);
    hdf5::set_text(variable, "units", "1");
    return variable;
  }
  /// How many rows of a dimension belong to each place of the axis.
  void counts(const std::string& name, const std::string& axis, const std::string& dimension,
              const std::string& long_name, const std::vector<std::int64_t>& values) {
    hdf5::set_text(number(name, axis, long_name, values), "sample_dimension", dimension);
  }
  void snapshot_of(const std::string& dimension, const std::vector<std::int64_t>& values) {
    const Handle variable =
        number(dimension + "_snapshot", dimension, "snapshot that the " + dimension + " is of, from 0", values);
    hdf5::set_text(variable, "instance_dimension", "snapshot");
  }
  template <class Value>
  void of_fibres(const std::string& name, const std::string& unit, const std::string& long_name, Value value) {
    group_.add_measure(name, {"fibre"}, unit, long_name, rows<double>(pictures_, fibres_of, value));
  }

  template <class T, class Value>
  std::vector<T> of_cells(Value value) const {
    return rows<T>(pictures_, cells_of, [&](const SectionPicture& p, std::size_t i) { return value(p.now.cells[i]); });
  }

  LabelledFile& group_;
  const sim::Results& results_;
  Pictures pictures_;
  Outlines outlines_;
};

void AgentsGroup::write_dimensions() {
  group_.add_unlabelled_dimension("snapshot", pictures_.size());
  group_.add_unlabelled_dimension("fibre", total(pictures_, fibres_of));
  group_.add_unlabelled_dimension("vertex", outlines_.vertices.size());
  group_.add_unlabelled_dimension("cell", total(pictures_, cells_of));
  group_.add_unlabelled_dimension("capillary", total(pictures_, capillaries_of));
  group_.add_dimension("field", agents::n_fields);
  std::vector<std::string> fields;
  for (const agents::FieldInfo& field : agents::field_table) fields.emplace_back(field.long_name);
  group_.add_text("field", {"field"}, "signal that diffuses", fields);
  std::size_t n = 1;
  for (const SectionPicture& picture : pictures_) n = std::max(n, grid_of(picture));
  group_.add_unlabelled_dimension("y", n);
  group_.add_unlabelled_dimension("x", n);
  group_.add_dimension("fibre_type", laws::n_fibre_types);
  group_.add_text("fibre_type", {"fibre_type"}, "type of muscle fibre",
                  {laws::fibre_type_names.begin(), laws::fibre_type_names.end()});
  group_.add_dimension("csa_bin", n_csa_bins);
  std::vector<double> edges;
  for (std::size_t i = 0; i < n_csa_bins; ++i) edges.push_back(csa_bin_um2 * static_cast<double>(i));
  hdf5::set_text(
      group_.add<double>("csa_bin", {"csa_bin"},
                         "lower edge of a bin of fibre cross-sectional area; the last has no upper edge", edges),
      "units", "um2");
  group_.add_dimension("n_cells", n_cells_bins);
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < n_cells_bins; ++i) numbers.push_back(static_cast<std::int64_t>(i));
  hdf5::set_text(group_.add<std::int64_t>("n_cells", {"n_cells"},
                                          "satellite cells at a fibre; the last stands for more, too", numbers),
                 "units", "1");
}

void AgentsGroup::write_snapshots() {
  const sim::Labels& labels = results_.labels;
  group_.add_text("arm", {"snapshot"}, "arm of the study",
                  each<std::string>(pictures_, [&](const SectionPicture& p) { return labels.arms[p.arm]; }));
  number("animal", "snapshot", "animal",
         each<std::int32_t>(pictures_, [&](const SectionPicture& p) { return labels.animals[p.animal]; }));
  group_.add_text("muscle", {"snapshot"}, "muscle", each<std::string>(pictures_, [](const SectionPicture& p) {
                    return laws::muscle_names[static_cast<std::size_t>(p.muscle)];
                  }));
  group_.add_text("limb", {"snapshot"}, "hindlimb",
                  each<std::string>(pictures_, [&](const SectionPicture& p) { return labels.limbs[p.limb]; }));
  group_.add_measure("time", {"snapshot"}, "d", "time from the start of the study",
                     each<double>(pictures_, [](const SectionPicture& p) { return p.time_d; }), Precision::f8);
  group_.add_measure("side", {"snapshot"}, "um", "side of the section, a square",
                     each<double>(pictures_, [](const SectionPicture& p) { return p.now.side_um; }));
  counts("fibres", "snapshot", "fibre", "fibres of the section", each<std::int64_t>(pictures_, fibres_of));
  counts("cells", "snapshot", "cell", "cells of the section", each<std::int64_t>(pictures_, cells_of));
  counts("capillaries", "snapshot", "capillary", "capillaries of the section",
         each<std::int64_t>(pictures_, capillaries_of));
}

void AgentsGroup::write_fibres() {
  snapshot_of("fibre", owners(pictures_, fibres_of));
  set_flags(
      group_.add_whole<std::int8_t>(
          "fibre_type_index", {"fibre"}, "type of muscle fibre",
          rows<std::int8_t>(pictures_, fibres_of, [](const SectionPicture& p, std::size_t i) { return p.types[i]; })),
      fmt::format("{}", fmt::join(laws::fibre_type_names, " ")));
  of_fibres("fibre_x", "um", "place of the fibre",
            [](const SectionPicture& p, std::size_t i) { return p.tiles.sites[i].x; });
  of_fibres("fibre_y", "um", "place of the fibre",
            [](const SectionPicture& p, std::size_t i) { return p.tiles.sites[i].y; });
  of_fibres("fibre_csa", "um2", "fibre cross-sectional area",
            [](const SectionPicture& p, std::size_t i) { return p.now.fibre_csa_um2[i]; });
  of_fibres("fibre_set_point_csa", "um2", "fibre cross-sectional area in weight bearing",
            [](const SectionPicture& p, std::size_t i) { return p.set_point_um2[i]; });
  of_fibres("fibre_damage", "1", "damage",
            [](const SectionPicture& p, std::size_t i) { return p.now.fibre_damage[i]; });
  of_fibres("fibre_myonuclei", "1", "myonuclei, a multiple of their number in weight bearing",
            [](const SectionPicture& p, std::size_t i) { return p.now.fibre_myonuclei[i]; });
  std::vector<std::int64_t> satellite_cells;
  for (const SectionPicture& picture : pictures_)
    std::ranges::copy(satellite_cells_of(picture), std::back_inserter(satellite_cells));
  number("fibre_satellite_cells", "fibre", "satellite cells at the fibre", satellite_cells);
}

void AgentsGroup::write_outlines() {
  counts("vertices", "fibre", "vertex", "corners of the fibre's outline", outlines_.counts);
  std::vector<double> x;
  std::vector<double> y;
  for (const Point& vertex : outlines_.vertices) {
    x.push_back(vertex.x);
    y.push_back(vertex.y);
  }
  group_.add_measure("vertex_x", {"vertex"}, "um", "corner of a fibre's outline, counter-clockwise", x);
  group_.add_measure("vertex_y", {"vertex"}, "um", "corner of a fibre's outline, counter-clockwise", y);
  number("vertex_neighbour", "vertex",
         "neighbour across the edge that begins at this corner, as a row of fibre from 0; -1 at a side of the section",
         outlines_.neighbours);
}

void AgentsGroup::write_cells() {
  snapshot_of("cell", owners(pictures_, cells_of));
  set_flags(group_.add_whole<std::int8_t>("cell_type", {"cell"}, "type of cell", of_cells<std::int8_t>(type_of)),
            cell_types);
  group_.add_measure("cell_x", {"cell"}, "um", "place of the cell",
                     of_cells<double>([](const Cell& cell) { return cell.x_um; }));
  group_.add_measure("cell_y", {"cell"}, "um", "place of the cell",
                     of_cells<double>([](const Cell& cell) { return cell.y_um; }));
  number("cell_fibre", "cell", "fibre at which the cell lies, from 0 in its snapshot",
         of_cells<std::int64_t>([](const Cell& cell) { return cell.fibre; }));
  number("cell_id", "cell", "number of the cell, the same in all snapshots of a section",
         of_cells<std::int64_t>([](const Cell& cell) { return cell.id; }));
}

void AgentsGroup::write_capillaries() {
  snapshot_of("capillary", owners(pictures_, capillaries_of));
  const auto places = [&](double Point::*along) {
    return rows<double>(pictures_, capillaries_of,
                        [&](const SectionPicture& p, std::size_t i) { return p.capillaries[i].*along; });
  };
  group_.add_measure("capillary_x", {"capillary"}, "um", "place of the capillary", places(&Point::x));
  group_.add_measure("capillary_y", {"capillary"}, "um", "place of the capillary", places(&Point::y));
}

void AgentsGroup::write_fields() {
  const Axes axes{"snapshot", "field", "y", "x"};
  const std::size_t n = group_.shape_of(axes).back();
  std::vector<double> values(hdf5::size_of(group_.shape_of(axes)), std::numeric_limits<double>::quiet_NaN());
  auto to = values.begin();
  for (const SectionPicture& picture : pictures_) {
    const std::size_t there = grid_of(picture);
    for (const std::vector<double>& field : picture.now.fields) {
      for (std::size_t y = 0; y < there; ++y) {
        const auto row = field.begin() + static_cast<std::ptrdiff_t>(y * there);
        std::copy_n(row, there, to + static_cast<std::ptrdiff_t>(y * n));
      }
      to += static_cast<std::ptrdiff_t>(n * n);
    }
  }
  group_.add_measure("concentration", axes, "1", "multiple of the mean at rest", values);
}

void AgentsGroup::write_csa_histogram() {
  const Axes axes{"snapshot", "fibre_type", "csa_bin"};
  std::vector<std::int64_t> numbers(hdf5::size_of(group_.shape_of(axes)), 0);
  for (std::size_t s = 0; s < pictures_.size(); ++s) {
    for (std::size_t i = 0; i < fibres_of(pictures_[s]); ++i) {
      const double place = std::clamp(pictures_[s].now.fibre_csa_um2[i] / csa_bin_um2, 0.0, n_csa_bins - 1.0);
      ++numbers[(s * laws::n_fibre_types + pictures_[s].types[i]) * n_csa_bins + static_cast<std::size_t>(place)];
    }
  }
  hdf5::set_text(group_.add_whole<std::int64_t>("csa_histogram", axes, "fibres of the type and size", numbers), "units",
                 "1");
}

void AgentsGroup::write_satellite_cells_histogram() {
  const Axes axes{"snapshot", "n_cells"};
  std::vector<std::int64_t> numbers(hdf5::size_of(group_.shape_of(axes)), 0);
  for (std::size_t s = 0; s < pictures_.size(); ++s) {
    for (const std::int64_t count : satellite_cells_of(pictures_[s]))
      ++numbers[s * n_cells_bins + std::min(static_cast<std::size_t>(count), n_cells_bins - 1)];
  }
  hdf5::set_text(
      group_.add_whole<std::int64_t>("satellite_cells_histogram", axes, "fibres with so many satellite cells", numbers),
      "units", "1");
}

}  // namespace

void write_agents(hid_t file, const sim::Results& results) {
  assert(!results.pictures.empty());
  LabelledFile group(hdf5::create_group(file, "agents"));
  hdf5::set_text(group.root(), "title", "sections of fibres and cells");
  AgentsGroup(group, results).write();
}

}  // namespace hindlimb::io
