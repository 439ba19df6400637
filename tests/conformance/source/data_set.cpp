// tests/conformance/source/data_set.cpp -- finding the file behind a URI, and writing one.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/source/data_set.hpp"

#include <algorithm>
#include <filesystem>

#include "conformance/sink/opened_sink.hpp"

namespace clq::conformance {
namespace {

constexpr int64_t kWrittenRows = 997;  // prime: no batch divides it

std::string plain_file(const std::string& uri) {
  const size_t mark = uri.find("://");
  const std::string path = mark == std::string::npos ? uri : uri.substr(mark + 3);
  std::error_code failed;
  return std::filesystem::is_regular_file(path, failed) ? path : "";
}

}  // namespace

DataSet data_of(const Subject& subject) {
  if (!subject.data.empty()) return {subject.data, subject.options, plain_file(subject.data)};
  if (open_plugin(subject.file).sink == nullptr)
    throw Unsupported("give --data: the plugin has no sink to write data with");
  return write_data(subject, kWrittenRows);
}

DataSet write_data(const Subject& subject, int64_t rows) {
  const clq_data_sink_api sink = sink_table(subject);
  const std::string file = subject.folder + "/data" + suffixes_of(sink).front();
  const SampleTable table(accepted_columns(sink, file), rows, subject.seed);
  write_table(sink, file, table, subject.seed);
  const bool has_id = std::any_of(table.fields().begin(), table.fields().end(),
                                  [](const clq_field& f) { return f.role == CLQ_ROLE_ID; });
  return {file, has_id ? R"({"id": "ID"})" : "{}", file, true};
}

DataSet with_file(const DataSet& data, const std::string& file) {
  DataSet other = data;
  other.uri.replace(other.uri.size() - data.file.size(), data.file.size(), file);
  other.file = file;
  return other;
}

}  // namespace clq::conformance
