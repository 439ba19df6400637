// core/src/train/safetensors.cpp -- writes named tensors and text, so that no crash leaves half a file.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/safetensors.hpp"

#include <array>

#include <calanque/core/error.hpp>

#include "train/atomic_file.hpp"
#include "train/safetensors_header.hpp"

namespace clq {
namespace {

constexpr size_t kHeaderAlign = 64;

Json make_header(const TensorFile& file) {
  Json header = Json::object();
  Json& metadata = header["__metadata__"] = Json::object();
  for (const auto& [key, text] : file.metadata) metadata[key] = text;
  Json checksums = Json::object();
  int64_t offset = 0;
  for (const auto& [name, tensor] : file.tensors) {
    CLQ_REQUIRE(name != "__metadata__" && name != kWholeHeader && !name.empty(), "a tensor cannot be named '{}'", name);
    const int64_t bytes = tensor.desc().bytes();
    header[name] = {{"dtype", safetensors_dtype(tensor.desc().dtype)},
                    {"shape", tensor.desc().dims},
                    {"data_offsets", {offset, offset + bytes}}};
    checksums[name] = hex_checksum(tensor.bytes(), bytes);
    offset += bytes;
  }
  checksums[kWholeHeader] = header_checksum(header);
  header["__metadata__"][kChecksums] = checksums.dump();
  return header;
}

std::array<unsigned char, 8> little_endian(uint64_t value) {
  std::array<unsigned char, 8> bytes{};
  for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(value >> (8 * i));
  return bytes;
}

}  // namespace

void write_tensor_file(const std::string& path, const TensorFile& file, const std::function<void()>& make_way) {
  std::string header = make_header(file).dump();
  header.resize((header.size() + 8 + kHeaderAlign - 1) / kHeaderAlign * kHeaderAlign - 8, ' ');
  const auto header_bytes = static_cast<int64_t>(header.size());
  CLQ_REQUIRE(header_bytes <= kMaxHeaderBytes, "{}: a header of {} bytes is too long", path, header_bytes);
  int64_t total = 8 + header_bytes;
  for (const auto& [name, tensor] : file.tensors) total += tensor.desc().bytes();

  AtomicFile out(path, total);
  out.write(little_endian(header.size()).data(), 8);
  out.write(header.data(), header_bytes);
  for (const auto& [name, tensor] : file.tensors) out.write(tensor.bytes(), tensor.desc().bytes());
  out.commit(make_way);
}

}  // namespace clq
