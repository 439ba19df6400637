// tests/fuzz/safetensors.cpp -- a tensor file from anybody.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/safetensors.hpp"

#include <algorithm>
#include <cstring>

#include <calanque/core/error.hpp>

#include "fuzz.hpp"

namespace {

using clq::TensorFile;

bool same(const TensorFile& a, const TensorFile& b) {
  return a.metadata == b.metadata && std::equal(a.tensors.begin(), a.tensors.end(), b.tensors.begin(), b.tensors.end(),
                                                [](const auto& x, const auto& y) {
                                                  return x.first == y.first && x.second.desc() == y.second.desc() &&
                                                         std::memcmp(x.second.bytes(), y.second.bytes(),
                                                                     static_cast<size_t>(x.second.desc().bytes())) == 0;
                                                });
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const clq::fuzz::InputFile input;
  static const std::string again = clq::fuzz::folder() + "/again.safetensors";
  input.fill(data, size);
  TensorFile read;
  const clq_status status = clq::fuzz::status_of<clq::Error>([&] { read = clq::read_tensor_file(input.path()); });
  clq::fuzz::require(status == CLQ_OK || status == CLQ_E_DATA, "a file that is there is read, or its data are wrong");
  if (status != CLQ_OK) return 0;
  clq::write_tensor_file(again, read);
  clq::fuzz::require(same(read, clq::read_tensor_file(again)), "written and read again it is another file");
  return 0;
}
