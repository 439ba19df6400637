// core/src/data/image_field.hpp -- which field of a source holds the images, and what is known of their bands.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "data/batch_layout.hpp"

namespace clq {

// The field that data.images names; else the one of role CLQ_ROLE_IMAGE, unless data.scalars alone is asked for.
// CLQ_NONE: no images.
uint32_t find_images(const Config& data, const DataSchema& schema);
// The same for a bundle, whose images had the name `name` in their source, and this shape.
uint32_t find_images_like(const std::string& name, const Shape& shape, const DataSchema& schema);

// From data.bands and data.zeropoint, and where they are absent from the source; both must agree.
ImageFacts image_facts(const Config& data, const DataSchema& schema, int64_t bands);
// Throws where the source says that its `bands` bands or their zero points are others than a model was trained with.
void require_same_bands(const ImageFacts& facts, const DataSchema& schema, int64_t bands);

// JSON has no NaN: a zero point that is not known is null there.
Json zeropoints_to_json(const std::vector<double>& zeropoint);
std::vector<double> zeropoints_from_json(const Json& list, const std::string& where);

std::string band_name(const ImageFacts& facts, int64_t band);  // "g", or its number

}  // namespace clq
