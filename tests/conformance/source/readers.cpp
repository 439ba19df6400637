// tests/conformance/source/readers.cpp -- the same bytes, whoever reads them, in which order, and with which fields.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>

#include "conformance/source/calls.hpp"
#include "conformance/source/lists.hpp"
#include "conformance/source/reading.hpp"

namespace clq::conformance {
namespace {

struct Way {
  uint32_t readers, batch;
  bool shuffled;
};

// Rows read by several readers at once, reader r the batches r, r + n ... of `order`.
class SharedRead {
 public:
  SharedRead(const OpenedSource& source, std::span<const int64_t> rows, std::vector<size_t> order, const Way& way)
      : source_(source), rows_(rows), order_(std::move(order)), way_(way), specs_(as_stored(source, source.fields())) {}

  std::vector<Bytes> run() {
    const Batch one(specs_, 1);
    for (size_t s = 0; s < specs_.size(); ++s) samples_.emplace_back(rows_.size() * one.width(s));
    std::vector<std::thread> threads;
    for (uint32_t r = 0; r < way_.readers; ++r) threads.emplace_back([this, r] { run_one(r); });
    for (std::thread& thread : threads) thread.join();
    if (!problem_.empty()) throw std::runtime_error(problem_);
    return std::move(samples_);
  }

 private:
  void run_one(uint32_t r) try {
    OpenedReader reader(source_, source_.fields(), r, way_.readers);
    Batch batch(specs_, way_.batch);
    for (size_t first = r * way_.batch; first < order_.size(); first += way_.readers * way_.batch) {
      const auto some = std::span(order_).subspan(first, std::min<size_t>(way_.batch, order_.size() - first));
      std::vector<int64_t> rows;
      for (const size_t position : some) rows.push_back(rows_[position]);
      reader.read_all(rows, batch.slots());
      for (size_t s = 0; s < specs_.size(); ++s)
        for (uint32_t k = 0; k < some.size(); ++k) batch.copy(s, k, samples_[s].data() + some[k] * batch.width(s));
    }
  } catch (const std::exception& e) {
    const std::lock_guard lock(telling_);
    problem_ = e.what();
  }

  const OpenedSource& source_;
  std::span<const int64_t> rows_;
  std::vector<size_t> order_;
  Way way_;
  std::vector<SlotSpec> specs_;
  std::vector<Bytes> samples_;
  std::mutex telling_;
  std::string problem_;
};

std::vector<size_t> order_of(size_t n, bool shuffled, uint64_t seed) {
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  std::mt19937_64 random(seed);
  if (shuffled) std::shuffle(order.begin(), order.end(), random);
  return order;
}

void readers_agree(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject);
  const std::vector<int64_t> rows = readable_rows(source);
  const auto specs = as_stored(source, source.fields());
  const std::vector<Bytes> wanted = read_samples(source, specs, rows);
  const std::vector<int64_t> last = {source.info().n_samples - 1};  // it counts right
  OpenedReader reader(source, source.fields());
  Batch one(specs, 1);
  read_good(reader, one, last, [](size_t, uint32_t) {});
  const uint32_t most = source.info().max_readers == 0 ? CLQ_NONE : source.info().max_readers;
  for (const uint32_t readers : {1u, 2u, 4u, 8u})
    for (const uint32_t batch : {1u, 7u, 64u})
      for (const bool shuffled : {false, true}) {
        if (readers > most) continue;
        SharedRead read(source, rows, order_of(rows.size(), shuffled, subject.seed), {readers, batch, shuffled});
        const std::string where = difference(source, specs, rows, wanted, read.run());
        findings.expect(where.empty(), "{} readers, batches of {}, {} order: other bytes than one reader's: {}",
                        readers, batch, shuffled ? "random" : "ascending", where);
      }
  findings.note("rows", std::to_string(rows.size()));
}

// Of `all`, the samples of these fields in this order.
std::vector<Bytes> some_of(const std::vector<Bytes>& all, const std::vector<uint32_t>& fields) {
  std::vector<Bytes> some;
  for (const uint32_t f : fields) some.push_back(all[f]);
  return some;
}

void repeats_rows(const OpenedSource& source, std::span<const int64_t> rows, const std::vector<Bytes>& wanted,
                  Findings& findings) {
  const auto specs = as_stored(source, source.fields());
  std::vector<int64_t> twice;
  for (const int64_t row : rows) twice.insert(twice.end(), {row, rows.front(), row});
  const std::vector<Bytes> got = read_samples(source, specs, twice, 3 * 5);
  std::vector<Bytes> expected;
  for (const Bytes& field : wanted) {
    const auto width = static_cast<int64_t>(field.size() / rows.size());
    Bytes& repeated = expected.emplace_back();
    for (size_t r = 0; r < rows.size(); ++r)
      for (const size_t k : {r, size_t{0}, r}) {
        const auto from = field.begin() + static_cast<int64_t>(k) * width;
        repeated.insert(repeated.end(), from, from + width);
      }
  }
  const std::string where = difference(source, specs, twice, expected, got);
  findings.expect(where.empty(), "a row that stands in a batch three times: {}", where);
}

// Each field alone, each pair in both orders, all of them as they stand and in reverse, and some drawn at random.
std::vector<std::vector<uint32_t>> field_choices(const std::vector<uint32_t>& all, uint64_t seed) {
  constexpr size_t kPaired = 12, kDrawn = 24;
  std::vector<std::vector<uint32_t>> choices = {all, {all.rbegin(), all.rend()}};
  for (const uint32_t f : all) choices.push_back({f});
  for (size_t i = 0; i < all.size(); ++i)
    for (size_t k = 0; k < all.size(); ++k)
      if (i != k && (all.size() <= kPaired || i == k + 1 || k == i + 1)) choices.push_back({all[i], all[k]});
  std::mt19937_64 random(seed);
  for (size_t draw = 0; draw < kDrawn && all.size() > 2; ++draw) {
    std::vector<uint32_t>& some = choices.emplace_back(all);
    std::shuffle(some.begin(), some.end(), random);
    some.resize(1 + random() % all.size());
  }
  return choices;
}

void fields_agree(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject);
  const std::vector<int64_t> rows = readable_rows(source, 50);
  const std::vector<uint32_t> all = source.fields();
  const std::vector<Bytes> wanted = read_samples(source, as_stored(source, all), rows);
  const auto choices = field_choices(all, subject.seed);
  for (const auto& choice : choices) {
    const auto specs = as_stored(source, choice);
    const std::string where =
        difference(source, specs, rows, some_of(wanted, choice), read_samples(source, specs, rows));
    findings.expect(where.empty(), "a reader of the fields {}: other bytes than with all fields: {}",
                    fmt::join(choice, ", "), where);
  }
  findings.note("choices", fmt::format("{} of {} fields", choices.size(), all.size()));
  findings.note("seed", fmt::format("{}", subject.seed));
  repeats_rows(source, rows, wanted, findings);
}

}  // namespace

void add_reader_cases(std::vector<Case>& cases) {
  cases.push_back({"source.readers", "1 to 8 readers, any batch, any order: the bytes of one reader", readers_agree});
  cases.push_back({"source.fields",
                   "fields alone, in pairs, all, in reverse, some at random; repeated rows: the same bytes",
                   fields_agree});
}

}  // namespace clq::conformance
