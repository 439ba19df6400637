// projects/deepdip/plugin/simulator/source.hpp -- simulated galaxies as a source, deepdip://galaxies?n=20000&seed=1.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <calanque/plugin/data_source.h>

#include "catalogue.hpp"
#include "table/slot.hpp"

namespace deepdip::sim {

// Sample i is a function of the seed and i: the same from any thread, in any order, for any n.
class Source {
 public:
  class Reader;

  static const char* scheme() { return "deepdip"; }
  static uint32_t probe(const char* uri);
  Source(const char* uri, const char* options);

  void describe(clq_source_info& info) const;
  void ids(int64_t first, int64_t n, uint64_t* out) const;  // OBJID, or without `id` the row
  void fingerprint(uint8_t* out32) const;
  std::string locate(int64_t sample) const;
  std::unique_ptr<Reader> reader(const clq_reader_config& config) const;

 private:
  std::string metadata() const;

  std::string uri_;
  Options options_;
  std::vector<Column> columns_;
  std::vector<clq::table::FieldSpec> specs_;
  std::vector<clq_field> fields_;
  std::string metadata_;
  bool has_id_ = false;
};

class Source::Reader {
 public:
  Reader(const Source& source, std::vector<uint32_t> wanted);
  clq_status read(clq_read& io);

 private:
  void draw(int64_t index);
  void store(const clq::table::Target& target, int64_t position) const;
  void store_number(const clq::table::Target& target, std::byte* dst) const;
  void store_image(const clq::table::Target& target, std::byte* dst) const;

  const Source& source_;
  std::vector<uint32_t> wanted_;
  Needs needs_ = Needs::catalogue;
  Stamp stamp_;
  Entry entry_{};
  std::vector<clq::table::Target> targets_;
};

}  // namespace deepdip::sim
