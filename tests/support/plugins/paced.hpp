// tests/support/plugins/paced.hpp -- a FITS table that is read as slowly, or as wrongly, as its name says.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "source.hpp"

namespace paced {

// From paced://key=value,key=value/absolute/path.fits
struct Manner {
  int64_t row_us = 0;   // time a row takes
  int64_t most = 0;     // longer reads, as statistics make them, take no time; 0: all take theirs
  int64_t spin = 0;     // 1: that time is spent in a loop, not asleep
  int64_t locks = 0;    // of one mutex, a read
  int64_t readers = 0;  // as many readers are served; 0: any number
  int64_t shift = 0;    // 1: the first field's values, read as F32 like all inputs, grow with the reader's number
};
Manner manner_of(const std::string& uri, std::string& path);

class Reader {
 public:
  Reader(std::unique_ptr<clq::fits::Reader> reader, const Manner& manner, const clq_reader_config& config,
         std::mutex& mutex);
  ~Reader();  // logs how often it was asked
  clq_status read(clq_read& io);

 private:
  bool wait(const clq_read& io) const;
  void shift(const clq_read& io) const;
  std::unique_ptr<clq::fits::Reader> reader_;
  const Manner& manner_;
  uint32_t number_, of_, n_fields_;
  std::mutex& mutex_;
  int64_t reads_ = 0;
};

class Source {
 public:
  using Reader = paced::Reader;
  static const char* scheme() { return "paced"; }
  static uint32_t probe(const char*) { return 0; }  // by its scheme alone

  Source(const char* uri, const char* options);
  void describe(clq_source_info& info) const;
  void ids(int64_t first, int64_t n, uint64_t* out) const { table_->ids(first, n, out); }
  void fingerprint(uint8_t* out32) const { table_->fingerprint(out32); }
  std::string locate(int64_t sample) const { return table_->locate(sample); }
  std::unique_ptr<Reader> reader(const clq_reader_config& config) const;

 private:
  Manner manner_;
  std::unique_ptr<clq::fits::Source> table_;
  mutable std::mutex mutex_;
};

}  // namespace paced
