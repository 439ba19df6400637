// tests/core/train/event_records.cpp -- TensorBoard's events read by a parser of their own, from their format.
// SPDX-License-Identifier: BSD-3-Clause
#include "event_records.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include <gtest/gtest.h>

#include "toy.hpp"

namespace clq::toy {
namespace {

template <class T>
T value_at(const std::string& bytes, size_t at) {
  T value{};
  if (at + sizeof(T) > bytes.size()) {
    ADD_FAILURE() << "the bytes end inside a value";
    return value;
  }
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

// Bit by bit, from the polynomial.
uint32_t masked_crc(const std::string& bytes) {
  uint32_t remainder = 0xffffffffu;
  for (const char c : bytes) {
    remainder ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit)
      remainder = (remainder & 1u) != 0 ? (remainder >> 1) ^ 0x82f63b78u : remainder >> 1;
  }
  const uint32_t crc = ~remainder;
  return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

struct Part {  // one field of a message
  uint64_t field = 0, number = 0;
  std::string bytes;
  double as_double() const { return value_at<double>(bytes, 0); }
};

std::vector<Part> parts_of(const std::string& message) {
  std::vector<Part> parts;
  size_t at = 0;
  const auto varint = [&] {
    uint64_t value = 0;
    for (int shift = 0; at < message.size(); shift += 7) {
      const auto byte = static_cast<uint8_t>(message[at++]);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    ADD_FAILURE() << "the message ends inside a number";
    return value;
  };
  while (at < message.size()) {
    const uint64_t key = varint();
    Part part{key >> 3, 0, ""};
    size_t size = 0;
    if ((key & 7) == 0) part.number = varint();
    if ((key & 7) == 1) size = 8;
    if ((key & 7) == 2) size = varint();
    if ((key & 7) == 5) size = 4;
    EXPECT_LE(at + size, message.size());
    part.bytes = message.substr(at, size);
    at += size;
    parts.push_back(part);
  }
  return parts;
}

std::vector<double> doubles_of(const std::string& bytes) {
  std::vector<double> values;
  for (size_t at = 0; at < bytes.size(); at += 8) values.push_back(value_at<double>(bytes, at));
  return values;
}

Event::Histogram histogram_of(const std::string& message) {
  Event::Histogram h;
  for (const Part& p : parts_of(message)) {
    if (p.field == 1) h.min = p.as_double();
    if (p.field == 2) h.max = p.as_double();
    if (p.field == 3) h.num = p.as_double();
    if (p.field == 4) h.sum = p.as_double();
    if (p.field == 5) h.sum_squares = p.as_double();
    if (p.field == 6) h.limits = doubles_of(p.bytes);
    if (p.field == 7) h.counts = doubles_of(p.bytes);
  }
  return h;
}

Event::Image image_of(const std::string& message) {
  Event::Image image;
  for (const Part& p : parts_of(message)) {
    if (p.field == 1) image.height = static_cast<int64_t>(p.number);
    if (p.field == 2) image.width = static_cast<int64_t>(p.number);
    if (p.field == 3) image.colorspace = static_cast<int64_t>(p.number);
    if (p.field == 4) image.png = p.bytes;
  }
  return image;
}

void add_value(Event& event, const std::string& message) {
  std::string tag;
  for (const Part& p : parts_of(message)) {
    if (p.field == 1) tag = p.bytes;
    if (p.field == 2) event.scalars[tag] = value_at<float>(p.bytes, 0);
    if (p.field == 4) event.images[tag] = image_of(p.bytes);
    if (p.field == 5) event.histograms[tag] = histogram_of(p.bytes);
  }
}

Event event_of(const std::string& message) {
  Event event;
  for (const Part& p : parts_of(message)) {
    if (p.field == 1) event.wall_time = p.as_double();
    if (p.field == 2) event.step = static_cast<int64_t>(p.number);
    if (p.field == 3) event.file_version = p.bytes;
    if (p.field != 5) continue;
    for (const Part& value : parts_of(p.bytes)) add_value(event, value.bytes);
  }
  return event;
}

}  // namespace

std::vector<Event> read_events(const std::string& bytes) {
  std::vector<Event> events;
  size_t at = 0;
  while (at < bytes.size()) {
    const auto length = value_at<uint64_t>(bytes, at);
    EXPECT_EQ(value_at<uint32_t>(bytes, at + 8), masked_crc(bytes.substr(at, 8)));
    if (at + 12 + length + 4 > bytes.size()) {
      ADD_FAILURE() << "the last record is cut";
      break;
    }
    const std::string message = bytes.substr(at + 12, length);
    EXPECT_EQ(value_at<uint32_t>(bytes, at + 12 + length), masked_crc(message));
    events.push_back(event_of(message));
    at += 12 + length + 4;
  }
  return events;
}

std::vector<Event> events_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("events.out.tfevents.")) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  std::vector<Event> all;
  for (const std::string& file : files)
    for (const Event& event : read_events(read_text(file))) all.push_back(event);
  return all;
}

}  // namespace clq::toy
