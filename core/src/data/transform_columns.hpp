// core/src/data/transform_columns.hpp -- how a transform names the inputs it works on, and the table of transforms.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/transforms.hpp"

namespace clq {

// The inputs of a batch: columns in the order of the layout, "FLUX[2]" for an element of a vector column; then the
// derived ones. Or those of another tensor, "target".
struct InputNames {
  explicit InputNames(const BatchLayout& layout, const std::string& tensor = "scalars");
  std::vector<std::string> elements, columns;  // one a scalar: its own name, its column's
};

// A transform works on inputs by index and writes them by name; patterns match elements or whole columns.
struct InputList {
  std::vector<size_t> indices;
  std::vector<std::string> names;
  bool only_globs = true;  // every pattern was one
};

// The inputs that `key` lists (a text or a list of them); absent: all of them when `all_by_default`, else an error.
InputList list_inputs(const Config& config, const std::string& key, const InputNames& names, bool all_by_default);

// A number for every input of a list: absent is empty, one number counts for all.
std::vector<double> numbers_at(const Config& config, const std::string& key, size_t count);

// The transform of columns that `use` names.
std::shared_ptr<Transform> make_transform(const Config& config, const InputNames& names);

// Each makes its transform from a [[transform]] table or from its own state(): a state is a table with every value
// given.
std::shared_ptr<Transform> make_asinh_mag(const Config& config, const InputNames& names);
std::shared_ptr<Transform> make_standardise(const Config& config, const InputNames& names);
std::shared_ptr<Transform> make_clip(const Config& config, const InputNames& names);
std::shared_ptr<Transform> make_log10(const Config& config, const InputNames& names);
std::shared_ptr<Transform> make_asinh(const Config& config, const InputNames& names);

}  // namespace clq
