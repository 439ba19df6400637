// core/src/train/trainer_setup.cpp -- from a model, a source and a run file to a trainer before its first step.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <fmt/ranges.h>

#include "data/computed_targets.hpp"
#include "runtime/log.hpp"
#include "train/checkpoint_states.hpp"
#include "train/fit_model.hpp"
#include "train/kept_columns.hpp"
#include "train/provenance.hpp"
#include "train/source_rows.hpp"
#include "train/trainer_state.hpp"
#include "train/unsupervised.hpp"

namespace clq {
namespace {

// Statistics of the batch: the op's own, or a layer's sums over replicas. A step's own sums are in no layer.
bool trains_batch_norm(const Graph& graph) {
  return std::any_of(graph.ops.begin(), graph.ops.end(), [](const Op& op) {
    return op.name == "batch_norm/1" || (op.name == "all_reduce/1" && !op.scope.empty());
  });
}

std::shared_ptr<DataSource> with_targets(std::shared_ptr<DataSource> source, const Config& data) {
  const auto computed = with_computed_targets(source, data, true);
  return computed ? computed : source;
}

void check_fingerprint(const Model& model, const std::string& now, const std::string& uri) {
  const auto then = model.provenance.value("fingerprint", "");
  if (!then.empty() && then != now)
    fail(CLQ_E_DATA, "{}: the data changed since this run began (fingerprint {:.12}, was {:.12})", uri, now, then);
}

}  // namespace

Trainer::State::State(std::shared_ptr<Model> m, std::shared_ptr<DataSource> s, const Config& r, const Registry& reg,
                      RunFolder run_folder, Checkpoint* start)
    : model(std::move(m)),
      source(with_targets(std::move(s), r.child("data"))),
      run(r),
      registry(reg),
      folder(std::move(run_folder)),
      compute(read_compute(run.child("compute"))),
      settings(read_train(run.child("train"), compute)) {
  if (folder) provenance = start_of_run(registry);
  choose_rows(start != nullptr);
  if (start == nullptr) fit_transforms();
  at_start = resident_now();
  open_programs();
  if (start != nullptr && !start->progress.finished) compare_devices(start->made_with);
  choose_monitor();
  make_ring();
  if (start == nullptr || !start->progress.finished) warm_up();
  start_states(start);
  const double lr = Config(settings.spec.optimizer, "train.optimizer").get<double>("lr", 1e-3);
  schedule.emplace(run.child("train").child("schedule"), lr, total_steps, sampler->batches_per_epoch());
  bound_memory();
  announce(start != nullptr);
  open_events(start != nullptr);
  start_feeder();
  started = epoch_started = saved = Clock::now();
}

void Trainer::State::choose_rows(bool resumed) {
  source->require_random_access("training");
  const Config data = run.child("data");
  // A bundle remembers these columns: predicting with a name that is not there would fail.
  const auto keep = run.child("output").get<std::vector<std::string>>("keep", {});
  kept_fields(keep, source->schema());
  const Json target = data.json().value("target", Json());
  for (const std::string& name : keep)
    CLQ_REQUIRE(!target.is_object() || !target.contains(name), "output.keep: {} is computed, and no column of the data",
                name);
  layout = bind_to_source(model->layout, *source, true);
  const std::string fingerprint = hex(source->fingerprint());
  if (resumed) check_fingerprint(*model, fingerprint, source->uri());
  const auto where = data.get<std::string>("where", "");
  const RowSet selected = select_where(*source, where, layout.nulls);
  require_selected(selected, *source, where);
  split = split_rows(*source, selected, run.child("split"));
  weight_scale = mean_weight(*source, layout, split.train);
  model->provenance["version"] = CLQ_VERSION_TEXT;
  model->provenance["seed"] = settings.seed;
  model->provenance["fingerprint"] = fingerprint;
  model->provenance["simulated"] = is_simulated(source->schema().metadata);
  model->provenance["split"] = run.child("split").json();
  model->provenance["rows"] = {
      {"train", split.train.size()}, {"valid", split.valid.size()}, {"test", split.test.size()}};
}

// Transforms that come from another bundle have their statistics.
void Trainer::State::fit_transforms() {
  model->provenance.erase("best");
  if (model->fitted) return;
  clq::fit_transforms(*model, *source, layout, split.train, compute.readers,
                      read_bad_policy(run.child("data")).action);
}

Program Trainer::State::build(ProgramKind kind, const StepPlan& plan) const {
  TrainSpec spec = settings.spec;
  spec.plan = plan;
  return build_program(kind, model->spec, spec, settings.micro_batch, registry.ops(), registry);
}

void Trainer::State::open_programs() {
  const StepPlan& plan = settings.spec.plan;
  const uint32_t flags = compute.flags | CLQ_SEG_TRAINING;
  const Program training = build(plan.in_one() ? ProgramKind::step : ProgramKind::gradients, plan);
  drops_remainder = trains_batch_norm(training.graph);
  std::vector<std::unique_ptr<Lane>> lanes;
  for (auto& device : open_devices(registry, compute, training.graph, flags))
    lanes.push_back(std::make_unique<Lane>(
        std::move(device), [this](ProgramKind kind, const StepPlan& of) { return build(kind, of); }, plan, flags));
  replicas = std::make_unique<Replicas>(std::move(lanes));
  std::vector<const Device*> devices;
  for (size_t i = 0; i < replicas->size(); ++i) devices.push_back(&replicas->lane(i).device());
  const auto optimizer = Config(settings.spec.optimizer, "train.optimizer").get<std::string>("name", "adam");
  computed_with = made_with(devices, *source, *model, optimizer, registry);
  if (split.valid.size() > 0)
    evaluate_program = std::make_unique<CompiledProgram>(first().device(), first().states(),
                                                         build(ProgramKind::evaluate, plan), compute.flags);
  for (size_t i = 0; i < replicas->size(); ++i)
    replicas->lane(i).make_workspace(i == 0 && evaluate_program ? evaluate_program->workspace_bytes() : 0);
}

// A run that goes on elsewhere is a good run, but not to the bits of the one that it was.
void Trainer::State::compare_devices(const MadeWith& then) const {
  const std::string words = differences(then, computed_with);
  if (!words.empty())
    log_line(CLQ_LOG_WARNING, fmt::format("the checkpoint was computed {}: the run goes on, its last digits may be "
                                          "others than they would have been",
                                          words));
}

// Known before the first epoch, which may take hours.
void Trainer::State::choose_monitor() {
  if (settings.patience > 0 && !evaluate_program && settings.monitor.empty())
    log_line(CLQ_LOG_WARNING, fmt::format("train.patience = {} ends nothing: no rows are kept for validation. Give "
                                          "split.valid a part, or train.monitor = \"train_loss\"",
                                          settings.patience));
  std::map<std::string, Json> offered = {{"train_loss", Json::object()}};
  if (evaluate_program) {
    offered.emplace("valid_loss", Json::object());
    for (const Metric& metric : evaluate_program->program().graph.metrics)
      if (finish_has_number(metric.finish)) offered.emplace("valid_" + metric.name, metric.finish);
  }
  const std::string loss_name = evaluate_program ? "valid_loss" : "train_loss";
  const std::string wanted = settings.monitor.empty() ? loss_name : settings.monitor;
  const auto found = offered.find(wanted);
  if (found != offered.end()) {
    monitor = {found->first, found->second};
    return;
  }
  std::vector<std::string> known;
  for (const auto& [name, finish] : offered) known.push_back(name);
  fail(CLQ_E_INVALID, "train.monitor: '{}' is no metric of this run{}; there are: {}", wanted,
       did_you_mean(wanted, known), fmt::join(known, ", "));
}

void Trainer::State::make_ring() {
  const int64_t views = views_of(model->spec.task);
  CLQ_REQUIRE(!drops_remainder || settings.batch <= split.train.size() * views,
              "train.batch {} is more than the {} training rows: batch norm needs a whole batch", settings.batch,
              split.train.size() * views);
  CLQ_REQUIRE(views == 1 || settings.micro_batch >= 2 * views,
              "train.{} of {} rows holds one object: in a contrast its {} views are told from those of others, {} rows "
              "or more are wanted",
              settings.micro_batch < settings.batch ? "micro_batch" : "batch", settings.micro_batch, views, 2 * views);
  sampler = std::make_unique<Sampler>(split.train, settings.batch, settings.seed, true, drops_remainder, views);
  const int64_t per_epoch = sampler->batches_per_epoch();
  CLQ_REQUIRE(!__builtin_mul_overflow(settings.epochs, per_epoch, &total_steps),
              "train.epochs: {} epochs of {} steps are too many", settings.epochs, per_epoch);
  const int64_t left_out = drops_remainder ? split.train.size() - per_epoch * settings.batch / views : 0;
  if (left_out > 0)
    log_line(CLQ_LOG_WARNING, fmt::format("batch norm: {} of {} training rows are left out of each epoch", left_out,
                                          split.train.size()));
  memory = std::make_unique<SlotMemory>(first().device(), layout, settings.batch, depth());
  pump = std::make_unique<Pump>(*replicas, layout, *memory);
  if (evaluate_program)
    evaluator = std::make_unique<Evaluator>(first().device(), first().stream(), first().states(), *evaluate_program,
                                            layout, split.valid, depth(), first().workspace(), views);
  late = std::make_unique<LateScalars>(first().device(), first().states());
}

void Trainer::State::require_place(const Progress& p) const {
  const int64_t per_epoch = sampler->batches_per_epoch();
  if (p.epoch <= settings.epochs && p.batch <= per_epoch && p.step == p.epoch * per_epoch + p.batch &&
      p.step <= total_steps)
    return;
  fail(CLQ_E_DATA, "the checkpoint is at step {}, batch {} of epoch {}: no place in {} epochs of {} batches", p.step,
       p.batch, p.epoch, settings.epochs, per_epoch);
}

void Trainer::State::start_states(Checkpoint* start) {
  const std::map<std::string, Tensor>& given = start == nullptr ? model->states : start->states;
  if (start != nullptr) require_states(first().states(), model->states, start->progress.best_epoch >= 0, start->states);
  const auto import = [&](Lane& lane, const CompiledProgram& p) {
    lane.states().import_all(lane.stream(), initial_states(p.program().graph, given, settings.seed));
  };
  for (size_t i = 0; i < replicas->size(); ++i)
    for (const CompiledProgram* p : replicas->lane(i).programs()) import(replicas->lane(i), *p);
  if (evaluate_program) import(first(), *evaluate_program);
  if (start == nullptr) return;
  require_place(start->progress);
  progress = start->progress;
  last_is_good = !start->newer_is_damaged;
  steps_before = progress.step;
  for (auto& [name, tensor] : start->states)
    if (name.starts_with(kBestState)) best.insert_or_assign(name.substr(kBestState.size()), std::move(tensor));
  if (progress.finished) model->states = best.empty() ? take_averages(start->states) : best;
  seen_loss = start->states.at("train.loss_sum").as<double>()[0];  // the first interval begins here
  seen_weight = start->states.at("train.weight_sum").as<double>()[0];
  if (const auto at = start->states.find("train.skipped_steps"); at != start->states.end())
    skipped_steps = at->second.as<int64_t>()[0];
}

void Trainer::State::announce(bool resumed) {
  log_line(CLQ_LOG_INFO, bound.text());
  log_line(CLQ_LOG_INFO, fmt::format("{} rows to train, {} to validate, {} to test", split.train.size(),
                                     split.valid.size(), split.test.size()));
  if (const int64_t frozen = model->provenance.value("frozen_parameters", int64_t{0}); frozen > 0)
    log_line(CLQ_LOG_INFO, fmt::format("{} of {} parameters are frozen", frozen, model->n_parameters()));
  provenance["device"] = first().device().name();
  provenance["replicas"] = replicas->size();
  provenance["devices"] = Json::array();
  for (size_t i = 0; i < replicas->size(); ++i) provenance["devices"].push_back(replicas->lane(i).device().name());
  if (replicas->size() > 1)
    log_line(CLQ_LOG_INFO, fmt::format("{} replicas on {}, {} micro-batches of {} rows each a step", replicas->size(),
                                       fmt::join(provenance["devices"].get<std::vector<std::string>>(), ", "),
                                       first().pieces(), first().rows()));
  provenance["seed"] = settings.seed;
  provenance["fingerprint"] = model->provenance["fingerprint"];
  provenance["source"] = source->uri();
  provenance["simulated"] = model->provenance["simulated"];
  provenance["rows"] = model->provenance["rows"];
  if (model->provenance.contains("init_from")) provenance["init_from"] = model->provenance["init_from"];
  provenance["memory"] = bound.json();
  if (folder) folder.truncate(progress.metrics_bytes, progress.log_bytes, progress.event_bytes, progress.epoch);
  folder.append_event({{"event", resumed ? "resume" : "start"},
                       {"time", utc_now()},
                       {"step", progress.step},
                       {"device", first().device().name()}});
  if (!progress.finished) write_provenance("running");
}

void Trainer::State::start_feeder() {
  gradients_of.reset();  // its steps take their states
  const int64_t per_epoch = sampler->batches_per_epoch();
  Feeder::Options options{compute.readers,
                          progress.epoch * per_epoch + progress.batch,
                          total_steps,
                          read_bad_policy(run.child("data")),
                          progress.batch > 0 && progress.batch < per_epoch ? progress.skipped_in_epoch : 0,
                          settings.seed};
  if (progress.finished) options.first_batch = options.end_batch;
  feeder = std::make_unique<Feeder>(*source, layout, model->transforms, *sampler, memory->addresses(), settings.batch,
                                    options);
  pump->attach(*feeder);
}

void Trainer::State::cancel_readers() noexcept {
  if (feeder) feeder->cancel();
  if (evaluator) evaluator->cancel();
}

void Trainer::State::write_provenance(const std::string& end_reason) const {
  Json json = provenance;
  if (end_reason != "running") json["end"] = utc_now();
  json["end_reason"] = end_reason;
  json["steps"] = progress.step;
  json["epochs"] = progress.epoch;
  json["skipped_steps"] = skipped_steps;
  folder.write_text("run.json", json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

// Of an end that the caller must learn of, whatever the disk has room for.
void Trainer::State::try_write_provenance(const std::string& end_reason) const {
  try {
    write_provenance(end_reason);
  } catch (const Error& e) {
    log_line(CLQ_LOG_WARNING, fmt::format("run.json does not say that the run is {}: {}", end_reason, e.what()));
  }
}

void Trainer::State::write_end(const Error& error) const noexcept {
  if (error.status() == CLQ_E_DIVERGED) return;  // written already
  try {
    write_provenance(std::string("error: ") + error.what());
  } catch (const std::exception&) {  // the disk may be what failed; the caller learns of the first error
  }
}

}  // namespace clq
