#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hindlimb/agents/section.hpp"

namespace hindlimb::sim {

/// A section of fibres and cells on one day, and whose it is.
struct SectionPicture {
  std::size_t run = 0;
  std::size_t arm = 0;
  std::size_t animal = 0;  ///< from 0
  laws::Muscle muscle = laws::Muscle::soleus;
  std::size_t limb = 0;
  double time_d = 0.0;
  std::vector<std::uint8_t> types;    ///< of each fibre
  std::vector<double> set_point_um2;  ///< of each fibre
  agents::Tiles tiles;                ///< in which the fibres lie
  std::vector<agents::Point> capillaries;
  agents::Picture now;
};

/// Where the sections of a run that is not finished wait, so that a run that was killed goes on. Called by several
/// threads.
class SectionStore {
 public:
  virtual ~SectionStore() = default;
  /// What was kept of a section; empty if nothing was.
  virtual std::string find(const std::string& name) = 0;
  /// Whether it is time to keep a section in the making. Asked after every step.
  virtual bool is_due(const std::string& name) = 0;
  /// @param name   of the section
  /// @param state  makes it; what was kept of the section is given up first, as there is much of both
  virtual void keep(const std::string& name, const std::function<std::string()>& state) = 0;
};

}  // namespace hindlimb::sim
