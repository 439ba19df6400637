# docs/examples/r/train_predict.R -- learn y = sin(3 a) + b and predict it: Rscript train_predict.R
# SPDX-License-Identifier: BSD-3-Clause
dyn.load("calanque_r.so")
source("calanque.R")

grid <- seq(-1, 1, length.out = 64)
x <- rbind(rep(grid, 64), rep(grid, each = 64))   # [2, 4096]: samples are the last axis
y <- sin(3 * x[1, ]) + x[2, ]

config <- clq_config('
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
batch = 64
optimizer = { name = "adam", lr = 0.01 }
')
clq_set(config, "train.epochs", 30)
samples <- clq_arrays(list(x = x, y = y))
model <- clq_train(clq_model(config, samples), samples, config)

x[1, 2] <- NA                                     # a sample without an answer
found <- clq_predict(model, "x", x)
good <- found$bad == 0
rms <- sqrt(mean((found$prediction[1, good] - y[good])^2))
cat(sprintf("rms error %.4f, %d without an answer\n", rms, sum(!good)))

clq_save(model, "model.safetensors")
again <- clq_load("model.safetensors")
same <- identical(clq_predict(again, "x", x)$prediction, found$prediction)
refused <- tryCatch(clq_set(config, "train.epoch", 3), error = conditionMessage)
cat(refused, "\n")
stopifnot(rms < 0.1, sum(!good) == 1, found$bad[2] == 2, same, grepl("did you mean 'train.epochs'", refused))
for (object in list(again, model, samples, config)) clq_close(object)
