// tests/core/train/events.test.cpp -- what TensorBoard finds in a run folder, also after a kill and a resume.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "counted_new.hpp"
#include "event_records.hpp"
#include "runtime/log.hpp"
#include "toy.hpp"
#include "train/event_file.hpp"
#include "train/run_folder.hpp"

namespace clq {
namespace {

Tensor tensor_of(const std::vector<float>& values) {
  Tensor tensor({CLQ_F32, {static_cast<int64_t>(values.size())}});
  std::copy(values.begin(), values.end(), tensor.as<float>().begin());
  return tensor;
}

TEST(Histogram, CountsEveryFiniteValueOnce) {
  std::vector<float> values = {std::nanf(""), HUGE_VALF};
  for (int i = 0; i <= 640; ++i) values.push_back(static_cast<float>(i) / 10.0f - 2.0f);
  const Histogram h = make_histogram(tensor_of(values));
  EXPECT_EQ(h.n, 641);
  EXPECT_EQ(h.minimum, -2);
  EXPECT_EQ(h.maximum, 62);
  EXPECT_NEAR(h.sum, 641 * 30.0, 1e-2);  // of f32 values
  ASSERT_EQ(h.limits.size(), static_cast<size_t>(kHistogramBins));
  EXPECT_EQ(h.limits.back(), 62);
  double all = 0;
  for (size_t bin = 1; bin < h.counts.size(); ++bin) {
    EXPECT_NEAR(h.counts[bin], 10, 1) << bin;  // a limit may be a rounding away from a value
    all += h.counts[bin];
  }
  EXPECT_EQ(all + h.counts[0], 641);
}

TEST(Histogram, OfOneValueIsOneBinAndOfNoneIsEmpty) {
  const Histogram one = make_histogram(tensor_of({0.25f, 0.25f}));
  EXPECT_EQ(one.limits, std::vector<double>{0.25});
  EXPECT_EQ(one.counts, std::vector<double>{2});
  EXPECT_EQ(make_histogram(tensor_of({std::nanf("")})).n, 0);
}

TEST(EventFile, HoldsWhatWasAdded) {
  const toy::Folder folder;
  {
    EventFile file(folder.file("events.out.tfevents.1"));
    file.add_scalar("loss", 0.5);
    file.add_scalar("rate", 1e-3);
    file.end(300);
    file.add_histogram("weights/one", make_histogram(tensor_of({-1, 0, 3})));
    file.add_picture("inputs", Picture(5, 2, {1, 2, 3}));
    file.end(int64_t{1} << 40);
  }
  const auto events = toy::events_in(folder.path());
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].file_version, "brain.Event:2");
  EXPECT_GT(events[0].wall_time, 1.7e9);
  EXPECT_EQ(events[1].step, 300);
  EXPECT_EQ(events[1].scalars, (std::map<std::string, float>{{"loss", 0.5f}, {"rate", 1e-3f}}));
  EXPECT_EQ(events[2].step, int64_t{1} << 40);
  const auto& histogram = events[2].histograms.at("weights/one");
  EXPECT_EQ(histogram.min, -1);
  EXPECT_EQ(histogram.max, 3);
  EXPECT_EQ(histogram.num, 3);
  EXPECT_EQ(histogram.sum, 2);
  EXPECT_EQ(histogram.sum_squares, 10);
  EXPECT_EQ(histogram.limits.size(), histogram.counts.size());
  const auto& image = events[2].images.at("inputs");
  EXPECT_EQ(image.width, 5);
  EXPECT_EQ(image.height, 2);
  EXPECT_EQ(image.colorspace, 3);
  EXPECT_EQ(image.png, Picture(5, 2, {1, 2, 3}).png());
}

TEST(EventFile, IsNeverOneThatIsThere) {
  const toy::Folder folder;
  toy::write_text(folder.file("events.out.tfevents.1"), "old");
  EXPECT_THROW(EventFile(folder.file("events.out.tfevents.1")), Error);
}

TEST(EventFile, NamesFollowEachOther) {
  const toy::Folder folder;
  RunFolder run(folder.path());
  std::string last;
  for (int i = 0; i < 3; ++i) {
    const std::string name = run.next_event_file();
    EXPECT_GT(name, last);
    EventFile file(name);
    last = name;
  }
}

Json logged_run() {
  Json run = toy::run(6);
  toy::set(run, "/train/log_every", 2);
  return run;
}

// Step by step: of every tag one value a step, and the steps ascend.
std::map<std::string, std::map<int64_t, float>> scalars_in(const std::string& folder) {
  std::map<std::string, std::map<int64_t, float>> all;
  for (const toy::Event& event : toy::events_in(folder))
    for (const auto& [tag, value] : event.scalars) {
      EXPECT_TRUE(all[tag].empty() || event.step > all[tag].rbegin()->first) << tag << " at step " << event.step;
      EXPECT_TRUE(all[tag].emplace(event.step, value).second) << tag << " twice at step " << event.step;
    }
  all.erase("epoch/seconds");
  return all;
}

void run_to_end(Trainer& trainer) {
  while (!trainer.run_for(10)) {
  }
}

