// tests/guest/fork.cpp -- children of fork(): old handles are refused, new ones work, nothing hangs.
// SPDX-License-Identifier: BSD-3-Clause
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <thread>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "forked_calls.hpp"
#include "modes.hpp"
#include "training.hpp"

namespace clq::guest {
namespace {

using Json = nlohmann::json;
constexpr unsigned kSeconds = 12;  // a child that lives longer hangs; one that waits for another twice as long
constexpr int kForks = 60;

// Of a child: its words, how it ended, and the call that it was in.
Json in_child(const std::function<std::string(char* place)>& body, unsigned seconds = kSeconds) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  auto* place = static_cast<char*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  const pid_t child = ::fork();
  if (child == 0) {
    close(ends[0]);
    alarm(seconds);
    if (std::getenv("GUEST_PLANTED") != nullptr) pause();
    std::string words;
    try {
      words = body(place);
    } catch (const std::exception& error) {
      words = std::string("error: ") + error.what();
    }
    const bool written = write(ends[1], words.data(), words.size()) == static_cast<ssize_t>(words.size());
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  std::string words;
  char part[4096];
  for (ssize_t n = 0; (n = read(ends[0], part, sizeof part)) > 0;) words.append(part, static_cast<size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  Json all = {{"words", words},
              {"hangs", WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM},
              {"ended", WIFEXITED(status) && WEXITSTATUS(status) == 0},
              {"in", place}};
  munmap(place, 4096);
  return all;
}

std::string trained(Network network, const std::string& device) {
  Training training(network, device);
  training.finish();
  return training.answers();
}

// Everything anew, then every function with a handle that the parent made; the parent goes on to the end.
Json old_handles(const std::string& device, const std::string& folder) {
  const std::string undisturbed = trained(Network::table, device);
  Training training(Network::table, device, folder + "/run-parent");
  training.steps(5);
  const Held held(training);
  const Json child = in_child([&](char* place) {
    Watch watch(folder, nullptr);
    watch.tell(place);
    Tour tour(watch, folder);
    whole_tour(tour);  // first: no call has failed yet
    call_with_old_handles(tour, held);
    return watch.json();
  });
  training.finish();
  return {{"child", child}, {"parent goes on", training.answers() == undisturbed}};
}

// The device has been at work in the parent, with all of its threads.
Json new_handles(const std::string& device) {
  Json all;
  for (const auto& [name, network] : {std::pair{"table", Network::table}, std::pair{"images", Network::images}}) {
    const std::string before = trained(network, device);
    Json child = in_child([&](char* place) {
      std::strcpy(place, name);
      const std::string after = trained(network, device);
      return after == before ? "same" : "other";
    });
    child["parent goes on"] = trained(network, device) == before;
    all[name] = child;
  }
  return all;
}

void open_table(const std::string& file) {
  clq_handle source = 0, result = 0;
  need(clq_source_open(file.c_str(), nullptr, &source));
  need(clq_source_scan(source, nullptr, &result));
  clq_result_close(result);
  clq_source_close(source);
}

// Threads of the parent are inside of the library at the moment of the fork.
Json busy(const std::string& device, const std::string& folder) {
  const std::string table = folder + "/table.csv";
  std::atomic<bool> stop{false};
  Training training(Network::table, device);
  training.steps(5);
  need(clq_source_write(training.source, table.c_str(), nullptr));
  std::vector<std::thread> threads;
  const auto repeat = [&](const std::function<void()>& body) {
    threads.emplace_back([&stop, body] {
      while (!stop) body();
    });
  };
  repeat([] { text_of(clq_plugins_report), text_of(clq_log_next); });
  repeat([&] { Training(Network::table, device).steps(1); });
  repeat([&] { training.answers(); });
  repeat([&] { open_table(table); });
  Json all = {{"forks", 0}, {"wrong", Json::array()}};
  for (int i = 1; i <= kForks && all["wrong"].empty(); ++i) {  // a child that hangs takes its time
    all["forks"] = i;
    const Json child = in_child([&](char* place) {
      const std::pair<const char*, std::function<void()>> calls[] = {
          {"clq_log_next", [] { text_of(clq_log_next); }},
          {"clq_plugins_report", [] { text_of(clq_plugins_report); }},
          {"clq_devices_report", [] { text_of(clq_devices_report); }},
          {"clq_source_scan", [&] { open_table(table); }},
          {"a training", [] { Training(Network::table, "cpu_ref:0").steps(1); }}};
      for (const auto& [name, call] : calls) {
        std::strcpy(place, name);
        call();
      }
      return std::string("good");
    });
    if (child["words"] != "good") all["wrong"].push_back(child);
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  return all;
}

// A process that forks while its other thread loads the plugins, so many milliseconds after it began.
std::string fork_while_loading(int milliseconds) {
  std::thread loading([] { text_of(clq_plugins_report); });
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  const Json child = in_child([](char* place) {
    std::strcpy(place, "clq_plugins_report");
    text_of(clq_plugins_report);
    return std::string("good");
  });
  loading.join();
  return child.dump();
}

Json loading() {
  Json all = Json::array();
  for (const int milliseconds : {0, 1, 2, 5, 10, 20, 40}) {
    if (!all.empty()) break;
    const Json fresh = in_child([&](char*) { return fork_while_loading(milliseconds); }, 2 * kSeconds);
    const Json child = Json::parse(fresh["words"].get<std::string>(), nullptr, false);
    if (child.is_discarded() || child["words"] != "good") all.push_back(child.is_discarded() ? fresh : child);
  }
  return all;
}

// A child that lives on must not keep the run folder from the parent.
Json lock(const std::string& device, const std::string& folder) {
  const std::string run = folder + "/run-locked";
  clq_handle trainer = 0;
  auto training = std::make_unique<Training>(Network::table, device, run);
  training->steps(3);
  need(clq_trainer_checkpoint(training->trainer, nullptr));
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) pause();
  }
  const clq_handle source = training->source;
  if (std::getenv("GUEST_PLANTED") == nullptr) clq_trainer_close(training->trainer);
  const clq_status status = clq_trainer_resume(run.c_str(), source, &trainer);
  const std::string words = status < 0 ? text_of(clq_error_text) : "";
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  clq_trainer_close(trainer);
  return {{"resumed", status >= 0}, {"words", words}};
}

}  // namespace

int fork(const Words& words) {
  const std::string what = words.at(0), device = words.at(1), folder = words.at(2);
  if (what == "old") print(old_handles(device, folder).dump());
  if (what == "new") print(new_handles(device).dump());
  if (what == "busy") print(busy(device, folder).dump());
  if (what == "loading") print(loading().dump());
  if (what == "lock") print(lock(device, folder).dump());
  return 0;
}

}  // namespace clq::guest
