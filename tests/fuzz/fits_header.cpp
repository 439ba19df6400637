// tests/fuzz/fits_header.cpp -- the headers of a FITS file, checked before cfitsio sees any of them.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/plugin/sdk.hpp>

#include "fuzz.hpp"
#include "io/handle.hpp"
#include "io/image.hpp"
#include "io/table.hpp"

namespace {

using namespace clq;
using fuzz::require;

clq_status answer(auto&& body) {
  const clq_status status = fuzz::status_of<sdk::Error>(body);
  require(status == CLQ_OK || status == CLQ_E_DATA || status == CLQ_E_NOT_FOUND, "what a header says is wrong data");
  return status;
}

void look_at(const fits::Header& header, const table::FileIdentity& file) {
  const int64_t bytes = header.data_bytes(file);
  require(bytes >= 0 && bytes <= file.size - header.data_offset(), "data that the file does not hold");
  answer([&] {
    int64_t row_bytes = 0;
    for (const fits::Column& column : fits::parse_columns(header)) {
      require(column.bytes >= 0 && column.first_byte == row_bytes, "columns that do not follow one another");
      row_bytes += column.bytes;
      require(!column.skipped.empty() || column.field.elements() == column.repeat, "a cell of another shape");
    }
    require(row_bytes == header.integer("NAXIS1"), "columns of another length than the row");
  });
  for (const bool hcompress : {false, true})
    answer([&] {
      if (!fits::holds_image(header)) return;
      const fits::Image image = fits::parse_image(header, hcompress);
      for (const int64_t dim : image.dims) require(dim > 0, "an axis without a pixel");
    });
  answer([&] { fits::parse_band_cards(header); });
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const fuzz::InputFile input;
  input.fill(data, size);
  answer([&] {
    const table::FileIdentity file = fits::inspect_fits(input.path());
    const table::Descriptor bytes(file);
    fits::Walk walk(file, bytes);
    while (const auto header = walk.next()) look_at(*header, file);
  });
  for (const fits::HduChoice& choice : {fits::HduChoice(), fits::HduChoice(int64_t{1}), fits::HduChoice("CAT")})
    answer([&] {
      const fits::Table table = fits::open_table(input.path(), choice);
      require(table.rows * table.row_bytes <= table.file.size - table.data_offset, "rows that the file does not hold");
    });
  return 0;
}
