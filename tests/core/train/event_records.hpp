// tests/core/train/event_records.hpp -- TensorBoard's events read by a parser of their own, from their format.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clq::toy {

struct Event {
  double wall_time = 0;
  int64_t step = 0;
  std::string file_version;
  std::map<std::string, float> scalars;
  struct Histogram {
    double min = 0, max = 0, num = 0, sum = 0, sum_squares = 0;
    std::vector<double> limits, counts;
  };
  std::map<std::string, Histogram> histograms;
  struct Image {
    int64_t height = 0, width = 0, colorspace = 0;
    std::string png;
  };
  std::map<std::string, Image> images;
};

// Checks both checksums of each record; a damaged or cut one is a test failure.
std::vector<Event> read_events(const std::string& bytes);
// Of all event files of a run folder, in the order of their names.
std::vector<Event> events_in(const std::string& folder);

}  // namespace clq::toy
