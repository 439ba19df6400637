// tests/conformance/source/descriptions.cpp -- describe and probe: what is said before a sample is read.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <set>

#include <sys/stat.h>
#include <nlohmann/json.hpp>

#include "conformance/source/calls.hpp"
#include "conformance/source/lists.hpp"
#include "conformance/source/opened_source.hpp"
#include "conformance/source/process_state.hpp"

namespace clq::conformance {
namespace {

void check_shape(Findings& findings, const clq_field& field) {
  const clq_tensor_desc& sample = field.sample;
  const bool ragged = (field.flags & CLQ_FIELD_RAGGED) != 0, text = (field.flags & CLQ_FIELD_TEXT) != 0;
  findings.expect(sample.dtype >= CLQ_F16 && sample.dtype <= CLQ_U64, "field {}: dtype {} is none", field.name,
                  sample.dtype);
  if (!findings.expect(sample.rank >= 0 && sample.rank <= CLQ_MAX_RANK, "field {}: rank {}", field.name, sample.rank))
    return;
  for (int32_t d = 0; d < sample.rank; ++d)
    findings.expect(sample.dims[d] > 0 || (ragged && sample.dims[d] == -1),
                    "field {}: dimension {} is {}, above 0 would be right{}", field.name, d, sample.dims[d],
                    ragged ? ", or -1" : "");
  findings.expect(!text || (sample.dtype == CLQ_U8 && sample.rank == 1),
                  "field {}: a text of dtype {} and rank {}, U8 [width] would be right", field.name, sample.dtype,
                  sample.rank);
  const std::string axes = field.axes == nullptr ? "" : field.axes;
  findings.expect(axes.empty() || axes.size() == static_cast<size_t>(sample.rank), "field {}: axes '{}' of rank {}",
                  field.name, axes, sample.rank);
  const bool has_sky = axes.find('y') != std::string::npos && axes.find('x') != std::string::npos;
  findings.expect(field.role != CLQ_ROLE_IMAGE || has_sky, "field {}: an image whose axes '{}' have no y and x",
                  field.name, axes);
}

void check_fields(Findings& findings, const clq_source_info& info) {
  std::set<std::string> names;
  for (uint32_t f = 0; f < info.n_fields; ++f) {
    const clq_field& field = info.fields[f];
    if (!findings.expect(field.name != nullptr && *field.name != '\0', "field {}: has no name", f)) continue;
    findings.expect(names.insert(field.name).second, "two fields are named {}", field.name);
    findings.expect(field.role >= CLQ_ROLE_IMAGE && field.role <= CLQ_ROLE_OTHER, "field {}: role {} is none",
                    field.name, field.role);
    findings.expect((field.flags & ~uint32_t{CLQ_FIELD_RAGGED | CLQ_FIELD_TEXT}) == 0,
                    "field {}: flags {:#x} are unknown", field.name, field.flags);
    check_shape(findings, field);
  }
}

void check_info(Findings& findings, const clq_source_info& info) {
  constexpr uint32_t kKnown = CLQ_SRC_RANDOM_ACCESS | CLQ_SRC_STREAM;
  findings.expect((info.flags & kKnown) != 0 && (info.flags & ~kKnown) == 0,
                  "flags {:#x}: CLQ_SRC_RANDOM_ACCESS, CLQ_SRC_STREAM or both would be right", info.flags);
  findings.expect(info.n_samples >= -1, "n_samples is {}", info.n_samples);
  findings.expect(info.n_samples >= 0 || (info.flags & CLQ_SRC_STREAM) != 0,
                  "n_samples is unknown, and this is no stream");
  findings.expect(info.block >= 1, "block is {}, 1 is none", info.block);
  const std::string text = info.metadata_json == nullptr ? "" : info.metadata_json;
  findings.expect(text.empty() || nlohmann::json::parse(text, nullptr, false).is_object(),
                  "metadata_json is no JSON object: {:.200}", text);
  if (findings.expect(info.n_fields > 0 && info.fields != nullptr, "{} fields", info.n_fields))
    check_fields(findings, info);
}

// A struct that is too small is refused, and what lies behind one that is not stays as it was.
void check_info_sizes(Findings& findings, const OpenedSource& source) {
  struct {
    clq_source_info info;
    unsigned char behind[64];
  } out;
  const auto* bytes = reinterpret_cast<const unsigned char*>(&out);
  const auto untouched_from = [&](size_t at) {
    return std::all_of(bytes + at, bytes + sizeof out, [](unsigned char b) { return b == 0x5A; });
  };
  for (const uint32_t size : {0u, 4u, 16u, static_cast<uint32_t>(CLQ_SIZE_UPTO(clq_source_info, max_readers))}) {
    std::memset(&out, 0x5A, sizeof out);
    out.info.struct_size = size;
    const clq_status status = source.api().describe(source.handle(), &out.info);
    const bool small = size < CLQ_SIZE_UPTO(clq_source_info, max_readers);
    if (small) expect_refused(findings, fmt::format("describe with struct_size {}", size), status, {CLQ_E_ABI});
    if (!small) findings.expect(status == CLQ_OK, "describe with struct_size {}: {}", size, test::error_text());
    findings.expect(untouched_from(small ? sizeof size : size), "describe wrote {} a struct of struct_size {}",
                    small ? "into" : "behind", size);
  }
  std::memset(&out, 0x5A, sizeof out);
  out.info.struct_size = sizeof out;
  findings.expect(source.api().describe(source.handle(), &out.info) == CLQ_OK,
                  "describe with a longer struct_size, that of a newer host: {}", test::error_text());
}

void describes_itself(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject);
  check_info(findings, source.info());
  check_info_sizes(findings, source);
  const char* scheme = source.api().scheme;
  findings.expect(scheme != nullptr && *scheme != '\0', "the table has no scheme");
  findings.note("samples", std::to_string(source.info().n_samples));
  findings.note("fields", std::to_string(source.info().n_fields));
}

std::vector<std::string> odd_uris(const std::string& folder, const std::string& scheme) {
  const std::string pipe = folder + "/pipe", empty = folder + "/empty";
  for (const char* suffix : {"", ".fits", ".csv"}) ::mkfifo((pipe + suffix).c_str(), 0600);
  return {"",
          "/",
          ".",
          "://",
          "%s%n%d",
          "a\nb",
          "\xff\xfe\x80",
          std::string(65536, 'a'),
          folder,
          folder + "/absent",
          pipe,
          pipe + ".fits",
          pipe + ".csv",
          "/dev/zero",
          scheme + "://",
          scheme + ":// \"'\\",
          scheme};
}

void probes(const Subject& subject, Findings& findings) {
  const clq_data_source_api api = source_table(subject);
  const DataSet data = data_of(subject);
  const uint32_t own = api.probe(data.uri.c_str());
  findings.expect(own > 0 && own <= 100, "probe of {} is {}, 1 to 100 would be right", data.uri, own);
  const char* foreign = "org-example-nothing://nothing";
  findings.expect(api.probe(foreign) == 0, "probe of {} is {}, 0 would be right", foreign, api.probe(foreign));
  const auto uris = odd_uris(subject.folder, api.scheme == nullptr ? "" : api.scheme);
  const auto files = names_in(subject.folder), before = open_descriptors();
  for (const std::string& uri : uris) {
    const uint32_t first = api.probe(uri.c_str()), second = api.probe(uri.c_str());
    findings.expect(first <= 100 && first == second, "probe of '{:.40}' is {}, and again {}", uri, first, second);
  }
  findings.expect(names_in(subject.folder) == files, "probe made or removed a file: {}",
                  added(files, names_in(subject.folder)));
  findings.expect(added(before, open_descriptors()).empty(), "probe left open: {}", added(before, open_descriptors()));
}

}  // namespace

void add_description_cases(std::vector<Case>& cases) {
  cases.push_back({"source.describe", "fields, flags and metadata make sense; nothing is written behind struct_size",
                   describes_itself});
  cases.push_back({"source.probe", "knows its own URI, no other scheme, and changes nothing", probes});
}

}  // namespace clq::conformance
