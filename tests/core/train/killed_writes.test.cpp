// tests/core/train/killed_writes.test.cpp -- a run that dies at any step of a write goes on to the same files.
// SPDX-License-Identifier: BSD-3-Clause
#include <csignal>
#include <filesystem>
#include <set>

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <calanque/plugin/abi.h>

#include "toy.hpp"

namespace {

int64_t calls = 0;       // of the three functions below
int64_t fatal_call = 0;  // the process dies in front of this one; 0: none

void one_call() {
  if (++calls == fatal_call) kill(getpid(), SIGKILL);
}

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// In front of the C library's, for this program and the libraries it uses.
extern "C" {
CLQ_EXPORT int rename(const char* from, const char* to) noexcept {
  one_call();
  return real<int (*)(const char*, const char*)>("rename")(from, to);
}
CLQ_EXPORT int link(const char* from, const char* to) noexcept {
  one_call();
  return real<int (*)(const char*, const char*)>("link")(from, to);
}
CLQ_EXPORT int fsync(int file) {
  one_call();
  return real<int (*)(int)>("fsync")(file);
}
}

namespace clq {
namespace {

namespace fs = std::filesystem;

Json two_epochs() {
  Json run = toy::run(4);
  toy::set(run, "/train/epochs", 2);
  toy::set(run, "/train/checkpoint_minutes", 0.0);
  return run;
}

void train_in(const std::string& folder) {
  const auto trainer = toy::trainer(two_epochs(), toy::source(), folder);
  while (!trainer->run_for(10)) {
  }
}

// A file of events is named by time, host and process, and each resumed run begins one: they count as one name.
std::set<std::string> names_in(const std::string& folder) {
  const std::string events = "events.out.tfevents.";
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder).string();
    names.insert(name.starts_with(events) ? events : name);
  }
  return names;
}

TEST(KilledWrites, LeaveTheSameFilesOnceResumed) {
  const toy::Folder whole;
  calls = 0;
  train_in(whole.path());
  const int64_t n = calls;
  ASSERT_GT(n, 20);
  for (int64_t k = 1; k <= n; ++k) {
    const toy::Folder cut;
    const pid_t child = fork();
    if (child == 0) {
      calls = 0;
      fatal_call = k;
      train_in(cut.path());
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << k;
    if (!fs::exists(cut.file("checkpoints/last.safetensors")) &&
        !fs::exists(cut.file("checkpoints/previous.safetensors")))
      continue;  // without a checkpoint the run begins again
    const auto trainer = Trainer::resume(cut.path(), toy::source(), toy::registry());
    while (!trainer->run_for(10)) {
    }
    EXPECT_EQ(names_in(cut.path()), names_in(whole.path())) << "killed at call " << k;
    for (const char* name : {"model.safetensors", "model-last.safetensors"})
      EXPECT_TRUE(toy::read_text(cut.file(name)) == toy::read_text(whole.file(name))) << name << ", call " << k;
    EXPECT_EQ(toy::metrics_without_seconds(cut.path()), toy::metrics_without_seconds(whole.path())) << k;
  }
}

}  // namespace
}  // namespace clq
