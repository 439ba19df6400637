// tests/support/plugins/paced.cpp -- a FITS table that is read as slowly, or as wrongly, as its name says.
// SPDX-License-Identifier: BSD-3-Clause
#include "paced.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include <calanque/plugin/sdk.hpp>

#include "io/error.hpp"

namespace paced {
namespace {

using Clock = std::chrono::steady_clock;

void log(const std::string& text) {
  const clq_host* host = clq::sdk::host;
  if (host == nullptr) return;
  const auto* table = static_cast<const clq_host_log*>(host->get_extension(host, CLQ_HOST_LOG_ID));
  if (table != nullptr) table->log(host, CLQ_LOG_INFO, text.c_str());
}

int64_t* member(Manner& manner, const std::string& key) {
  if (key == "row_us") return &manner.row_us;
  if (key == "most") return &manner.most;
  if (key == "spin") return &manner.spin;
  if (key == "locks") return &manner.locks;
  if (key == "readers") return &manner.readers;
  return key == "shift" ? &manner.shift : nullptr;
}

}  // namespace

Manner manner_of(const std::string& uri, std::string& path) {
  const std::string start = std::string(Source::scheme()) + "://";
  const size_t slash = uri.find('/', start.size());
  if (uri.compare(0, start.size(), start) != 0 || slash == std::string::npos)
    clq::sdk::fail(CLQ_E_INVALID, uri + ": paced://key=value,.../path expected");
  path = uri.substr(slash);
  Manner manner;
  for (size_t at = start.size(); at < slash;) {
    const size_t end = std::min(uri.find(',', at), slash);
    const std::string item = uri.substr(at, end - at);
    const size_t equal = std::min(item.find('='), item.size());
    int64_t* value = member(manner, item.substr(0, equal));
    if (value == nullptr || equal == item.size()) clq::sdk::fail(CLQ_E_INVALID, uri + ": what is '" + item + "'?");
    *value = std::stoll(item.substr(equal + 1));
    at = end + 1;
  }
  return manner;
}

Reader::Reader(std::unique_ptr<clq::fits::Reader> reader, const Manner& manner, const clq_reader_config& config,
               std::mutex& mutex)
    : reader_(std::move(reader)),
      manner_(manner),
      number_(config.reader),
      of_(config.n_readers),
      n_fields_(config.n_fields),
      mutex_(mutex) {}

Reader::~Reader() {
  log("paced: reader " + std::to_string(number_) + " of " + std::to_string(of_) + ": " + std::to_string(reads_) +
      " reads of " + std::to_string(n_fields_) + " fields");
}

clq_status Reader::read(clq_read& io) {
  ++reads_;
  for (int64_t i = 0; i < manner_.locks; ++i) const std::lock_guard lock(mutex_);
  if (!wait(io)) return clq::sdk::report(CLQ_E_CANCELLED, "reading was cancelled");
  const clq_status status = reader_->read(io);
  if (manner_.shift != 0 && status == CLQ_OK) shift(io);
  return status;
}

// False when the read was cancelled. The time of all rows at once: a batch sleeps once, as it would for one request.
bool Reader::wait(const clq_read& io) const {
  if (manner_.most > 0 && io.n_samples > manner_.most) return true;
  const auto end = Clock::now() + std::chrono::microseconds(manner_.row_us * io.n_samples);
  while (Clock::now() < end) {
    if (clq::table::is_cancelled(io)) return false;
    if (manner_.spin == 0) std::this_thread::sleep_until(std::min(end, Clock::now() + std::chrono::milliseconds(200)));
  }
  return true;
}

void Reader::shift(const clq_read& io) const {
  const clq_slot& slot = io.slots[0];
  if (slot.want.dtype != CLQ_F32) return;
  for (uint32_t i = 0; i < io.n_samples; ++i) {
    std::byte* at = static_cast<std::byte*>(slot.data) + i * slot.sample_stride;
    float value = 0;
    std::memcpy(&value, at, sizeof value);
    value += 0.001F * static_cast<float>(number_);
    std::memcpy(at, &value, sizeof value);
  }
}

Source::Source(const char* uri, const char* options) {
  std::string path;
  manner_ = manner_of(uri, path);
  table_ = std::make_unique<clq::fits::Source>(path.c_str(), options);
}

void Source::describe(clq_source_info& info) const {
  table_->describe(info);
  if (manner_.readers > 0) info.max_readers = static_cast<uint32_t>(manner_.readers);
}

std::unique_ptr<Reader> Source::reader(const clq_reader_config& config) const {
  return std::make_unique<Reader>(table_->reader(config), manner_, config, mutex_);
}

}  // namespace paced

namespace {

clq_status init(const clq_host* host) {
  clq::sdk::host = host;
  return clq::sdk::guard([] {
    clq::fits::start_cfitsio();
    return CLQ_OK;
  });
}

void deinit() { clq::sdk::host = nullptr; }

const void* get_factory(const char* id) {
  static const clq_data_source_api source = clq::sdk::data_source_api<paced::Source>();
  return std::strcmp(id, CLQ_DATA_SOURCE_ID) == 0 ? &source : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin;
const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.calanque.test.paced", CLQ_RELEASE, "BSD-3-Clause", init, deinit, get_factory);
