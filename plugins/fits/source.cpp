// plugins/fits/source.cpp -- a binary table as a data source: one row a sample, one column a field, images beside them.
// SPDX-License-Identifier: BSD-3-Clause
#include "source.hpp"

#include <strings.h>

#include <calanque/plugin/sdk.hpp>

#include "images/image_reader.hpp"
#include "table/fingerprint.hpp"
#include "table/options.hpp"

namespace clq::fits {
namespace {

using table::Json;

HduChoice parse_hdu(const Json& options) {
  if (!options.contains("hdu") || options["hdu"].is_null()) return {};
  const Json& hdu = options["hdu"];
  if (hdu.is_number_integer() && hdu.get<int64_t>() >= 0) return hdu.get<int64_t>();
  if (hdu.is_string() && !hdu.get<std::string>().empty()) return hdu.get<std::string>();
  sdk::fail(CLQ_E_INVALID, "options: hdu must be a name or a number from 0, got " + table::shown(hdu));
}

}  // namespace

uint32_t Source::probe(const char* uri) {
  const std::string name = uri;
  const std::string path = table::path_of(name, scheme());
  if (path != name) return 100;
  bool suffix = false;
  for (const char* ending : {".fits", ".fit", ".fits.fz", ".fits.gz"})
    suffix = suffix || table::has_suffix(path, ending);
  if (table::first_bytes(path, 6) == "SIMPLE") return suffix ? 100 : 90;
  // By its name alone: then open says what is wrong with the file.
  return suffix ? 50 : 0;
}

Source::Source(const char* uri, const char* options_json) {
  const Json options = table::parse_options(options_json);
  const HduChoice choice = parse_hdu(options);
  table_ = open_table(table::path_of(uri, scheme()), choice);
  if (auto images = parse_image_options(options)) {
    // Without a path: of the catalogue itself, whichever a bundle is given when it predicts.
    if (images->images.front() == '[') images->images.insert(0, table_.file.name);
    open_images(*images);
  }
  for (const Column& column : table_.columns) specs_.push_back(column.field);
  if (layout_ != nullptr) specs_.push_back(layout_->field());
  fields_ = table::make_fields(specs_);
  if (layout_ != nullptr) fields_.back().role = CLQ_ROLE_IMAGE;
  const std::string id = table::text_option(options, "id");
  if (!id.empty()) id_ = find_id_column(table_, id);
  metadata_ = metadata(choice.index() != 0);
  Handle(table_.file, table_.hdu);  // cfitsio must agree before a reader relies on it
}

void Source::open_images(const ImageOptions& options) {
  try {
    layout_ = find_layout(options, table_);
  } catch (const sdk::Error& error) {
    if (error.status() != CLQ_E_NOT_FOUND) throw;
    sdk::fail(CLQ_E_NOT_FOUND, table_.place + ": its images, " + error.what());
  }
  // A column of the catalogue itself is offered once, as images; no key is found behind it, for then there are none.
  if (layout_->kind == LayoutKind::column && layout_->first_hdu == table_.hdu &&
      inspect_fits(layout_->first_file).inode == table_.file.inode)
    std::erase_if(table_.columns, [&](const Column& column) {
      return ::strcasecmp(column.field.name.c_str(), layout_->rules.column.c_str()) == 0;
    });
  for (const Column& column : table_.columns)
    if (column.field.name == layout_->field().name)
      sdk::fail(CLQ_E_DATA, table_.place + ": has a column '" + column.field.name +
                                "', which is the name of the images; rename the column");
}

std::string Source::metadata(bool hdu_was_asked) const {
  Json facts;
  facts["file"] = table::printable(table_.file.name);
  facts["hdu"] = table_.hdu;
  facts["extname"] = table_.name;
  facts["hdu_chosen"] = hdu_was_asked ? "by the option hdu" : "the first binary table";
  Json nulls = Json::object();
  for (const Column& column : table_.columns)
    if (column.null) nulls[column.field.name] = *column.null;
  facts["null"] = nulls;
  if (table_.simulated) facts["simulated"] = true;
  facts["notes"] = table_.notes;
  Json all{{"table", facts}};
  if (layout_ != nullptr) all["images"] = layout_->metadata();
  return all.dump();
}

void Source::describe(clq_source_info& info) const {
  info.flags = CLQ_SRC_RANDOM_ACCESS;
  info.n_samples = table_.rows;
  info.block = 1;
  info.fields = fields_.data();
  info.n_fields = static_cast<uint32_t>(fields_.size());
  info.metadata_json = metadata_.c_str();
  info.max_readers = 0;
}

void Source::ids(int64_t first, int64_t n, uint64_t* out) const {
  if (first < 0 || n < 0 || first > table_.rows || n > table_.rows - first)
    sdk::fail(CLQ_E_INVALID, "ids: rows " + std::to_string(first) + " + " + std::to_string(n) + " are outside [0, " +
                                 std::to_string(table_.rows) + ")");
  if (!id_) {
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<uint64_t>(first + i);
    return;
  }
  const std::lock_guard lock(id_mutex_);
  table::require_unchanged(table_.file);
  if (id_reader_ == nullptr) id_reader_ = std::make_unique<IdReader>(table_, *id_);
  id_reader_->read(first, n, out);
}

void Source::fingerprint(uint8_t* out32) const {
  table::Fingerprint facts;
  facts.add("fits").add(table_.file.base_name()).add(table_.file.size).add(table_.hdu).add(table_.name);
  facts.add(table_.rows).add(table_.row_bytes);
  for (const Column& column : table_.columns) {
    facts.add(column.field.name).add(column.field.unit).add(std::string(1, column.code)).add(column.repeat);
    facts.add(column.first_byte).add_real(column.scale).add_real(column.zero);
    facts.add(column.null ? std::to_string(*column.null) : "");
    for (const int64_t dim : column.field.dims) facts.add(dim);
  }
  if (layout_ != nullptr) layout_->add_facts(facts);
  facts.finish(out32);
}

std::string Source::locate(int64_t sample) const {
  const bool exists = sample >= 0 && sample < table_.rows;
  if (layout_ == nullptr || !exists) return table_.place + ", row " + std::to_string(sample + 1);
  const std::lock_guard lock(keys_mutex_);
  if (keys_ == nullptr) keys_ = std::make_unique<RowKeys>(table_, layout_->keys);
  return place_of(*layout_, table_, sample, *keys_);
}

std::unique_ptr<Reader> Source::reader(const clq_reader_config& config) const {
  return std::make_unique<Reader>(table_, fields_, table::wanted_fields(config, fields_.size()), layout_.get(),
                                  config.n_readers);
}

}  // namespace clq::fits
