// tests/capi/guard.test.cpp -- C++ errors as statuses.
// SPDX-License-Identifier: BSD-3-Clause
#include <guard.hpp>

#include <gtest/gtest.h>

namespace clq::capi {
namespace {

template <class E>
clq_status status_of(E error) {
  return guard([&] { throw error; });
}

TEST(Guard, CallsMissingThreadsALackOfMemoryAndNoBug) {
  EXPECT_EQ(status_of(std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again))), CLQ_E_NOMEM);
  EXPECT_STREQ(error_text(), "the system starts no more threads; ask for fewer that compute or read");
  EXPECT_EQ(status_of(std::system_error(std::make_error_code(std::errc::invalid_argument))), CLQ_E_INTERNAL);
}

TEST(Guard, KeepsTheStatusOfAnError) {
  EXPECT_EQ(status_of(Error(CLQ_E_DATA, "row 3")), CLQ_E_DATA);
  EXPECT_STREQ(error_text(), "row 3");
  EXPECT_EQ(status_of(std::bad_alloc()), CLQ_E_NOMEM);
  EXPECT_EQ(status_of(7), CLQ_E_INTERNAL);
}

}  // namespace
}  // namespace clq::capi
