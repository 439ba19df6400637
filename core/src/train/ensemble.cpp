// core/src/train/ensemble.cpp -- several models as one: what they have in common, how their answers are combined.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/ensemble.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "compile/parts.hpp"
#include "compile/target_units.hpp"
#include "train/provenance.hpp"
#include "train/source_rows.hpp"
#include "train/stage.hpp"

namespace clq {
namespace {

// What one network makes of its input has nothing to do with what another does: components of mixtures, or inputs that
// were scaled in another way.
void require_comparable(const Model& first, const Model& other) {
  CLQ_REQUIRE(density_of(first.spec) != "mixture",
              "the model {} predicts mixtures, of which several models have no mean", first.id());
  CLQ_REQUIRE(!first.spec.learns.empty(), "the model {} gives embeddings, of which several models have no mean",
              first.id());
  CLQ_REQUIRE(first.spec.learns == "target" || first.transforms.state() == other.transforms.state(),
              "the models {} and {} transform their inputs differently, so their reconstructions have no mean",
              first.id(), other.id());
  CLQ_REQUIRE(have_one_unit(other.spec, first.spec),
              "the models {} and {} have sigmas in two units, by target_transform", first.id(), other.id());
}

bool gives_probabilities(const ModelSpec& model) {
  const std::string loss = model.loss.value("use", "");
  return loss == "softmax_cross_entropy" || loss == "crps";
}

// Which of the numbers is what, where there are more than targets.
std::string kind_of(const ModelSpec& model) {
  const int64_t targets = element_count(model.target);
  const bool more = model.loss.value("use", "") == "expression" && numbers_given(model, targets) > targets;
  return fmt::format("{} {} {}", density_of(model), gives_probabilities(model),
                     more ? model.loss.value("formula", "") : "");
}

bool is_harmonic(const std::string& combine) { return combine == "harmonic"; }

template <class T>
void add_inverses(std::vector<double>& sum, std::span<const T> values) {
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += 1 / static_cast<double>(values[i]);
}

// In F64, in the order of the models; `sum` has an element for each of a prediction.
void harmonic_mean(const std::vector<const Tensor*>& predictions, std::vector<double>& sum, Tensor& mean) {
  std::fill(sum.begin(), sum.end(), 0.0);
  for (const Tensor* p : predictions)
    if (p->desc().dtype == CLQ_F64)
      add_inverses(sum, p->as<double>());
    else
      add_inverses(sum, p->as<float>());
  const size_t width = sum.size() / static_cast<size_t>(mean.desc().dims.at(0));
  for (auto row = sum.begin(); row != sum.end(); row += static_cast<std::ptrdiff_t>(width)) {
    const auto end = row + static_cast<std::ptrdiff_t>(width);
    for (auto v = row; v != end; ++v) *v = 1 / *v;
    const double total = std::accumulate(row, end, 0.0);
    for (auto v = row; v != end; ++v) *v /= total;
  }
  convert(sum.data(), CLQ_F64, mean.bytes(), mean.desc().dtype, mean.desc().count());
}

}  // namespace

void require_combines(const std::string& combine, const ModelSpec& model) {
  CLQ_REQUIRE(combine.empty() || combine == "arithmetic" || is_harmonic(combine),
              "combine must be arithmetic or harmonic, got '{}'", combine);
  CLQ_REQUIRE(
      !is_harmonic(combine) || gives_probabilities(model),
      "combine harmonic is of the probabilities of bins or classes; of what a model with {} predicts the mean "
      "is arithmetic",
      model.outputs.empty() ? fmt::format("the loss {}", model.loss.value("use", "")) : std::string("several outputs"));
}

void combine_predictions(const std::string& combine, const std::vector<const Tensor*>& predictions,
                         std::vector<double>& sum, Tensor& result) {
  if (is_harmonic(combine) && predictions.size() > 1) return harmonic_mean(predictions, sum, result);
  mean_of(predictions, sum, result);
}

void require_agreement(const Models& models) {
  CLQ_REQUIRE(!models.empty(), "a prediction needs a model");
  const Model& first = *models.front();
  for (const auto& m : models) {
    CLQ_REQUIRE(m->spec.task == first.spec.task && m->spec.task_options == first.spec.task_options,
                "the models {} and {} differ in task or bins", first.id(), m->id());
    CLQ_REQUIRE(m->spec.outputs == first.spec.outputs && m->spec.learns == first.spec.learns,
                "the models {} and {} differ in outputs", first.id(), m->id());
    CLQ_REQUIRE(!m->spec.outputs.empty() || kind_of(m->spec) == kind_of(first.spec),
                "the models {} and {} predict other things by their losses", first.id(), m->id());
    CLQ_REQUIRE(m->fitted, "the model {} was not trained: its transforms have no statistics", m->id());
  }
  for (size_t i = 1; i < models.size(); ++i) require_comparable(first, *models[i]);
}

bool can_score(const Model& model, const DataSource& source) {
  if (model.spec.learns == "target") return has_target(model.layout, source);
  return !model.spec.learns.empty();
}

bool any_simulated(const Models& models, const DataSource& source) {
  return is_simulated(source.schema().metadata) || std::any_of(models.begin(), models.end(), [](const auto& model) {
           return model->provenance.value("simulated", Json()) == Json(true);
         });
}

}  // namespace clq
