// tests/core/train/safetensors.test.cpp -- what is written is what is read.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/safetensors.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

class Safetensors : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::string text() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  std::string path_ =
      (std::filesystem::temp_directory_path() / ("clq-safetensors-" + std::to_string(getpid()))).string();
};

TensorFile example() {
  TensorFile file;
  for (DType dtype = CLQ_F16; dtype <= CLQ_U64; ++dtype) {
    Tensor tensor({dtype, {3, 5}});
    for (int64_t i = 0; i < tensor.desc().bytes(); ++i) tensor.bytes()[i] = static_cast<std::byte>(7 * i + dtype);
    file.tensors.emplace(std::string("t.") + dtype_name(dtype), tensor);
  }
  file.tensors.emplace("empty", Tensor({CLQ_F32, {0, 4}}));
  file.tensors.emplace("rank0", Tensor::scalar(1.5, CLQ_F64));
  file.metadata["calanque"] = "{\"a\": \"\\u00e9 \\\" \\\\\"}";
  return file;
}

TEST_F(Safetensors, KeepsEveryByte) {
  const TensorFile written = example();
  write_tensor_file(path_, written);
  const TensorFile read = read_tensor_file(path_);
  ASSERT_EQ(read.tensors.size(), written.tensors.size());
  for (const auto& [name, tensor] : written.tensors) {
    ASSERT_TRUE(read.tensors.contains(name));
    EXPECT_EQ(read.tensors.at(name).desc(), tensor.desc());
    EXPECT_EQ(std::memcmp(read.tensors.at(name).bytes(), tensor.bytes(), static_cast<size_t>(tensor.desc().bytes())),
              0);
  }
  EXPECT_EQ(read.metadata, written.metadata);
}

TEST_F(Safetensors, SameContentSameBytes) {
  write_tensor_file(path_, example());
  const std::string first = text();
  write_tensor_file(path_, example());
  EXPECT_EQ(text(), first);
}

TEST_F(Safetensors, BeginsAsTheFormatSays) {
  write_tensor_file(path_, example());
  const std::string bytes = text();
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  EXPECT_EQ((length + 8) % 64, 0u);
  const Json header = Json::parse(bytes.substr(8, length));
  EXPECT_EQ(header["rank0"]["dtype"], "F64");
  EXPECT_EQ(header["rank0"]["shape"], Json::array());
  EXPECT_EQ(bytes.size(), 8 + length + 15 * (2 + 2 + 4 + 8 + 1 + 1 + 2 + 2 + 4 + 4 + 8 + 8) + 8);
}

TEST_F(Safetensors, EveryFlippedBitIsSeen) {
  TensorFile file;
  file.tensors.emplace("w", Tensor({CLQ_F32, {4}}));
  file.metadata["calanque"] = "{}";
  write_tensor_file(path_, file);
  const std::string good = text();
  ASSERT_NE(good.find("}  "), std::string::npos) << "no spaces fill up this header";
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    std::ofstream(path_, std::ios::binary) << bad;
    try {
      read_tensor_file(path_);
      ADD_FAILURE() << "bit " << bit % 8 << " of byte " << bit / 8;
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_DATA) << e.what();
    }
  }
}

TEST_F(Safetensors, EveryCutIsSeen) {
  write_tensor_file(path_, example());
  const std::string good = text();
  for (size_t n = 0; n < good.size(); n += 13) {
    std::ofstream(path_, std::ios::binary) << good.substr(0, n);
    EXPECT_THROW(read_tensor_file(path_), Error) << n;
  }
}

TEST_F(Safetensors, SaysWhatIsMissing) {
  try {
    read_tensor_file("/nowhere/m.safetensors");
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_NOT_FOUND);
  }
  EXPECT_THROW(write_tensor_file("/nowhere/m.safetensors", example()), Error);
  EXPECT_THROW(read_tensor_file("/tmp"), Error);
}

}  // namespace
}  // namespace clq
