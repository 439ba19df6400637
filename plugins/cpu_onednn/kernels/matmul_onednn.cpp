// plugins/cpu_onednn/kernels/matmul_onednn.cpp -- products of matrices: large ones on a team, others in pieces.
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
  int64_t batch, m, n, k;
  bool transpose_a, transpose_b;
  int64_t work() const { return batch * m * n * k; }
};

// Of two matrices, or of those that are the last two axes of more.
Product product_of(const ref::OpView& op) {
  const bool a = op.i64("transpose_a", 0) != 0, b = op.i64("transpose_b", 0) != 0;
  const clq_tensor_desc& dst = op.dst(0);
  const int32_t lead = dst.rank - 2;
  Product p{1, dst.dims[lead], dst.dims[lead + 1], op.src(0).dims[lead + (a ? 0 : 1)], a, b};
  for (int32_t d = 0; d < lead; ++d) p.batch *= dst.dims[d];
  return p;
}

// `batch` of the products, one after the other.
std::optional<Prepared> prepare_batch(const Engine& engine, const Product& p, int64_t batch) {
  const Desc a = strided_desc({batch, p.m, p.k}, p.transpose_a ? Dims{p.m * p.k, 1, p.m} : Dims{p.m * p.k, p.k, 1});
  const Desc b = strided_desc({batch, p.k, p.n}, p.transpose_b ? Dims{p.k * p.n, 1, p.k} : Dims{p.k * p.n, p.n, 1});
  auto prepared = matrix_product(engine, a, b, plain_desc({batch, p.m, p.n}));
  return prepared && !prepared->is_reference() ? std::move(prepared) : std::nullopt;
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

// Steps from a piece of each operand to the next, in elements.
struct Cut {
  int64_t pieces, a, b, dst;
};

// The result in pieces of some rows or some products, which depend on the shape alone.
class Pieces final : public ref::Kernel {
 public:
  Pieces(const Engine& engine, const Cut& cut, Prepared whole, std::optional<Prepared> last)
      : Kernel({.workspace_bytes = cut.pieces * ref::round_up(whole.scratch_bytes)}),
        cut_(cut),
        scratch_(ref::round_up(whole.scratch_bytes)),
        whole_(make_primitive_kernel(engine, std::move(whole), roles())) {
    if (last) last_ = make_primitive_kernel(engine, std::move(*last), roles());
  }

  clq_status run(const ref::Operands&, const ref::Context& context) const noexcept override {
    return context.fail(CLQ_E_INTERNAL, "run: a product without addresses");
  }

  std::unique_ptr<Kernel> bound(const ref::Operands& io) const override {
    std::vector<std::unique_ptr<Kernel>> pieces;
    for (int64_t i = 0; i < cut_.pieces; ++i) {
      void* src[] = {const_cast<float*>(io.in<float>(0) + i * cut_.a),
                     const_cast<float*>(io.in<float>(1) + i * cut_.b)};
      void* dst[] = {io.out<float>(0) + i * cut_.dst};
      const bool is_last = last_ != nullptr && i + 1 == cut_.pieces;
      pieces.push_back((is_last ? last_ : whole_)->bound({src, dst, io.workspace + i * scratch_}));
    }
    return std::make_unique<BoundPieces>(std::move(pieces));
  }

 private:
  Cut cut_;
  int64_t scratch_;
  std::unique_ptr<Kernel> whole_, last_;
};

// n parts in pieces of `size`; prepare(parts) makes the primitive of so many.
template <class Prepare>
std::unique_ptr<ref::Kernel> make_pieces(const Engine& engine, int64_t n, int64_t size, const Cut& step,
                                         const Prepare& prepare) {
  const auto alone = [&](int64_t parts) { return prepare_alone([&] { return prepare(parts); }); };
  auto whole = alone(size);
  auto last = n % size == 0 ? std::nullopt : alone(n % size);
  if (!whole || (n % size != 0 && (!last || last->scratch_bytes > ref::round_up(whole->scratch_bytes)))) return nullptr;
  const Cut cut{(n + size - 1) / size, size * step.a, size * step.b, size * step.dst};
  return std::make_unique<Pieces>(engine, cut, std::move(*whole), std::move(last));
}

std::unique_ptr<ref::Kernel> make_row_pieces(const Engine& engine, const Product& p) {
  const int64_t pieces = (p.work() + kPiece - 1) / kPiece, fit = (p.m + pieces - 1) / pieces,
                rows = std::min((fit + kRowStep - 1) / kRowStep * kRowStep, p.m);
  return make_pieces(engine, p.m, rows, {1, p.transpose_a ? 1 : p.k, 0, p.n},
                     [&](int64_t n) { return prepare_rows(engine, p, n); });
}

std::unique_ptr<ref::Kernel> make_batch_pieces(const Engine& engine, const Product& p) {
  const int64_t pieces = std::min(p.batch, (p.work() + kPiece - 1) / kPiece);
  return make_pieces(engine, p.batch, (p.batch + pieces - 1) / pieces, {1, p.m * p.k, p.k * p.n, p.m * p.n},
                     [&](int64_t n) { return prepare_batch(engine, p, n); });
}

}  // namespace

bool lower_matmul(Lowering& lowering, const ref::OpView& op) {
  const bool one = std::string_view(op.op().name) == "matmul/1";
  if (!one && std::string_view(op.op().name) != "batch_matmul/1") return false;
  const Product product = product_of(op);
  if (product.work() <= kWorthAPrimitive) return false;
  std::optional<Prepared> large;
  std::unique_ptr<ref::Kernel> pieces;
  if (product.work() >= kWorthATeam)
    large = one ? prepare_rows(lowering.engine(), product, product.m)
                : prepare_batch(lowering.engine(), product, product.batch);
  else
    pieces = one ? make_row_pieces(lowering.engine(), product) : make_batch_pieces(lowering.engine(), product);
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
