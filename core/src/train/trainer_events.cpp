// core/src/train/trainer_events.cpp -- what TensorBoard is shown of a training.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "runtime/log.hpp"
#include "train/seen_rows.hpp"
#include "train/stretch.hpp"
#include "train/trainer_state.hpp"

namespace clq {
namespace {

constexpr int64_t kShownRows = 4;

// The name of a column of metrics.csv; "" where it is no value of its own.
std::string tag_of(const std::string& column) {
  if (column.starts_with("valid_")) return "valid/" + column.substr(6);
  if (column == "train_loss" || column == "seconds") return "epoch/" + column;
  return "";
}

// One sample below the other, its bands side by side.
Picture grid_of(const Tensor& images) {
  const Shape& dims = images.desc().dims;
  const int64_t size = dims[1] * dims[2] * dims[3];
  std::vector<Picture> rows;
  int64_t width = 0, height = 0;
  for (int64_t i = 0; i < dims[0]; ++i) {
    const ImageView image{images.as<float>().subspan(static_cast<size_t>(i * size), static_cast<size_t>(size)), dims[1],
                          dims[2], dims[3]};
    std::vector<Stretch> stretches;
    for (int64_t b = 0; b < image.bands; ++b) stretches.push_back(choose_stretch(image.band(b)));
    rows.push_back(bands_picture(image, stretches));
    width = rows.back().width();
    height += rows.back().height();
  }
  Picture grid(width, height);
  int64_t top = 0;
  for (const Picture& row : rows) {
    grid.paste(row, 0, top);
    top += row.height();
  }
  return grid;
}

}  // namespace

void Trainer::State::open_events(bool resumed) {
  if (!folder || progress.finished || !run.child("output").get<bool>("tensorboard", true)) return;
  events = std::make_unique<EventFile>(folder.next_event_file());
  if (!resumed) show_inputs();
}

// As the network gets them, from the first rows to train on.
void Trainer::State::show_inputs() {
  const bool any = std::any_of(layout.tensors.begin(), layout.tensors.end(),
                               [](const InputField& tensor) { return tensor.desc.dims.size() == 3; });
  if (!any) return;
  std::vector<int64_t> samples;
  for (int64_t k = 0; k < std::min(kShownRows, split.train.size()); ++k) samples.push_back(split.train.select(k));
  const SeenRows rows = see_rows(*source, layout, model->transforms, samples);
  for (size_t t = 0; t < rows.seen.size(); ++t)
    if (rows.seen[t].desc().dims.size() == 4 && rows.seen[t].desc().dtype == CLQ_F32)
      events->add_picture("inputs/" + rows.layout.tensors[t].name, grid_of(rows.seen[t]));
  events->end(0);
}

// A full disk need not end a run, nor keep it from a checkpoint: from there on it has no events.
template <class Body>
void Trainer::State::with_events(Body&& body) {
  if (!events) return;
  try {
    body();
  } catch (const Error& e) {
    if (e.status() != CLQ_E_IO && e.status() != CLQ_E_NOSPACE) throw;
    log_line(CLQ_LOG_WARNING, fmt::format("no more events for TensorBoard: {}", e.what()));
    events.reset();
  }
}

void Trainer::State::log_interval() {
  with_events([this] {
    events->add_scalar("train/loss", loss);
    events->add_scalar("train/learning_rate", schedule->at(asked_step - 1));
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
      events->add_histogram("weights/" + name, make_histogram(states->export_all(*stream, {name}).at(name)));
    }
    events->end(progress.step);
  });
}

void Trainer::State::sync_events() {
  with_events([this] { events->sync(); });
}

}  // namespace clq
