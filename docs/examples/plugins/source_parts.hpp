// docs/examples/plugins/source_parts.hpp -- what every source of files needs, whatever is in them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <type_traits>

#include <fcntl.h>
#include <unistd.h>

#include <calanque/plugin/sdk_graph.hpp>

namespace parts {

[[noreturn]] inline void fail_file(const std::string& name) {
  clq::sdk::fail(errno == ENOENT ? CLQ_E_NOT_FOUND : CLQ_E_IO, name + ": " + std::strerror(errno));
}

class File {
 public:
  explicit File(const std::string& name) : name_(name), fd_(::open(name.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) fail_file(name_);
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void read_at(int64_t offset, std::span<std::byte> dst) const {
    for (size_t done = 0; done < dst.size();) {
      const ssize_t got = ::pread(fd_, dst.data() + done, dst.size() - done, offset + static_cast<int64_t>(done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail_file(name_);
      if (got == 0) clq::sdk::fail(CLQ_E_IO, name_ + ": has become shorter since it was opened");
      done += static_cast<size_t>(got);
    }
  }

 private:
  std::string name_;
  int fd_;
};

inline void check_rows(int64_t first, int64_t n, int64_t rows) {
  if (first < 0 || n < 0 || n > rows || first > rows - n)
    clq::sdk::fail(CLQ_E_INVALID, std::to_string(n) + " rows from " + std::to_string(first) + " on are not within " +
                                      std::to_string(rows));
}

inline void check_slot(const clq_slot& slot, const clq_field& field, int64_t n) {
  const std::string name = field.name;
  const clq_tensor_desc& want = slot.want;
  if (want.flags != 0)
    clq::sdk::fail(CLQ_E_UNSUPPORTED, name + ": is wanted with flags that this source does not know");
  if (want.dtype != CLQ_F32 && want.dtype != CLQ_F64 && want.dtype != CLQ_I64)
    clq::sdk::fail(CLQ_E_UNSUPPORTED, name + ": is given as f32, f64 or i64");
  if (want.rank != field.sample.rank || !std::equal(want.dims, want.dims + want.rank, field.sample.dims))
    clq::sdk::fail(CLQ_E_INVALID, name + ": is wanted in a shape that is not its own");
  int64_t bytes = want.dtype == CLQ_F32 ? 4 : 8;
  for (int32_t d = 0; d < want.rank; ++d) bytes *= want.dims[d];
  const bool one_fits = slot.data != nullptr && slot.bytes >= bytes;
  const bool all_fit = n < 2 || (slot.sample_stride >= bytes && (slot.bytes - bytes) / (n - 1) >= slot.sample_stride);
  if (n > 0 && !(one_fits && all_fit))
    clq::sdk::fail(CLQ_E_INVALID, name + ": its slot is too small for " + std::to_string(n) + " samples");
}

inline void check_fields(const clq_reader_config& config, size_t n_fields) {
  clq::sdk::require_size(config.struct_size, CLQ_SIZE_UPTO(clq_reader_config, n_readers), "reader_open");
  for (const uint32_t field : std::span(config.fields, config.n_fields))
    if (field >= n_fields) clq::sdk::fail(CLQ_E_INVALID, "there is no field " + std::to_string(field));
}

// Throws unless all slots have room, before anything is written. `wanted`: the fields that the reader was opened for.
inline void check_read(clq_read& io, std::span<const clq_field> fields, std::span<const uint32_t> wanted) {
  clq::sdk::require_size(io.struct_size, CLQ_SIZE_UPTO(clq_read, cancelled), "read");
  io.n_done = 0;
  if (io.indices == nullptr) clq::sdk::fail(CLQ_E_INVALID, "rows are read by their numbers, and none were given");
  for (const clq_slot& slot : std::span(io.slots, io.n_slots)) {
    if (std::find(wanted.begin(), wanted.end(), slot.field) == wanted.end() || slot.field >= fields.size())
      clq::sdk::fail(CLQ_E_INVALID, "the reader was not opened for field " + std::to_string(slot.field));
    check_slot(slot, fields[slot.field], io.n_samples);
  }
}

// Not std::to_string, which writes a fraction as the host's locale does.
inline std::string number_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

// Value i of a sample at `dst`. One that the wanted type cannot hold is the row's fault.
template <class T>
void put(T value, int64_t i, int32_t dtype, std::byte* dst) {
  const auto store = [&](auto converted) {
    std::memcpy(dst + i * static_cast<int64_t>(sizeof converted), &converted, sizeof converted);
  };
  if (dtype == CLQ_F32) return store(static_cast<float>(value));
  if (dtype == CLQ_F64) return store(static_cast<double>(value));
  if constexpr (std::is_floating_point_v<T>)
    if (!(std::abs(value) < 0x1p63) || value != std::trunc(value))
      clq::sdk::fail(CLQ_E_DATA, number_text(static_cast<double>(value)) + " is no integer");
  store(static_cast<int64_t>(value));
}

// FNV-1a of what tells one data set from another, from four starts.
inline void fingerprint(const std::string& facts, uint8_t* out32) {
  for (uint64_t part = 0; part < 4; ++part) {
    uint64_t hash = 0xcbf29ce484222325u + part;
    for (const unsigned char c : facts) hash = (hash ^ c) * 0x100000001b3u;
    std::memcpy(out32 + 8 * part, &hash, sizeof hash);
  }
}

}  // namespace parts
