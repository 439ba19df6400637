// plugins/csv/table/slot.hpp -- checks of what a host asks a table reader to fill.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <calanque/plugin/data_source.h>

namespace clq::table {

// A slot that was checked: `elements` values of `dtype` at data + k * stride lie inside it for every sample k.
struct Target {
  std::byte* data;
  int64_t stride, elements;
  int32_t dtype;
  uint32_t field;

  std::byte* at(int64_t sample) const { return data + sample * stride; }
};

// Throws sdk::Error(CLQ_E_INVALID) unless the request can be met inside its slots. How many of its samples, from the
// first on, are inside [0, n_rows): those are read before require_samples throws for the one behind them.
// `wanted`: the fields the reader was opened for; `targets` is overwritten and keeps its capacity.
int64_t check_read(const clq_read& io, std::span<const clq_field> fields, const std::vector<uint32_t>& wanted,
                   int64_t n_rows, std::vector<Target>& targets);

void require_samples(const clq_read& io, int64_t n_good, int64_t n_rows);

// The same as check_read for the slots of a sink: slot f holds field f with the field's own dtype.
std::vector<Target> check_write(std::span<const clq_field> fields, int64_t first, uint32_t n, int64_t n_rows,
                                const clq_slot* slots);

// How many of the indices from `position` to `end` are neighbours in the file, at most `most`.
int64_t run_length(const clq_read& io, int64_t position, int64_t end, int64_t most);

bool is_cancelled(const clq_read& io);

// The fields of a reader's configuration; throws when one does not exist.
std::vector<uint32_t> wanted_fields(const clq_reader_config& config, size_t n_fields);

}  // namespace clq::table
