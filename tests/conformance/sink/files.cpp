// tests/conformance/sink/files.cpp -- when there is a file, and what is left where there is none.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>

#include "conformance/sink/lists.hpp"
#include "conformance/sink/read_back.hpp"
#include "conformance/source/calls.hpp"
#include "conformance/source/process_state.hpp"

namespace clq::conformance {
namespace {

// A small table and where it goes.
struct Plan {
  explicit Plan(const Subject& subject)
      : api(sink_table(subject)),
        name("table" + suffixes_of(api).front()),
        uri(subject.folder + "/" + name),
        table(accepted_columns(api, uri), 100, subject.seed) {}
  clq_data_sink_api api;
  std::string name, uri;
  SampleTable table;
};

void expect_names(Findings& findings, const Subject& subject, const std::string& when,
                  const std::vector<std::string>& wanted) {
  const auto names = names_in(subject.folder);
  findings.expect(names == wanted, "{}: the folder holds [{}], [{}] would be right", when, fmt::join(names, ", "),
                  fmt::join(wanted, ", "));
}

void write_rows(OpenedSink& sink, const SampleTable& table, int64_t first, int64_t n) {
  require_ok(sink.created(), "create");
  require_ok(sink.write(table, first, n), fmt::format("write of {} rows from {} on", n, first));
}

void appears_at_commit(const Subject& subject, Findings& findings) {
  const Plan plan(subject);
  expect_names(findings, subject, "after sinks that were created and discarded", {});
  {
    OpenedSink sink(plan.api, plan.uri, plan.table);
    findings.expect(!std::filesystem::exists(plan.uri), "the file is there after create");
    write_rows(sink, plan.table, 0, 100);
    findings.expect(!std::filesystem::exists(plan.uri), "the file is there before commit");
  }
  expect_names(findings, subject, "after discard", {});
  {
    OpenedSink sink(plan.api, plan.uri, plan.table);
    write_rows(sink, plan.table, 0, 100);
    require_ok(sink.commit(), "commit");
    expect_names(findings, subject, "after commit", {plan.name});
  }
  expect_names(findings, subject, "after the discard that follows a commit", {plan.name});
}

void refuses_gaps(const Subject& subject, Findings& findings) {
  const Plan plan(subject);
  for (const int64_t missing : {0, 57, 99}) {
    {
      OpenedSink sink(plan.api, plan.uri, plan.table);
      if (missing > 0) write_rows(sink, plan.table, 0, missing);
      if (missing < 99) write_rows(sink, plan.table, missing + 1, 99 - missing);
      expect_refused(findings, fmt::format("commit without row {} of 100", missing), sink.commit());
      findings.expect(!std::filesystem::exists(plan.uri), "commit without row {}: the file is there", missing);
    }
    expect_names(findings, subject, fmt::format("after a commit without row {} and discard", missing), {});
  }
}

void keeps_existing(const Subject& subject, Findings& findings) {
  const Plan plan(subject);
  const std::string old = "old bytes";
  std::ofstream(plan.uri) << old;
  {
    OpenedSink sink(plan.api, plan.uri, plan.table);
    write_rows(sink, plan.table, 0, 100);
    findings.expect(bytes_of_file(plan.uri) == old, "the old file changed before commit");
  }
  findings.expect(bytes_of_file(plan.uri) == old, "the old file changed by a sink that was discarded");
  expect_names(findings, subject, "after discard", {plan.name});
  {
    OpenedSink sink(plan.api, plan.uri, plan.table);
    write_rows(sink, plan.table, 0, 99);
    expect_refused(findings, "commit without row 99 of 100", sink.commit());
    findings.expect(bytes_of_file(plan.uri) == old, "the old file changed by a commit that was refused");
  }
  write_table(plan.api, plan.uri, plan.table, subject.seed);
  findings.expect(bytes_of_file(plan.uri) != old, "the old file is there after commit");
  expect_names(findings, subject, "after commit", {plan.name});
  if (open_plugin(subject.file).source != nullptr) expect_same_table(findings, subject, plan.uri, plan.table);
}

void closes_files(const Subject& subject, Findings& findings) {
  const Plan plan(subject);
  plan.api.discard(nullptr);
  write_table(plan.api, plan.uri, plan.table, subject.seed);  // what a library opens once is open from here on
  const auto before = open_descriptors();
  const int64_t threads = thread_count();
  const auto look = [&](const char* when) {
    findings.expect(added(before, open_descriptors()).empty(), "left open after {}: {}", when,
                    added(before, open_descriptors()));
    findings.expect(has_threads_again(threads), "{} threads before, {} after {}", threads, thread_count(), when);
    expect_names(findings, subject, when, {plan.name});
  };
  write_table(plan.api, plan.uri, plan.table, subject.seed);
  look("commit and discard");
  {
    OpenedSink sink(plan.api, plan.uri, plan.table);
    write_rows(sink, plan.table, 0, 10);
  }
  look("a discard in the middle");
  {
    OpenedSink sink(plan.api, plan.uri, plan.table);
    write_rows(sink, plan.table, 0, 10);
    expect_refused(findings, "commit of 10 rows of 100", sink.commit());
  }
  look("a commit that was refused");
  expect_refused(findings, "create in a folder that is not there",
                 OpenedSink(plan.api, subject.folder + "/no/such/" + plan.name, plan.table).created());
  look("a create that was refused");
}

}  // namespace

void add_file_cases(std::vector<Case>& cases) {
  cases.push_back(
      {"sink.atomic", "the file is there after commit and not before; discard leaves nothing", appears_at_commit});
  cases.push_back({"sink.incomplete", "a commit without one of the rows is refused and leaves nothing", refuses_gaps});
  cases.push_back({"sink.existing", "a file of that name stays whole until commit replaces it", keeps_existing});
  cases.push_back({"sink.closing", "leaves no descriptor, thread or file behind", closes_files});
}

}  // namespace clq::conformance
