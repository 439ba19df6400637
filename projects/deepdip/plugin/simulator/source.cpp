// projects/deepdip/plugin/simulator/source.cpp -- simulated galaxies as a source, deepdip://galaxies?n=20000&seed=1.
// SPDX-License-Identifier: BSD-3-Clause
#include "source.hpp"

#include <string_view>

#include <calanque/plugin/sdk.hpp>

#include "table/fingerprint.hpp"
#include "table/names.hpp"
#include "table/options.hpp"

namespace deepdip::sim {
namespace {

using clq::table::Json;
constexpr int64_t kRevision = 1;  // of what is simulated: another one draws other galaxies

// What the run file may say of images, and the simulator cannot do.
void check_images(const Json& options, const std::string& uri) {
  const std::string images = clq::table::text_option(options, "images");
  if (!images.empty() && images != "IMAGE")
    clq::sdk::fail(CLQ_E_INVALID, uri + ": data.images must be IMAGE here, got '" + images + "'");
  if (options.contains("bands") && !options["bands"].empty() && options["bands"] != Json{"u", "g", "r", "i", "z"})
    clq::sdk::fail(CLQ_E_UNSUPPORTED, uri + ": the bands are u, g, r, i, z; data.bands is " + options["bands"].dump());
  for (const char* key : {"crop", "position"})
    if (options.contains(key) && !options[key].is_null() && !options[key].empty())
      clq::sdk::fail(CLQ_E_UNSUPPORTED,
                     uri + ": data." + key + " is for files; the size of a simulated image is ...?size=N");
}

}  // namespace

uint32_t Source::probe(const char* uri) { return std::string_view(uri).starts_with("deepdip://") ? 100 : 0; }

Source::Source(const char* uri, const char* options_json)
    : uri_(uri), options_(parse_uri(uri_)), columns_(make_columns(options_)) {
  const Json options = clq::table::parse_options(options_json);
  check_images(options, uri_);
  for (const Column& column : columns_) specs_.push_back(column.field);
  fields_ = clq::table::make_fields(specs_);
  fields_.front().role = CLQ_ROLE_ID;
  fields_.back().role = CLQ_ROLE_IMAGE;
  const std::string id = clq::table::text_option(options, "id");
  if (!id.empty()) clq::table::find_id(specs_, id, uri_);  // OBJID, the one integer, or an error
  has_id_ = !id.empty();
  metadata_ = metadata();
}

std::string Source::metadata() const {
  const Json table = {
      {"simulated", true},
      {"notes",
       {"fluxes by redshift as in BOSS DR10, brighter by 1 mag; not for science (projects/deepdip/README.md)"}}};
  const Json images = {{"layout", "cube"},
                       {"bands", {"u", "g", "r", "i", "z"}},
                       {"matched_by", "plane order"},
                       {"zeropoint", std::vector<double>(kNBands, kZeroPoint)},
                       {"shape", columns_.back().field.dims},
                       {"unit", columns_.back().field.unit},
                       {"notes", Json::array()}};
  return Json{{"table", table}, {"images", images}}.dump();
}

void Source::describe(clq_source_info& info) const {
  info.flags = CLQ_SRC_RANDOM_ACCESS;
  info.n_samples = options_.n;
  info.block = 1;
  info.fields = fields_.data();
  info.n_fields = static_cast<uint32_t>(fields_.size());
  info.metadata_json = metadata_.c_str();
  info.max_readers = 0;
}

void Source::ids(int64_t first, int64_t n, uint64_t* out) const {
  if (first < 0 || n < 0 || first > options_.n || n > options_.n - first)
    clq::sdk::fail(CLQ_E_INVALID, "ids: rows " + std::to_string(first) + " + " + std::to_string(n) +
                                      " are outside [0, " + std::to_string(options_.n) + ")");
  const int64_t offset = has_id_ ? options_.seed * kIdsOfASeed : 0;
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<uint64_t>(offset + first + i);
}

void Source::fingerprint(uint8_t* out32) const {
  clq::table::Fingerprint facts;
  facts.add("deepdip galaxies").add(kRevision).add(options_.n).add(options_.seed).add(options_.size);
  facts.add(options_.variant == Variant::plain ? "plain" : "morphology");
  facts.add(int64_t{options_.noise}).add(int64_t{options_.neighbours});
  facts.finish(out32);
}

std::string Source::locate(int64_t sample) const { return uri_ + ", galaxy " + std::to_string(sample + 1); }

std::unique_ptr<Source::Reader> Source::reader(const clq_reader_config& config) const {
  return std::make_unique<Reader>(*this, clq::table::wanted_fields(config, fields_.size()));
}

}  // namespace deepdip::sim
