// tests/capi/handles.test.cpp -- handles: stale, foreign, wrong, zero, after a fork, from many threads.
// SPDX-License-Identifier: BSD-3-Clause
#include "handles.hpp"

#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <calanque/core/error.hpp>

namespace clq::capi {
namespace {

std::shared_ptr<void> thing(int value = 1) { return std::make_shared<int>(value); }

clq_status status_of(const HandleTable& table, Kind kind, clq_handle handle) {
  try {
    table.get(kind, handle);
  } catch (const Error& e) {
    return e.status();
  }
  return CLQ_OK;
}

TEST(Handles, ArePositiveAndCarryTheirKind) {
  HandleTable table;
  const clq_handle handle = table.add(Kind::trainer, thing());
  EXPECT_GT(handle, 0);
  EXPECT_EQ(handle >> 56, 6);
  EXPECT_EQ((handle >> 32) & 0xffffff, 1);
}

TEST(Handles, GiveTheirObjectBack) {
  HandleTable table;
  const clq_handle handle = table.add(Kind::model, thing(42));
  EXPECT_EQ(*std::static_pointer_cast<int>(table.get(Kind::model, handle)), 42);
}

TEST(Handles, OfAnotherKindAreRefusedByName) {
  HandleTable table;
  const clq_handle handle = table.add(Kind::model, thing());
  try {
    table.get(Kind::source, handle);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_INVALID);
    EXPECT_EQ(e.what(), fmt::format("a source handle is wanted, got {} (model)", handle));
  }
}

TEST(Handles, ThatAreStaleZeroOrMadeUpAreRefused) {
  HandleTable table;
  const clq_handle handle = table.add(Kind::model, thing());
  EXPECT_NE(table.take(Kind::model, handle), nullptr);
  const clq_handle next = table.add(Kind::model, thing());  // the same slot, another generation
  EXPECT_EQ(handle & 0xffffffff, next & 0xffffffff);
  EXPECT_EQ(status_of(table, Kind::model, handle), CLQ_E_INVALID);
  EXPECT_EQ(status_of(table, Kind::model, next), CLQ_OK);
  for (const clq_handle wrong :
       {int64_t{0}, int64_t{-1}, INT64_MIN, INT64_MAX, next + 1, next ^ (int64_t{1} << 40), int64_t{7}})
    EXPECT_EQ(status_of(table, Kind::model, wrong), CLQ_E_INVALID) << wrong;
}

TEST(Handles, CloseOnce) {
  HandleTable table;
  const clq_handle handle = table.add(Kind::batch, thing());
  EXPECT_EQ(table.take(Kind::model, handle), nullptr);
  EXPECT_NE(table.take(Kind::batch, handle), nullptr);
  EXPECT_EQ(table.take(Kind::batch, handle), nullptr);
  EXPECT_EQ(table.take(Kind::batch, 0), nullptr);
}

TEST(Handles, NeverUseAGenerationTwice) {
  HandleTable table;
  const clq_handle first = table.add(Kind::config, thing());
  const auto object = table.take(Kind::config, first);
  clq_handle handle = 0;
  for (int64_t i = 2; i <= (1 << 24) - 1; ++i) {
    handle = table.add(Kind::config, object);
    ASSERT_NE(handle, first);
    table.take(Kind::config, handle);
  }
  EXPECT_EQ((handle >> 32) & 0xffffff, (1 << 24) - 1);
  const clq_handle next = table.add(Kind::config, object);
  EXPECT_NE(next & 0xffffffff, first & 0xffffffff);  // the slot has retired
}

TEST(Handles, KeepAnObjectWhileItIsUsed) {
  HandleTable table;
  const clq_handle handle = table.add(Kind::model, thing(7));
  const auto used = table.get(Kind::model, handle);
  table.take(Kind::model, handle);
  EXPECT_EQ(*std::static_pointer_cast<int>(used), 7);
}

TEST(Handles, SurviveManyThreads) {
  HandleTable table;
  std::vector<std::thread> threads;
  std::vector<std::vector<clq_handle>> made(8);
  for (auto& mine : made)
    threads.emplace_back([&table, &mine] {
      for (int i = 0; i < 2000; ++i) {
        const clq_handle handle = table.add(Kind::source, thing(i));
        EXPECT_EQ(*std::static_pointer_cast<int>(table.get(Kind::source, handle)), i);
        if (i % 2 == 0)
          EXPECT_NE(table.take(Kind::source, handle), nullptr);
        else
          mine.push_back(handle);
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::set<clq_handle> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 8u * 1000u);
}

TEST(Handles, MadeBeforeAForkSaySo) {
  const clq_handle handle = handles().add(Kind::model, thing());
  const pid_t child = ::fork();
  if (child == 0) {
    const bool forked = status_of(handles(), Kind::model, handle) == CLQ_E_FORKED;
    const bool closes = handles().take(Kind::model, handle) == nullptr;
    const clq_handle mine = handles().add(Kind::model, thing());
    const bool works = mine != handle && status_of(handles(), Kind::model, mine) == CLQ_OK;
    ::_exit(forked && closes && works ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(status_of(handles(), Kind::model, handle), CLQ_OK);
}

}  // namespace
}  // namespace clq::capi
