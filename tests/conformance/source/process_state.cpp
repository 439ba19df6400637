// tests/conformance/source/process_state.cpp -- the process as /proc/self has it.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/source/process_state.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include <malloc.h>
#include <unistd.h>

namespace clq::conformance {

namespace fs = std::filesystem;

std::vector<std::string> open_descriptors() {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code closed;  // the one that lists them
    const std::string target = fs::read_symlink(entry.path(), closed).string();
    if (!closed && !target.ends_with("/fd")) all.push_back(entry.path().filename().string() + " -> " + target);
  }
  std::sort(all.begin(), all.end());
  return all;
}

bool is_mapped(const std::string& file) {
  std::error_code failed;
  const std::string path = fs::canonical(file, failed).string();
  std::ifstream maps("/proc/self/maps");
  for (std::string line; !failed && std::getline(maps, line);)
    if (line.ends_with(" " + path)) return true;
  return false;
}

int64_t thread_count() {
  const fs::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

int64_t allocated_bytes() {
  const struct mallinfo2 facts = mallinfo2();
  return static_cast<int64_t>(facts.uordblks + facts.hblkhd);
}

std::string added(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::vector<std::string> more;
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(more));
  std::string text;
  for (const std::string& one : more) text += (text.empty() ? "" : ", ") + one;
  return text;
}

bool has_threads_again(int64_t n) {
  for (int wait = 0; wait < 100 && thread_count() > n; ++wait)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return thread_count() <= n;
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string bytes_of_file(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

}  // namespace clq::conformance
