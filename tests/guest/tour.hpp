// tests/guest/tour.hpp -- every function of calanque.h, called as it should be and as it should not be.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "arrays.hpp"
#include "watch.hpp"

namespace clq::guest {

struct Tour {
  Tour(Watch& w, std::string f) : watch(w), folder(std::move(f)) {}
  std::string file(const std::string& name) const { return folder + "/" + name; }
  bool has(const char* word) const { return found.find(word) != std::string::npos; }

  Watch& watch;
  const std::string folder;  // for all that is written
  const Arrays arrays;
  std::string found;  // the reports of plugins and devices
  std::vector<char> text = std::vector<char>(1 << 20);
  const int64_t room = 1 << 20;
};

void tour_library(Tour& tour);  // before anything else: no error has been yet
void tour_configs(Tour& tour);
void tour_sources(Tour& tour);  // leaves table.csv, and table.fits where FITS is written
void tour_training(Tour& tour, const std::string& device);
void tour_models(Tour& tour, const std::string& device);  // of what tour_training left
void whole_tour(Tour& tour);

clq_handle source_of(Tour& tour, Network network);

}  // namespace clq::guest

// The function and its name in one word: the table cannot name what was not called.
#define GOOD(function, ...) tour.watch.call(#function, ::clq::guest::Wanted::good, function __VA_OPT__(, ) __VA_ARGS__)
#define BAD(function, ...) tour.watch.call(#function, ::clq::guest::Wanted::bad, function __VA_OPT__(, ) __VA_ARGS__)
#define FORKED(function, ...) \
  tour.watch.call(#function, ::clq::guest::Wanted::forked, function __VA_OPT__(, ) __VA_ARGS__)
