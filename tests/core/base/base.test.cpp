// tests/core/base/base.test.cpp -- errors, conversions, checked configuration and counter-based numbers.
// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include <calanque/core/config.hpp>

#include "base/philox.hpp"
#include "base/thread_error.hpp"
#include "support/test_tensor.hpp"

namespace clq::test {
namespace {

std::string words(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

double through(double value, DType dtype) {
  std::array<std::byte, 8> bytes{};
  double back = 0;
  convert(&value, CLQ_F64, bytes.data(), dtype, 1);
  convert(bytes.data(), dtype, &back, CLQ_F64, 1);
  return back;
}

TEST(DidYouMean, NamesTheNearestWordOrNone) {
  EXPECT_EQ(did_you_mean("epcohs", {"epochs", "batch"}), ", did you mean 'epochs'?");
  EXPECT_EQ(did_you_mean("BATCH", {"epochs", "batch"}), ", did you mean 'batch'?");
  EXPECT_EQ(did_you_mean("zeropoint", {"epochs", "batch"}), "");
}

TEST(OneLine, TakesWhatATerminalObeysOutOfWords) {
  EXPECT_EQ(one_line("a\nb\tc"), "a b c");
  EXPECT_EQ(one_line("a\x1b[31m\x7f"), "a?[31m?");
  EXPECT_EQ(one_line("\xc2\x9b"
                     "31m\xc2\xb5m \xc3\xa9\xc2"),
            "??31m\xc2\xb5m \xc3\xa9\xc2");
}

TEST(Narrow, ThrowsWhenTheValueDoesNotFit) {
  EXPECT_EQ(narrow<int32_t>(int64_t{5}), 5);
  EXPECT_THROW(narrow<int32_t>(int64_t{1} << 40), Error);
  EXPECT_THROW(narrow<uint32_t>(int64_t{-1}), Error);
}

TEST(Convert, KeepsWhatEveryTypeHolds) {
  for (DType dtype = CLQ_F16; dtype <= CLQ_U64; ++dtype)
    for (const double v : {0.0, 1.0, 100.0}) EXPECT_EQ(through(v, dtype), v) << dtype_name(dtype);
}

TEST(Convert, RoundsHalvesToNearestEven) {
  EXPECT_EQ(through(1 + 0x1p-11, CLQ_F16), 1);
  EXPECT_EQ(through(1 + 3 * 0x1p-11, CLQ_F16), 1 + 0x1p-9);
  EXPECT_EQ(through(65504, CLQ_F16), 65504);
  EXPECT_EQ(through(0x1p-24, CLQ_F16), 0x1p-24);
  EXPECT_EQ(through(0x1p-26, CLQ_F16), 0);
  EXPECT_EQ(through(1 + 0x1p-8, CLQ_BF16), 1);
  EXPECT_EQ(through(1 + 3 * 0x1p-8, CLQ_BF16), 1 + 0x1p-6);
  EXPECT_TRUE(std::isnan(through(NAN, CLQ_F16)) && std::isnan(through(NAN, CLQ_BF16)));
  EXPECT_EQ(through(-INFINITY, CLQ_F16), -INFINITY);
}

TEST(Convert, RefusesWhatDoesNotFit) {
  EXPECT_EQ(words([] { through(300, CLQ_U8); }), "300 does not fit u8");
  EXPECT_EQ(words([] { through(-1, CLQ_U64); }), "-1 does not fit u64");
  EXPECT_EQ(words([] { through(NAN, CLQ_I32); }), "nan does not fit i32");
  EXPECT_EQ(words([] { through(-0.25, CLQ_I32); }), "-0.25 is no whole number, as i32 has");
  EXPECT_EQ(words([] { through(1e300, CLQ_F32); }), "1e+300 does not fit f32");
  EXPECT_EQ(words([] { through(65520, CLQ_F16); }), "65520 does not fit f16");
  EXPECT_EQ(words([] { through(0x1p63, CLQ_I64); }), "9.223372036854776e+18 does not fit i64");
  EXPECT_EQ(through(-0x1p63, CLQ_I64), -0x1p63);
}

TEST(Tensor, CopiesItsElementsAndStaysAligned) {
  Tensor a = tensor({3}, {1, 2, 3});
  const Tensor b = a;
  a.as<double>()[0] = 9;
  EXPECT_EQ(numbers(b), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(b.bytes()) % 64, 0U);
  EXPECT_EQ(words([] {
              element_count({int64_t{1} << 40, int64_t{1} << 40});
            }),
            "shape [1099511627776, 1099511627776] has too many elements");
}

TEST(TensorDesc, CountsItsBytesOrSaysThatTheyAreTooMany) {
  EXPECT_EQ((TensorDesc{CLQ_F64, {3, 2}}.bytes()), 48);
  EXPECT_EQ(words([] { Tensor({CLQ_F64, {int64_t{1} << 61}}); }), "f64 [2305843009213693952] has too many bytes");
  EXPECT_EQ(words([] {
              to_c({CLQ_F64, {0, int64_t{1} << 40, int64_t{1} << 40}});
            }),
            "shape [0, 1099511627776, 1099511627776] has too many elements");
}

TEST(TensorDesc, TakesFromCWhatItCanHold) {
  const TensorDesc desc{CLQ_F32, {2, 1, 3}};
  clq_tensor_desc c = to_c(desc);
  EXPECT_EQ(from_c(c), desc);
  std::fill(std::begin(c.strides), std::end(c.strides), 0);  // not said: row-major
  EXPECT_EQ(from_c(c), desc);
  c = to_c(desc);
  c.strides[0] = 1;
  c.strides[2] = 2;
  EXPECT_EQ(words([&] { from_c(c); }), "the strides of [2, 1, 3] are not row-major");
  c = to_c(desc);
  c.dims[2] = -3;
  EXPECT_EQ(words([&] { from_c(c); }), "negative size in shape [2, 1, -3]");
  c = to_c(desc);
  c.flags = 1;
  EXPECT_EQ(words([&] { from_c(c); }), "a description of [2, 1, 3] has unknown flags");
}

TEST(Config, GivesTypedValuesAndNamesTheirPlace) {
  const Config config(Json::parse(R"({"units": 3, "rate": 1, "names": ["a", "b"], "inner": {"k": "v"}})"), "layer[2]");
  EXPECT_EQ(config.require<int64_t>("units"), 3);
  EXPECT_EQ(config.get("rate", 0.5), 1.0);
  EXPECT_EQ(config.require<std::vector<std::string>>("names"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.child("inner").require<std::string>("k"), "v");
  EXPECT_EQ(words([&] { config.require<bool>("units"); }), "layer[2].units must be true or false, got 3");
  EXPECT_EQ(words([&] { config.require<int64_t>("absent"); }), "layer[2].absent is missing");
  EXPECT_EQ(words([&] { config.child("inner").require<double>("k"); }), "layer[2].inner.k must be a number, got \"v\"");
}

TEST(Config, RejectsKeysThatNobodyAskedFor) {
  const Config config(Json::parse(R"({"unist": 3})"), "layer[0]");
  config.has("units");
  EXPECT_EQ(words([&] { config.reject_unknown(); }), "layer[0].unist is unknown, did you mean 'units'?");
}

// Known answers of Random123 (kat_vectors, philox4x32 10).
TEST(Philox, GivesThePublishedNumbers) {
  EXPECT_EQ(philox(0, {0, 0, 0, 0}), (PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const uint32_t f = 0xffffffff;
  EXPECT_EQ(philox(~uint64_t{0}, {f, f, f, f}), (PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox(0x299f31d0a4093822, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}),
            (PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(ThreadError, IsTakenOnce) {
  set_thread_error("why");
  EXPECT_EQ(take_thread_error(), "why");
  EXPECT_EQ(take_thread_error(), "");
}

TEST(ThreadError, ALongOneIsCutBetweenTwoCharacters) {
  const std::string euro = "\u20ac";  // three bytes
  std::string text = "a";
  while (text.size() < 5000) text += euro;
  set_thread_error(text.c_str());
  EXPECT_EQ(take_thread_error(), text.substr(0, 4093));  // 1 + 3 x 1364, room for 4095
}

}  // namespace
}  // namespace clq::test
