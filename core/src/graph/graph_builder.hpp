// core/src/graph/graph_builder.hpp -- how layers, losses, metrics and optimizers write ops into a graph.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <calanque/core/error.hpp>
#include <calanque/core/graph.hpp>

namespace clq {

class OpTable;                         // core/src/ops/op_table.hpp
enum class Mode { train = 1, infer };  // CLQ_MODE_*

struct InputField {
  std::string name;
  TensorDesc desc;
};  // desc with the sample dimension N first

class GraphBuilder {
 public:
  // `ops` must outlive the builder.
  GraphBuilder(const OpTable& ops, Mode mode, std::vector<InputField> inputs, DType float_type = CLQ_F32);

  Mode mode() const { return frozen_ ? Mode::infer : mode_; }
  DType float_type() const { return float_type_; }  // of parameters and of what the network computes in
  int64_t replicas() const { return replicas_; }    // that all_reduce sums over
  bool same_for_any_replicas() const { return same_for_any_replicas_; }  // the bits are to be
  void set_replicas(int64_t n, bool same_for_any) {
    replicas_ = n;
    same_for_any_replicas_ = same_for_any;
  }
  const Graph& graph() const { return graph_; }
  Graph& graph() { return graph_; }
  const OpTable& op_table() const { return ops_; }
  // Copies: a reference into the graph would dangle at the next op.
  TensorDesc desc(Value v) const { return graph_.desc(v); }
  Shape shape(Value v) const { return graph_.desc(v).dims; }
  DType dtype(Value v) const { return graph_.desc(v).dtype; }

  // Appends "name/1" ops; shapes come from the op's rule, errors name the op and the scope.
  Value op(std::string_view name, std::vector<Value> inputs, Attrs attrs = {});  // the first output
  // All outputs; n_outputs is asked of a plugin's op alone, the core's rules know theirs.
  std::vector<Value> multi_op(std::string_view name, std::vector<Value> inputs, Attrs attrs = {}, size_t n_outputs = 1);

  Value constant(const Tensor& data);
  Value constant(double value, DType dtype = CLQ_F32);  // rank 0
  Value scalar(const std::string& name);                // one of Graph::scalars
  Value input(const std::string& field);                // an unknown field: error with the known names
  bool has_input(const std::string& field) const;

  // States are shared by full name (scope + "." + name); asking twice with another shape is an error.
  Value param(const std::string& name, Shape dims, Init init, uint32_t flags = kTrainable);
  Value state(const std::string& name, TensorDesc desc, Init init, uint32_t flags = 0);
  void assign(Value state, Value next, Value when = {});  // once a state
  std::string state_name(Value state) const;
  uint32_t state_flags(Value state) const;
  std::optional<Penalty> penalty(Value state) const;  // its layer's own
  std::vector<Value> trainable() const;               // in order of creation, those of frozen layers left out

  void output(const std::string& name, Value value);
  void metric(const std::string& name, Value per_sample, Json finish);

  class Scope {  // names what is built while it lives
   public:
    Scope(GraphBuilder& builder, const std::string& name) : Scope(builder, name, name) {}
    // States are those of `states` in the scope around: a layer that shares the weights of another.
    Scope(GraphBuilder& builder, const std::string& name, const std::string& states);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    GraphBuilder& builder_;
    std::string outer_, outer_states_;
  };
  class Training {  // how what is built while it lives is trained; frozen: never, and it computes as in prediction
   public:
    Training(GraphBuilder& builder, bool frozen, std::optional<Penalty> penalty) : builder_(builder) {
      builder.frozen_ = frozen;
      builder.penalty_ = penalty;
    }
    ~Training() {
      builder_.frozen_ = false;
      builder_.penalty_.reset();
    }
    Training(const Training&) = delete;
    Training& operator=(const Training&) = delete;

   private:
    GraphBuilder& builder_;
  };
  const std::string& scope() const { return scope_; }

 private:
  static constexpr uint32_t kTrainable = 1;  // CLQ_STATE_TRAINABLE
  Value add_value(TensorDesc desc);
  const State& find_state(Value state) const;
  const OpTable& ops_;
  Mode mode_;
  DType float_type_;
  bool frozen_ = false;
  std::optional<Penalty> penalty_;
  int64_t replicas_ = 1;
  bool same_for_any_replicas_ = false;
  std::vector<InputField> fields_;
  Graph graph_;
  std::string scope_, state_scope_;  // of ops, of states
  std::map<std::string, Value> states_, scalars_, inputs_;
};

}  // namespace clq
