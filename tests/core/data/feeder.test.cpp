// tests/core/data/feeder.test.cpp -- batches in order, the same for any number of readers; what bad rows and errors do.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/feeder.hpp"

#include <atomic>
#include <cmath>
#include <thread>

#include "core/data/feeder_support.hpp"

namespace clq {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
using test::Line;

Feeder::Options options(uint32_t readers, int64_t end = -1, BadPolicy bad = {}) { return {readers, 0, end, bad}; }

TEST(Feeder, ServesTheSamplersBatchesWithPaddingAtTheEnd) {
  test::Scripted script = test::numbers(10);
  Line line(script, 4, 2, options(1, 6), false);
  for (int64_t b = 0; b < 6; ++b) {
    Slot* slot = line.feeder->next();
    ASSERT_NE(slot, nullptr);
    const int64_t first = b % 3 * 4;
    EXPECT_EQ(slot->rows.epoch, b / 3);
    EXPECT_EQ(line.feeder->index(*slot), static_cast<size_t>(b % 2));
    for (int64_t i = 0; i < 4; ++i) {
      const bool real = first + i < 10;
      EXPECT_EQ(slot->row<float>(0, i, 2)[0], real ? static_cast<float>(first + i) : 0.0f);
      EXPECT_EQ(slot->row<float>(0, i, 2)[1], real ? -static_cast<float>(first + i) : 0.0f);
      EXPECT_EQ(*slot->row<double>(1, i, 1), real ? static_cast<double>(first + i) / 2 : 0.0);
      EXPECT_EQ(*slot->row<double>(2, i, 1), real ? 1.0 : 0.0);
    }
    line.feeder->give_back(slot);
  }
  EXPECT_EQ(line.feeder->next(), nullptr);
  EXPECT_EQ(line.feeder->next(), nullptr);
}

TEST(Feeder, GivesTheSameBytesForAnyNumberOfReaders) {
  const auto run = [](uint32_t readers, size_t depth) {
    test::Scripted script = test::numbers(500);
    std::atomic<uint32_t> calls{0};
    script.before = [&calls](int64_t row, const clq_read&) -> clq_status {
      const uint32_t call = calls.fetch_add(1);
      if (call % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(call * 2654435761u % 900));
      return row % 97 == 5 ? CLQ_E_DATA : CLQ_OK;
    };
    Line line(script, 32, depth, options(readers, 48, {OnBad::skip, -1}));
    std::string all;
    for (std::string bytes = line.next_bytes(); !bytes.empty(); bytes = line.next_bytes()) all += bytes;
    const std::vector<int64_t> shares = line.feeder->batches_by_reader();
    EXPECT_EQ(shares.size(), readers);
    for (const int64_t share : shares) EXPECT_GT(share, 4) << "of 48 batches for " << readers << " readers";  // > 10 %
    EXPECT_EQ(line.feeder->rows_skipped(), 3 * 6);
    return all;
  };
  const std::string one = run(1, 3);
  EXPECT_FALSE(one.empty());
  EXPECT_EQ(run(2, 3), one);
  EXPECT_EQ(run(4, 6), one);
  EXPECT_EQ(run(4, 1), one);  // more readers than slots
}

TEST(Feeder, StartsAtAnyBatch) {
  test::Scripted script = test::numbers(100);
  Line whole(script, 8, 2, options(1, 40)), late(script, 8, 2, {2, 17, 40, {}});
  for (int b = 0; b < 17; ++b) whole.next_bytes();
  for (int b = 17; b < 40; ++b) ASSERT_EQ(late.next_bytes(), whole.next_bytes()) << b;
}

TEST(Feeder, TakesSlotsBackInAnyOrder) {
  test::Scripted script = test::numbers(64);
  Line line(script, 8, 3, options(2), false);
  std::vector<Slot*> held;
  for (int64_t b = 0; b < 60; b += 3) {
    for (int k = 0; k < 3; ++k) held.push_back(line.feeder->next());
    for (int64_t k = 0; k < 3; ++k) EXPECT_EQ(held[static_cast<size_t>(k)]->rows.samples[0], (b + k) % 8 * 8);
    for (const size_t k : {2u, 0u, 1u}) line.feeder->give_back(held[k]);
    held.clear();
  }
}

TEST(Feeder, HonoursASourceThatAllowsOneReader) {
  test::Scripted script = test::numbers(64);
  script.max_readers = 1;
  Line line(script, 8, 3, options(4));
  EXPECT_EQ(line.feeder->batches_by_reader().size(), 1u);
}

// Serves batches until the error; returns its words and counts the batches before it.
std::string words_after(Line& line, int& batches) {
  std::string words = test::words_of([&] {
    while (!line.next_bytes().empty()) ++batches;
  });
  EXPECT_EQ(line.feeder->next(), nullptr) << "an error is thrown once, then there is nothing more";
  return words;
}

struct BadInput {
  uint32_t field;
  double value;
  const char* words;
};
class BadInputs : public testing::TestWithParam<BadInput> {};

TEST_P(BadInputs, StopTheRunWithTheirPlace) {
  for (const uint32_t readers : {1u, 3u}) {
    test::Scripted script = test::numbers(40);
    script.value = [good = script.value](int64_t row, uint32_t field) {
      return row == 13 && field == GetParam().field ? GetParam().value : good(row, field);
    };
    Line line(script, 5, 3, options(readers), false);
    int batches = 0;
    EXPECT_EQ(words_after(line, batches), std::string("cat.fits[1], row 13: ") + GetParam().words +
                                              "; set data.on_bad = \"skip\" to leave such rows out");
    EXPECT_EQ(batches, 2);
  }
}

INSTANTIATE_TEST_SUITE_P(Feeder, BadInputs,
                         testing::Values(BadInput{0, kNan, "a is NaN or null"}, BadInput{1, INFINITY, "b is infinite"},
                                         BadInput{1, -9999, "b is -9999, a null"},
                                         BadInput{2, kNan, "the target Z is NaN or null"}));

TEST(Feeder, NamesAnUnreadableRowOnce) {
  test::Scripted script = test::numbers(40);
  script.before = [](int64_t row, const clq_read&) {
    if (row == 13) set_thread_error("cat.fits[1], row 13: the tile is truncated");
    return row == 13 ? CLQ_E_DATA : CLQ_OK;
  };
  Line line(script, 5, 3, options(2), false);
  int batches = 0;
  EXPECT_EQ(words_after(line, batches),
            "cat.fits[1], row 13: the tile is truncated; set data.on_bad = \"skip\" to leave such rows out");
  EXPECT_EQ(batches, 2);
}

TEST(Feeder, SkipsAndCountsBadRowsAndReadsTheRest) {
  test::Scripted script = test::numbers(20);
  script.before = [](int64_t row, const clq_read&) { return row == 4 || row == 6 || row == 7 ? CLQ_E_DATA : CLQ_OK; };
  script.value = [good = script.value](int64_t row, uint32_t field) {
    return row == 12 && field == 1 ? kNan : good(row, field);
  };
  Line line(script, 10, 2, options(1, 2, {OnBad::skip, -1}), false);
  Slot* slot = line.feeder->next();
  for (int64_t i = 0; i < 10; ++i) {
    const bool bad = i == 4 || i == 6 || i == 7;
    EXPECT_EQ(slot->bad[static_cast<size_t>(i)], bad ? kBadUnreadable : 0);
    EXPECT_EQ(slot->row<float>(0, i, 2)[0], bad ? 0.0f : static_cast<float>(i));
    EXPECT_EQ(*slot->row<double>(2, i, 1), bad ? 0.0 : 1.0);
  }
  EXPECT_EQ(line.feeder->rows_skipped(), 3);
  line.feeder->give_back(slot);
  EXPECT_EQ(line.feeder->next()->bad[2], kBadNan);
  EXPECT_EQ(line.feeder->rows_skipped(), 4);
}

TEST(Feeder, StopsAfterTheAllowedNumberOfBadRows) {
  for (const uint32_t readers : {1u, 4u}) {
    test::Scripted script = test::numbers(100);
    script.before = [](int64_t row, const clq_read&) { return row % 10 == 3 ? CLQ_E_DATA : CLQ_OK; };
    Line line(script, 20, 4, options(readers, -1, {OnBad::skip, 4}), false);
    int batches = 0;
    EXPECT_EQ(words_after(line, batches),
              "cat.fits[1], row 43: reading ended with status -9 and no words, one bad row more than the 4 that "
              "data.on_bad.stop_after allows");
    EXPECT_EQ(batches, 2);
  }
}

TEST(Feeder, AllowsTheBadRowsOfEachEpochAnew) {
  test::Scripted script = test::numbers(100);
  script.before = [](int64_t row, const clq_read&) { return row % 10 == 3 ? CLQ_E_DATA : CLQ_OK; };
  Line line(script, 20, 4, options(2, 3 * 5, {OnBad::skip, 10}), false);
  int batches = 0;
  while (!line.next_bytes().empty()) ++batches;
  EXPECT_EQ(batches, 3 * 5);
  EXPECT_EQ(line.feeder->rows_skipped(), 3 * 10);
}

TEST(Feeder, GoesOnCountingWithinAnEpoch) {
  test::Scripted script = test::numbers(100);
  script.before = [](int64_t row, const clq_read&) { return row % 10 == 3 ? CLQ_E_DATA : CLQ_OK; };
  Feeder::Options middle = options(2, -1, {OnBad::skip, 9});
  middle.first_batch = 4;  // rows 80 to 99; behind them the next epoch
  middle.skipped = 8;
  Line line(script, 20, 4, middle, false);
  int batches = 0;
  EXPECT_EQ(words_after(line, batches),
            "cat.fits[1], row 93: reading ended with status -9 and no words, one bad row more than the 9 that "
            "data.on_bad.stop_after allows");
  EXPECT_EQ(batches, 0);
}

TEST(Feeder, AlwaysStopsOnALostFile) {
  test::Scripted script = test::numbers(100);
  script.before = [](int64_t row, const clq_read&) {
    if (row == 50) set_thread_error("stale file handle");
    return row == 50 ? CLQ_E_IO : CLQ_OK;
  };
  Line line(script, 10, 2, options(2, -1, {OnBad::skip, -1}), false);
  try {
    while (!line.next_bytes().empty()) {
    }
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), CLQ_E_IO);
    EXPECT_STREQ(error.what(), "cat.fits[1], row 50: stale file handle");
  }
}

