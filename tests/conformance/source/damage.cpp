// tests/conformance/source/damage.cpp -- files cut short, with other bytes, changed in mid-read, or not there.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "conformance/source/calls.hpp"
#include "conformance/source/lists.hpp"
#include "conformance/source/process_state.hpp"
#include "conformance/source/reading.hpp"

namespace clq::conformance {
namespace {

namespace fs = std::filesystem;
constexpr int kDamages = 64;
constexpr uintmax_t kMostBytesOfFiles = uintmax_t{64} << 20;
constexpr int64_t kLargestSample = int64_t{16} << 20;

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The n-th damage in words; half of them are where a header is.
std::string damage(std::string& bytes, int n, std::mt19937_64& random) {
  if (bytes.empty()) return "empty, as it was";
  const size_t reach = n % 2 == 0 ? std::min<size_t>(bytes.size(), 8192) : bytes.size();
  const size_t at = random() % reach;
  switch (n % 4) {
    case 0:
    case 1: {
      for (int k = 0; k < 8; ++k) bytes[random() % reach] = static_cast<char>(random());
      return fmt::format("8 of its first {} bytes changed", reach);
    }
    case 2: {
      const size_t run = std::min<size_t>(1 + random() % 3000, bytes.size() - at);
      std::fill_n(bytes.begin() + static_cast<int64_t>(at), run, '\0');
      return fmt::format("{} zeros from byte {} on", run, at);
    }
    default:
      bytes.resize(at);
      return fmt::format("cut to {} bytes", at);
  }
}

// Up to 16 samples of all fields, among them the first and the last.
void read_some(const OpenedSource& source, const std::string& what, Findings& findings) {
  const int64_t n = source.info().n_samples;
  std::vector<int64_t> rows;
  for (int64_t k = 0; k < 16; ++k)
    rows.push_back(static_cast<int64_t>(static_cast<double>(n - 1) * static_cast<double>(k) / 15));
  std::vector<SlotSpec> specs;
  std::vector<uint32_t> fields;
  for (const uint32_t f : source.fields()) {
    const SlotSpec spec = as_stored(source, f);
    if (sample_bytes(spec.want) > kLargestSample) continue;
    specs.push_back(spec);
    fields.push_back(f);
  }
  OpenedReader reader(source, fields);
  Batch batch(specs, static_cast<uint32_t>(rows.size()));
  clq_read io = request(rows, batch.slots());
  expect_ok_or_told(findings, what + ": read", reader.read(io));
  findings.expect(io.n_done <= io.n_samples, "{}: n_done is {} of {}", what, io.n_done, io.n_samples);
  for (size_t s = 0; s < specs.size(); ++s)
    findings.expect(batch.rest_intact(s, io.n_samples, std::byte{0}), "{}: wrote outside of its slots", what);
  uint64_t id = 0;
  if (source.api().ids != nullptr)
    expect_ok_or_told(findings, what + ": ids", source.api().ids(source.handle(), n - 1, 1, &id));
}

// Returns whether it could be opened.
bool try_file(const clq_data_source_api& api, const DataSet& data, const std::string& what, Findings& findings) {
  bool opened = false;
  try {
    const OpenedSource source(api, data);
    opened = true;
    const bool rows = (source.info().flags & CLQ_SRC_RANDOM_ACCESS) != 0 && source.info().n_samples > 0;
    if (rows) read_some(source, what, findings);
  } catch (const test::CallError& e) {
    expect_refused(findings, what + ": " + e.what(), e.status);
  }
  return opened;
}

void shrinks_in_mid_read(const clq_data_source_api& api, const DataSet& data, const std::string& file,
                         Findings& findings) {
  const OpenedSource source(api, data);
  if ((source.info().flags & CLQ_SRC_RANDOM_ACCESS) == 0 || source.info().n_samples < 1) return;
  OpenedReader reader(source, source.fields());
  Batch batch(as_stored(source, source.fields()), 1);
  const int64_t last = source.info().n_samples - 1;
  clq_read io = request({&last, 1}, batch.slots());
  fs::resize_file(file, fs::file_size(file) / 2);
  expect_ok_or_told(findings, "read of a file that lost its second half after open", reader.read(io));
}

// A copy of the data in a folder of its own: the file, and those beside it that differ in the suffix alone.
struct Copy {
  DataSet data;
  std::vector<std::string> files, bytes;
};

Copy copy_of(const DataSet& data, const std::string& folder) {
  const fs::path file = fs::absolute(data.file);
  Copy copy{with_file(data, folder + "/" + file.filename().string()), {}, {}};
  uintmax_t size = 0;
  fs::create_directory(folder);
  for (const auto& entry : fs::directory_iterator(file.parent_path())) {
    if (!entry.is_regular_file() || entry.path().stem() != file.stem()) continue;
    size += entry.file_size();
    if (size > kMostBytesOfFiles) throw Unsupported("its files are larger than 64 MiB");
    copy.files.push_back(folder + "/" + entry.path().filename().string());
    copy.bytes.push_back(bytes_of_file(entry.path().string()));
    write_file(copy.files.back(), copy.bytes.back());
  }
  return copy;
}

void survives_damage(const Subject& subject, Findings& findings) {
  const DataSet data = data_of(subject);
  if (data.file.empty()) throw Unsupported("its data are no plain file");
  const clq_data_source_api api = source_table(subject);
  const Copy copy = copy_of(data, subject.folder + "/damaged");
  Findings undamaged;
  if (!try_file(api, copy.data, "a copy", undamaged)) throw Unsupported("it needs more than a copy of its file");
  std::mt19937_64 random(subject.seed);
  int opened = 0;
  for (int n = 0; n < kDamages; ++n) {
    const size_t f = static_cast<size_t>(n) / 4 % copy.files.size();
    std::string bytes = copy.bytes[f];
    const std::string what = damage(bytes, n, random);
    write_file(copy.files[f], bytes);
    opened += try_file(api, copy.data, what, findings) ? 1 : 0;
    write_file(copy.files[f], copy.bytes[f]);
  }
  for (size_t f = 0; f < copy.files.size(); ++f) {
    shrinks_in_mid_read(api, copy.data, copy.files[f], findings);
    write_file(copy.files[f], copy.bytes[f]);
  }
  findings.note("damages", fmt::format("{}, {} of them could be opened", kDamages, opened));
}

void tells_what_is_absent(const Subject& subject, Findings& findings) {
  const DataSet data = data_of(subject);
  if (data.file.empty()) throw Unsupported("its data are no plain file");
  const clq_data_source_api api = source_table(subject);
  for (const char* folder : {"/", "/no/such/folder/"}) {
    const std::string path = subject.folder + folder + "absent" + fs::path(data.file).extension().string();
    clq_source* source = nullptr;
    const clq_status status = api.open(with_file(data, path).uri.c_str(), data.options.c_str(), &source);
    expect_error_naming(findings, "open of a file that is not there", status, path, {CLQ_E_NOT_FOUND});
    if (status >= CLQ_OK) api.close(source);
  }
  const std::string empty = subject.folder + "/empty" + fs::path(data.file).extension().string();
  write_file(empty, "");
  clq_source* source = nullptr;
  const clq_status status = api.open(with_file(data, empty).uri.c_str(), data.options.c_str(), &source);
  if (status < CLQ_OK) expect_error_naming(findings, "open of an empty file", status, empty);
  if (status >= CLQ_OK) api.close(source);
}

}  // namespace

void add_damage_cases(std::vector<Case>& cases) {
  cases.push_back({"source.damaged", "a damaged file gives data or an error in words, and writes in its slots alone",
                   survives_damage});
  cases.push_back({"source.errors", "a file that is not there: one line with its path", tells_what_is_absent});
}

}  // namespace clq::conformance
