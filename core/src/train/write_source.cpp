// core/src/train/write_source.cpp -- a source's samples into a new file, in order.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/write_source.hpp"

#include <algorithm>
#include <set>

#include <calanque/core/error.hpp>

#include "base/thread_error.hpp"
#include "data/glob.hpp"
#include "train/prediction_columns.hpp"
#include "train/prediction_table.hpp"
#include "train/provenance.hpp"
#include "train/source_rows.hpp"

namespace clq {
namespace {

constexpr int64_t kBlockBytes = int64_t{4} << 20, kMostRows = 65536;

std::vector<uint32_t> choose_fields(const DataSource& source, const WriteOptions& options) {
  const std::vector<Field>& fields = source.schema().fields;
  std::vector<std::string> names;
  for (const Field& field : fields) names.push_back(field.name);
  std::set<uint32_t> chosen;
  for (const size_t k : expand_globs(options.fields, names, "fields")) {
    if ((fields[k].flags & CLQ_FIELD_RAGGED) != 0)
      fail(CLQ_E_UNSUPPORTED, "{}: the rows of {} differ in shape", source.uri(), fields[k].name);
    chosen.insert(static_cast<uint32_t>(k));
  }
  CLQ_REQUIRE(!chosen.empty(), "fields: nothing to write of {}", source.uri());
  return {chosen.begin(), chosen.end()};
}

Json header_of(const DataSource& source, const std::vector<uint32_t>& chosen) {
  const DataSchema& schema = source.schema();
  Json cards = Json::array();
  if (is_simulated(schema.metadata)) cards.push_back(simulated_card());
  const bool has_images =
      std::any_of(chosen.begin(), chosen.end(), [&](uint32_t k) { return schema.fields[k].role == CLQ_ROLE_IMAGE; });
  const Json images = has_images ? schema.metadata.value("images", Json::object()) : Json::object();
  const auto add = [&](const char* key, const char* prefix, const char* comment) {
    int64_t number = 0;
    for (const Json& value : images.value(key, Json::array())) {
      ++number;
      if (value.is_null()) continue;  // a zero point that is not known
      cards.push_back({{"key", fmt::format("{}{}", prefix, number)}, {"value", value}, {"comment", comment}});
    }
  };
  add("bands", "BAND", "band of a plane");
  add("zeropoint", "ZP", "magnitude of 1 unit in that band");
  return {{"hdu", "DATA"}, {"cards", cards}};
}

// Some rows of the chosen fields in memory.
class Block {
 public:
  Block(const DataSource& source, const std::vector<uint32_t>& chosen)
      : source_(source), reader_(source.reader(chosen)) {
    int64_t row_bytes = 1;
    for (const uint32_t k : chosen) row_bytes += source.schema().fields[k].sample.bytes();
    rows_ = std::clamp<int64_t>(kBlockBytes / row_bytes, 1, kMostRows);
    for (const uint32_t k : chosen) {
      const Field& field = source.schema().fields[k];
      TensorDesc desc = field.sample;
      desc.dims.insert(desc.dims.begin(), rows_);
      values_.emplace_back(desc);
      clq_slot slot{};
      slot.sample_stride = field.sample.bytes();
      slot.want = to_c(field.sample);
      slot.field = k;
      slots_.push_back(slot);
    }
  }
  int64_t rows() const { return rows_; }
  std::vector<TableColumn> columns() {
    std::vector<TableColumn> list;
    for (size_t s = 0; s < slots_.size(); ++s) {
      TableColumn& column = list.emplace_back();
      column.field = source_.schema().fields[slots_[s].field];
      column.data = values_[s].bytes();
      column.stride = slots_[s].sample_stride;
    }
    return list;
  }
  void read(int64_t first, int64_t n);

 private:
  const DataSource& source_;
  Reader reader_;
  int64_t rows_ = 0;
  std::vector<Tensor> values_;
  std::vector<clq_slot> slots_;
  std::vector<int64_t> indices_;
};

void Block::read(int64_t first, int64_t n) {
  indices_.resize(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) indices_[static_cast<size_t>(i)] = first + i;
  for (int64_t done = 0; done < n;) {
    for (size_t s = 0; s < slots_.size(); ++s) {
      slots_[s].data = values_[s].bytes() + done * slots_[s].sample_stride;
      slots_[s].bytes = (n - done) * slots_[s].sample_stride;
    }
    clq_read io{};
    io.struct_size = sizeof io;
    io.n_slots = static_cast<uint32_t>(slots_.size());
    io.indices = indices_.data() + done;
    io.slots = slots_.data();
    io.n_samples = static_cast<uint32_t>(n - done);
    const clq_status status = reader_.read(io);
    if (status < CLQ_OK) fail(status, "{}", take_thread_error());
    if (io.n_done == 0) fail(CLQ_E_INTERNAL, "{}: a read gave no rows", source_.uri());
    done += std::min<int64_t>(io.n_done, io.n_samples);
  }
}

}  // namespace

int64_t write_source(const DataSource& source, const std::string& uri, const WriteOptions& options,
                     const Registry& registry) {
  const int64_t count = source.schema().n_samples;
  CLQ_REQUIRE(options.first >= 0 && options.first <= count, "first must be from 0 to {}, got {}", count, options.first);
  const int64_t rest = count - options.first, n = options.n < 0 ? rest : options.n;
  CLQ_REQUIRE(n <= rest, "n must be at most {}, got {}", rest, n);
  require_other_file(source, uri);
  const std::vector<uint32_t> chosen = choose_fields(source, options);
  Block block(source, chosen);
  PredictionTable table(registry, uri, block.columns(), header_of(source, chosen), n);
  for (int64_t done = 0; done < n;) {
    const int64_t rows = std::min(block.rows(), n - done);
    block.read(options.first + done, rows);
    table.write(done, rows);
    done += rows;
  }
  table.commit();
  return n;
}

}  // namespace clq
