// core/src/train/event_file.cpp -- events that TensorBoard reads: scalars, histograms, pictures.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/event_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <calanque/core/error.hpp>

#include "base/crc32c.hpp"
#include "train/atomic_file.hpp"
#include "train/protobuf.hpp"

namespace clq {
namespace {

using namespace protobuf;

constexpr size_t kRoom = 1u << 16;

// Fields of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
namespace event {
constexpr uint64_t wall_time = 1, step = 2, file_version = 3, summary = 5;
}
namespace summary {
constexpr uint64_t value = 1, tag = 1, simple_value = 2, image = 4, histogram = 5;
}
namespace histogram {
constexpr uint64_t min = 1, max = 2, num = 3, sum = 4, sum_squares = 5, bucket_limit = 6, bucket = 7;
}
namespace image {
constexpr uint64_t height = 1, width = 2, colorspace = 3, encoded = 4;
constexpr int64_t rgb = 3;
}  // namespace image

// A checksum of bytes that hold checksums is weak: TFRecord turns and shifts each.
uint32_t masked(uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }

double unix_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

void append_record(std::string& out, std::string_view event) {
  const uint64_t length = event.size();
  put_raw(out, length);
  put_raw(out, masked(crc32c({reinterpret_cast<const char*>(&length), sizeof(length)})));
  out += event;
  put_raw(out, masked(crc32c(event)));
}

EventFile::EventFile(const std::string& path) : path_(path), written_(Clock::now()) {
  for (std::string* text : {&value_, &tagged_, &summary_, &event_, &waiting_}) text->reserve(kRoom);
  put_double(event_, event::wall_time, unix_time());
  put_bytes(event_, event::file_version, "brain.Event:2");
  append_record(waiting_, event_);
  file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) fail(write_status(errno), "{}: {}", path_, std::generic_category().message(errno));
}

EventFile::~EventFile() {
  try {
    write_waiting();
  } catch (const std::exception&) {  // the run is over, and its checkpoint does not count on these events
  }
  close(file_);
}

void EventFile::add_value(std::string_view tag) {
  tagged_.clear();
  put_bytes(tagged_, summary::tag, tag);
  tagged_ += value_;
  put_bytes(summary_, summary::value, tagged_);
}

void EventFile::add_scalar(std::string_view tag, double value) {
  value_.clear();
  put_float(value_, summary::simple_value, static_cast<float>(value));
  add_value(tag);
}

void EventFile::add_histogram(std::string_view tag, const Histogram& of) {
  if (of.n == 0) return;
  std::string message;
  put_double(message, histogram::min, of.minimum);
  put_double(message, histogram::max, of.maximum);
  put_double(message, histogram::num, static_cast<double>(of.n));
  put_double(message, histogram::sum, of.sum);
  put_double(message, histogram::sum_squares, of.sum_of_squares);
  put_packed(message, histogram::bucket_limit, of.limits);
  put_packed(message, histogram::bucket, of.counts);
  value_.clear();
  put_bytes(value_, summary::histogram, message);
  add_value(tag);
}

void EventFile::add_picture(std::string_view tag, const Picture& picture) {
  std::string message;
  put_int(message, image::height, picture.height());
  put_int(message, image::width, picture.width());
  put_int(message, image::colorspace, image::rgb);
  put_bytes(message, image::encoded, picture.png());
  value_.clear();
  put_bytes(value_, summary::image, message);
  add_value(tag);
}

void EventFile::end(int64_t step) {
  event_.clear();
  put_double(event_, event::wall_time, unix_time());
  put_int(event_, event::step, step);
  put_bytes(event_, event::summary, summary_);
  summary_.clear();
  append_record(waiting_, event_);
  if (waiting_.size() >= kRoom / 2 || Clock::now() - written_ >= kWriteInterval) write_waiting();
}

// What could not be written is not tried again: a record cut in two would end what TensorBoard can read.
void EventFile::write_waiting() {
  const auto size = static_cast<int64_t>(waiting_.size());
  check_size_limit(path_, bytes_ + size);
  int64_t done = 0;
  while (done < size) {
    const ssize_t n = write(file_, waiting_.data() + done, static_cast<size_t>(size - done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    done += n;
  }
  const int error = done < size ? errno : 0;
  bytes_ += done;
  waiting_.clear();
  written_ = Clock::now();
  if (error != 0) fail(write_status(error), "{}: {}", path_, std::generic_category().message(error));
}

void EventFile::sync() {
  write_waiting();
  if (fsync(file_) != 0) fail(write_status(errno), "{}: {}", path_, std::generic_category().message(errno));
  for (std::string* text : {&value_, &tagged_, &summary_, &event_, &waiting_}) {
    if (text->capacity() <= kRoom) continue;  // a picture or many histograms went through
    *text = std::string();
    text->reserve(kRoom);
  }
}

}  // namespace clq
