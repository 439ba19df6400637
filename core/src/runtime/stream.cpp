// core/src/runtime/stream.cpp -- memory, queues and points in queues of one device.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/device.hpp"

namespace clq {
namespace {

constexpr int64_t kAlign = 64;  // bound addresses are 64-byte aligned and readable up to the next multiple of 64

int64_t round_up(int64_t bytes) {
  CLQ_REQUIRE(bytes >= 0 && bytes <= std::numeric_limits<int64_t>::max() - kAlign, "a buffer cannot have {} bytes",
              bytes);
  return (bytes + kAlign - 1) / kAlign * kAlign;
}

Owned<clq_event> make_event(Device& device) {
  clq_event* event = nullptr;
  device.check(device.api().event_create(device.c(), &event), "event_create");
  return {event, device.api().event_destroy};
}

Owned<clq_stream> make_stream(Device& device) {
  clq_stream* stream = nullptr;
  device.check(device.api().stream_create(device.c(), &stream), "stream_create");
  return {stream, device.api().stream_destroy};
}

}  // namespace

Buffer::Buffer(Device& device, int64_t bytes, uint32_t kind) : device_(&device), bytes_(bytes), kind_(kind) {
  const int64_t room = round_up(bytes);
  if (room == 0) return;
  void* data = nullptr;
  device.check(device.api().alloc(device.c(), room, kind, &data), "alloc");
  if (data == nullptr || reinterpret_cast<uintptr_t>(data) % kAlign != 0) {
    device.api().free(device.c(), data, kind);
    fail(CLQ_E_DEVICE, "{}: alloc gave memory that is not 64-byte aligned", device.name());
  }
  data_ = data;
}

Buffer::Buffer(Buffer&& o) noexcept
    : device_(o.device_), data_(std::exchange(o.data_, nullptr)), bytes_(std::exchange(o.bytes_, 0)), kind_(o.kind_) {}

Buffer& Buffer::operator=(Buffer&& o) noexcept {
  std::swap(device_, o.device_);
  std::swap(data_, o.data_);
  std::swap(bytes_, o.bytes_);
  std::swap(kind_, o.kind_);
  return *this;
}

Buffer::~Buffer() {
  if (data_ != nullptr) device_->api().free(device_->c(), data_, kind_);
}

Event::Event(Device& device) : device_(&device), event_(make_event(device)) {}

void Event::record(clq_stream* stream) {
  device_->check(device_->api().event_record(event_.get(), stream), "event_record");
}

Stream::Stream(Device& device) : device_(&device), stream_(make_stream(device)) {}

void Stream::copy(void* dst, uint32_t dst_kind, const void* src, uint32_t src_kind, int64_t bytes) {
  if (bytes == 0) return;
  device_->check(device_->api().copy(stream_.get(), dst, dst_kind, src, src_kind, bytes), "copy");
}

}  // namespace clq
