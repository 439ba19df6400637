// plugins/fits/source.cpp -- a binary table as a data source: one row a sample, one column a field.
// SPDX-License-Identifier: BSD-3-Clause
#include "source.hpp"

#include <algorithm>

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"
#include "table/fingerprint.hpp"
#include "table/names.hpp"
#include "table/options.hpp"

namespace clq::fits {
namespace {

using table::Json;

HduChoice parse_hdu(const Json& options) {
  if (!options.contains("hdu") || options["hdu"].is_null()) return {};
  const Json& hdu = options["hdu"];
  if (hdu.is_number_integer() && hdu.get<int64_t>() >= 0) return hdu.get<int64_t>();
  if (hdu.is_string() && !hdu.get<std::string>().empty()) return hdu.get<std::string>();
  sdk::fail(CLQ_E_INVALID, "options: hdu must be a name or a number from 0, got " + hdu.dump());
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
  for (const Column& column : table_.columns) specs_.push_back(column.field);
  fields_ = table::make_fields(specs_);
  const std::string id = table::text_option(options, "id");
  if (!id.empty()) id_ = table::find_id(specs_, id, table_.place);
  if (id_ && table_.columns[*id_].is_scaled())
    sdk::fail(CLQ_E_DATA, table_.place + ": id column '" + id + "' is scaled by TSCAL or TZERO; an id is an integer");
  metadata_ = metadata(choice.index() != 0);
  Handle(table_.file, table_.hdu);  // cfitsio must agree before a reader relies on it
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
  facts["notes"] = table_.notes;
  return Json{{"table", facts}}.dump();
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
  if (id_) return read_ids(first, n, out);
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<uint64_t>(first + i);
}

void Source::read_ids(int64_t first, int64_t n, uint64_t* out) const {
  const std::lock_guard lock(id_mutex_);
  table::require_unchanged(table_.file);
  if (id_reader_ == nullptr) id_reader_ = std::make_unique<RowReader>(table_, std::vector<size_t>{*id_});
  const Column& column = table_.columns[*id_];
  const int32_t dtype = column.field.dtype == CLQ_U64 ? CLQ_U64 : CLQ_I64;
  const Convert convert = find_convert(column, dtype);
  for (int64_t done = 0; done < n;) {
    const int64_t rows = std::min(n - done, id_reader_->most_rows());
    id_reader_->load(first + done, rows);
    if (column.field.text) {
      for (int64_t i = 0; i < rows; ++i) {
        const auto* cell = reinterpret_cast<const char*>(id_reader_->cell(*id_, i));
        out[done + i] = table::text_id(table::trim_text({cell, static_cast<size_t>(column.repeat)}));
      }
    } else if (const int64_t good =
                   id_reader_->convert(*id_, convert, rows, reinterpret_cast<std::byte*>(out + done), 8, 1);
               good < rows) {
      sdk::fail(CLQ_E_DATA, locate(first + done + good) + ": " + column.field.name + " is no id");
    }
    done += rows;
  }
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
  facts.finish(out32);
}

std::string Source::locate(int64_t sample) const { return table_.place + ", row " + std::to_string(sample + 1); }

std::unique_ptr<Reader> Source::reader(const clq_reader_config& config) const {
  return std::make_unique<Reader>(table_, fields_, table::wanted_fields(config, fields_.size()));
}

}  // namespace clq::fits
