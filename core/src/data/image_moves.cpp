// core/src/data/image_moves.cpp -- nan_mask, and what moves images in training alone: dihedral, shift.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <cstring>

#include "data/d4.hpp"
#include "data/image_transform.hpp"

namespace clq {
namespace {

class NanMask final : public ImageTransform {
 public:
  explicit NanMask(const BatchLayout& layout) : ImageTransform(layout.image_shape()) {}
  std::string name() const override { return "nan_mask"; }
  void apply(const ImageSample& sample) const noexcept override {
    for (int64_t i = 0; i < shape_.count(); ++i) {
      if (std::isfinite(sample.images[i])) continue;
      sample.images[i] = 0;
      sample.mask[i] = 0;
    }
  }
  Json state() const override { return {{"use", name()}, {"fields", Json::array({"images"})}}; }
};

struct Component {  // of a declared vector: a number of the scalars or of the target
  std::string name;
  bool in_target;
  size_t place;
};

std::vector<Component> components(const BatchLayout& layout) {
  std::vector<Component> list;
  for (const LayoutColumn& column : layout.columns) {
    const std::string& tensor = layout.tensors[column.tensor].name;
    if (tensor != "scalars" && tensor != "target") continue;
    for (int64_t i = 0; i < column.count; ++i)
      list.push_back({column.count == 1 ? column.name : fmt::format("{}[{}]", column.name, i), tensor == "target",
                      static_cast<size_t>(column.offset + i)});
  }
  return list;
}

Component find_component(const std::string& name, const std::vector<Component>& all) {
  std::vector<std::string> known;
  for (const Component& component : all) {
    if (component.name == name) return component;
    known.push_back(component.name);
  }
  fail(CLQ_E_INVALID, "dihedral: vectors names '{}', which is neither an input nor the target{}", name,
       did_you_mean(name, known));
}

// Numbers that turn with the image, and that nobody said how: training would teach that they do not.
void refuse_undeclared(const BatchLayout& layout, const std::vector<std::string>& declared) {
  const auto is_declared = [&](const std::string& name) {
    return std::find(declared.begin(), declared.end(), name) != declared.end();
  };
  for (const LayoutColumn& column : layout.columns) {
    CLQ_REQUIRE(column.role != CLQ_ROLE_LABEL_MAP, "dihedral: {} is a map of labels, which is not turned", column.name);
    CLQ_REQUIRE(column.role != CLQ_ROLE_ANGLE,
                "dihedral: {} is an angle, which turns with the image: give it as the x and y of a vector",
                column.name);
    if (column.role != CLQ_ROLE_VECTOR) continue;
    for (int64_t i = 0; i < column.count; ++i) {
      const std::string name = column.count == 1 ? column.name : fmt::format("{}[{}]", column.name, i);
      CLQ_REQUIRE(is_declared(name), "dihedral: {} turns with the image, vectors must name it with its other component",
                  name);
    }
  }
}

// One of the eight orientations, of the images, their mask and the declared vectors alike.
class Dihedral final : public ImageTransform {
 public:
  Dihedral(const BatchLayout& layout, std::vector<std::string> vectors)
      : ImageTransform(layout.image_shape()), names_(std::move(vectors)) {
    CLQ_REQUIRE(shape_.height == shape_.width, "dihedral: images of {} x {} pixels are not square", shape_.width,
                shape_.height);
    CLQ_REQUIRE(names_.size() % 2 == 0, "dihedral: vectors lists x and y by turns, {} names are no pairs",
                names_.size());
    refuse_undeclared(layout, names_);
    const std::vector<Component> all = components(layout);
    for (const std::string& name : names_) components_.push_back(find_component(name, all));
  }
  std::string name() const override { return "dihedral"; }
  bool varies() const override { return true; }

