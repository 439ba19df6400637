// tests/core/train/hostile_files.test.cpp -- tensor files made to do harm: each is refused with words.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include <calanque/core/error.hpp>

#include "runtime/registry.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

std::string with_length(uint64_t length, const std::string& header, const std::string& data) {
  std::string text(8, '\0');
  for (size_t i = 0; i < 8; ++i) text[i] = static_cast<char>(length >> (8 * i));
  return text + header + data;
}

std::string file_of(const std::string& header, size_t data_bytes = 16) {
  return with_length(header.size(), header, std::string(data_bytes, '\0'));
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
  return fmt::format(R"("{}":{{"dtype":"{}","shape":{},"data_offsets":{}}})", name, dtype, shape, offsets);
}

std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return fmt::format("{{{}}}", entry("w", dtype, shape, offsets));
}

std::string both(const std::string& a, const std::string& b) { return fmt::format("{{{},{}}}", a, b); }

struct Case {
  const char* name;
  std::string bytes;
  const char* words;
};

std::vector<Case> cases() {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  const std::string good = entry("w", "F32", "[4]", "[0,16]");
  return {
      {"empty file", "", "too few"},
      {"seven bytes", "1234567", "too few"},
      {"header longer than the file", with_length(1000, "{}", ""), "claims 1000"},
      {"header of 2^63 bytes", with_length(uint64_t{1} << 63, "{}", ""), "claims"},
      {"header of 2^64-1 bytes", with_length(~uint64_t{0}, "{}", ""), "claims"},
      {"no header", with_length(0, "", ""), "no header"},
      {"header is a list", file_of("[]", 0), "no header"},
      {"header is cut", file_of("{\"w\":", 0), "damaged at byte 6"},
      {"a long word that is no JSON", file_of(std::string("{\"w\":\x1b[31m") + std::string(5000, 'x'), 0),
       "damaged at byte 6"},
      {"a long text without an end", file_of("{\"w\":\"" + std::string(5000, 'x'), 0), "damaged at byte"},
      {"deep nesting", file_of(fmt::format("{{\"w\":{}}}", deep), 0), "nested deeper"},
      {"deep nesting behind a quote", file_of(fmt::format("{{\"w\\\"\":{}}}", deep), 0), "nested deeper"},
      {"same tensor twice", file_of(both(good, good)), "twice"},
      {"same key twice", file_of("{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F64\",\"shape\":[4],\"data_offsets\":[0,16]}}"),
       "twice"},
      {"bytes that are no UTF-8", file_of("{\"\xff\xfe\":1}", 0), "damaged at byte 3"},
      {"entry is a number", file_of("{\"w\":1}", 0), "needs dtype"},
      {"no shape", file_of("{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,16]}}"), "needs dtype"},
      {"a key too many", file_of("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16],\"x\":1}}"),
       "needs dtype"},
      {"unknown dtype", file_of(one("F8_E4M3", "[4]", "[0,16]")), "unknown dtype"},
      {"dtype is a number", file_of("{\"w\":{\"dtype\":4,\"shape\":[4],\"data_offsets\":[0,16]}}"), "needs dtype"},
      {"negative dimension", file_of(one("F32", "[-4]", "[0,16]")), "not a size"},
      {"fractional dimension", file_of(one("F32", "[4.5]", "[0,16]")), "not a size"},
      {"dimension as text", file_of(one("F32", "[\"4\"]", "[0,16]")), "not a size"},
      {"dimension above 2^63", file_of(one("F32", "[18446744073709551615]", "[0,16]")), "not a size"},
      {"product that overflows", file_of(one("F32", "[4294967296,4294967296,4]", "[0,16]")), "overflows"},
      {"rank 9", file_of(one("F32", "[1,1,1,1,1,1,1,1,4]", "[0,16]")), "rank 9"},
      {"shape larger than the range", file_of(one("F32", "[400]", "[0,16]")), "do not hold"},
      {"range larger than the shape", file_of(one("F32", "[2]", "[0,16]")), "do not hold"},
      {"range that runs backwards", file_of(one("F32", "[4]", "[16,0]")), "do not hold"},
      {"range behind the file", file_of(one("F32", "[4]", "[16,32]")), "expected 0"},
      {"three offsets", file_of(one("F32", "[4]", "[0,16,32]")), "needs dtype"},
      {"negative offset", file_of(one("F32", "[4]", "[-16,0]")), "not a size"},
      {"tensors that overlap", file_of(both(entry("a", "F32", "[4]", "[0,16]"), entry("b", "F32", "[3]", "[4,16]"))),
       "expected 16"},
      {"a hole", file_of(both(entry("a", "F32", "[1]", "[0,4]"), entry("b", "F32", "[2]", "[8,16]"))), "expected 4"},
      {"bytes behind the last tensor", file_of(one("F32", "[4]", "[0,16]"), 17), "the file holds 17"},
      {"data that are cut", file_of(one("F32", "[4]", "[0,16]"), 15), "the file holds 15"},
      {"many gigabytes claimed", file_of(one("F32", "[4000000000]", "[0,16000000000]")), "the file holds 16"},
      {"metadata is a list", file_of("{\"__metadata__\":[]}", 0), "not an object"},
      {"metadata holds a number", file_of("{\"__metadata__\":{\"a\":1}}", 0), "not a text"},
      {"a bundle without checksums", file_of("{\"__metadata__\":{\"calanque\":\"{}\"}}", 0), "checksums are missing"},
      {"checksums that are no JSON", file_of("{\"__metadata__\":{\"xxh3\":\"}\"}}", 0), "damaged at byte 1"},
      {"checksums that are a list", file_of("{\"__metadata__\":{\"xxh3\":\"[]\"}}", 0), "not an object"},
      {"checksums nested deep", file_of(fmt::format("{{\"__metadata__\":{{\"xxh3\":\"{}\"}}}}", deep), 0),
       "nested deeper"},
      {"a wrong header checksum", file_of("{\"__metadata__\":{\"xxh3\":\"{\\\"@header\\\":\\\"00\\\"}\"}}", 0),
       "header is damaged"},
      {"an empty name", file_of(fmt::format("{{{}}}", entry("", "F32", "[4]", "[0,16]"))), "needs dtype"},
      {"a name with a newline", file_of(fmt::format("{{{}}}", entry("a\\nb", "F32", "[4]", "[0,16]"))),
       "control characters"},
  };
}

