// tests/conformance/source/conversions.cpp -- numbers asked as F32 and F64 against the stored ones.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>

#include "conformance/source/calls.hpp"
#include "conformance/source/lists.hpp"
#include "conformance/source/number_at.hpp"
#include "conformance/source/reading.hpp"

namespace clq::conformance {
namespace {

constexpr size_t kRowsAsIntegers = 50;

bool is_integer(int32_t dtype) { return dtype > CLQ_F64; }

// What one rounding to the coarser of both types may change, and no more: a value that the type cannot hold is refused.
// An integer that has no value comes as NaN.
bool is_conversion(double stored, int32_t stored_as, double got, int32_t asked) {
  if (std::isnan(got)) return is_integer(stored_as) || std::isnan(stored);
  if (std::isinf(stored) || std::isinf(got)) return got == stored;
  const bool in_f32 = asked == CLQ_F32 || stored_as == CLQ_F32;
  const double step = stored_as == CLQ_BF16 ? 0x1p-7 : stored_as == CLQ_F16 ? 0x1p-10 : in_f32 ? 0x1p-23 : 0;
  const double least = in_f32 ? static_cast<double>(std::numeric_limits<float>::denorm_min()) : 0;
  return std::abs(got - stored) <= step * std::abs(stored) + least;
}

// A field's samples as they are stored, and what comes where they are asked as another type.
class Conversions {
 public:
  Conversions(const OpenedSource& source, uint32_t field, std::span<const int64_t> rows)
      : source_(source),
        stored_(as_stored(source, field)),
        rows_(rows),
        width_(sample_bytes(stored_.want)),
        elements_(width_ / test::width_of(stored_.want.dtype)),
        values_(read_samples(source, {stored_}, rows).front()) {}

  // An integer type may be refused, as may a value that it cannot hold. A float may not, unless it is too small.
  void run(int32_t asked, Findings& findings) const try {
    SlotSpec spec = stored_;
    spec.want.dtype = asked;
    const auto rows = rows_.first(is_integer(asked) ? std::min(kRowsAsIntegers, rows_.size()) : rows_.size());
    OpenedReader reader(source_, {spec.field});
    Batch batch({spec}, static_cast<uint32_t>(rows.size()));
    std::vector<bool> given(rows.size());
    const auto* data = static_cast<const std::byte*>(batch.slots().front().data);
    read_good(reader, batch, rows, [&](size_t position, uint32_t k) {
      given[position] = true;
      look(asked, position, data + static_cast<int64_t>(k) * sample_bytes(spec.want), findings);
    });
    for (size_t r = 0; r < rows.size(); ++r)
      findings.expect(given[r] || is_integer(asked) || (asked == CLQ_F32 && is_beyond_f32(r)),
                      "field {}: sample {} is refused as dtype {}, which has room for it", name(), rows[r], asked);
  } catch (const test::CallError& e) {
    findings.expect(is_integer(asked) && e.status == CLQ_E_UNSUPPORTED, "field {} as dtype {}: {}", name(), asked,
                    e.what());
  }

 private:
  const char* name() const { return source_.field(stored_.field).name; }
  double stored_at(size_t r, int64_t e) const {
    return number_at(stored_.want.dtype, values_.data() + static_cast<int64_t>(r) * width_, e);
  }
  bool is_beyond_f32(size_t r) const {
    for (int64_t e = 0; e < elements_; ++e)
      if (const double v = std::abs(stored_at(r, e)); std::isfinite(v) && v > std::numeric_limits<float>::max())
        return true;
    return false;
  }
  void look(int32_t asked, size_t r, const std::byte* sample, Findings& findings) const {
    for (int64_t e = 0; e < elements_; ++e) {
      const double stored = stored_at(r, e), got = number_at(asked, sample, e);
      findings.expect(is_conversion(stored, stored_.want.dtype, got, asked),
                      "field {}, sample {}, element {}: {} of dtype {} is read as {} of dtype {}", name(), rows_[r], e,
                      stored, stored_.want.dtype, got, asked);
    }
  }

  const OpenedSource& source_;
  SlotSpec stored_;
  std::span<const int64_t> rows_;
  int64_t width_, elements_;
  Bytes values_;
};

void converts(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject);
  const std::vector<int64_t> rows = readable_rows(source);
  int64_t n = 0;
  for (const uint32_t f : source.fields()) {
    if ((source.field(f).flags & (CLQ_FIELD_TEXT | CLQ_FIELD_RAGGED)) != 0) continue;
    ++n;
    const Conversions conversions(source, f, rows);
    for (int32_t asked = CLQ_F32; asked <= CLQ_U64; ++asked) conversions.run(asked, findings);
  }
  if (n == 0) throw Unsupported("no field holds numbers of one shape");
  findings.note("fields", std::to_string(n));
}

}  // namespace

void add_conversion_cases(std::vector<Case>& cases) {
  cases.push_back(
      {"source.dtypes", "a number asked as another type is the stored one, rounded once, or it is refused", converts});
}

}  // namespace clq::conformance
