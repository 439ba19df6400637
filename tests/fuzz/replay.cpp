// tests/fuzz/replay.cpp -- a target over the files of its corpus, and over inputs made of them, with any compiler.
// SPDX-License-Identifier: BSD-3-Clause
//
// fuzz_<target> [--inputs N] [--seed S] [--keep FILE] FOLDER|FILE...
//   N inputs are made of the files; without it CLQ_FUZZ_ROUNDS for each file (20). The input that ends the program, or
//   that takes a minute, is left in FILE (clq-fuzz.input in the folder for temporary files).
#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "fuzz.hpp"
#include "mutate.hpp"

extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());

namespace {

namespace fs = std::filesystem;
constexpr int kLongestSeconds = 60;

struct Options {
  int64_t inputs = -1;
  uint64_t seed = 1;
  std::string keep = (fs::temp_directory_path() / "clq-fuzz.input").string();
  std::vector<std::string> corpus;  // what is in the files
};

// The input that is being run, for those who find the process dying.
const char* volatile current_data = nullptr;
volatile size_t current_size = 0;
std::array<char, 4096> keep_path;
std::atomic<int64_t> n_done{0};

// Only what a signal handler may do.
void keep_input() {
  const int file = ::open(keep_path.data(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(file, current_data, current_size);
  ::close(file);
}

void keep_and_die(int signal) {
  keep_input();
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void watch_for_death() {
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(keep_input);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
    if (signal == SIGABRT || __sanitizer_set_death_callback == nullptr) ::signal(signal, keep_and_die);
}

void watch_for_hanging() {
  int64_t seen = -1;
  for (int seconds = 0;; ++seconds) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    if (const int64_t now = n_done.load(); now != seen) seen = now, seconds = 0;
    if (seconds >= kLongestSeconds) clq::fuzz::fault("an input takes more than a minute");
  }
}

void run(const std::string& input) {
  // A copy that ends where the input does, so that a byte read behind it is seen.
  const std::unique_ptr<char[]> bytes(new char[input.size()]);
  std::copy(input.begin(), input.end(), bytes.get());
  current_data = bytes.get();
  current_size = input.size();
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.get()), input.size());
  ++n_done;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) clq::fuzz::fault("cannot be read: " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void add_files(const fs::path& path, std::vector<std::string>& corpus) {
  if (!fs::is_directory(path)) return corpus.push_back(read_file(path));
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) corpus.push_back(read_file(file));
}

int64_t number(const char* text) {
  int64_t value = -1;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), value);
  if (value < 0) clq::fuzz::fault("a number is expected");
  return value;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const char* next = i + 1 < argc ? argv[i + 1] : nullptr;
    if (word == "--inputs")
      options.inputs = number(next), ++i;
    else if (word == "--seed")
      options.seed = static_cast<uint64_t>(number(next)), ++i;
    else if (word == "--keep")
      options.keep = next == nullptr ? "" : next, ++i;
    else
      add_files(word, options.corpus);
  }
  if (options.corpus.empty() || options.keep.size() >= keep_path.size())
    clq::fuzz::fault("a folder with inputs is expected");
  const char* rounds = std::getenv("CLQ_FUZZ_ROUNDS");
  if (options.inputs < 0)
    options.inputs = (rounds == nullptr ? 20 : number(rounds)) * static_cast<int64_t>(options.corpus.size());
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  std::copy_n(options.keep.c_str(), options.keep.size() + 1, keep_path.data());
  watch_for_death();
  std::thread(watch_for_hanging).detach();
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string& file : options.corpus) run(file);
  clq::fuzz::Mutator mutator(options.corpus, options.seed);
  for (int64_t i = 0; i < options.inputs; ++i) run(mutator.next());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%lld inputs, %zu of them files of the corpus, in %.1f s\n", static_cast<long long>(n_done.load()),
              options.corpus.size(), seconds);
  return 0;
}
