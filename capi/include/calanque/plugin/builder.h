/* calanque/plugin/builder.h -- "clq.builder/1" and "clq.ops/1": layers, losses, metrics, optimizers and ops of a plugin. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLQ_PLUGIN_BUILDER_H
#define CLQ_PLUGIN_BUILDER_H
#include "backend.h"

typedef struct clq_graph clq_graph;            /* a graph under construction, owned by the core  */

enum { CLQ_MODE_TRAIN = 1, CLQ_MODE_INFER };
enum { CLQ_STATE_TRAINABLE = 1, CLQ_STATE_NO_DECAY = 2 };
#define CLQ_OP_NO_GRADIENT 1u

#define CLQ_HOST_GRAPH_ID "clq.host-graph/1"
typedef struct clq_host_graph {                /* EXTENSIBLE; host extension [build thread]      */
   uint32_t   struct_size, reserved;
   uint32_t   (CLQ_CALL *mode)(clq_graph *);   /* CLQ_MODE_TRAIN | CLQ_MODE_INFER: built twice, states shared by name */
   clq_status (CLQ_CALL *shape)(clq_graph *, uint32_t value, clq_tensor_desc *out);
   clq_status (CLQ_CALL *constant)(clq_graph *, const clq_tensor_desc *, const void *data, uint32_t *out);
   clq_status (CLQ_CALL *scalar)(clq_graph *, const char *name, uint32_t *out);  /* "learning_rate" "step" "seed" "first_sample" "batch_count" */
   clq_status (CLQ_CALL *state)(clq_graph *, const char *name, const clq_tensor_desc *, const char *init_json,
                                uint32_t flags, uint32_t *out);                  /* TRAINABLE | NO_DECAY */
   clq_status (CLQ_CALL *assign)(clq_graph *, uint32_t state, uint32_t new_value);
   clq_status (CLQ_CALL *op)(clq_graph *, const char *name, const uint32_t *inputs, uint32_t n_inputs,
                             const clq_attr *, uint32_t n_attrs, uint32_t *outputs, uint32_t n_outputs);
   clq_status (CLQ_CALL *input)(clq_graph *, const char *field, uint32_t *out);   /* a mask, E(B-V), ... by name */
   clq_status (CLQ_CALL *output)(clq_graph *, const char *name, uint32_t value);  /* a named output of the model or task */
   /* value: [N] F64, one a sample; {"finish": "mean" | "rms" | "median" | "sigma_mad" | "quantile" | "ks_uniform" ...}. Sums stay on the
      device as states; the others keep 8 bytes a row of the evaluated set, counted in the printed bound. "best" says
      which value train.monitor looks for: "smallest" (the default), "largest", or the one nearest to this number. */
   clq_status (CLQ_CALL *metric)(clq_graph *, const char *name, uint32_t value, const char *finish_json);
} clq_host_graph;

#define CLQ_BUILDER_ID "clq.builder/1"
typedef struct clq_builder clq_builder;
struct clq_builder {                           /* EXTENSIBLE, listed by pointer                  */
   uint32_t    struct_size, flags;
   void       *ctx;
   /* kind     inputs -> outputs
      layer     tensors -> tensors
      loss      (model outputs..., target) -> one loss a sample [N]; the core weights and sums
      metric    the same -> none; calls metric()
      optimizer (parameter state, gradient), once a parameter -> none; moments by state(), result by assign(inputs[0], new)
      task      model outputs -> named outputs by output(); config_schema's "task" member holds run-file defaults, columns, extra tables */
   const char *kind, *name;                    /* "layer", "deepdip.inception"                   */
   const char *config_schema;                  /* JSON Schema of `config_json`                   */
   /* Several threads may build at once, each a graph of its own. [any-thread]                    */
   clq_status (CLQ_CALL *build)(const clq_builder *, clq_graph *, const char *config_json, const uint32_t *inputs,
                                uint32_t n_inputs, uint32_t *outputs, uint32_t capacity, uint32_t *n_outputs);
};
typedef struct clq_builder_list {              /* EXTENSIBLE */
   uint32_t                  struct_size, n_builders;
   const clq_builder *const *builders;
} clq_builder_list;

#define CLQ_OPS_ID "clq.ops/1"
typedef struct clq_op_def clq_op_def;
struct clq_op_def {                            /* EXTENSIBLE, listed by pointer                  */
   uint32_t    struct_size, flags;             /* CLQ_OP_NO_GRADIENT                             */
   void       *ctx;
   const char *name, *attr_schema;             /* "org.lam.psfao/1"                              */
   /* [any-thread]; a graph belongs to the thread that calls `gradient` with it */
   clq_status (CLQ_CALL *infer)(const clq_op_def *, const clq_op *, const clq_tensor_desc *values, clq_tensor_desc *outputs);
   clq_status (CLQ_CALL *gradient)(const clq_op_def *, clq_graph *, const clq_op *, const uint32_t *diff_outputs,
                                   uint32_t *diff_inputs);  /* NULL: refused at load unless CLQ_OP_NO_GRADIENT; differentiating through such an op names it and its layer */
   clq_status (CLQ_CALL *prepare)(const clq_op_def *, const clq_op *, const clq_tensor_desc *values, int64_t *workspace_bytes);
   /* Several may run at once, each with memory and a team of its own. [any-thread] */
   clq_status (CLQ_CALL *kernel)(const clq_op_def *, const clq_op *, const clq_tensor_desc *values, void *const *data,
                                 void *workspace, const clq_host_threads *, clq_team *); /* plain host memory; any CPU backend calls it; no allocation */
};
#define CLQ_HOST_OPS_ID "clq.host-ops/1"      /* how a backend finds other plugins' ops          */
typedef struct clq_host_ops {                  /* EXTENSIBLE */
   uint32_t          struct_size, reserved;
   const clq_op_def *(CLQ_CALL *find)(const clq_host *, const char *name);   /* NULL if absent. [any-thread] */
} clq_host_ops;

typedef struct clq_op_list {                   /* EXTENSIBLE */
   uint32_t                 struct_size, n_ops;
   const clq_op_def *const *ops;
} clq_op_list;
#endif
