// core/src/train/safetensors.hpp -- named tensors and text in one file, written so that no crash leaves half of it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <map>
#include <string>

#include <calanque/core/graph.hpp>

namespace clq {

struct TensorFile {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;  // __metadata__; "calanque" holds JSON
};

// path.tmp.<host>.<pid>.<number> beside it, fallocate, write, fsync, close, rename, fsync of the folder; every tensor
// has its XXH3-64 in the metadata. CLQ_E_NOSPACE, CLQ_E_IO with the path; the old file is untouched on any error.
// make_way: called in front of the rename.
void write_tensor_file(const std::string& path, const TensorFile& file, const std::function<void()>& make_way = {});
// Sizes, overlaps, dtypes and checksums are checked before anything is used: CLQ_E_DATA names file, tensor and offset.
TensorFile read_tensor_file(const std::string& path);

}  // namespace clq