  void vary(const ImageSample& sample, const PhiloxBlock& draws) const noexcept override {
    const auto orientation = static_cast<int>(draws[0] >> 29);
    if (orientation == 0) return;
    for (float* planes : {sample.images, sample.mask})
      for (int64_t b = 0; planes != nullptr && b < shape_.bands; ++b) {
        float* plane = planes + b * shape_.pixels();
        std::memcpy(sample.scratch, plane, static_cast<size_t>(shape_.pixels()) * sizeof(float));
        turn_plane(orientation, sample.scratch, plane, shape_.width);
      }
    for (size_t v = 0; v + 1 < components_.size(); v += 2)
      turn(sample, orientation, components_[v], components_[v + 1]);
  }

  Json state() const override { return {{"use", name()}, {"vectors", names_}}; }

 private:
  static void turn(const ImageSample& sample, int orientation, const Component& x, const Component& y) noexcept {
    double vx = value(sample, x), vy = value(sample, y);
    turn_vector(orientation, vx, vy);
    set(sample, x, vx);
    set(sample, y, vy);
  }
  static double value(const ImageSample& sample, const Component& c) noexcept {
    if (c.in_target) return sample.target == nullptr ? 0 : sample.target[c.place];
    return static_cast<double>(sample.scalars[c.place]);
  }
  static void set(const ImageSample& sample, const Component& c, double to) noexcept {
    if (!c.in_target)
      sample.scalars[c.place] = static_cast<float>(to);
    else if (sample.target != nullptr)
      sample.target[c.place] = to;
  }

  std::vector<std::string> names_;  // x, y, x, y ...
  std::vector<Component> components_;
};

// Moves the images by -k ... k whole pixels along each axis; what comes in from outside is 0, and masked.
class Shift final : public ImageTransform {
 public:
  Shift(const BatchLayout& layout, int64_t pixels) : ImageTransform(layout.image_shape()), pixels_(pixels) {
    const int64_t most = std::min(shape_.width, shape_.height) - 1;
    CLQ_REQUIRE(pixels_ >= 1 && pixels_ <= most, "shift: pixels must be from 1 to {}, got {}", most, pixels_);
  }
  std::string name() const override { return "shift"; }
  bool varies() const override { return true; }

  void vary(const ImageSample& sample, const PhiloxBlock& draws) const noexcept override {
    const int64_t right = step(draws[0]), up = step(draws[1]);
    for (float* planes : {sample.images, sample.mask})
      for (int64_t b = 0; planes != nullptr && b < shape_.bands; ++b)
        move(planes + b * shape_.pixels(), sample.scratch, right, up);
  }

  Json state() const override { return {{"use", name()}, {"pixels", pixels_}}; }

 private:
  int64_t step(uint32_t word) const noexcept {
    return static_cast<int64_t>(philox_uniform(word) * static_cast<double>(2 * pixels_ + 1)) - pixels_;
  }
  void move(float* plane, float* scratch, int64_t right, int64_t up) const noexcept {
    const auto bytes = static_cast<size_t>(shape_.pixels()) * sizeof(float);
    std::memcpy(scratch, plane, bytes);
    std::memset(plane, 0, bytes);
    const int64_t width = shape_.width - std::abs(right), height = shape_.height - std::abs(up);
    const int64_t from_x = std::max<int64_t>(0, -right), from_y = std::max<int64_t>(0, -up);
    for (int64_t y = 0; y < height; ++y)
      std::copy_n(scratch + (from_y + y) * shape_.width + from_x, width,
                  plane + (from_y + y + up) * shape_.width + from_x + right);
  }

  int64_t pixels_;
};

}  // namespace

std::shared_ptr<ImageTransform> make_nan_mask(const Config&, const BatchLayout& layout) {
  CLQ_REQUIRE(layout.tensor("mask") >= 0, "nan_mask: the batches have no mask");
  return std::make_shared<NanMask>(layout);
}

std::shared_ptr<ImageTransform> make_dihedral(const Config& config, const BatchLayout& layout) {
  return std::make_shared<Dihedral>(layout, config.get("vectors", std::vector<std::string>{}));
}

std::shared_ptr<ImageTransform> make_shift(const Config& config, const BatchLayout& layout) {
  return std::make_shared<Shift>(layout, config.require<int64_t>("pixels"));
}

}  // namespace clq
