// core/src/train/trainer_setup.cpp -- from a model, a source and a run file to a trainer before its first step.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <fmt/ranges.h>

#include "runtime/log.hpp"
#include "train/kept_columns.hpp"
#include "train/provenance.hpp"
#include "train/source_rows.hpp"
#include "train/trainer_state.hpp"

namespace clq {
namespace {

bool trains_batch_norm(const Graph& graph) {
  return std::any_of(graph.ops.begin(), graph.ops.end(), [](const Op& op) { return op.name == "batch_norm/1"; });
}

void check_fingerprint(const Model& model, const std::string& now, const std::string& uri) {
  const auto then = model.provenance.value("fingerprint", "");
  if (!then.empty() && then != now)
    fail(CLQ_E_DATA, "{}: the data changed since this run began (fingerprint {:.12}, was {:.12})", uri, now, then);
}

}  // namespace

TrainSettings read_train(const Config& train) {
  TrainSettings s;
  s.epochs = train.get<int64_t>("epochs", s.epochs);
  s.batch = train.get<int64_t>("batch", s.batch);
  s.micro_batch = train.get<int64_t>("micro_batch", s.batch);
  s.patience = train.get<int64_t>("patience", s.patience);
  s.log_every = train.get<int64_t>("log_every", s.log_every);
  const auto seed = train.get<int64_t>("seed", 1);
  s.seed = static_cast<uint64_t>(seed);
  s.checkpoint_minutes = train.get<double>("checkpoint_minutes", s.checkpoint_minutes);
  s.monitor = train.get<std::string>("monitor", "");
  s.spec.optimizer = train.get<Json>("optimizer", Json::object());
  if (!s.spec.optimizer.contains("name")) s.spec.optimizer["name"] = "adam";
  s.spec.clip_norm = train.get<double>("clip_norm", 0.0);
  CLQ_REQUIRE(s.epochs >= 1 && s.batch >= 1 && s.micro_batch >= 1 && s.log_every >= 1,
              "train: epochs, batch, micro_batch and log_every must be at least 1");
  CLQ_REQUIRE(s.batch % s.micro_batch == 0, "train.batch {} is not a multiple of train.micro_batch {}", s.batch,
              s.micro_batch);
  return s;
}

BadPolicy read_bad_policy(const Config& data) {
  if (!data.has("on_bad")) return {};
  const Json on_bad = data.json().at("on_bad");
  if (on_bad.is_object()) return {OnBad::skip, data.child("on_bad").require<int64_t>("stop_after")};
  const auto word = data.get<std::string>("on_bad", "error");
  CLQ_REQUIRE(word == "error" || word == "skip", "data.on_bad must be error, skip or {{ stop_after = n }}, got '{}'",
              word);
  return {word == "skip" ? OnBad::skip : OnBad::error, -1};
}

Trainer::State::State(std::shared_ptr<Model> m, std::shared_ptr<DataSource> s, const Config& r, const Registry& reg,
                      const std::string& run_folder, Checkpoint* start)
    : model(std::move(m)),
      source(std::move(s)),
      run(r),
      registry(reg),
      folder(run_folder),
      settings(read_train(run.child("train"))),
      compute(read_compute(run.child("compute"))) {
  started = epoch_started = saved = Clock::now();
  if (folder) provenance = start_of_run(registry);
  choose_rows(start != nullptr);
  if (start == nullptr) fit_transforms();
  at_start = resident_now();
  open_programs();
  choose_monitor();
  make_workspace();
  make_ring();
  start_states(start);
  const double lr = Config(settings.spec.optimizer, "train.optimizer").get<double>("lr", 1e-3);
  schedule.emplace(run.child("train").child("schedule"), lr, total_steps);
  bound_memory();
  announce(start != nullptr);
  open_events(start != nullptr);
  start_feeder();
}

void Trainer::State::choose_rows(bool resumed) {
  const Config data = run.child("data");
  // A bundle remembers these columns: predicting with a name that is not there would fail.
  kept_fields(run.child("output").get<std::vector<std::string>>("keep", {}), source->schema());
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

// Weights that come from another bundle come with the transforms they were trained with.
void Trainer::State::fit_transforms() {
  model->provenance.erase("best");
  if (model->fitted) return;
  model->transforms.fit(*source, layout, split.train, compute.readers);
  model->fitted = true;
}

void Trainer::State::open_programs() {
  const auto build = [&](ProgramKind kind, int64_t batch) {
    return build_program(kind, model->spec, settings.spec, batch, registry.ops(), registry);
  };
  const uint32_t flags = compute.flags | CLQ_SEG_TRAINING;
  const bool whole = settings.micro_batch == settings.batch;
  Program first = build(whole ? ProgramKind::step : ProgramKind::gradients, settings.micro_batch);
  drops_remainder = trains_batch_norm(first.graph);
  device = open_device(registry, compute, first.graph, flags);
  stream = std::make_unique<Stream>(*device);
  states = std::make_unique<StateStore>(*device);
  compute_program = std::make_unique<CompiledProgram>(*device, *states, std::move(first), flags);
  if (!whole)
    apply_program =
        std::make_unique<CompiledProgram>(*device, *states, build(ProgramKind::apply, settings.micro_batch), flags);
  if (split.valid.size() > 0)
    evaluate_program = std::make_unique<CompiledProgram>(
        *device, *states, build(ProgramKind::evaluate, settings.micro_batch), compute.flags);
}

// Known before the first epoch, which may take hours.
void Trainer::State::choose_monitor() {
  std::map<std::string, Json> offered = {{"train_loss", Json::object()}};
  if (evaluate_program) {
    offered.emplace("valid_loss", Json::object());
    for (const Metric& metric : evaluate_program->program().graph.metrics)
      offered.emplace("valid_" + metric.name, metric.finish);
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

// One block for all programs: they run one behind the other on one stream.
void Trainer::State::make_workspace() {
  int64_t bytes = compute_program->workspace_bytes();
  if (apply_program) bytes = std::max(bytes, apply_program->workspace_bytes());
  if (evaluate_program) bytes = std::max(bytes, evaluate_program->workspace_bytes());
  if (bytes > 0) workspace = Buffer(*device, align64(bytes), CLQ_MEM_DEVICE);
}

void Trainer::State::make_ring() {
  CLQ_REQUIRE(!drops_remainder || settings.batch <= split.train.size(),
              "train.batch {} is more than the {} training rows: batch norm needs a whole batch", settings.batch,
              split.train.size());
  sampler = std::make_unique<Sampler>(split.train, settings.batch, settings.seed, true, drops_remainder);
  const int64_t per_epoch = sampler->batches_per_epoch();
  CLQ_REQUIRE(!__builtin_mul_overflow(settings.epochs, per_epoch, &total_steps),
              "train.epochs: {} epochs of {} steps are too many", settings.epochs, per_epoch);
  const int64_t left_out = drops_remainder ? split.train.size() - per_epoch * settings.batch : 0;
  if (left_out > 0)
    log_line(CLQ_LOG_WARNING, fmt::format("batch norm: {} of {} training rows are left out of each epoch", left_out,
                                          split.train.size()));
  memory = std::make_unique<SlotMemory>(*device, layout, settings.batch, depth());
  pump = std::make_unique<Pump>(*device, *stream, *compute_program, layout, *memory, workspace.data());
  if (apply_program) apply_binding = apply_program->bind({}, {}, workspace.data());
  if (evaluate_program)
    evaluator = std::make_unique<Evaluator>(*device, *stream, *states, *evaluate_program, layout, split.valid, depth(),
                                            workspace.data());
  late = std::make_unique<LateScalars>(*device, *states);
}

void Trainer::State::require_place(const Progress& p) const {
  const int64_t per_epoch = sampler->batches_per_epoch();
  if (p.epoch <= settings.epochs && p.batch < per_epoch && p.step == p.epoch * per_epoch + p.batch &&
      p.step <= total_steps)
    return;
  fail(CLQ_E_DATA, "the checkpoint is at step {}, batch {} of epoch {}: no place in {} epochs of {} batches", p.step,
       p.batch, p.epoch, settings.epochs, per_epoch);
}

void Trainer::State::start_states(Checkpoint* start) {
  const std::map<std::string, Tensor>& given = start == nullptr ? model->states : start->states;
  for (const CompiledProgram* p : {compute_program.get(), apply_program.get(), evaluate_program.get()})
    if (p != nullptr) states->import_all(*stream, initial_states(p->program().graph, given, settings.seed));
  if (start == nullptr) return;
  require_place(start->progress);
  progress = start->progress;
  steps_before = progress.step;
  constexpr std::string_view kBest = "best.";
  for (auto& [name, tensor] : start->states)
    if (name.starts_with(kBest)) best.insert_or_assign(name.substr(kBest.size()), std::move(tensor));
  if (progress.finished && !best.empty()) model->states = best;
  const auto sum = [&](const char* name) {
    const auto at = start->states.find(name);
    return at == start->states.end() ? 0.0 : at->second.as<double>()[0];
  };
  seen_loss = sum("train.loss_sum");  // the first interval begins here
  seen_weight = sum("train.weight_sum");
}

// A checkpoint exports the states and the best weights, and its file holds a copy; the last model of a run stands in an
// export beside the states, in the model, in the network that answers its golden inputs and in the file.
void Trainer::State::bound_memory() {
  int64_t weights = 0;
  for (const auto& [name, tensor] : model->states) weights += tensor.desc().bytes();
  int64_t resident = compute_program->resident_bytes();
  if (apply_program) resident += apply_program->resident_bytes();
  if (evaluate_program) resident += evaluate_program->resident_bytes();
  bound.add("process", at_start.peak);
  bound.add("code", std::max<int64_t>(resident_now().code - at_start.code, 0));
  bound.add("readers", int64_t{compute.readers} * reader_bytes(source->schema().metadata));
  bound.add("events", events_bytes());
  bound.add(fmt::format("{} slots", memory->depth()), memory->bytes());
  bound.add("input sets", pump->device_bytes());
  bound.add("states", states->bytes());
  bound.add("workspace", workspace.bytes());
  bound.add("backend", resident);
  bound.add("best weights", weights);
  bound.add("checkpoint", std::max(2 * (states->bytes() + weights), states->bytes() + 4 * weights));
  bound.add("evaluation", evaluator ? evaluator->bytes() : 0);
  bound.add("selections", split.train.bytes() + split.valid.bytes() + split.test.bytes());
}

void Trainer::State::announce(bool resumed) {
  log_line(CLQ_LOG_INFO, bound.text());
  log_line(CLQ_LOG_INFO, fmt::format("{} rows to train, {} to validate, {} to test", split.train.size(),
                                     split.valid.size(), split.test.size()));
  provenance["device"] = device->name();
  provenance["seed"] = settings.seed;
  provenance["fingerprint"] = model->provenance["fingerprint"];
  provenance["source"] = source->uri();
  provenance["simulated"] = model->provenance["simulated"];
  provenance["rows"] = model->provenance["rows"];
  provenance["memory"] = bound.json();
  if (folder) folder.truncate(progress.metrics_bytes, progress.log_bytes, progress.event_bytes);
  folder.append_event({{"event", resumed ? "resume" : "start"},
                       {"time", utc_now()},
                       {"step", progress.step},
                       {"device", device->name()}});
  if (!progress.finished) write_provenance("running");
}

void Trainer::State::start_feeder() {
  const int64_t per_epoch = sampler->batches_per_epoch();
  Feeder::Options options{compute.readers,
                          progress.epoch * per_epoch + progress.batch,
                          total_steps,
                          read_bad_policy(run.child("data")),
                          progress.batch > 0 ? progress.skipped_in_epoch : 0,
                          settings.seed};
  if (progress.finished) options.first_batch = options.end_batch;
  feeder = std::make_unique<Feeder>(*source, layout, model->transforms, *sampler, memory->addresses(), settings.batch,
                                    options);
  pump->attach(*feeder);
}

void Trainer::State::write_provenance(const std::string& end_reason) const {
  Json json = provenance;
  if (end_reason != "running") json["end"] = utc_now();
  json["end_reason"] = end_reason;
  json["steps"] = progress.step;
  json["epochs"] = progress.epoch;
  folder.write_text("run.json", json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void Trainer::State::write_end(const Error& error) const noexcept {
  if (error.status() == CLQ_E_DIVERGED) return;  // written already
  try {
    write_provenance(std::string("error: ") + error.what());
  } catch (const std::exception&) {  // the disk may be what failed; the caller learns of the first error
  }
}

}  // namespace clq
