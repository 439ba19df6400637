// core/src/data/batch_layout.hpp -- which column of a source goes where in a batch.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <calanque/core/config.hpp>
#include <calanque/core/data_source.hpp>

#include "graph/graph_builder.hpp"

namespace clq {

struct LayoutColumn {              // one source field inside one tensor
  std::string name;                // the field's
  uint32_t field;                  // index in the schema
  uint32_t tensor;                 // index in BatchLayout::tensors
  int64_t offset, count;           // elements within one sample of the tensor
  uint32_t role = CLQ_ROLE_OTHER;  // the field's; not in bundles
};

struct DerivedColumn {  // an input that no source has
  std::string name, expression;
};

struct ImageShape {
  int64_t bands = 0, height = 0, width = 0;          // all 0: there are no images
  int64_t pixels() const { return height * width; }  // of a band
  int64_t count() const { return bands * height * width; }
};

struct ImageFacts {                // of the images a model was made for
  std::vector<std::string> bands;  // empty: not known
  std::vector<double> zeropoint;   // one a band, NaN where it is not known; empty: of none
  bool bands_may_miss = false;     // data.on_missing_band = "mask": such a row is no bad one
};

// The tensors of a batch, one sample each: "scalars" F32 [S] (every column of data.scalars side by side, globs expanded
// in the order of the schema; behind them the inputs of data.derived), where there is one; "images" F32 [bands, height,
// width] where data.images names them, or alone where the source has some; "mask", of the same shape, 1 where a pixel
// is good, when wanted; "target" F64 [] or [T] when wanted; "weight" F64 [] always (1, or the column data.weight).
struct BatchLayout {
  std::vector<InputField> tensors;  // one-sample descs
  std::vector<LayoutColumn> columns;
  std::vector<DerivedColumn> derived;  // data.derived
  std::vector<double> nulls;           // data.null
  std::string id;                      // data.id, "" none
  ImageFacts images;
  int64_t classes = 0;                            // the target is one of 0 ... classes - 1; 0: it is any number
  bool target_may_miss = false;                   // NaN or null in a part of a target is one that the loss leaves out
  int64_t tensor(const std::string& name) const;  // -1: none
  int64_t given_width(size_t tensor) const;       // elements of a sample that come from columns
  ImageShape image_shape() const;
  int64_t columns_width() const;  // of "scalars"; 0 without
};

// "; column A is ..." where the source's notes (docs/data.md) say something of this column, else "".
std::string note_on(const DataSchema& schema, const std::string& column);

// `data`: the resolved [data] table. A missing target is an error only when with_target; with_mask needs images. The
// column of weights is read with a target, or with_weight.
BatchLayout make_layout(const Config& data, const DataSchema& schema, bool with_target, bool with_mask = false,
                        bool with_weight = false);

}  // namespace clq
