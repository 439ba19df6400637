// core/src/train/fit_model.cpp -- the statistics of a model's transforms, as a training takes them.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/fit_model.hpp"

#include "data/computed_targets.hpp"
#include "data/learning_rows.hpp"
#include "data/selection.hpp"
#include "runtime/log.hpp"
#include "train/device_choice.hpp"
#include "train/source_rows.hpp"
#include "train/train_settings.hpp"

namespace clq {

void fit_transforms(Model& model, const DataSource& source, const BatchLayout& layout, const RowSet& rows,
                    uint32_t readers, OnBad on_bad) {
  const bool weighs = has_columns(layout, "weight");
  const auto learning = [&] {
    return weighs || on_bad == OnBad::skip ? learning_rows(source, layout, model.transforms, rows, readers) : rows;
  };
  const bool learns = model.transforms.needs_fit();
  RowSet learned = learning();
  for (const std::string& words : model.transforms.fit(source, layout, learned, readers))
    log_line(CLQ_LOG_WARNING, fmt::format("{}: {}", source.uri(), words));
  TargetTransforms targets = model.transforms.targets();
  if (targets.needs_fit()) {
    if (learns) learned = learning();  // by all transforms of the inputs, which are known now
    targets.fit([&](const auto& take) { for_each_target(source, layout, learned, take); }, layout.nulls);
  }
  model.spec.target_steps = targets.steps();
  model.transforms.learn_targets(std::move(targets));
  model.fitted = true;
}

void fit_model(Model& model, const DataSource& given, const Config& run) {
  if (model.fitted) return;
  const auto computed = with_computed_targets(given, run.child("data"), true);
  const DataSource& source = computed ? *computed : given;
  source.require_random_access("training");
  const BatchLayout layout = bind_to_source(model.layout, source, true);
  const auto where = run.child("data").get<std::string>("where", "");
  const RowSet selected = select_where(source, where, layout.nulls);
  require_selected(selected, source, where);
  const SplitRows split = split_rows(source, selected, run.child("split"));
  fit_transforms(model, source, layout, split.train, read_compute(run.child("compute")).readers,
                 read_bad_policy(run.child("data")).action);
}

}  // namespace clq
