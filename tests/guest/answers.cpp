// tests/guest/answers.cpp -- what a training leaves, for hosts that compute in their own way.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "modes.hpp"
#include "posture.hpp"
#include "training.hpp"

namespace clq::guest {
namespace {

using Json = nlohmann::json;

// As texts: to read a number is arithmetic of the host.
Json metrics(clq_handle trainer) {
  Json rows = Json::array();
  std::vector<char> text(1 << 16);
  while (need(clq_trainer_metrics(trainer, text.data(), 1 << 16)) > 0) {
    std::string row = text.data();
    const size_t time = row.find("\"seconds\":");
    rows.push_back(row.erase(time, row.find_first_of(",}", time) - time));
  }
  return rows;
}

Json learn(Network network, const std::string& device) {
  Training training(network, device);
  training.finish();
  clq_handle result = 0;
  need(clq_evaluate(&training.model, 1, training.source, nullptr, R"({"threads": 2})", &result));
  Json all = {{"predictions", training.answers()},
              {"metrics", metrics(training.trainer)},
              {"evaluation", text_of(clq_result_text, result)},
              {"model", text_of(clq_model_id, training.model)}};
  clq_result_close(result);
  return all;
}

}  // namespace

int list_devices(const Words&) {
  print(Json(devices()).dump());
  return 0;
}

int answers(const Words& words) {
  const bool planted = std::getenv("GUEST_PLANTED") != nullptr;  // a result in the host's own arithmetic
  take_posture(words.at(0));
  if (words.size() > 1 && words[1] == "openmp") use_openmp();
  Json all = Json::object();
  for (const std::string& device : devices()) {
    all[device + " table"] = learn(Network::table, device);
    all[device + " images"] = learn(Network::images, device);
  }
  const volatile float one = 1, three = 3;
  if (planted) all["planted"] = {one / three, -one / three};
  print(all.dump());
  return 0;
}

}  // namespace clq::guest
