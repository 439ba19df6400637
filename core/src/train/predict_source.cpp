// core/src/train/predict_source.cpp -- a whole source through one or several models, into a table and into scores.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstring>

#include "runtime/log.hpp"
#include "train/ensemble.hpp"
#include "train/kept_columns.hpp"
#include "train/model_lane.hpp"
#include "train/model_layers.hpp"
#include "train/predicted_rows.hpp"
#include "train/prediction_columns.hpp"
#include "train/predictor.hpp"
#include "train/provenance.hpp"
#include "train/source_rows.hpp"

namespace clq {
namespace {

// Everything of one prediction run; columns of the table point into its tensors.
class Prediction {
 public:
  Prediction(const Models& models, const DataSource& source, bool evaluate, const PredictOptions& options,
             const Registry& registry)
      : models_(models),
        options_(options),
        registry_(registry),
        member_(task_member(registry, models.front()->spec.task)),
        rows_(rows_to_predict(*models.front(), source, options)),
        compute_{options.device, "{}", options.threads, options.readers, 0},
        simulated_(any_simulated(models, source)) {
    scored_ = evaluate || can_score(*models.front(), source);
    open(source);
    if (scored_) open_scores();
  }
  std::vector<TableColumn> columns(KeptColumns& kept);
  Evaluation run(KeptColumns* kept, PredictionTable* table);
  int64_t n_rows() const { return rows_.size(); }
  bool is_simulated() const { return simulated_; }
  bool has_pdf() const { return member_.contains("pdf") || words_for(member_, "columns", "PDF").size() > 0; }

 private:
  Program build(ProgramKind kind) const {
    return build_program(kind, models_.front()->spec, {}, options_.batch, registry_.ops(), registry_);
  }
  void open(const DataSource& source);
  void open_scores();
  Slot* next(std::vector<const Tensor*>& predictions);
  void take_flags(const Slot& slot, Evaluation& result);
  void flag_unanswered(int64_t n, Evaluation& result);
  void add_layers(std::vector<TableColumn>& list);
  void add_flags(const std::vector<uint8_t>& unreadable, Evaluation& result);
  void score(const Slot& slot, int64_t n);
  void fill_columns(int64_t n);

