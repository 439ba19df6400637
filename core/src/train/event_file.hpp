// core/src/train/event_file.hpp -- events that TensorBoard reads: scalars, histograms, pictures.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/png.hpp"
#include "train/histogram.hpp"

namespace clq {

// One file of a run. add_* collect the values of one event, end() closes it; what is closed is in memory until it is
// written. [trainer's thread]
class EventFile {
 public:
  explicit EventFile(const std::string& path);  // a new file; CLQ_E_IO where it cannot be made
  ~EventFile();
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  void add_scalar(std::string_view tag, double value);  // hot
  void add_histogram(std::string_view tag, const Histogram& histogram);
  void add_picture(std::string_view tag, const Picture& picture);
  void end(int64_t step);  // hot: writes what is waiting when kWriteInterval has passed
  void sync();             // all of it is on the disk

 private:
  using Clock = std::chrono::steady_clock;
  void add_value(std::string_view tag);  // tag and value_ become one more value of the event
  void write_waiting();
  std::string path_;
  int file_ = -1;
  std::string value_, tagged_, summary_, event_, waiting_;  // with room: a scalar allocates nothing
  int64_t bytes_ = 0;
  Clock::time_point written_;
};

inline constexpr std::string_view kEventFilePrefix = "events.out.tfevents.";  // TensorBoard looks for it
inline constexpr auto kWriteInterval = std::chrono::seconds(2);

// The bytes of one record: length, its checksum, the event, its checksum.
void append_record(std::string& out, std::string_view event);

}  // namespace clq
