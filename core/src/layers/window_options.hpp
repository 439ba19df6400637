// core/src/layers/window_options.hpp -- kernel, stride, dilation and padding of a layer, as a run file writes them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <calanque/core/config.hpp>

namespace clq {

// A key that is one number or a list of numbers, each `least` or more.
std::vector<int64_t> entries_of(const Config& config, const char* key, int64_t least, std::vector<int64_t> absent);

// One number for every axis, or a list with one entry an axis. padding: "valid" (none), "same" (the size is divided by
// the stride, rounded up; an odd row goes to the end, as TensorFlow and ONNX's SAME_UPPER put it), or numbers.
class WindowOptions {
 public:
  // Reads kernel, stride, dilation where `dilated`, and padding; `layer` names the layer in errors.
  WindowOptions(const Config& config, const char* layer, bool dilated, const char* padding);
  void set_stride_to_kernel();  // where no stride was given
  // Of a transposed convolution: what it adds at the end, 0 unless it is given, which "same" decides by itself.
  void read_output_padding(const Config& config);

  // For src [N, C, L] or [N, C, H, W]: one entry an axis.
  std::vector<int64_t> kernel(const Shape& src) const;
  std::vector<int64_t> strides(const Shape& src) const;
  // The op's attributes strides, pads_begin, pads_end and, where `dilated`, dilations.
  Attrs attrs(const Shape& src) const;
  // Those of a transposed convolution, output_padding among them; "same" multiplies the size by the stride.
  Attrs transposed_attrs(const Shape& src) const;

 private:
  std::vector<int64_t> over(const std::vector<int64_t>& entries, const char* key, size_t n_axes) const;
  std::string layer_, padding_;
  bool dilated_;
  std::vector<int64_t> kernel_, stride_, dilation_, pads_, output_padding_;
};

}  // namespace clq