  const Models& models_;
  const PredictOptions& options_;
  const Registry& registry_;
  Json member_;  // what the task says about its columns
  RowSet rows_;
  Compute compute_;
  bool scored_ = false;
  const bool simulated_;
  std::unique_ptr<Device> device_;
  std::unique_ptr<Stream> stream_;
  std::vector<std::unique_ptr<ModelLane>> lanes_;
  std::unique_ptr<Stage> post_, score_;
  std::unique_ptr<MetricSums> sums_;
  Tensor prediction_, bad_, ood_;
  std::map<std::string, Tensor> compared_;  // inputs of `score` beside the prediction: "target", "weight"
  std::vector<double> sum_;
  std::vector<uint8_t> any_bad_;                             // of the batch, a bad target included
  std::vector<std::pair<const Tensor*, Tensor>> outputs_;    // of `post`: as computed, and with bad rows blanked
  std::vector<std::pair<std::string, Tensor>> row_metrics_;  // column, values
  std::vector<std::pair<std::string, Tensor>> layers_;       // that are shown: name, values with bad rows blanked
};

void Prediction::open(const DataSource& source) {
  const Inference forward(*models_.front(), options_, registry_);
  device_ = open_device(registry_, compute_, forward.program.graph, 0);
  stream_ = std::make_unique<Stream>(*device_);
  for (const auto& model : models_)
    lanes_.push_back(
        std::make_unique<ModelLane>(*device_, *stream_, model, source, rows_, scored_, options_, registry_));
  prediction_ = Tensor(lanes_.front()->prediction().desc());
  for (const auto& lane : lanes_)
    CLQ_REQUIRE(lane->prediction().desc() == prediction_.desc(), "the models differ in their outputs");
  sum_.resize(static_cast<size_t>(prediction_.desc().count()));
  any_bad_.resize(static_cast<size_t>(options_.batch));
  bad_ = Tensor({CLQ_U8, {options_.batch}});
  ood_ = Tensor({CLQ_U8, {options_.batch}});
  post_ = std::make_unique<Stage>(*device_, *stream_, build(ProgramKind::post), models_.front()->states, 0);
  post_->runner.bind({{"prediction", prediction_.bytes()}});
  const bool alone = models_.size() == 1;
  const auto shown =
      alone || !options_.layers.empty() ? shown_layers(*models_.front(), options_) : std::vector<std::string>{};
  CLQ_REQUIRE(shown.empty() || alone, "predict.layers: a layer of {} models has no mean, name one model",
              models_.size());
  for (const std::string& name : shown) layers_.emplace_back(name, Tensor(lanes_.front()->layer(name).desc()));
  for (const NamedValue& out : post_->runner.graph().outputs) {
    const Tensor& computed = post_->runner.output(out.name);
    outputs_.emplace_back(&computed, Tensor(computed.desc()));
  }
}

void Prediction::open_scores() {
  score_ = std::make_unique<Stage>(*device_, *stream_, build(ProgramKind::score), models_.front()->states, 0);
  const Graph& graph = score_->runner.graph();
  std::map<std::string, void*> inputs = {{"prediction", prediction_.bytes()}};
  for (const NamedValue& input : graph.inputs)
    if (input.name != "prediction")
      inputs[input.name] = compared_.emplace(input.name, Tensor(graph.desc(input.value))).first->second.bytes();
  score_->runner.bind(inputs);
  sums_ = std::make_unique<MetricSums>(score_->runner.graph(), rows_.size());
  if (!member_.contains("row_metrics")) return;
  for (const auto& [column, words] : member_["row_metrics"].items())
    if (score_->runner.has_output("metric." + words.value("metric", "")))
      row_metrics_.emplace_back(column, Tensor({CLQ_F64, {options_.batch}}));
}

std::vector<TableColumn> Prediction::columns(KeptColumns& kept) {
  std::vector<TableColumn> list;
  for (size_t k = 0; k < kept.fields().size(); ++k) {
    list.push_back(whole_column(kept.fields()[k].name, kept.values(k), Json::object()));
    list.back().field = kept.fields()[k];
  }
  list.front().ucd = "meta.id;meta.main";
  const bool classes = models_.front()->spec.task == "classification";
  const Json pred_words = {{"comment", classes ? "probability of the class" : "prediction"}};
  const std::string& learned = models_.front()->spec.learns;
  for (size_t k = 0; k < outputs_.size(); ++k) {
    const std::string& name = post_->runner.graph().outputs[k].name;
    const Tensor& values = outputs_[k].second;
    if (name == "class")
      list.push_back(whole_column("CLASS", values, {{"ucd", "meta.code.class"}, {"comment", "most probable class"}}));
    else if (const Json head = output_named(models_.front()->spec, name); !head.is_null())
      for (TableColumn& c : split_columns(name, values, head["task"] == "classification" ? 0 : 1, Json::object()))
        list.push_back(std::move(c));
    else if (name != "prediction")
      list.push_back(whole_column(name, values, words_for(member_, "columns", name)));
    else if (learned.empty())
      list.push_back(whole_column("EMBEDDING", values, {{"comment", "last layer of the network"}}));
    else if (learned == "target")
      for (TableColumn& c : split_columns("PRED", values, classes ? 0 : 1, pred_words)) list.push_back(std::move(c));
  }
  add_layers(list);
  list.push_back(whole_column("FLAG_OOD", ood_,
                              {{"ucd", "meta.code.qual"}, {"comment", "1: an input outside the training range"}}));
  list.push_back(
      whole_column("FLAG_BAD", bad_, {{"ucd", "meta.code.error"}, {"comment", "1 missing 2 NaN 4 unreadable 8 band"}}));
  if (!scored_) return list;
  const Json words = member_.value("target", Json{{"column", "TARGET"}, {"comment", "target, as in the input"}});
  if (const auto target = compared_.find("target"); target != compared_.end())
    for (TableColumn& c : split_columns(words.value("column", "TARGET"), target->second, 1, words))
      list.push_back(std::move(c));
  for (const auto& [name, values] : row_metrics_)
    list.push_back(whole_column(name, values, words_for(member_, "row_metrics", name)));
  return list;
}

void Prediction::add_layers(std::vector<TableColumn>& list) {
  const Json words = {{"comment", "layer of the network"}};
  for (const auto& [name, values] : layers_)
    list.push_back(values.desc().count() == options_.batch ? split_columns(column_of_layer(name), values, 1, words)[0]
                                                           : whole_column(column_of_layer(name), values, words));
}

// The first model's batch; a row that any of the models cannot take is bad in all of it.
Slot* Prediction::next(std::vector<const Tensor*>& predictions) {
  Slot* first = lanes_.front()->next();
  if (first == nullptr) return nullptr;
  predictions = {&lanes_.front()->prediction()};
  for (size_t m = 1; m < lanes_.size(); ++m) {
    const Slot* slot = lanes_[m]->next();
    if (slot == nullptr) fail(CLQ_E_INTERNAL, "the readers of two models ended at different rows");
    for (size_t i = 0; i < first->rows.samples.size(); ++i) {
      first->bad[i] |= slot->bad[i] & kFlagBadMask;
      first->ood[i] |= slot->ood[i];
    }
    predictions.push_back(&lanes_[m]->prediction());
  }
  return first;
}

void Prediction::take_flags(const Slot& slot, Evaluation& result) {
  const size_t n = slot.rows.samples.size();
  std::copy_n(slot.bad.begin(), n, any_bad_.begin());
  for (size_t i = 0; i < n; ++i) {
    bad_.as<uint8_t>()[i] = slot.bad[i] & kFlagBadMask;
    ood_.as<uint8_t>()[i] = slot.ood[i];
    result.bad += bad_.as<uint8_t>()[i] != 0;
    result.ood += slot.ood[i] != 0;
  }
  result.rows += static_cast<int64_t>(n);
}

// Models that exclude each other, or numbers beyond F32: no answer, and none that is scored.
void Prediction::flag_unanswered(int64_t n, Evaluation& result) {
  for (int64_t i = 0; i < n; ++i) {
    if (has_answer(prediction_, i)) continue;
    uint8_t& bits = bad_.as<uint8_t>()[static_cast<size_t>(i)];
    result.bad += bits == 0;
    bits |= kBadNan;
    any_bad_[static_cast<size_t>(i)] |= kBadNan;
  }
}

// The network has its inputs, but the table would show a row that is not the catalogue's.
void Prediction::add_flags(const std::vector<uint8_t>& unreadable, Evaluation& result) {
  for (size_t i = 0; i < unreadable.size(); ++i) {
    if (unreadable[i] == 0) continue;
    uint8_t& bits = bad_.as<uint8_t>()[i];
    result.bad += bits == 0;
    bits |= kBadUnreadable;
  }
}

void Prediction::score(const Slot& slot, int64_t n) {
  const BatchLayout& layout = lanes_.front()->layout();
  for (auto& [name, values] : compared_) {
    const auto row = static_cast<size_t>(values.desc().bytes() / options_.batch);
    std::memcpy(values.bytes(), slot.data[static_cast<size_t>(layout.tensor(name))], row * options_.batch);
    for (size_t i = 0; i < static_cast<size_t>(n); ++i)
      if (bad_.as<uint8_t>()[i] != 0) std::memset(values.bytes() + i * row, 0, row);
  }
  score_->runner.run(0, {});
  sums_->add(score_->runner, compared_.at("weight").as<double>().data(), n);
  for (auto& [column, values] : row_metrics_) {
    const auto metric = member_["row_metrics"][column].value("metric", "");
    std::memcpy(values.bytes(), score_->runner.output("metric." + metric).bytes(),
                static_cast<size_t>(values.desc().bytes()));
    blank_rows(values, any_bad_.data(), n);
  }
  for (auto& [name, values] : compared_)
    if (name == "target") blank_rows(values, any_bad_.data(), n);
}

void Prediction::fill_columns(int64_t n) {
  for (auto& [computed, values] : outputs_) {
    std::memcpy(values.bytes(), computed->bytes(), static_cast<size_t>(values.desc().bytes()));
    blank_rows(values, bad_.as<uint8_t>().data(), n);
  }
  for (auto& [name, values] : layers_) {
    std::memcpy(values.bytes(), lanes_.front()->layer(name).bytes(), static_cast<size_t>(values.desc().bytes()));
    blank_rows(values, bad_.as<uint8_t>().data(), n);
  }
}

Evaluation Prediction::run(KeptColumns* kept, PredictionTable* table) {
  Evaluation result;
  result.simulated = simulated_;
  std::vector<const Tensor*> predictions;
  while (const Slot* slot = next(predictions)) {
    const auto n = static_cast<int64_t>(slot->rows.samples.size());
    combine_predictions(options_.combine, predictions, sum_, prediction_);
    const int64_t first = result.rows;
    take_flags(*slot, result);
    flag_unanswered(n, result);
    if (scored_) score(*slot, n);
    result.unscored += std::count(any_bad_.begin(), any_bad_.begin() + n, kBadTarget);
    if (table != nullptr) {
      post_->runner.run(0, {});
      kept->read(slot->rows.samples);
      add_flags(kept->unreadable(), result);
      fill_columns(n);
      table->write(first, n);
    }
    for (const auto& lane : lanes_) lane->give_back();
  }
  if (scored_ && result.unscored > 0)
    log_line(CLQ_LOG_WARNING,
             fmt::format("{} of {} rows have no target that can be scored", result.unscored, result.rows));
  result.metrics = Json::object();
  if (scored_ && result.rows > 0) result.metrics = sums_->finish(score_->states.export_all(*stream_, sums_->states()));
  return result;
}

}  // namespace

Evaluation predict_source(const Models& models, std::shared_ptr<DataSource> source, const std::string& uri,
                          bool evaluate, const PredictOptions& options, const Registry& registry) {
  require_agreement(models);
  require_combines(options.combine, models.front()->spec);
  CLQ_REQUIRE(!evaluate || !models.front()->spec.learns.empty(),
              "the model {} learned without a target, there is nothing to score", models.front()->id());
  CLQ_REQUIRE(options.batch >= 1, "a batch needs rows, got {}", options.batch);
  CLQ_REQUIRE(evaluate || (options.part.empty() && options.where.empty()),
              "a prediction has every row: no part, no where");
  CLQ_REQUIRE(source->schema().n_samples >= 0, "{}: a source without a known length", source->uri());
  if (!uri.empty()) require_other_file(*source, uri);
  const std::shared_ptr<DataSource> given = source;
  source = with_targets_of(*models.front(), given, evaluate);
  Prediction prediction(models, *source, evaluate, options, registry);
  if (uri.empty()) return prediction.run(nullptr, nullptr);
  const std::string& id = options.id.empty() ? models.front()->layout.id : options.id;
  KeptColumns kept(*given, id, options.keep, options.batch);
  Json extras = table_extras(models, prediction.has_pdf());
  if (options.combine == "harmonic") extras["cards"].push_back(combined_card(options.combine));
  if (prediction.is_simulated()) extras["cards"].push_back(simulated_card());
  PredictionTable table(registry, uri, prediction.columns(kept), std::move(extras), prediction.n_rows());
  Evaluation result = prediction.run(&kept, &table);
  table.commit();
  return result;
}

}  // namespace clq
