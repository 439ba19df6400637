// tests/guest/guest.cpp -- a host that looks at itself before and after the library's calls.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>

#include <fcntl.h>
#include <unistd.h>

#include "modes.hpp"
#include "posture.hpp"
#include "tour.hpp"

namespace clq::guest {
namespace {

int answer = STDOUT_FILENO;

// What the library printed would stand in files that are empty else.
void watch_output(const std::string& folder) {
  answer = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
  for (const int number : {STDOUT_FILENO, STDERR_FILENO}) {
    const std::string path = folder + "/output-" + std::to_string(number);
    const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
    dup2(file, number);
    close(file);
  }
}

}  // namespace

void print(const std::string& text) {
  const std::string line = text + "\n";
  for (size_t done = 0; done < line.size();) {
    const ssize_t n = write(answer, line.data() + done, line.size() - done);
    if (n <= 0) std::abort();
    done += static_cast<size_t>(n);
  }
}

int table(const Words& words) {
  const std::string folder = words.at(1);
  const char* planted = std::getenv("GUEST_PLANTED");  // for the controls: which part is to be changed behind each call
  watch_output(folder);
  prepare_host();
  take_posture(words.at(0));
  if (words.size() > 2 && words[2] == "openmp") use_openmp();
  Watch watch(folder, planted == nullptr ? nullptr : plant_for(planted));
  Tour tour(watch, folder);
  whole_tour(tour);
  watch.finish();
  print(watch.json());
  return watch.clean() ? 0 : 1;
}

}  // namespace clq::guest

int main(int argc, char** argv) {
  using namespace clq::guest;
  const std::map<std::string, std::function<int(const Words&)>> modes = {
      {"devices", list_devices}, {"table", table},     {"answers", answers}, {"fork", clq::guest::fork},
      {"leave", leave},          {"threads", threads}, {"files", files}};
  try {
    return modes.at(argc > 1 ? argv[1] : "")(Words(argv + std::min(argc, 2), argv + argc));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "guest: %s\n", error.what());
    return 2;
  }
}
