// tests/hosts/lent/lent.cpp -- as lent.c, by calanque.hpp. C++17.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdint>
#include <cstdio>
#include <cstring>

#include <calanque/calanque.hpp>

namespace {

namespace clq = calanque;

constexpr int kRows = 8;

void say(const char* call, const void* data) {
  std::printf("%s %lld\n", call, static_cast<long long>(reinterpret_cast<std::intptr_t>(data)));
}

}  // namespace

int main(int argc, char** argv) try {
  const bool packs = argc > 1 && std::strcmp(argv[1], "packed") == 0;
  std::vector<float> x, packed, out(2 * kRows), packed_out(kRows), found(2);
  std::vector<double> y;
  for (int i = 0; i < 2 * kRows; ++i) x.insert(x.end(), {static_cast<float>(i), static_cast<float>(i * i % 7)});
  for (int i = 0; i < kRows; ++i) packed.insert(packed.end(), {x[4 * i], x[4 * i + 1]}), y.push_back(i * i % 5);
  const auto given = packs ? clq::view(packed.data(), packed.size()) : clq::view(x.data(), packed.size());
  const auto wanted = packs ? clq::view(packed_out.data(), kRows) : clq::view(out.data(), kRows);

  clq::Config config = clq::Config::parse(
      "task = 'regression'\n[data]\nscalars = ['x']\ntarget = 'y'\n[split]\nvalid = 0.25\n[[model.layer]]\nuse = 'dense'\n");
  clq::Source source = clq::Source::create(kRows);
  source.borrow("x", given, {2});
  say("clq_source_add x data", x.data());
  source.add("y", y);
  x[packs ? 4 : 2] = 0.25f;
  source.read({1}, "x", found);
  std::printf("changed %g %g\n", 0.25, static_cast<double>(found[0]));

  clq::Model model(config, source);
  model.fit(source, config);
  model.predict(given, kRows, wanted);
  say("clq_predict - input", x.data()), say("clq_predict - output", out.data());
  clq::Batch batch(model, kRows);
  batch.set("scalars", given, {kRows, 2});
  say("clq_batch_set scalars data", x.data());
  model.predict(batch);
  batch.get("prediction", wanted);
  say("clq_batch_get prediction data", out.data());
} catch (const clq::Error& error) {
  std::fprintf(stderr, "lent: %s\n", error.what());
  return 1;
}