TEST(HostileFiles, AreRefusedWithWords) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("clq-hostile-" + std::to_string(getpid()))).string();
  EXPECT_GE(cases().size(), 30u);
  for (const Case& c : cases()) {
    std::ofstream(path, std::ios::binary) << c.bytes;
    try {
      read_tensor_file(path);
      ADD_FAILURE() << c.name << " was read";
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_DATA) << c.name;
      EXPECT_THAT(e.what(), testing::HasSubstr(c.words)) << c.name;
      EXPECT_THAT(e.what(), testing::HasSubstr(path)) << c.name;
      EXPECT_LT(std::string(e.what()).size(), path.size() + 200) << c.name;
    }
  }
  std::filesystem::remove(path);
}

struct HeadCase {
  const char* patch;  // of the head of a good checkpoint, as a JSON merge patch
  const char* words;
};

constexpr HeadCase kHeads[] = {
    {R"({"kind":1})", "not a checkpoint"},
    {R"({"kind":{"of":"checkpoint"}})", "not a checkpoint"},
    {R"({"provenance":[]})", "provenance must be a table"},
    {R"({"provenance":"me"})", "provenance must be a table"},
    {R"({"provenance":{"fingerprint":7}})", "provenance.fingerprint must be"},
    {R"({"provenance":{"split":3}})", "provenance.split must be a table"},
    {R"({"progress":7})", "number"},
    {R"({"progress":{"step":"x"}})", "string"},
    {R"({"run":[]})", "table"},
    {R"({"spec":{"layers":{"use":1}}})", ""},
    {R"({"spec":{"outputs":{"a":1}}})", "its outputs are no list"},
    {R"({"spec":{"outputs":[7]}})", "an output is no table"},
    {R"({"spec":{"outputs":[{"name":"a","loss":"mse"}]}})", "an output is no table"},
    {R"({"spec":{"outputs":[{"name":"a","loss":{"use":"mse"}}]}})", "output.task is missing"},
    {R"({"made_with":3})", "made_with must be a table"},
    {R"({"made_with":{"devices":[1]}})", "made_with.devices"},
    {R"({"made_with":{"plugins":{"a":1}}})", "made_with.plugins.a"},
    {R"({"data":7})", "table"}};

// JSON of the right syntax, under checksums that are right, and of the wrong kind.
TEST(HostileFiles, AHeadOfTheWrongKindIsRefusedWithWords) {
  const Registry registry;
  const TensorFile good = read_tensor_file(std::string(CLQ_GOLDEN_BUNDLES) +
                                           fmt::format("/format{}-checkpoint.safetensors", kBundleFormat));
  const std::string path =
      (std::filesystem::temp_directory_path() / ("clq-hostile-head-" + std::to_string(getpid()))).string();
  for (const HeadCase& c : kHeads) {
    TensorFile file = good;
    Json head = Json::parse(file.metadata["calanque"]);
    head.merge_patch(Json::parse(c.patch));
    file.metadata["calanque"] = head.dump();
    write_tensor_file(path, file);
    try {
      load_checkpoint(path, registry);
      ADD_FAILURE() << c.patch << " was read";
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_DATA) << c.patch << ": " << e.what();
      EXPECT_THAT(e.what(), testing::HasSubstr(c.words)) << c.patch;
      EXPECT_THAT(e.what(), testing::HasSubstr(path)) << c.patch;
    } catch (const std::exception& e) {
      ADD_FAILURE() << c.patch << ": " << e.what();
    }
  }
  std::filesystem::remove(path);
}

// What other programs write is read: no metadata, no checksums, tensors in any order of names.
TEST(HostileFiles, APlainForeignFileIsFine) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("clq-foreign-" + std::to_string(getpid()))).string();
  std::ofstream(path, std::ios::binary) << file_of(
      both(entry("z", "F32", "[2]", "[0,8]"), entry("a", "I64", "[]", "[8,16]")) + "  ");
  EXPECT_EQ(read_tensor_file(path).tensors.size(), 2u);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace clq
