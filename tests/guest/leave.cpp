// tests/guest/leave.cpp -- a host that ends with everything open, in every way that a process may end.
// SPDX-License-Identifier: BSD-3-Clause
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <unistd.h>

#include "modes.hpp"
#include "training.hpp"

namespace clq::guest {
namespace {

constexpr int kEnd = 7, kWrong = 9;
Training* held = nullptr;

// What a host may still do in a handler of its own.
void use_once_more() {
  try {
    held->steps(1);
    held->answers();
    Training another(Network::table, "cpu_ref:0");
    another.steps(1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "guest: %s\n", error.what());
    _exit(kWrong);
  }
}

void train_for_ever() {
  need(clq_config_set(held->config, "train.epochs", "100000000"));
  clq_trainer_close(held->trainer);
  need(clq_trainer_create(held->model, held->source, held->config, nullptr, &held->trainer));
  std::thread([] { clq_trainer_run(held->trainer, 60); }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
}

// Registered before any library is initialised, so that it runs after the destructors of all that was made since, as
// those of a host's own statics do.
enum class Late { nothing, close, use } late = Late::nothing;
void run_late() {
  if (late == Late::close) delete held;
  if (late == Late::use) use_once_more();
}
void register_late(int, char**, char**) { std::atexit(run_late); }
[[gnu::used, gnu::section(".preinit_array")]] void (*first_of_all)(int, char**, char**) = register_late;

[[noreturn]] void leave_by(const std::string& how) {
  if (std::getenv("GUEST_PLANTED") != nullptr) std::abort();
  if (how == "exit") std::exit(kEnd);
  if (how == "quick_exit") std::quick_exit(kEnd);
  if (how == "_exit") _exit(kEnd);
  if (how == "at_exit") std::atexit(use_once_more);
  if (how == "at_quick_exit") {
    std::at_quick_exit(use_once_more);
    std::quick_exit(kEnd);
  }
  if (how == "late_use") late = Late::use;
  if (how == "late_close") late = Late::close;
  if (how.starts_with("thread")) train_for_ever();
  if (how == "thread_quick_exit") std::quick_exit(kEnd);
  if (how == "from_thread") std::thread([] { std::exit(kEnd); }).join();
  std::exit(kEnd);
}

}  // namespace

int leave(const Words& words) {
  const std::string how = words.at(0), device = words.at(1), folder = words.at(2);
  auto* images = new Training(Network::images, device);
  images->steps(2);
  held = new Training(Network::table, device, how.starts_with("thread") ? "" : folder + "/run-" + how);
  held->steps(3);
  held->answers();
  std::thread([&] { Training(Network::table, device).steps(1); }).join();  // a thread that used the library is gone
  if (how == "return") return kEnd;
  leave_by(how);
}

}  // namespace clq::guest
