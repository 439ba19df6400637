// docs/examples/plugins/source.cpp -- spectra in a binary file, described by a JSON file beside it.
// SPDX-License-Identifier: BSD-3-Clause
//
// survey.spectra is JSON: {"pixels": 64, "unit": "nJy"}. survey.raw has a record for each spectrum, little-endian and
// without padding: int64 ID, float64 Z, float32 FLUX[pixels].
#include <filesystem>
#include <fstream>
#include <vector>

#include <nlohmann/json.hpp>

#include "source_parts.hpp"

namespace {

using clq::sdk::dense_desc;
using clq::sdk::fail;
using Json = nlohmann::json;

enum : uint32_t { kId, kZ, kFlux };

// An opened data set. Nothing changes it, so all readers share it.
struct Spectra {
  std::string raw, unit;
  int64_t bytes = 0, pixels = 0, record_bytes = 0, rows = 0;
  std::vector<clq_field> fields;

  explicit Spectra(const std::string& header) : raw(std::filesystem::path(header).replace_extension(".raw")) {
    std::ifstream text(header);
    if (!text) parts::fail_file(header);
    const Json facts = Json::parse(text, nullptr, false);
    if (!facts.is_object()) fail(CLQ_E_DATA, header + ": is no JSON object");
    const Json n = facts.value("pixels", Json()), name = facts.value("unit", Json(""));
    pixels = n.is_number_integer() ? n.get<int64_t>() : 0;
    if (pixels < 1 || pixels > 1 << 24)
      fail(CLQ_E_DATA, header + ": pixels is " + n.dump() + ", an integer from 1 to 2^24 would be right");
    if (!name.is_string()) fail(CLQ_E_DATA, header + ": unit is " + name.dump() + ", a text would be right");
    unit = name;
    std::error_code failed;
    bytes = static_cast<int64_t>(std::filesystem::file_size(raw, failed));
    if (failed) fail(CLQ_E_IO, raw + ": " + failed.message());
    record_bytes = 16 + 4 * pixels;
    rows = bytes / record_bytes;
    if (bytes % record_bytes != 0)
      fail(CLQ_E_DATA, raw + ": ends within record " + std::to_string(rows + 1) + ", each has " +
                           std::to_string(record_bytes) + " bytes");
    fields = {{"ID", "", "", CLQ_ROLE_ID, 0, dense_desc(CLQ_I64, {})},
              {"Z", "", "", CLQ_ROLE_OTHER, 0, dense_desc(CLQ_F64, {})},
              {"FLUX", unit.c_str(), "x", CLQ_ROLE_OTHER, 0, dense_desc(CLQ_F32, {pixels})}};
  }
};

// One thread's file handle, and the record that it read last.
class SpectraReader {
 public:
  SpectraReader(const Spectra& s, std::vector<uint32_t> wanted)
      : spectra_(s), wanted_(std::move(wanted)), file_(s.raw), record_(static_cast<size_t>(s.record_bytes)) {}

  clq_status read(clq_read& io) {
    parts::check_read(io, spectra_.fields, wanted_);
    for (io.n_done = 0; io.n_done < io.n_samples; ++io.n_done) {  // at an error: the place of the bad row
      if (io.cancelled != nullptr && io.cancelled(&io) != 0) fail(CLQ_E_CANCELLED, "reading was cancelled");
      parts::check_rows(io.indices[io.n_done], 1, spectra_.rows);
      load(io.indices[io.n_done]);
      for (const clq_slot& slot : std::span(io.slots, io.n_slots))
        store(slot.field, slot.want.dtype, static_cast<std::byte*>(slot.data) + io.n_done * slot.sample_stride);
    }
    return CLQ_OK;
  }
  void load(int64_t row) { file_.read_at(row * spectra_.record_bytes, record_); }
  template <class T>
  T at(int64_t byte) const {
    T value;
    std::memcpy(&value, record_.data() + byte, sizeof value);
    return value;
  }

 private:
  void store(uint32_t field, int32_t dtype, std::byte* dst) const {
    if (field == kId) parts::put(at<int64_t>(0), 0, dtype, dst);
    if (field == kZ) parts::put(at<double>(8), 0, dtype, dst);
    if (field == kFlux)
      for (int64_t i = 0; i < spectra_.pixels; ++i) parts::put(at<float>(16 + 4 * i), i, dtype, dst);
  }

  const Spectra& spectra_;
  std::vector<uint32_t> wanted_;
  parts::File file_;
  std::vector<std::byte> record_;
};

class SpectraSource {
 public:
  using Reader = SpectraReader;
  static const char* scheme() { return "spectra"; }
  static uint32_t probe(const char* uri) { return std::string_view(uri).ends_with(".spectra") ? 90 : 0; }

  SpectraSource(const std::string& uri, const char* options_json)
      : spectra_(uri.starts_with("spectra://") ? uri.substr(10) : uri) {
    const Json options = Json::parse(options_json);
    const auto id = options.value("id", "");
    if (!id.empty() && id != "ID") fail(CLQ_E_INVALID, "data.id: spectra have their ids in ID, not in " + id);
    has_id_ = !id.empty();
    for (const char* key : {"hdu", "images", "crop", "position"})
      if (options.contains(key)) fail(CLQ_E_UNSUPPORTED, std::string("data.") + key + ": is not for spectra");
  }
  void describe(clq_source_info& info) const {
    info.flags = CLQ_SRC_RANDOM_ACCESS;
    info.n_samples = spectra_.rows;
    info.block = 1;
    info.fields = spectra_.fields.data();
    info.n_fields = static_cast<uint32_t>(spectra_.fields.size());
    info.metadata_json = "{}";
    info.max_readers = 0;
  }
  void ids(int64_t first, int64_t n, uint64_t* out) const {
    parts::check_rows(first, n, spectra_.rows);
    SpectraReader reader(spectra_, {});
    for (int64_t i = 0; i < n; ++i) {
      if (has_id_) reader.load(first + i);
      out[i] = has_id_ ? reader.at<uint64_t>(0) : static_cast<uint64_t>(first + i);
    }
  }
  void fingerprint(uint8_t* out32) const {
    const std::string name = std::filesystem::path(spectra_.raw).filename();
    parts::fingerprint(name + "/" + std::to_string(spectra_.rows) + "/" + std::to_string(spectra_.pixels), out32);
  }
  std::string locate(int64_t row) const { return spectra_.raw + ", record " + std::to_string(row + 1); }
  std::unique_ptr<Reader> reader(const clq_reader_config& config) const {
    parts::check_fields(config, spectra_.fields.size());
    return std::make_unique<Reader>(spectra_, std::vector<uint32_t>(config.fields, config.fields + config.n_fields));
  }

 private:
  Spectra spectra_;
  bool has_id_ = false;
};

clq_status init(const clq_host* host) { return clq::sdk::take_host(host); }
void deinit() { clq::sdk::host = nullptr; }
const void* get_factory(const char* id) {
  static const clq_data_source_api source = clq::sdk::data_source_api<SpectraSource>();
  return std::strcmp(id, CLQ_DATA_SOURCE_ID) == 0 ? &source : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.example.spectra", "1.0.0", "BSD-3-Clause", init, deinit, get_factory);
