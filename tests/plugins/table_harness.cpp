// tests/plugins/table_harness.cpp -- a table plugin loaded as a host loads it, and shorthands over its C tables.
// SPDX-License-Identifier: BSD-3-Clause
#include "table_harness.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <dlfcn.h>
#include <unistd.h>

namespace clq::test {
namespace {

thread_local std::string last_error;

void CLQ_CALL set_error(const clq_host*, const char* message) { last_error = message; }
const void* CLQ_CALL get_extension(const clq_host*, const char*) { return nullptr; }

const clq_host kHost = {sizeof(clq_host), CLQ_ABI_MAJOR, CLQ_ABI_MINOR, nullptr, "test", "0", set_error, get_extension};

}  // namespace

Plugin::Plugin(const std::string& name) {
  const std::string path = std::string(CLQ_PLUGIN_DIR) + "/" + name + ".so";
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  const auto* entry = static_cast<const clq_plugin_entry*>(::dlsym(library, CLQ_PLUGIN_SYMBOL));
  if (entry == nullptr || entry->init(&kHost) != CLQ_OK) throw std::runtime_error(path + ": " + last_error);
  source = static_cast<const clq_data_source_api*>(entry->get_factory(CLQ_DATA_SOURCE_ID));
  sink = static_cast<const clq_data_sink_api*>(entry->get_factory(CLQ_DATA_SINK_ID));
}

std::string error_text() { return last_error; }

Folder::Folder() {
  static std::atomic<int> count{0};
  path_ = std::filesystem::temp_directory_path() /
          ("clq_test." + std::to_string(::getpid()) + "." + std::to_string(count++));
  std::filesystem::create_directories(path_);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
  return path(name);
}

std::vector<std::string> Folder::names() const {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) result.push_back(entry.path().filename());
  std::sort(result.begin(), result.end());
  return result;
}

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

Source::Source(const Plugin& plugin, const std::string& uri, const std::string& options) : api_(plugin.source) {
  last_error.clear();
  status = api_->open(uri.c_str(), options.c_str(), &source_);
  error = last_error;
  info.struct_size = sizeof info;
  if (status == CLQ_OK) status = api_->describe(source_, &info);
}

Source::~Source() { api_->close(source_); }

uint32_t Source::index(const std::string& name) const {
  for (uint32_t i = 0; i < info.n_fields; ++i)
    if (info.fields[i].name == name) return i;
  throw std::runtime_error("no field " + name);
}

const clq_field& Source::field(const std::string& name) const { return info.fields[index(name)]; }

std::vector<uint64_t> Source::ids(int64_t first, int64_t n) const {
  std::vector<uint64_t> out(static_cast<size_t>(n));
  if (api_->ids(source_, first, n, out.data()) != CLQ_OK) throw std::runtime_error(last_error);
  return out;
}

std::string Source::fingerprint() const {
  uint8_t bytes[32] = {};
  if (api_->fingerprint(source_, bytes) != CLQ_OK) throw std::runtime_error(last_error);
  std::string text;
  for (const uint8_t byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", byte);
    text += digits;
  }
  return text;
}

std::string Source::locate(int64_t sample) const {
  char text[4096] = {};
  api_->locate(source_, sample, text, sizeof text);
  return text;
}

std::vector<std::byte> Source::bytes_of(const std::string& name, const std::vector<int64_t>& rows,
                                        int32_t dtype) const {
  const clq_field& f = field(name);
  const auto width = static_cast<size_t>(elements_of(f.sample) * test::bytes_of(dtype));
  std::vector<std::byte> bytes(rows.size() * width);
  Reader reader(*this, {index(name)});
  const clq_slot slot = make_slot(f, index(name), dtype, bytes.data(), static_cast<int64_t>(bytes.size()));
  if (reader.status != CLQ_OK || reader.read(rows, {slot}) != CLQ_OK) throw std::runtime_error(last_error);
  return bytes;
}

