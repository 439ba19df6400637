// projects/deepdip/hosts/deepdip.cpp -- from the repository's root: deepdip EPOCHS SEED OUTPUT_FOLDER [THREADS]. C++17.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>

#include <calanque/calanque.hpp>

namespace clq = calanque;

int main(int argc, char** argv) try {
  if (argc < 4) throw clq::Error(CLQ_E_INVALID, "usage: deepdip EPOCHS SEED OUTPUT_FOLDER [THREADS]");
  const std::string folder = argv[3], threads = argc > 4 ? argv[4] : "1";
  clq::Config config = clq::Config::load("projects/deepdip/runs/boss_dr10.toml");
  config.set("train.epochs", argv[1]);
  config.set("train.seed", argv[2]);
  config.set("compute.threads", threads);

  const clq::Source source = clq::Source::from(config);
  const clq::Model model(config, source);
  clq::Trainer(model, source, config).run([](const clq::Progress& now) {
    std::fprintf(stderr, "epoch %lld  loss %.4f\n", static_cast<long long>(now.epoch), now.loss);
  });
  model.save(folder + "/model.safetensors");

  const clq::Source test = clq::Source::for_model(model, "projects/deepdip/data/boss_dr10_test.fits");
  clq::predict_to({model}, test, folder + "/predictions.fits", "{\"threads\": " + threads + "}");
  const clq::Result scores = clq::evaluate({model}, source, "{\"part\": \"valid\", \"threads\": " + threads + "}");
  std::puts(scores.json().c_str());
  return 0;
} catch (const clq::Error& error) {
  std::fprintf(stderr, "deepdip: %s\n", error.what());
  return 1;
}
