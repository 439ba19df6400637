// plugins/csv/source.cpp -- a text table as a data source: one row a sample, one column a field.
// SPDX-License-Identifier: BSD-3-Clause
#include "source.hpp"

#include <calanque/plugin/sdk.hpp>

#include "table/fingerprint.hpp"
#include "table/names.hpp"
#include "table/options.hpp"

namespace clq::csv {

uint32_t Source::probe(const char* uri) {
  const std::string name = uri;
  const std::string path = table::path_of(name, scheme());
  if (path != name) return 100;
  if (table::first_bytes(path, 16).find("%ECSV ") != std::string::npos) return 95;
  if (table::has_suffix(path, ".csv") || table::has_suffix(path, ".ecsv")) return 80;
  return table::has_suffix(path, ".txt") ? 20 : 0;
}

Source::Source(const char* uri, const char* options_json) {
  const table::Json options = table::parse_options(options_json);
  if (!table::text_option(options, "images").empty())
    sdk::fail(CLQ_E_INVALID, table::path_of(uri, scheme()) + ": images need a FITS catalogue: convert it to FITS");
  table_ = open_csv(table::path_of(uri, scheme()));
  fields_ = table::make_fields(table_.columns);
  const std::string id = table::text_option(options, "id");
  const bool typed = table_.rows() > 0;  // without a row nothing tells an integer from a number
  if (!id.empty() && typed) id_ = find_id(id);
  table::Json facts;
  facts["file"] = table::printable(table_.file.name);
  facts["notes"] = table_.notes;
  metadata_ = table::Json{{"table", facts}}.dump();
}

size_t Source::find_id(const std::string& id) const {
  const std::string& flaw = table_.id_flaws[table::find_field(table_.columns, id, table_.file.name)];
  if (!flaw.empty()) sdk::fail(CLQ_E_DATA, flaw);
  return table::find_id(table_.columns, id, table_.file.name);
}

void Source::describe(clq_source_info& info) const {
  info.flags = CLQ_SRC_RANDOM_ACCESS;
  info.n_samples = table_.rows();
  info.block = 1;
  info.fields = fields_.data();
  info.n_fields = static_cast<uint32_t>(fields_.size());
  info.metadata_json = metadata_.c_str();
  info.max_readers = 0;
}

void Source::ids(int64_t first, int64_t n, uint64_t* out) const {
  if (first < 0 || n < 0 || first > table_.rows() || n > table_.rows() - first)
    sdk::fail(CLQ_E_INVALID, "ids: rows " + std::to_string(first) + " + " + std::to_string(n) + " are outside [0, " +
                                 std::to_string(table_.rows()) + ")");
  if (id_) {
    Reader(table_, fields_, {static_cast<uint32_t>(*id_)}).read_ids(first, n, *id_, out);
    return;
  }
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<uint64_t>(first + i);
}

void Source::fingerprint(uint8_t* out32) const {
  table::Fingerprint facts;
  facts.add("csv").add(table_.file.base_name()).add(table_.file.size).add(table_.rows());
  facts.add(std::string(1, table_.delimiter));
  for (const table::FieldSpec& column : table_.columns) {
    facts.add(column.name).add(column.unit).add(column.dtype).add(column.text ? "text" : "");
    facts.add(column.elements());
  }
  facts.finish(out32);
}

std::unique_ptr<Reader> Source::reader(const clq_reader_config& config) const {
  return std::make_unique<Reader>(table_, fields_, table::wanted_fields(config, fields_.size()));
}

}  // namespace clq::csv
