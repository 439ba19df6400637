// core/src/train/safetensors_read.cpp -- reads named tensors and text from a file that may be damaged or hostile.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <system_error>
#include <vector>

#include <calanque/core/error.hpp>

#include "train/safetensors.hpp"
#include "train/safetensors_header.hpp"

namespace clq {
namespace {

struct CloseFile {
  void operator()(std::FILE* f) const { std::fclose(f); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

struct Entry {
  std::string name;
  TensorDesc desc;
  int64_t begin = 0, end = 0;
};

File open_file(const std::string& path) {
  std::error_code failed;  // what is not there, fopen says
  const auto status = std::filesystem::status(path, failed);
  // A pipe would wait for its writer.
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    fail(CLQ_E_DATA, "{}: not a file", path);
  File file(std::fopen(path.c_str(), "rbe"));
  if (!file) fail(errno == ENOENT ? CLQ_E_NOT_FOUND : CLQ_E_IO, "{}: {}", path, std::generic_category().message(errno));
  return file;
}

int64_t file_bytes(std::FILE* file, const std::string& path) {
  if (fseeko(file, 0, SEEK_END) != 0) fail(CLQ_E_IO, "{}: {}", path, std::generic_category().message(errno));
  const int64_t bytes = ftello(file);
  std::rewind(file);
  if (bytes < 0) fail(CLQ_E_IO, "{}: {}", path, std::generic_category().message(errno));
  return bytes;
}

void read_exactly(std::FILE* file, void* data, int64_t bytes, const std::string& path) {
  if (std::fread(data, 1, static_cast<size_t>(bytes), file) == static_cast<size_t>(bytes)) return;
  fail(CLQ_E_IO, "{}: {} bytes cannot be read at offset {}", path, bytes, ftello(file));
}

int64_t header_length(std::FILE* file, int64_t size, const std::string& path) {
  if (size < 8) fail(CLQ_E_DATA, "{}: {} bytes are too few for a tensor file", path, size);
  unsigned char bytes[8];
  read_exactly(file, bytes, 8, path);
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | bytes[i];
  if (length == 0 || std::fgetc(file) != '{') fail(CLQ_E_DATA, "{}: not a tensor file: no header", path);
  std::fseek(file, 8, SEEK_SET);
  if (length > static_cast<uint64_t>(kMaxHeaderBytes) || static_cast<int64_t>(length) > size - 8)
    fail(CLQ_E_DATA, "{}: the header claims {} bytes, the file has {}", path, length, size);
  return static_cast<int64_t>(length);
}

int64_t whole_number(const Json& value, const std::string& where) {
  if (!value.is_number_unsigned() || value.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    fail(CLQ_E_DATA, "{}: {} is not a size", where, value.dump(-1, ' ', false, Json::error_handler_t::replace));
  return value.get<int64_t>();
}

int64_t checked_bytes(const TensorDesc& desc, const std::string& where) {
  int64_t bytes = dtype_bytes(desc.dtype);
  bool empty = false;
  for (const int64_t dim : desc.dims) empty = empty || dim == 0;
  if (empty) return 0;
  for (const int64_t dim : desc.dims)
    if (__builtin_mul_overflow(bytes, dim, &bytes)) fail(CLQ_E_DATA, "{}: the shape overflows", where);
  return bytes;
}

Entry parse_entry(const std::string& name, const Json& item, const std::string& path) {
  const std::string where = fmt::format("{}: tensor '{}'", path, name);
  for (const unsigned char c : name)
    if (c < 0x20) fail(CLQ_E_DATA, "{}: a tensor's name has control characters", path);
  if (name == kWholeHeader) fail(CLQ_E_DATA, "{}: a tensor cannot be named '{}'", path, name);
  if (name.empty() || !item.is_object() || item.size() != 3 || !item.contains("dtype") || !item.contains("shape") ||
      !item.contains("data_offsets") || !item["dtype"].is_string() || !item["shape"].is_array() ||
      !item["data_offsets"].is_array() || item["data_offsets"].size() != 2)
    fail(CLQ_E_DATA, "{}: needs dtype, shape and two data_offsets", where);
  Entry entry;
  entry.name = name;
  entry.desc.dtype = dtype_from_safetensors(item["dtype"].get<std::string>());
  if (entry.desc.dtype == 0) fail(CLQ_E_DATA, "{}: unknown dtype '{}'", where, item["dtype"].get<std::string>());
  if (item["shape"].size() > CLQ_MAX_RANK) fail(CLQ_E_DATA, "{}: rank {} is more than 8", where, item["shape"].size());
  for (const Json& dim : item["shape"]) entry.desc.dims.push_back(whole_number(dim, where));
  entry.begin = whole_number(item["data_offsets"][0], where);
  entry.end = whole_number(item["data_offsets"][1], where);
  const int64_t bytes = checked_bytes(entry.desc, where);
  if (entry.end < entry.begin || entry.end - entry.begin != bytes)
    fail(CLQ_E_DATA, "{}: offsets {} to {} do not hold {} bytes", where, entry.begin, entry.end, bytes);
  return entry;
}

// Ranges must follow one another from 0 to the end of the file: no overlap, no hole, nothing behind.
void check_ranges(std::vector<Entry>& entries, int64_t data_bytes, const std::string& path) {
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  int64_t at = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != at)
      fail(CLQ_E_DATA, "{}: tensor '{}' begins at {}, expected {}", path, entry.name, entry.begin, at);
    at = entry.end;
  }
  if (at != data_bytes) fail(CLQ_E_DATA, "{}: the tensors take {} bytes, the file holds {}", path, at, data_bytes);
}

std::map<std::string, std::string> parse_metadata(const Json& item, const std::string& path) {
  std::map<std::string, std::string> metadata;
  if (!item.is_object()) fail(CLQ_E_DATA, "{}: __metadata__ is not an object", path);
  for (const auto& [key, value] : item.items()) {
    if (!value.is_string()) fail(CLQ_E_DATA, "{}: __metadata__ '{}' is not a text", path, key);
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

// A file of this library always has checksums; a foreign one may have none.
Json parse_checksums(const Json& header, std::map<std::string, std::string>& metadata, const std::string& path) {
  const auto at = metadata.find(kChecksums);
  if (at == metadata.end()) {
    if (metadata.contains("calanque")) fail(CLQ_E_DATA, "{}: the checksums are missing", path);
    return Json();
  }
  const Json checksums = parse_untrusted(at->second, 2, path + ": checksums");
  metadata.erase(at);
  if (!checksums.is_object()) fail(CLQ_E_DATA, "{}: the checksums are not an object", path);
  const auto whole = checksums.find(kWholeHeader);
  if (whole == checksums.end() || *whole != header_checksum(header))
    fail(CLQ_E_DATA, "{}: the header is damaged (checksum)", path);
  return checksums;
}

Tensor read_tensor(std::FILE* file, const Entry& entry, const Json& checksums, int64_t data_at,
                   const std::string& path) {
  Tensor tensor(entry.desc);
  if (fseeko(file, data_at + entry.begin, SEEK_SET) != 0)
    fail(CLQ_E_IO, "{}: {}", path, std::generic_category().message(errno));
  read_exactly(file, tensor.bytes(), entry.end - entry.begin, path);
  if (checksums.is_null()) return tensor;
  const auto wanted = checksums.find(entry.name);
  if (wanted == checksums.end() || *wanted != hex_checksum(tensor.bytes(), entry.end - entry.begin))
    fail(CLQ_E_DATA, "{}: tensor '{}' at offset {} is damaged (checksum)", path, entry.name, data_at + entry.begin);
  return tensor;
}

}  // namespace

TensorFile read_tensor_file(const std::string& path) {
  const File file = open_file(path);
  const int64_t size = file_bytes(file.get(), path);
  const int64_t length = header_length(file.get(), size, path);
  std::string text(static_cast<size_t>(length), '\0');
  read_exactly(file.get(), text.data(), length, path);
  const Json header = parse_untrusted(text, 4, path);

  TensorFile result;
  std::vector<Entry> entries;
  for (const auto& [name, item] : header.items()) {
    if (name == "__metadata__")
      result.metadata = parse_metadata(item, path);
    else
      entries.push_back(parse_entry(name, item, path));
  }
  check_ranges(entries, size - 8 - length, path);
  const Json checksums = parse_checksums(header, result.metadata, path);
  for (const Entry& entry : entries)
    result.tensors.emplace(entry.name, read_tensor(file.get(), entry, checksums, 8 + length, path));
  return result;
}

}  // namespace clq
