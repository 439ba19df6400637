// tests/fuzz/mutate.hpp -- inputs made of the files of a corpus, the same ones for the same seed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace clq::fuzz {

class Mutator {
 public:
  Mutator(std::vector<std::string> corpus, uint64_t seed) : corpus_(std::move(corpus)), random_(seed) {}

  // A file of the corpus, changed in 1 to 6 places: bits, bytes and numbers, pieces taken out, doubled, cut off, or put
  // in from another file, over what was there or between.
  std::string next();

 private:
  void change(std::string& input);
  void change_number(std::string& input);
  std::string piece();  // of any file
  size_t below(size_t n) { return n == 0 ? 0 : random_() % n; }

  std::vector<std::string> corpus_;
  std::mt19937_64 random_;
};

}  // namespace clq::fuzz
