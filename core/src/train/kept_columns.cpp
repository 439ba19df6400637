// core/src/train/kept_columns.cpp -- columns of the source that go to the prediction table as they are.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/kept_columns.hpp"

#include <algorithm>
#include <cstring>

#include <calanque/core/error.hpp>

#include "base/thread_error.hpp"
#include "data/glob.hpp"
#include "train/stage.hpp"

namespace clq {

std::vector<size_t> kept_fields(const std::vector<std::string>& keep, const DataSchema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema.fields) names.push_back(field.name);
  std::vector<size_t> fields;
  for (const size_t i : expand_globs(keep, names, "output.keep")) {
    const bool images = schema.fields[i].role == CLQ_ROLE_IMAGE;
    CLQ_REQUIRE(!images || std::find(keep.begin(), keep.end(), names[i]) == keep.end(),
                "output.keep: {} holds images, which are not copied", names[i]);
    if (!images) fields.push_back(i);
  }
  return fields;
}

KeptColumns::KeptColumns(const DataSource& source, const std::string& id, const std::vector<std::string>& keep,
                         int64_t batch)
    : source_(source), batch_(batch) {
  const DataSchema& schema = source.schema();
  if (id.empty()) {
    Field number;
    number.name = "ID";
    number.role = CLQ_ROLE_ID;
    number.sample.dtype = CLQ_I64;
    add(number, CLQ_NONE, "ID");
  } else {
    const uint32_t index = schema.require(id, "data.id");
    add(schema.fields[index], index, "ID");
  }
  for (const size_t i : kept_fields(keep, schema))
    if (schema.fields[i].name != id) add(schema.fields[i], static_cast<uint32_t>(i), schema.fields[i].name);
  std::vector<uint32_t> read;
  for (const uint32_t index : indices_)
    if (index != CLQ_NONE) read.push_back(index);
  if (!read.empty()) reader_.push_back(source.reader(read));
}

void KeptColumns::add(const Field& field, uint32_t index, const std::string& name) {
  CLQ_REQUIRE((field.flags & CLQ_FIELD_RAGGED) == 0, "output.keep: the rows of {} differ in shape", field.name);
  Field kept = field;
  kept.name = name;
  TensorDesc desc = field.sample;
  desc.dims.insert(desc.dims.begin(), batch_);
  fields_.push_back(std::move(kept));
  indices_.push_back(index);
  values_.emplace_back(desc);
  if (index == CLQ_NONE) return;
  clq_slot slot{};
  slot.sample_stride = field.sample.bytes();
  slot.want = to_c(field.sample);
  slot.field = index;
  slots_.push_back(slot);
}

void KeptColumns::read(const std::vector<int64_t>& samples) {
  for (size_t k = 0; k < values_.size(); ++k) {
    std::memset(values_[k].bytes(), 0, static_cast<size_t>(values_[k].desc().bytes()));
    if (indices_[k] == CLQ_NONE) std::copy(samples.begin(), samples.end(), values_[k].as<int64_t>().begin());
  }
  const auto total = static_cast<int64_t>(samples.size());
  unreadable_.assign(samples.size(), 0);
  for (int64_t done = 0; done < total && !reader_.empty();) {
    for (size_t k = 0, s = 0; k < values_.size(); ++k) {
      if (indices_[k] == CLQ_NONE) continue;
      slots_[s].data = values_[k].bytes() + done * slots_[s].sample_stride;
      slots_[s].bytes = (total - done) * slots_[s].sample_stride;
      ++s;
    }
    clq_read io{};
    io.struct_size = sizeof io;
    io.n_slots = static_cast<uint32_t>(slots_.size());
    io.indices = samples.data() + done;
    io.slots = slots_.data();
    io.n_samples = static_cast<uint32_t>(total - done);
    const clq_status status = reader_[0].read(io);
    done += std::min<int64_t>(io.n_done, io.n_samples);
    if (status == CLQ_E_DATA && done < total)
      unreadable_[static_cast<size_t>(done++)] = 1;  // the next ones may be fine
    else if (status < CLQ_OK)
      fail(status, "{}", take_thread_error());
    else if (io.n_done == 0)
      fail(CLQ_E_INTERNAL, "{}: a read gave no rows", source_.uri());
  }
  take_thread_error();
  for (Tensor& values : values_) blank_rows(values, unreadable_.data(), total);
}

}  // namespace clq