clq_status Source::status_of(const std::string& name, const std::vector<int64_t>& rows, int32_t dtype,
                             uint32_t* n_done) const {
  const clq_field& f = field(name);
  std::vector<std::byte> bytes(rows.size() * static_cast<size_t>(elements_of(f.sample) * 8));
  Reader reader(*this, {index(name)});
  const clq_slot slot = make_slot(f, index(name), dtype, bytes.data(), static_cast<int64_t>(bytes.size()));
  return reader.read(rows, {slot}, n_done);
}

std::string Source::text(const std::string& name, int64_t row) const {
  std::string result;
  for (const char c : values<char>(name, {row}, CLQ_U8))
    if (c != '\0') result += c;
  return result;
}

Reader::Reader(const Source& source, const std::vector<uint32_t>& fields) : api_(source.api()) {
  const clq_reader_config config{sizeof config, static_cast<uint32_t>(fields.size()), fields.data(), 0, 1};
  status = api_.reader_open(source.handle(), &config, &reader_);
}

Reader::~Reader() { api_.reader_close(reader_); }

clq_status Reader::read(const std::vector<int64_t>& rows, const std::vector<clq_slot>& slots, uint32_t* n_done,
                        int32_t(CLQ_CALL* cancelled)(const clq_read*)) {
  if (reader_ == nullptr) return status;
  last_error.clear();
  clq_read io{};
  io.struct_size = sizeof io;
  io.n_slots = static_cast<uint32_t>(slots.size());
  io.indices = rows.data();
  io.slots = slots.data();
  io.n_samples = static_cast<uint32_t>(rows.size());
  io.cancelled = cancelled;
  const clq_status result = api_.read(reader_, &io);
  if (n_done != nullptr) *n_done = io.n_done;
  return result;
}

clq_slot make_slot(const clq_field& field, uint32_t index, int32_t dtype, void* data, int64_t bytes, int64_t stride) {
  clq_slot slot{};
  slot.data = data;
  slot.want = field.sample;
  slot.want.dtype = dtype;
  slot.sample_stride = stride > 0 ? stride : elements_of(field.sample) * bytes_of(dtype);
  slot.bytes = bytes;
  slot.field = index;
  return slot;
}

int64_t elements_of(const clq_tensor_desc& desc) {
  int64_t product = 1;
  for (int32_t i = 0; i < desc.rank; ++i) product *= desc.dims[i];
  return product;
}

int64_t bytes_of(int32_t dtype) {
  constexpr int64_t kBytes[] = {0, 2, 2, 4, 8, 1, 1, 2, 2, 4, 4, 8, 8};
  return kBytes[dtype];
}

clq_field make_field(const char* name, const char* unit, int32_t dtype, const std::vector<int64_t>& dims,
                     uint32_t flags) {
  clq_field field{name, unit, "", CLQ_ROLE_OTHER, flags, {}};
  field.sample.dtype = dtype;
  field.sample.rank = static_cast<int32_t>(dims.size());
  std::copy(dims.begin(), dims.end(), field.sample.dims);
  return field;
}

SizeLimit::SizeLimit(rlim_t bytes) {
  ::getrlimit(RLIMIT_FSIZE, &old_);
  const rlimit small{bytes, old_.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
}

int open_files() {
  const auto all = std::filesystem::directory_iterator("/proc/self/fd");
  return static_cast<int>(std::distance(begin(all), end(all)));
}

std::string run_astropy(const Folder& folder, const std::string& program, bool& ran) {
  ran = std::system("/usr/bin/python3 -c 'import astropy' >/dev/null 2>&1") == 0;
  if (!ran) return {};
  // astropy only warns of a wrong checksum or a card it had to mend.
  const std::string strict =
      "import warnings, astropy.utils.exceptions as e\nwarnings.simplefilter('error', e.AstropyWarning)\n";
  const std::string script = folder.write("program.py", strict + program);
  // Sanitizers of this process are not for the interpreter.
  const std::string command =
      "LD_PRELOAD= /usr/bin/python3 '" + script + "' > '" + folder.path("printed.txt") + "' 2>&1";
  if (std::system(command.c_str()) != 0) throw std::runtime_error(read_file(folder.path("printed.txt")));
  return read_file(folder.path("printed.txt"));
}

}  // namespace clq::test
