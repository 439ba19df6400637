// core/src/train/trainer_events.cpp -- what TensorBoard is shown of a training.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "runtime/log.hpp"
#include "train/inputs_picture.hpp"
#include "train/seen_rows.hpp"
#include "train/trainer_state.hpp"

namespace clq {
namespace {

constexpr int64_t kShownRows = 4;
constexpr int64_t kEventsBytes = 1 << 20;  // room for scalars, histograms and libpng

// The name of a column of metrics.csv; "" where it is no value of its own.
std::string tag_of(const std::string& column) {
  if (column.starts_with("valid_")) return "valid/" + column.substr(6);
  if (column == "train_loss" || column == "seconds") return "epoch/" + column;
  return "";
}

// Of which TensorBoard is shown a few.
bool is_image(const InputField& tensor) { return tensor.desc.dims.size() == 3 && tensor.desc.dtype == CLQ_F32; }

}  // namespace

bool Trainer::State::has_events() const { return folder && run.child("output").get<bool>("tensorboard", true); }

// The rows that are shown are read one after the other, before and behind the transforms.
int64_t Trainer::State::events_bytes() const {
  if (!has_events()) return 0;
  int64_t pictures = 0, sample = 0;
  for (const InputField& tensor : layout.tensors) {
    sample += tensor.desc.bytes();
    if (is_image(tensor)) pictures += picture_bytes(tensor.desc.dims, kShownRows);
  }
  return kEventsBytes + (pictures > 0 ? pictures + 2 * sample : 0);
}

// Events that cannot be written need not end a run, nor keep it from a checkpoint: from there on it has none.
template <class Body>
void Trainer::State::guard_events(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    if (e.status() != CLQ_E_IO && e.status() != CLQ_E_NOSPACE) throw;
    log_line(CLQ_LOG_WARNING, fmt::format("no more events for TensorBoard: {}", e.what()));
    events.reset();
  }
}

template <class Body>
void Trainer::State::with_events(Body&& body) {
  if (events) guard_events(body);
}

void Trainer::State::open_events(bool resumed) {
  if (progress.finished || !has_events()) return;
  guard_events([&] {
    events = std::make_unique<EventFile>(folder.next_event_file());
    if (!resumed) show_inputs();
  });
}

// As the network gets them, from the first rows to train on.
void Trainer::State::show_inputs() {
  if (std::none_of(layout.tensors.begin(), layout.tensors.end(), is_image)) return;
  const int64_t shown = std::min(kShownRows, split.train.size());
  std::map<std::string, InputsPicture> pictures;
  for (int64_t k = 0; k < shown; ++k) {
    const SeenRows row = see_rows(*source, layout, model->transforms, {split.train.select(k)});
    for (size_t t = 0; t < row.seen.size(); ++t) {
      const InputField& tensor = row.layout.tensors[t];
      if (is_image(tensor))
        pictures.try_emplace(tensor.name, tensor.desc.dims, shown).first->second.add(row.seen[t].as<float>());
    }
  }
  for (const auto& [name, picture] : pictures) events->add_picture("inputs/" + name, picture.picture());
  events->end(0);
}

void Trainer::State::log_interval() {
  with_events([this] {
    events->add_scalar("train/loss", loss);
    events->add_scalar("train/learning_rate", learning_rate(asked_step - 1));
    events->end(asked_step);
  });
}

// The weights one tensor at a time: a copy of all would be memory that the bound does not have.
void Trainer::State::log_epoch(const Json& row) {
  with_events([&] {
    for (const auto& [column, value] : row.items())
      if (const std::string tag = tag_of(column); !tag.empty() && value.is_number())
        events->add_scalar(tag, value.get<double>());
    for (const auto& [name, tensor] : model->states) {
      if (tensor.desc().dtype != CLQ_F32 && tensor.desc().dtype != CLQ_F64) continue;
      events->add_histogram("weights/" + name, make_histogram(export_now({name}).at(name)));
    }
    events->end(progress.step);
  });
}

void Trainer::State::sync_events() {
  with_events([this] { events->sync(); });
}

}  // namespace clq
