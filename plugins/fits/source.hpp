// plugins/fits/source.hpp -- a binary table as a data source: one row a sample, one column a field, images beside them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <calanque/plugin/data_source.h>

#include "images/layout.hpp"
#include "io/ids.hpp"
#include "io/table.hpp"
#include "reader.hpp"

namespace clq::fits {

class Source {
 public:
  using Reader = fits::Reader;

  static const char* scheme() { return "fits"; }
  static uint32_t probe(const char* uri);

  // Of the options it uses `id`, a column, `hdu`, a name or a number (0: primary), and, where there is `images`, those
  // of images/options.hpp; the host checks the other keys.
  Source(const char* uri, const char* options);

  void describe(clq_source_info& info) const;
  // Integer bits or XXH3-64 of the text; without `id` the row counted from 0. [any-thread]
  void ids(int64_t first, int64_t n, uint64_t* out) const;
  void fingerprint(uint8_t* out32) const;
  std::string locate(int64_t sample) const;
  std::unique_ptr<Reader> reader(const clq_reader_config& config) const;

 private:
  void open_images(const ImageOptions& options);
  std::string metadata(bool hdu_was_asked) const;

  Table table_;
  std::unique_ptr<Layout> layout_;  // null: a table alone
  std::vector<table::FieldSpec> specs_;
  std::vector<clq_field> fields_;
  std::optional<size_t> id_;
  std::string metadata_;
  mutable std::mutex id_mutex_, keys_mutex_;
  mutable std::unique_ptr<IdReader> id_reader_;
  mutable std::unique_ptr<RowKeys> keys_;
};

}  // namespace clq::fits
