// tests/guest/training.hpp -- a network that learns the host's arrays, with handles that close.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <calanque/calanque.h>

#include "arrays.hpp"

namespace clq::guest {

class Failed : public std::runtime_error {
 public:
  Failed(clq_status status, const std::string& words) : std::runtime_error(words), status_(status) {}
  clq_status status() const { return status_; }

 private:
  clq_status status_;
};

int64_t need(int64_t status);  // throws Failed with the library's words

std::string text_of(int64_t (*call)(char*, int64_t));
std::string text_of(int64_t (*call)(clq_handle, char*, int64_t), clq_handle handle);
std::vector<std::string> devices();  // of cpu_ref:0 and cpu_onednn:0 those that are there

struct Training {
  Training(Network network, const std::string& device, const std::string& run_folder = "");
  ~Training();
  Training(const Training&) = delete;
  Training& operator=(const Training&) = delete;

  void steps(int64_t n) { need(clq_trainer_steps(trainer, n)); }
  void finish();
  std::string answers() const;  // 64 predictions, in hex

  const Arrays arrays;
  const Network network;
  clq_handle config = 0, source = 0, model = 0, trainer = 0;
};

}  // namespace clq::guest