TEST(Events, TellTheTraining) {
  const toy::Folder folder;
  const auto trainer = toy::trainer(logged_run(), toy::source(), folder.path());
  run_to_end(*trainer);
  const auto steps = static_cast<int64_t>(trainer->get("steps"));
  const auto scalars = scalars_in(folder.path());
  std::set<std::string> tags;
  for (const auto& [tag, values] : scalars) tags.insert(tag);
  for (const char* tag : {"train/loss", "train/learning_rate", "epoch/train_loss", "valid/loss"})
    EXPECT_TRUE(tags.contains(tag)) << tag;
  EXPECT_EQ(scalars.at("valid/loss").size(), 4u);
  EXPECT_EQ(scalars.at("valid/loss").rbegin()->first, steps);
  EXPECT_GE(static_cast<int64_t>(scalars.at("train/loss").size()), steps / 2);
  EXPECT_GT(scalars.at("train/loss").begin()->second, scalars.at("train/loss").rbegin()->second);
  std::map<std::string, int> histograms;
  for (const toy::Event& event : toy::events_in(folder.path()))
    for (const auto& [tag, histogram] : event.histograms) {
      ++histograms[tag];
      double all = 0;
      for (const double count : histogram.counts) all += count;
      EXPECT_EQ(all, histogram.num) << tag;
    }
  EXPECT_EQ(histograms.at("weights/one.weights"), 4);
}

TEST(Events, AgreeWithTheRowsOfMetrics) {
  const toy::Folder folder;
  const auto trainer = toy::trainer(logged_run(), toy::source(), folder.path());
  run_to_end(*trainer);
  const auto scalars = scalars_in(folder.path());
  size_t rows = 0;
  for (auto row = trainer->next_metrics(); row; row = trainer->next_metrics(), ++rows) {
    const auto step = row->at("step").get<int64_t>();
    EXPECT_EQ(scalars.at("valid/loss").at(step), row->at("valid_loss").get<float>());
    EXPECT_EQ(scalars.at("epoch/train_loss").at(step), row->at("train_loss").get<float>());
  }
  EXPECT_EQ(rows, 4u);
}

// Wherever it stops, and whatever it wrote behind the last checkpoint: one value a tag and step, as undisturbed.
TEST(Events, AreTheSameAfterAResume) {
  const toy::Folder whole;
  run_to_end(*toy::trainer(logged_run(), toy::source(), whole.path()));
  const auto wanted = scalars_in(whole.path());
  for (const int64_t stop : {1, 7, 10, 15}) {
    const toy::Folder cut;
    {
      const auto trainer = toy::trainer(logged_run(), toy::source(), cut.path());
      trainer->run_steps(stop);
      trainer->checkpoint();
      trainer->run_steps(9);  // lost
    }
    run_to_end(*Trainer::resume(cut.path(), toy::source(), toy::registry()));
    const auto scalars = scalars_in(cut.path());
    for (const char* tag : {"valid/loss", "epoch/train_loss"})
      EXPECT_EQ(scalars.at(tag), wanted.at(tag)) << tag << stop;
    for (const auto& [step, rate] : scalars.at("train/learning_rate"))
      EXPECT_TRUE(wanted.at("train/loss").contains(step)) << "stopped at " << stop << ", step " << step;
  }
}

TEST(Events, AreLeftOutWhereTheRunSaysSo) {
  Json run = logged_run();
  toy::set(run, "/output/tensorboard", false);
  const toy::Folder folder;
  run_to_end(*toy::trainer(run, toy::source(), folder.path()));
  EXPECT_TRUE(toy::events_in(folder.path()).empty());
}

// Stands for a full disk: what stays smaller is still written.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(uint64_t bytes) {
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit small{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &old_); }

 private:
  rlimit old_{};
};

uint64_t event_bytes_in(const std::string& folder) {
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().starts_with(kEventFilePrefix)) bytes += entry.file_size();
  return bytes;
}

int warnings_of(const std::string& words) {
  int n = 0;
  while (const auto line = next_log_line()) n += line->starts_with("warning: " + words);
  return n;
}

TEST(Events, EndOnAFullDiskAndTheTrainingGoesOn) {
  Json run = logged_run();
  toy::set(run, "/train/epochs", 60);  // some 4 kB of events each
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, toy::source(), folder.path());
  set_log_level(CLQ_LOG_WARNING);
  warnings_of("");
  const FileSizeLimit limit(1 << 16);
  EXPECT_NO_THROW(run_to_end(*trainer));
  EXPECT_EQ(trainer->get("epoch"), 60);
  EXPECT_EQ(warnings_of("no more events for TensorBoard: " + folder.path()), 1);
  const auto left = scalars_in(folder.path()).at("valid/loss").size();  // whole records
  EXPECT_TRUE(left > 4 && left < 20) << left;
}

TEST(Events, OnAFullDiskKeepNoRunFromItsCheckpoint) {
  Json run = logged_run();
  toy::set(run, "/train/epochs", 60);
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, toy::source(), folder.path());
  trainer->run_steps(500);
  trainer->checkpoint();
  const std::string last = folder.file("checkpoints/last.safetensors");
  const uint64_t written = event_bytes_in(folder.path());
  ASSERT_GT(written, std::filesystem::file_size(last) + 1000);
  trainer->run_steps(20);
  const auto before = std::filesystem::last_write_time(last);
  {
    const FileSizeLimit limit(written + 1);
    EXPECT_NO_THROW(trainer->checkpoint());
  }
  EXPECT_GT(std::filesystem::last_write_time(last), before);
  EXPECT_NO_THROW(run_to_end(*trainer));
}

TEST(Events, CostAStepNoAllocation) {
  Json run = toy::run(6);
  toy::set(run, "/train/log_every", 1);
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, toy::source(2000), folder.path());
  trainer->run_steps(6);
  toy::start_counting();
  trainer->run_steps(40);
  EXPECT_EQ(toy::stop_counting(), 0);
  EXPECT_EQ(trainer->get("epoch"), 0);
}

}  // namespace
}  // namespace clq
