// docs/examples/train_predict.cpp -- learn y = sin(3 a) + b from arrays in memory, then predict it. C++17.
// SPDX-License-Identifier: BSD-3-Clause
// c++ -std=c++17 train_predict.cpp $(pkg-config --cflags --libs calanque)
#include <cmath>
#include <cstdio>
#include <thread>

#include <calanque/calanque.hpp>

namespace clq = calanque;

constexpr int64_t kRows = 4096;
constexpr const char* kRunFile = R"(
task = "regression"
[data]
scalars = ["x"]
target = "y"
[split]
valid = 0.1
[[model.layer]]
use = "dense"
units = 32
activation = "tanh"
[[model.layer]]
use = "dense"
[train]
epochs = 60
batch = 64
optimizer = { name = "adam", lr = 0.01 }
)";

double rms(const std::vector<float>& a, const std::vector<float>& b) {
  double squares = 0;
  for (size_t i = 0; i < a.size(); ++i) squares += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
  return std::sqrt(squares / static_cast<double>(a.size()));
}

int main() try {
  std::vector<float> x, y;
  for (int64_t i = 0; i < kRows; ++i) {
    x.push_back(static_cast<float>(i % 64) / 32.0f - 1.0f);
    x.push_back(static_cast<float>(i / 64) / 32.0f - 1.0f);
    y.push_back(std::sin(3.0f * x[x.size() - 2]) + x.back());
  }
  clq::Source source = clq::Source::create(kRows);
  source.borrow("x", x, {2});  // two numbers a sample; x must outlive the source
  source.add("y", y);          // copied

  const clq::Config config = clq::Config::parse(kRunFile);
  const clq::Model model(config, source);
  clq::Trainer trainer(model, source, config);
  trainer.run([](const clq::Progress& now) {
    std::fprintf(stderr, "step %lld of %lld, loss %.5f\n", static_cast<long long>(now.step),
                 static_cast<long long>(now.steps), now.loss);
  });

  const std::vector<float> guess = model.predict(x, kRows);
  std::printf("rms error %.4f\n", rms(guess, y));

  // A batch takes inputs by name and in any element type, and says which samples have no answer.
  clq::Batch batch(model, 2);
  batch.set("x", std::vector<double>{0.5, 0.25, std::nan(""), 0.0}, {2, 2});
  model.predict(batch);
  const std::vector<double> answers = batch.get<double>("prediction");
  for (size_t i = 0; i < 2; ++i) std::printf("sample %zu: %.3f, status %d\n", i, answers[i], batch.status()[i]);

  // Threads may share a model.
  std::vector<float> again;
  std::thread other([&] { again = model.predict(x, kRows); });
  other.join();

  // What is refused says what would be right.
  try {
    model.predict(std::vector<float>(3), 1);
  } catch (const clq::Error& error) {
    std::printf("status %d: %s\n", error.status(), error.what());
  }
  return rms(guess, y) < 0.05 && again == guess ? 0 : 1;
} catch (const clq::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
