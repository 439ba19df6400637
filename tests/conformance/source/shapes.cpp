// tests/conformance/source/shapes.cpp -- images in smaller and larger slots, texts in wider ones.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "conformance/source/calls.hpp"
#include "conformance/source/lists.hpp"
#include "conformance/source/number_at.hpp"
#include "conformance/source/reading.hpp"

namespace clq::conformance {
namespace {

struct Window {
  int64_t height, width;
};

// What a source may not do: it says so, and that is noted. False, too, where reading it failed otherwise.
bool offers(const OpenedSource& source, const SlotSpec& spec, std::span<const int64_t> rows, Bytes& samples,
            Findings& findings, const std::string& what) {
  OpenedReader reader(source, {spec.field});
  Batch batch({spec}, static_cast<uint32_t>(rows.size()));
  clq_read io = request(rows, batch.slots());
  const clq_status status = reader.read(io);
  if (status == CLQ_E_UNSUPPORTED) findings.note(what, "not offered: " + test::error_text());
  if (status == CLQ_E_UNSUPPORTED) return false;
  if (!findings.expect(status == CLQ_OK && io.n_done == io.n_samples, "{}: status {}, {} of {} samples: {}", what,
                       status, io.n_done, io.n_samples, test::error_text()))
    return false;
  samples.resize(rows.size() * batch.width(0));
  for (uint32_t k = 0; k < rows.size(); ++k) batch.copy(0, k, samples.data() + k * batch.width(0));
  return true;
}

// Each plane of `got` is that of `stored` about the same centre, and `outside` beyond it.
void check_planes(Findings& findings, const std::string& what, const Bytes& stored, Window from, const Bytes& got,
                  Window to, double outside) {
  const int64_t planes = static_cast<int64_t>(stored.size() / sizeof(float)) / (from.height * from.width);
  const int64_t up = (to.height - from.height) / 2, left = (to.width - from.width) / 2;
  for (int64_t p = 0; p < planes; ++p)
    for (int64_t y = 0; y < to.height; ++y)
      for (int64_t x = 0; x < to.width; ++x) {
        const int64_t v = y - up, u = x - left;
        const bool inside = v >= 0 && u >= 0 && v < from.height && u < from.width;
        const double wanted =
            inside ? number_at(CLQ_F32, stored.data(), (p * from.height + v) * from.width + u) : outside;
        const double value = number_at(CLQ_F32, got.data(), (p * to.height + y) * to.width + x);
        findings.expect(value == wanted || (std::isnan(value) && std::isnan(wanted)),
                        "{}: plane {}, y {}, x {} is {}, {} would be right", what, p, y, x, value, wanted);
      }
}

void cuts_image(const OpenedSource& source, uint32_t f, std::span<const int64_t> rows, Findings& findings) {
  SlotSpec spec = as_stored(source, f);
  spec.want.dtype = CLQ_F32;
  const int32_t rank = spec.want.rank;
  const Window from{spec.want.dims[rank - 2], spec.want.dims[rank - 1]};
  const Bytes stored = read_samples(source, {spec}, rows).front();
  std::vector<int64_t> dims(spec.want.dims, spec.want.dims + rank);
  const double outside = source.field(f).role == CLQ_ROLE_IMAGE ? std::nan("") : 0;
  // Even differences: then there is one centre.
  for (const Window by : {Window{-2, -4}, Window{2, 4}, Window{-2, 2}}) {
    const Window to{from.height + by.height, from.width + by.width};
    if (to.height < 1 || to.width < 1) continue;
    dims.end()[-2] = to.height, dims.end()[-1] = to.width;
    const SlotSpec other{f, row_major(CLQ_F32, dims)};
    const std::string what =
        fmt::format("field {}, {} x {} of {} x {}", source.field(f).name, to.height, to.width, from.height, from.width);
    Bytes got;
    if (offers(source, other, rows, got, findings, what)) check_planes(findings, what, stored, from, got, to, outside);
  }
}

void widens_text(const OpenedSource& source, uint32_t f, std::span<const int64_t> rows, Findings& findings) {
  const SlotSpec spec = as_stored(source, f);
  const int64_t width = spec.want.dims[0], wide = width + 5;
  const Bytes stored = read_samples(source, {spec}, rows).front();
  const std::string what = fmt::format("field {}, a text of {} bytes in {}", source.field(f).name, width, wide);
  Bytes got, wanted;
  if (!offers(source, {f, row_major(CLQ_U8, {wide})}, rows, got, findings, what)) return;
  for (size_t r = 0; r < rows.size(); ++r) {
    const auto from = stored.begin() + static_cast<int64_t>(r) * width;
    wanted.insert(wanted.end(), from, from + width);
    wanted.resize(wanted.size() + 5);
  }
  findings.expect(got == wanted, "{}: not the same text with NUL behind it", what);
}

bool is_image_like(const clq_field& field) {
  const bool role = field.role == CLQ_ROLE_IMAGE || field.role == CLQ_ROLE_MASK || field.role == CLQ_ROLE_WEIGHT ||
                    field.role == CLQ_ROLE_LABEL_MAP;
  const bool axes = field.axes != nullptr && std::string_view(field.axes).ends_with("yx");
  return role && axes && field.sample.rank >= 2 && (field.flags & CLQ_FIELD_RAGGED) == 0;
}

void fits_other_shapes(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject);
  const std::vector<int64_t> rows = readable_rows(source, 5);
  bool any = false;
  for (const uint32_t f : source.fields()) {
    const bool text = (source.field(f).flags & CLQ_FIELD_TEXT) != 0;
    if (text) widens_text(source, f, rows, findings);
    if (is_image_like(source.field(f))) cuts_image(source, f, rows, findings);
    any = any || text || is_image_like(source.field(f));
  }
  if (!any) throw Unsupported("no field is an image or a text");
}

}  // namespace

void add_shape_cases(std::vector<Case>& cases) {
  cases.push_back(
      {"source.shapes", "images are cut and padded about their centre, texts padded with NUL", fits_other_shapes});
}

}  // namespace clq::conformance
