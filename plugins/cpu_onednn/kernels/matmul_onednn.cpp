// plugins/cpu_onednn/kernels/matmul_onednn.cpp -- products of two matrices: large ones on a team, others in rows.
// SPDX-License-Identifier: BSD-3-Clause
#include <atomic>

#include "plan/lowering.hpp"

namespace clq::onednn {
namespace {

// Multiplications: below the first cpu_ref's loops are as fast; a piece of the second is worth waking a thread; from
// the third on the work outweighs a barrier, and oneDNN cuts it better than by rows alone.
constexpr int64_t kWorthAPrimitive = int64_t{1} << 15, kPiece = int64_t{1} << 21, kWorthATeam = int64_t{1} << 25;
constexpr int64_t kRowStep = 8;

struct Product {
  int64_t m, n, k;
  bool transpose_a, transpose_b;
  int64_t work() const { return m * n * k; }
};

Product product_of(const ref::OpView& op) {
  const bool a = op.i64("transpose_a", 0) != 0, b = op.i64("transpose_b", 0) != 0;
  return {op.dst(0).dims[0], op.dst(0).dims[1], op.src(0).dims[a ? 0 : 1], a, b};
}

// `rows` of the result; a's rows lie as in the whole of it.
std::optional<Prepared> prepare_rows(const Engine& engine, const Product& p, int64_t rows) {
  const Desc a = strided_desc({rows, p.k}, p.transpose_a ? Dims{1, p.m} : Dims{p.k, 1});
  const Desc b = strided_desc({p.k, p.n}, p.transpose_b ? Dims{1, p.k} : Dims{p.n, 1});
  auto prepared = matrix_product(engine, a, b, plain_desc({rows, p.n}));
  return prepared && !prepared->is_reference() ? std::move(prepared) : std::nullopt;
}

std::vector<Role> roles() { return {{DNNL_ARG_SRC, false, 0}, {DNNL_ARG_WEIGHTS, false, 1}, {DNNL_ARG_DST, true, 0}}; }

// Pieces with their addresses; any thread of any team takes the next one.
class BoundPieces final : public ref::Kernel {
 public:
  explicit BoundPieces(std::vector<std::unique_ptr<Kernel>> pieces) : Kernel({}), pieces_(std::move(pieces)) {}

  clq_status run(const ref::Operands& io, const ref::Context& context) const noexcept override {  // hot
    std::atomic<clq_status> status{CLQ_OK};
    ref::parallel(context, static_cast<int64_t>(pieces_.size()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        if (const clq_status s = pieces_[static_cast<size_t>(i)]->run(io, context); s != CLQ_OK) status = s;
    });
    return status;
  }

 private:
  std::vector<std::unique_ptr<Kernel>> pieces_;
};

// The result in pieces of some rows, which depend on the shape alone.
class Pieces final : public ref::Kernel {
 public:
  Pieces(const Engine& engine, const Product& product, int64_t rows, Prepared whole, std::optional<Prepared> last)
      : Kernel({.workspace_bytes = count(product, rows) * ref::round_up(whole.scratch_bytes)}),
        product_(product),
        rows_(rows),
        scratch_(ref::round_up(whole.scratch_bytes)),
        whole_(make_primitive_kernel(engine, std::move(whole), roles())) {
    if (last) last_ = make_primitive_kernel(engine, std::move(*last), roles());
  }

  clq_status run(const ref::Operands&, const ref::Context& context) const noexcept override {
    return context.fail(CLQ_E_INTERNAL, "run: a product without addresses");
  }

  std::unique_ptr<Kernel> bound(const ref::Operands& io) const override {
    std::vector<std::unique_ptr<Kernel>> pieces;
    for (int64_t i = 0; i < count(product_, rows_); ++i) {
      const int64_t row = i * rows_;
      void* src[] = {const_cast<float*>(io.in<float>(0) + row * (product_.transpose_a ? 1 : product_.k)), io.src[1]};
      void* dst[] = {io.out<float>(0) + row * product_.n};
      const bool is_last = row + rows_ > product_.m;
      pieces.push_back((is_last ? last_ : whole_)->bound({src, dst, io.workspace + i * scratch_}));
    }
    return std::make_unique<BoundPieces>(std::move(pieces));
  }

 private:
  static int64_t count(const Product& p, int64_t rows) { return (p.m + rows - 1) / rows; }

  Product product_;
  int64_t rows_, scratch_;
  std::unique_ptr<Kernel> whole_, last_;
};

std::unique_ptr<ref::Kernel> make_pieces(const Engine& engine, const Product& p) {
  const int64_t pieces = (p.work() + kPiece - 1) / kPiece, fit = (p.m + pieces - 1) / pieces,
                rows = std::min((fit + kRowStep - 1) / kRowStep * kRowStep, p.m);
  const auto prepare = [&](int64_t n) { return prepare_alone([&] { return prepare_rows(engine, p, n); }); };
  auto whole = prepare(rows);
  auto last = p.m % rows == 0 ? std::nullopt : prepare(p.m % rows);
  if (!whole || (p.m % rows != 0 && (!last || last->scratch_bytes > ref::round_up(whole->scratch_bytes))))
    return nullptr;
  return std::make_unique<Pieces>(engine, p, rows, std::move(*whole), std::move(last));
}

}  // namespace

bool lower_matmul(Lowering& lowering, const ref::OpView& op) {
  if (std::string_view(op.op().name) != "matmul/1") return false;
  const Product product = product_of(op);
  if (product.work() <= kWorthAPrimitive) return false;
  std::optional<Prepared> large;
  std::unique_ptr<ref::Kernel> pieces;
  if (product.work() >= kWorthATeam)
    large = prepare_rows(lowering.engine(), product, product.m);
  else
    pieces = make_pieces(lowering.engine(), product);
  if (!large && !pieces) return false;
  const std::vector<uint32_t> operands = {lowering.use(op.op().inputs[0], kPlainLayout),
                                          lowering.use(op.op().inputs[1], kPlainLayout)};
  const uint32_t result = lowering.make(op.op().outputs[0], kPlainLayout);
  if (large)
    lowering.add_primitive(std::move(*large), roles(), operands, {result});
  else
    lowering.add_step(std::move(pieces), operands, {result});
  return true;
}

}  // namespace clq::onednn
