// tests/hosts/cpp/host.hpp -- arrays to learn from, and a network of a moment.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <calanque/calanque.hpp>

namespace host {

constexpr int64_t kRows = 320;

// y = a - 2 b; the arrays live as long as the table.
struct Table {
  std::vector<float> x;  // [kRows, 2]
  std::vector<double> y;

  Table() {
    for (int64_t i = 0; i < kRows; ++i) {
      const float a = std::sin(static_cast<float>(i)), b = std::cos(1.7f * static_cast<float>(i));
      x.push_back(a);
      x.push_back(b);
      y.push_back(static_cast<double>(a) - 2.0 * static_cast<double>(b));
    }
  }
  calanque::Source source() const {
    calanque::Source made = calanque::Source::create(kRows);
    made.borrow("x", x, {2});
    made.add("y", y);
    return made;
  }
};

inline calanque::Config config(const std::string& extra = "") {
  return calanque::Config::parse(
      "task = 'regression'\n"
      "[data]\nscalars = ['x']\ntarget = 'y'\n"
      "[split]\nvalid = 0.2\n"
      "[[model.layer]]\nuse = 'dense'\nunits = 8\nactivation = 'tanh'\n"
      "[[model.layer]]\nuse = 'dense'\n"
      "[compute]\nthreads = 1\n"
      "[train]\nepochs = 3\nbatch = 32\noptimizer = { name = 'adam', lr = 0.01 }\n" +
      extra);
}

struct Trained {
  Table table;
  calanque::Source source = table.source();
  calanque::Config run = config();
  calanque::Model model{run, source};

  Trained() { calanque::Trainer(model, source, run).run([](const calanque::Progress&) {}); }
};

// The status and the words that a call is refused with.
template <class Call>
calanque::Error refused(Call&& call) {
  try {
    call();
  } catch (const calanque::Error& error) {
    return error;
  }
  return {CLQ_OK, "nothing was thrown"};
}

}  // namespace host
