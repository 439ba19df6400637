// calanque/cpp/trainer.hpp -- training, in turns that the host takes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "model.hpp"

namespace calanque {

// Where a training stands; loss is of the last interval that was looked at.
struct Progress {
  int64_t epoch, epochs, step, steps;
  double loss, learning_rate, samples_per_second, eta;  // eta in seconds
};

// One thread at a time, but for stop(). The source's borrowed arrays must outlive it.
class Trainer {
 public:
  // Without a run folder nothing is written.
  Trainer(const Model& model, const Source& source, const Config& config, std::string_view run_folder = "")
      : Trainer(detail::made([&](clq_handle* out) {
          const std::string folder = detail::c_text(run_folder);
          return clq_trainer_create(model.handle(), source.handle(), config.handle(), detail::or_null(folder), out);
        })) {}
  // To as many epochs in all as are given; 0: what it had. Without a source the run's own.
  static Trainer resume(std::string_view run_folder, const Source* source = nullptr, int64_t epochs = 0) {
    const std::string folder = detail::c_text(run_folder);
    const clq_handle data = source == nullptr ? 0 : source->handle();
    return Trainer(detail::made([&](clq_handle* out) {
      if (epochs == 0) return clq_trainer_resume(folder.c_str(), data, out);
      return clq_trainer_resume_to(folder.c_str(), data, epochs, out);
    }));
  }

  // true: finished or stopped; false: call again.
  bool run(double seconds) { return ended(clq_trainer_run(handle(), seconds)); }
  bool steps(int64_t n) { return ended(clq_trainer_steps(handle(), n)); }

  // To the end, or to a stop(). Between two turns of `seconds` and after the last, progress(Progress) is called in this
  // thread; what it throws passes through here, and the trainer may go on.
  template <class Report, class = std::enable_if_t<std::is_invocable_v<Report&, const Progress&>>>
  void run(Report&& progress, double seconds = 0.5) {
    for (bool done = false; !done;) {
      done = run(seconds);
      progress(this->progress());
    }
  }

  // The host's own loop: the next batch is these samples.
  bool batch(const Source& source, const std::vector<int64_t>& samples) {
    return ended(clq_trainer_batch(handle(), source.handle(), samples.data(), detail::count_in(samples)));
  }
  // The same in two, with train.split_step.
  void gradients(const Source& source, const std::vector<int64_t>& samples) {
    detail::check(clq_trainer_gradients(handle(), source.handle(), samples.data(), detail::count_in(samples)));
  }
  template <class Array>
  void get_gradient(std::string_view parameter, Array&& data) const {
    detail::check(clq_gradient_get(handle(), detail::c_text(parameter).c_str(), std::data(data), detail::dtype_in<Array>(),
                                   detail::bytes_in(data)));
  }
  template <class Array>
  void set_gradient(std::string_view parameter, const Array& data) {
    detail::check(clq_gradient_set(handle(), detail::c_text(parameter).c_str(), std::data(data),
                                   detail::dtype_in<const Array>(), detail::bytes_in(data)));
  }
  bool apply() { return ended(clq_trainer_apply(handle())); }
  // A state of the model, between two steps.
  template <class Array>
  void set(std::string_view state, const Array& data) {
    detail::check(clq_trainer_set(handle(), detail::c_text(state).c_str(), std::data(data),
                                  detail::dtype_in<const Array>(), detail::bytes_in(data)));
  }

  Model model() const {
    return Model(detail::made([&](clq_handle* out) { return clq_trainer_model(handle(), out); }));
  }
  double get(std::string_view key) const {
    double value = 0;
    detail::check(clq_trainer_get(handle(), detail::c_text(key).c_str(), &value));
    return value;
  }
  Progress progress() const {
    const auto whole = [&](const char* key) { return static_cast<int64_t>(get(key)); };
    return {whole("epoch"), whole("epochs"),       whole("step"),             whole("steps"),
            get("loss"),    get("learning_rate"), get("samples_per_second"), get("eta")};
  }
  // The next row not yet read, as JSON; nothing: none is waiting.
  std::optional<std::string> metrics() {
    return detail::next_text([&](char* t, int64_t n) { return clq_trainer_metrics(handle(), t, n); });
  }
  void checkpoint(std::string_view path = "") {  // "": the run folder's
    const std::string file = detail::c_text(path);
    detail::check(clq_trainer_checkpoint(handle(), detail::or_null(file)));
  }
  // From any thread or signal handler: finish the step, write a checkpoint, return.
  void stop() const noexcept { clq_trainer_stop(handle()); }
  clq_handle handle() const noexcept { return handle_.get(); }

 private:
  explicit Trainer(clq_handle owned) : handle_(owned) {}
  static bool ended(clq_status status) { return detail::check(status) == CLQ_END; }
  Handle<clq_trainer_close> handle_;
};

}  // namespace calanque
