// tests/hosts/guest/tour.cpp -- the tour of tour.c by calanque.hpp. C++17.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <optional>

#include <calanque/calanque.hpp>

extern "C" int32_t looks_look(int32_t number);

namespace {

namespace clq = calanque;

constexpr int kRows = 64;
constexpr const char* kRun =
    "task = 'regression'\n[data]\nscalars = ['x']\ntarget = 'y'\n[split]\nvalid = 0.25\n"
    "[[model.layer]]\nuse = 'dense'\nunits = 8\nactivation = 'tanh'\n[[model.layer]]\nuse = 'dense'\n"
    "[compute]\nthreads = 2\n[train]\nepochs = 2\nbatch = 16\n";

template <class Call>
void refused(Call&& call) {
  try {
    call();
  } catch (const clq::Error&) {
    return;
  }
  throw std::runtime_error("a wrong call was taken");
}

struct Data {
  std::vector<float> x;
  std::vector<double> y;
  Data() {
    for (int i = 0; i < kRows; ++i) {
      x.push_back(static_cast<float>(i * 37 % 101 - 50) / 64.0f);
      x.push_back(static_cast<float>(i * 53 % 89 - 44) / 64.0f);
      y.push_back(x[x.size() - 2] - 2.0 * x.back());
    }
  }
};

// What stays open until the next turn.
struct Turn {
  clq::Config config = clq::Config::parse(kRun);
  clq::Source source = clq::Source::create(kRows);
  std::optional<clq::Model> model;
  std::optional<clq::Trainer> trainer;

  explicit Turn(const Data& data) {
    configuration();
    samples(data);
    training();
    prediction(data);
    while (clq::next_log_line()) continue;
  }

  void configuration() {
    config.set("train.seed", "3");
    config.get("train.epochs");
    config.dump(true);
    refused([&] { config.set("train.epoch", "3"); });
    refused([] { clq::Config::load("nowhere.toml"); });
  }

  void samples(const Data& data) {
    source.borrow("x", data.x, {2});
    source.add("y", data.y);
    source.describe();
    std::vector<double> read(2);
    source.read({5, 7}, "y", read);
    refused([&] { source.read({5, 7}, "z", read); });
    source.write("table.csv", "{\"fields\": [\"y\"]}");
    clq::Source::open("table.csv").scan().json();
    refused([] { clq::Source::open("nowhere.fits"); });
  }

  void training() {
    model.emplace(config, source);
    trainer.emplace(*model, source, config);
    trainer->run([](const clq::Progress&) {}, 0.05);
    refused([&] { trainer->get("lost"); });
    while (trainer->metrics()) continue;
  }

  void prediction(const Data& data) const {
    model->save("model.safetensors");
    const clq::Model again = clq::Model::load("model.safetensors", "{\"threads\": 2}");
    again.describe();
    again.id();
    again.predict(data.x, kRows);
    refused([&] { again.predict(std::vector<float>(kRows * 3), kRows); });
    clq::Batch batch(again, kRows);
    batch.set("scalars", data.x, {kRows, 2});
    again.predict(batch);
    batch.get<float>("prediction");
    batch.status();
    refused([] { clq::Model::load("nowhere.safetensors"); });
  }
};

}  // namespace

int main() try {
  const Data data;
  if (looks_look(0) != 0) return 1;
  std::optional<Turn> turn(std::in_place, data);
  turn.reset();
  looks_look(1);
  for (int i = 0; i < 3; ++i) {
    turn.reset();
    turn.emplace(data);
  }
  looks_look(2);
  turn.reset();
  return looks_look(3) != 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "tour: %s\n", error.what());
  return 1;
}
