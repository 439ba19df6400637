// tests/hosts/cpp/handles.test.cpp -- who owns a handle, and what a refused call throws.
// SPDX-License-Identifier: BSD-3-Clause
#include <type_traits>

#include "host.hpp"

namespace {

using calanque::Config;
using calanque::Model;
using calanque::Source;
using calanque::Trainer;

template <class Object>
constexpr bool kOwnsAlone = std::is_nothrow_move_constructible_v<Object> && std::is_nothrow_move_assignable_v<Object> &&
                            !std::is_copy_constructible_v<Object> && !std::is_copy_assignable_v<Object>;
static_assert(kOwnsAlone<Config> && kOwnsAlone<Source> && kOwnsAlone<Model> && kOwnsAlone<Trainer> &&
              kOwnsAlone<calanque::Batch> && kOwnsAlone<calanque::Result>);

TEST(Handles, CloseWithTheirOwner) {
  clq_handle seen = 0;
  {
    const Source source = Source::create(4);
    seen = source.handle();
    int64_t n = 0;
    ASSERT_EQ(clq_source_count(seen, &n), CLQ_OK);
    EXPECT_EQ(n, 4);
  }
  int64_t n = 7;
  EXPECT_EQ(clq_source_count(seen, &n), CLQ_E_INVALID);
  EXPECT_EQ(n, 7);
}

TEST(Handles, AreEmptyWhenMovedFromAndThrowInEachCall) {
  Source first = Source::create(4);
  const clq_handle handle = first.handle();
  Source second = std::move(first);
  EXPECT_EQ(second.handle(), handle);
  EXPECT_EQ(second.count(), 4);
  EXPECT_EQ(first.handle(), 0);  // NOLINT: that is what is asked
  const auto error = host::refused([&] { static_cast<void>(first.count()); });
  EXPECT_EQ(error.status(), CLQ_E_INVALID);
  EXPECT_STRNE(error.what(), "");
}

TEST(Handles, CloseWhatTheyHeldWhenAssignedTo) {
  Source one = Source::create(1), two = Source::create(2);
  const clq_handle old = one.handle(), kept = two.handle();
  one = std::move(two);
  EXPECT_EQ(one.handle(), kept);
  int64_t n = 0;
  EXPECT_EQ(clq_source_count(old, &n), CLQ_E_INVALID);
  Source& same = one;
  one = std::move(same);
  EXPECT_EQ(one.count(), 2);
}

TEST(Errors, HaveTheLibrarysStatusAndWords) {
  const auto error = host::refused([] { host::config().set("train.epoch", "2"); });
  EXPECT_EQ(error.status(), CLQ_E_INVALID);
  EXPECT_STREQ(error.what(), "train.epoch is unknown, did you mean 'train.epochs'? (command line)");
  char words[512];
  ASSERT_GT(clq_error_text(words, sizeof words), 0);
  EXPECT_STREQ(error.what(), words);
  EXPECT_EQ(host::refused([] { Model::load("/nowhere/model.safetensors"); }).status(), CLQ_E_NOT_FOUND);
  EXPECT_EQ(host::refused([] { host::config().get("data.catalog"); }).status(), CLQ_E_NOT_FOUND);
}

TEST(Errors, AreCaughtAsStandardExceptionsWithLongWords) {
  const std::string path = "/nowhere/" + std::string(3000, 'x');
  try {
    Config::load(path);
    FAIL() << "nothing was thrown";
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find(path.substr(0, 400)), std::string::npos) << error.what();
  }
}

TEST(Errors, ComeBeforeAnArrayIsReadBeyondItsEnd) {
  Source source = Source::create(10);
  const std::vector<float> nine(9);
  const auto error = host::refused([&] { source.add("x", nine); });
  EXPECT_EQ(error.status(), CLQ_E_INVALID);
  EXPECT_STREQ(error.what(), "'x' takes 10 elements, the array has 9");
  EXPECT_STREQ(host::refused([&] { source.add("x", std::vector<float>(10), {2}); }).what(),
               "'x' takes 20 elements, the array has 10");
}

TEST(Errors, ComeForATextWithANulInside) {
  const std::string_view text("train.epochs\0.x", 15);
  EXPECT_EQ(host::refused([&] { host::config().set(text, "2"); }).status(), CLQ_E_INVALID);
}

TEST(Configs, SayWhatTheyHoldAndWhereItIsFrom) {
  Config config = host::config();
  config.set("train.epochs", "12");
  EXPECT_EQ(config.get("train.epochs"), "12");
  EXPECT_NE(config.dump(true).find("12"), std::string::npos);
  EXPECT_GT(config.dump(true).size(), config.dump(false).size());
  EXPECT_EQ(Config::parse(config.dump()).get("train.epochs"), "12");
}

TEST(Library, AnswersWithoutAnObject) {
  EXPECT_EQ(calanque::version(), clq_version());
  calanque::load_plugins();
  EXPECT_NE(calanque::devices_report().find("cpu_ref:0"), std::string::npos);
  const std::string report = calanque::plugins_report();
  EXPECT_EQ(report.size() + 1, static_cast<size_t>(clq_plugins_report(nullptr, 0)));
  std::vector<bool> seen(100);
  for (int64_t position = 0; position < 100; ++position) seen[static_cast<size_t>(calanque::order_at(1, 2, 100, position))] = true;
  EXPECT_EQ(seen, std::vector<bool>(100, true));
  EXPECT_EQ(host::refused([] { calanque::log_level(9); }).status(), CLQ_E_INVALID);
  EXPECT_EQ(host::refused([] { calanque::load_plugins("/nowhere"); }).status(), CLQ_E_NOT_FOUND);
}

}  // namespace
