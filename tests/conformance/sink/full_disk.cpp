// tests/conformance/sink/full_disk.cpp -- no room for the file: a limit on the size of files stands for a full disk.
// SPDX-License-Identifier: BSD-3-Clause
#include <csignal>
#include <optional>

#include <sys/resource.h>

#include "conformance/sink/lists.hpp"
#include "conformance/sink/opened_sink.hpp"
#include "conformance/source/calls.hpp"
#include "conformance/source/process_state.hpp"

namespace clq::conformance {
namespace {

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit small{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &old_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
};

struct Failure {
  std::string step, text;
  clq_status status = CLQ_OK;
};

// What fails first, as the rows are written. The disk fills up before create or after it.
Failure first_failure(const clq_data_sink_api& api, const std::string& uri, const SampleTable& table, rlim_t bytes,
                      bool before_create) {
  std::optional<FileSizeLimit> limit;
  if (before_create) limit.emplace(bytes);
  OpenedSink sink(api, uri, table);
  Failure failure{"create", test::error_text(), sink.created()};
  if (!before_create) limit.emplace(bytes);
  for (int64_t first = 0; failure.status == CLQ_OK && first < table.rows(); first += 100) {
    const clq_status status = sink.write(table, first, std::min<int64_t>(100, table.rows() - first));
    failure = {fmt::format("write of row {} on", first), test::error_text(), status};
  }
  if (failure.status != CLQ_OK) return failure;
  const clq_status status = sink.commit();
  return {"commit", test::error_text(), status};
}

void reports_a_full_disk(const Subject& subject, Findings& findings) {
  const clq_data_sink_api api = sink_table(subject);
  const std::string name = "table" + suffixes_of(api).front(), uri = subject.folder + "/" + name;
  const auto columns = accepted_columns(api, uri);
  const SampleTable old(columns, 997, subject.seed), table(columns, 997, subject.seed + 1);
  write_table(api, uri, old, subject.seed);
  const std::string bytes = bytes_of_file(uri);
  std::signal(SIGXFSZ, SIG_IGN);  // then a write beyond the limit fails
  for (const size_t room : {size_t{0}, size_t{1}, bytes.size() / 3, 2 * bytes.size() / 3})
    for (const bool before_create : {true, false}) {
      const Failure failure = first_failure(api, uri, table, room, before_create);
      const std::string what = fmt::format("room for {} of {} bytes {} create: {}", room, bytes.size(),
                                           before_create ? "from" : "after", failure.step);
      findings.expect(failure.status == CLQ_E_NOSPACE || failure.status == CLQ_E_IO,
                      "{}: status {}, {} or {} would be right", what, failure.status, CLQ_E_NOSPACE, CLQ_E_IO);
      findings.expect(failure.text.find(uri) != std::string::npos && failure.text.find('\n') == std::string::npos,
                      "{}: the text '{}', one line with {} would be right", what, failure.text, uri);
      findings.expect(bytes_of_file(uri) == bytes, "{}: the old file is not what it was", what);
      findings.expect(names_in(subject.folder) == std::vector{name}, "{}: the folder holds {}", what,
                      fmt::join(names_in(subject.folder), ", "));
    }
  write_table(api, uri, table, subject.seed);
  findings.expect(bytes_of_file(uri) != bytes, "with room again, the new file does not replace the old one");
}

}  // namespace

void add_full_disk_cases(std::vector<Case>& cases) {
  cases.push_back(
      {"sink.full_disk", "no room: an error with the path, the old file intact, nothing left", reports_a_full_disk});
}

}  // namespace clq::conformance
