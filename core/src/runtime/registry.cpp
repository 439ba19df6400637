// core/src/runtime/registry.cpp -- loading in two passes: init every plugin, then ask all of them for what they offer.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/registry.hpp"

#include <algorithm>
#include <cstdlib>  // secure_getenv, of glibc and musl
#include <mutex>
#include <new>
#include <set>
#include <utility>

#include <pthread.h>

#include "compile/parts.hpp"
#include "runtime/entry_check.hpp"
#include "runtime/log.hpp"
#include "runtime/plugin_library.hpp"
#include "runtime/registry_state.hpp"

namespace clq {
namespace fs = std::filesystem;

namespace {

// CLQ_PLUGIN_PATH, then calanque/plugins beside the library where that is.
std::vector<fs::path> default_places() {
  std::vector<fs::path> places;
  const char* list = ::secure_getenv("CLQ_PLUGIN_PATH");  // whoever starts a setuid program must not choose its code
  std::string rest = list == nullptr ? "" : list;
  while (!rest.empty()) {
    const size_t colon = std::min(rest.find(':'), rest.size());
    if (colon > 0) places.push_back(fs::path(rest.substr(0, colon)).lexically_normal());
    rest.erase(0, colon + 1);
  }
  const fs::path own = library_folder() / "calanque" / "plugins";
  std::error_code failed;
  if (fs::exists(own, failed))
    places.push_back(own);
  else
    log_line(CLQ_LOG_INFO, fmt::format("there is no plugin folder {}", own.string()));
  return places;
}

// A plugin's init and deinit are called by one thread at a time, whichever registry it is for. Leaked: registries may
// end after everything static.
std::recursive_mutex& loading() {
  static auto& mutex = *new std::recursive_mutex;
  return mutex;
}

// Both are kept within a string: they can be said where there is no memory.
constexpr const char *kBegun = "not yet in use", *kNoMemory = "out of memory";

PluginReport report_on(const fs::path& file) {
  PluginReport report;
  report.file = file;
  report.problem = kBegun;
  return report;
}

}  // namespace

size_t Registry::State::report_of(const fs::path& file) {
  const auto found =
      std::find_if(reports.begin(), reports.end(), [&](const PluginReport& r) { return r.file == file; });
  if (found != reports.end()) return static_cast<size_t>(found - reports.begin());
  PluginReport report = report_on(file);
  statuses.reserve(statuses.size() + 1);  // one a report, whatever fails
  reports.push_back(std::move(report));
  statuses.push_back(CLQ_OK);
  return reports.size() - 1;
}

void Registry::State::forget(const fs::path& file) {
  for (size_t i = 0; i < reports.size(); ++i) {
    const auto in_use = [&](const LoadedPlugin& p) { return p.report == i; };
    if (reports[i].file != file || std::any_of(plugins.begin(), plugins.end(), in_use)) continue;
    reports.erase(reports.begin() + static_cast<ptrdiff_t>(i));
    statuses.erase(statuses.begin() + static_cast<ptrdiff_t>(i));
    for (LoadedPlugin& plugin : plugins) plugin.report -= plugin.report > i;
    return;
  }
}

void Registry::State::refuse(size_t report, clq_status status, const std::string& why) {
  reports[report].problem = why;
  reports[report].offers.clear();
  statuses[report] = status;
}

void Registry::State::refuse(size_t report, const std::exception& why) {
  if (const auto* error = dynamic_cast<const Error*>(&why)) return refuse(report, error->status(), error->what());
  if (dynamic_cast<const std::bad_alloc*>(&why) != nullptr) return refuse(report, CLQ_E_NOMEM, kNoMemory);
  refuse(report, CLQ_E_INTERNAL, why.what());
}

std::unique_ptr<PluginUse> Registry::State::open(PluginReport& report) {
  report.owner = foreign_owner(report.file);
  const OpenedPlugin opened = open_plugin(report.file);
  if (opened.entry == nullptr) fail(CLQ_E_UNSUPPORTED, "{}", opened.problem);
  const clq_plugin_entry& entry = *opened.entry;
  if (head_is_readable(entry)) {
    report.id = entry.id == nullptr ? "" : entry.id;
    report.version = entry.version == nullptr ? "" : entry.version;
  }
  check_entry(entry);
  for (const LoadedPlugin& other : plugins)
    if (reports[other.report].id == report.id)
      fail(CLQ_E_UNSUPPORTED, "{} is already loaded from {}", report.id, reports[other.report].file.string());
  return std::make_unique<PluginUse>(entry, std::string(report.id), *this);  // an init that loads others moves reports
}

void Registry::State::start(const fs::path& file) {
  const size_t report = report_of(file);
  const auto in_use = [&](const LoadedPlugin& p) { return p.report == report; };
  if (std::any_of(plugins.begin(), plugins.end(), in_use)) return;
  reports[report] = report_on(file);
  statuses[report] = CLQ_OK;
  try {
    plugins.push_back({report, open(reports[report]), {}});
  } catch (const std::exception& e) {
    refuse(report, e);
  }
}

void Registry::State::require_new_names(const Offers& offers) const {
  std::set<std::string> own;
  for (const std::string& name : offers.names()) {
    if (!own.insert(name).second) fail(CLQ_E_UNSUPPORTED, "its {} is offered twice", name);
    if (is_core_part(name)) fail(CLQ_E_UNSUPPORTED, "its {} is one of the core's own", name);
    if (name == "backend" || name.starts_with("data-sink")) continue;  // devices are told apart by name, sinks below
    for (const PluginReport& other : reports)
      if (std::find(other.offers.begin(), other.offers.end(), name) != other.offers.end())
        fail(CLQ_E_UNSUPPORTED, "its {} is already offered by {}", name, other.id);
  }
  if (!offers.sink) return;
  for (const LoadedPlugin& other : plugins) {
    if (!other.offers.sink) continue;
    const auto taken = split_words(lower_case(other.offers.sink->suffixes));
    for (const std::string& suffix : split_words(offers.sink->suffixes))
      if (std::find(taken.begin(), taken.end(), lower_case(suffix)) != taken.end())
        fail(CLQ_E_UNSUPPORTED, "its data-sink {} is already offered by {}", suffix, reports[other.report].id);
  }
}

void Registry::State::adopt(LoadedPlugin& plugin) {
  Offers offers = collect_offers(plugin.use->entry());
  require_new_names(offers);
  OpTable grown = ops;  // a plugin refused half-way leaves nothing behind
  for (const auto& op : offers.ops) grown.add(*op);
  std::vector<std::string> names = offers.names();
  ops = std::move(grown);
  reports[plugin.report].offers = std::move(names);
  plugin.offers = std::move(offers);
}

bool Registry::State::take_offers(size_t plugin) {
  const size_t report = plugins[plugin].report;
  try {
    adopt(plugins[plugin]);
    reports[report].problem.clear();
    return true;
  } catch (const std::exception& e) {
    plugins.erase(plugins.begin() + static_cast<ptrdiff_t>(plugin));
    refuse(report, e);
    return false;
  }
}

void Registry::State::load_files(const std::vector<fs::path>& files) {
  size_t adopted = plugins.size();
  try {
    for (const fs::path& file : files) start(file);
    while (adopted < plugins.size()) adopted += take_offers(adopted);
  } catch (...) {  // what was begun is given back: nobody knows what it offers
    while (plugins.size() > adopted) plugins.pop_back();
    for (size_t i = 0; i < reports.size(); ++i)
      if (reports[i].problem == kBegun) refuse(i, CLQ_E_NOMEM, kNoMemory);
    throw;
  }
}

void Registry::State::load_place(const fs::path& place, bool folders) {
  forget(place);  // what was refused earlier may have been repaired
  try {
    if (!place.is_absolute()) fail(CLQ_E_INVALID, "CLQ_PLUGIN_PATH takes absolute paths only");
    if (!is_folder(place)) return load_files({place});
    if (const std::string why = refuse_permissions(place); !why.empty()) fail(CLQ_E_UNSUPPORTED, "{}", why);
    const std::vector<fs::path> files = plugin_files(place);
    if (!folders) fail(CLQ_E_UNSUPPORTED, "it is a folder, a plugin is a file");
    load_files(files);
  } catch (const Error& e) {
    refuse(report_of(place), e.status(), e.what());
  } catch (const fs::filesystem_error& e) {
    refuse(report_of(place), CLQ_E_IO, e.code().message());
  }
}

const clq_op_def* Registry::State::find_op(const std::string& name) const {
  const std::lock_guard lock(mutex);
  for (const LoadedPlugin& plugin : plugins)
    for (const auto& op : plugin.offers.ops)
      if (op->name == name) return op.get();
  return nullptr;
}

Registry::Registry() : state_(std::make_unique<State>()) {}

Registry::~Registry() {
  const std::lock_guard one_at_a_time(loading());
  while (!state_->plugins.empty()) state_->plugins.pop_back();
}

void Registry::load(const fs::path& path) {
  const std::lock_guard one_at_a_time(loading()), lock(state_->mutex);
  state_->load_named(whole_path(path), true);
}

void Registry::load_file(const fs::path& path) {
  const std::lock_guard one_at_a_time(loading()), lock(state_->mutex);
  state_->load_named(whole_path(path), false);
}

void Registry::load_default() {
  const std::lock_guard one_at_a_time(loading()), lock(state_->mutex);
  for (const fs::path& place : default_places()) state_->load_place(place);
}

void Registry::load_default_once() {
  if (loaded_.load(std::memory_order_acquire)) return;
  const std::lock_guard one_at_a_time(loading());
  if (loaded_.load() || std::exchange(begun_, true)) return;  // begun: a plugin's init asks for what is being loaded
  try {
    load_default();
  } catch (...) {
    begun_ = false;  // the next call tries again
    throw;
  }
  loaded_.store(true, std::memory_order_release);
}

// A child whose parent's other thread was here would wait for it for ever. A recursive mutex knows its owner by a
// number that the child has not, so there it is made anew.
void Registry::hold_over_forks() {
  static Registry* held = this;
  open_log();  // handlers run from the newest to the oldest: who loads logs
  ::pthread_atfork([] { loading().lock(), held->state_->mutex.lock(); },
                   [] { held->state_->mutex.unlock(), loading().unlock(); },
                   [] { new (&held->state_->mutex) std::recursive_mutex, new (&loading()) std::recursive_mutex; });
}

// A place that cannot be looked into stands for itself, so that its problem is reported.
std::vector<fs::path> Registry::files_of(const fs::path& path) {
  const fs::path place = whole_path(path);
  std::error_code failed;
  if (!fs::is_directory(place, failed) || !refuse_permissions(place).empty()) return {place};
  try {
    return plugin_files(place);
  } catch (const fs::filesystem_error&) {
    return {place};
  }
}

std::vector<fs::path> Registry::default_files() {
  std::vector<fs::path> files;
  for (const fs::path& place : default_places()) {
    const std::vector<fs::path> inside = place.is_absolute() ? files_of(place) : std::vector<fs::path>{place};
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

}  // namespace clq