TEST(Feeder, PassesOnWhatAThreadThrows) {
  test::Scripted script = test::numbers(10);
  Line line(script, 4, 2, options(1), false);
  RowSet many = RowSet::all(10);
  Sampler large(many, 8, 0, false, false);  // batches larger than the slots
  std::vector<std::byte*> memory{line.tensors[0].bytes(), line.tensors[1].bytes(), line.tensors[2].bytes()};
  line.feeder.reset();
  Feeder feeder(*line.source, line.layout, line.transforms, large, {memory}, 4, options(1));
  EXPECT_EQ(test::words_of([&] { feeder.next(); }), "a batch of 8 rows for a slot of 4");
}

// Each row is read once, and stands in the rows 2 i and 2 i + 1.
TEST(Feeder, GivesTwoViewsOfEachRow) {
  test::Scripted script = test::numbers(10);
  std::atomic<int64_t> read{0};
  script.before = [&](int64_t row, const clq_read&) { return ++read, row == 6 ? CLQ_E_DATA : CLQ_OK; };
  Feeder::Options skip{.end_batch = 3, .bad = {OnBad::skip, -1}};
  Line line(script, 8, 2, skip, false);
  line.feeder.reset();
  const Sampler pairs(line.rows, 8, 9, false, false, 2);
  std::vector<std::vector<std::byte*>> memory(2);
  for (size_t t = 0; t < line.tensors.size(); ++t) memory[t / 3].push_back(line.tensors[t].bytes());
  read = 0;
  Feeder feeder(*line.source, line.layout, line.transforms, pairs, memory, 8, skip);
  const auto column = static_cast<size_t>(line.layout.tensor("scalars"));
  for (int64_t batch = 0; batch < 3; ++batch) {
    Slot* slot = feeder.next();
    ASSERT_NE(slot, nullptr);
    const int64_t n = batch < 2 ? 8 : 4;
    ASSERT_EQ(slot->rows.samples.size(), static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) {
      const int64_t row = 4 * batch + i / 2;
      EXPECT_EQ(slot->rows.samples[static_cast<size_t>(i)], row);
      EXPECT_EQ(slot->bad[static_cast<size_t>(i)], row == 6 ? kBadUnreadable : 0);
      EXPECT_EQ(*slot->row<float>(column, i, 2), static_cast<float>(row == 6 ? 0 : row));
    }
    feeder.give_back(slot);
  }
  EXPECT_EQ(feeder.next(), nullptr);
  EXPECT_EQ(feeder.rows_skipped(), 1);
  EXPECT_EQ(read, 10);
}

TEST(Feeder, RefusesARingThatCannotBe) {
  test::Scripted script = test::numbers(10);
  Line line(script, 4, 1, options(1));
  EXPECT_EQ(
      test::words_of([&] { Feeder(*line.source, line.layout, line.transforms, line.sampler, {}, 4, options(1)); }),
      "a ring of 0 slots of 4 rows");
}

}  // namespace
}  // namespace clq
