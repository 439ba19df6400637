// tests/plugins/table_harness.hpp -- a table plugin loaded as a host loads it, and shorthands over its C tables.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <calanque/plugin/data_sink.h>
#include <calanque/plugin/data_source.h>

namespace clq::test {

// "clq_fits" from CLQ_PLUGIN_DIR, initialised once; aborts the test program when it cannot be loaded.
struct Plugin {
  explicit Plugin(const std::string& name);
  const clq_data_source_api* source;
  const clq_data_sink_api* sink;
};

// What the plugin last told its host in this thread.
std::string error_text();

// A folder of its own for each test, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& bytes) const;
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::string& path);

class Source {
 public:
  Source(const Plugin& plugin, const std::string& uri, const std::string& options = "{}");
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  clq_status status;  // of open
  std::string error;  // of open
  clq_source_info info{};

  const clq_field& field(const std::string& name) const;
  uint32_t index(const std::string& name) const;
  std::vector<uint64_t> ids(int64_t first, int64_t n) const;
  std::string fingerprint() const;  // hexadecimal
  std::string locate(int64_t sample) const;
  clq_source* handle() const { return source_; }
  const clq_data_source_api& api() const { return *api_; }

  // Opens a reader for one field and reads `rows`; bytes of the samples side by side. Throws nothing: see `status_of`.
  std::vector<std::byte> bytes_of(const std::string& name, const std::vector<int64_t>& rows, int32_t dtype) const;
  clq_status status_of(const std::string& name, const std::vector<int64_t>& rows, int32_t dtype,
                       uint32_t* n_done = nullptr) const;
  template <class T>
  std::vector<T> values(const std::string& name, const std::vector<int64_t>& rows, int32_t dtype) const;
  std::string text(const std::string& name, int64_t row) const;

 private:
  const clq_data_source_api* api_;
  clq_source* source_ = nullptr;
};

class Reader {
 public:
  Reader(const Source& source, const std::vector<uint32_t>& fields);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  clq_status read(const std::vector<int64_t>& rows, const std::vector<clq_slot>& slots, uint32_t* n_done = nullptr,
                  int32_t(CLQ_CALL* cancelled)(const clq_read*) = nullptr);

  clq_status status;

 private:
  const clq_data_source_api& api_;
  clq_reader* reader_ = nullptr;
};

// A slot for field `field` of a source, dense unless a stride is given.
clq_slot make_slot(const clq_field& field, uint32_t index, int32_t dtype, void* data, int64_t bytes,
                   int64_t stride = 0);
int64_t elements_of(const clq_tensor_desc& desc);
int64_t bytes_of(int32_t dtype);

clq_field make_field(const char* name, const char* unit, int32_t dtype, const std::vector<int64_t>& dims = {},
                     uint32_t flags = 0);

// While it lives, a limit on the size of files stands for a full disk: beyond it a write would end the program with
// SIGXFSZ.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes);
  ~SizeLimit() { ::setrlimit(RLIMIT_FSIZE, &old_); }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;

 private:
  rlimit old_{};
};

int open_files();  // descriptors of this process

// Runs a Python program with astropy and returns what it prints; `ran` is false when astropy is absent.
std::string run_astropy(const Folder& folder, const std::string& program, bool& ran);

template <class T>
std::vector<T> Source::values(const std::string& name, const std::vector<int64_t>& rows, int32_t dtype) const {
  const std::vector<std::byte> bytes = bytes_of(name, rows, dtype);
  std::vector<T> result(bytes.size() / sizeof(T));
  if (!bytes.empty()) __builtin_memcpy(result.data(), bytes.data(), bytes.size());
  return result;
}

}  // namespace clq::test

#define CLQ_NEEDS_ASTROPY(ran) \
  if (!(ran)) GTEST_SKIP() << "astropy is absent: /usr/bin/python3 cannot import it"
