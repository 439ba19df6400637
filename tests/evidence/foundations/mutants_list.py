# tests/evidence/foundations/mutants_list.py -- forty small errors, each of which the tests must notice.
# SPDX-License-Identifier: BSD-3-Clause
"""(file, what stands there once, what stands there instead, the tests that are run: an expression of ctest -R)"""

OPS, GRADIENTS = r"^(ops|cpu_ref_ops)$", r"^(ops|losses|layers|compile)$"
ROWS, TABLES = r"^data_(sampler|row_set|selection|feeder)$", r"^core_train_(trainer|resume|bits)$"
FILES = r"^core_train_(files|resume|interrupted|killed_writes|golden_bundles|trainer)$"
REPLICAS = r"^(core_train_replicas|core_runtime_local_comm|compile)$"

IN_OPS = [
    ("core/src/ops/binary.cpp", 'b.op("neg/1", {back(b, d[0], op.inputs[1])})};', "back(b, d[0], op.inputs[1])};",
     GRADIENTS),
    ("core/src/ops/binary.cpp", '{per, op.outputs[0]}', "{per, op.inputs[0]}", GRADIENTS),
    ("core/src/ops/binary.cpp", 'b, op, d, "ge");', 'b, op, d, "gt");', GRADIENTS),
    ("core/src/ops/binary.cpp", "like(b, 1, y)", "like(b, 2, y)", GRADIENTS),
    ("core/src/ops/unary.cpp", "1.12837916709551257390", "1.12", GRADIENTS),
    ("core/src/ops/unary.cpp", "like(b, 0.5, d[0])", "like(b, 1, d[0])", GRADIENTS),
    ("core/src/ops/unary.cpp", '"max", 0), x)}, {{"op", attr("le")}}', '"max", 0), x)}, {{"op", attr("ge")}}', GRADIENTS),
    ("core/src/ops/softmax.cpp", 'b.op("sub/1", {d[0], mean})', 'b.op("add/1", {d[0], mean})', GRADIENTS),
    ("core/src/ops/softmax.cpp", "indices ? p : b.op", "true ? p : b.op", GRADIENTS),
    ("core/src/ops/reduce.cpp", "1.0 / static_cast<double>(n)", "1.0 / static_cast<double>(n + 1)", GRADIENTS),
    ("core/src/ops/reduce.cpp", "sum_to(b, ones, kept)}", "ones}", GRADIENTS),
    ("core/src/ops/index.cpp", "int64_t{reverse == 0}", "int64_t{reverse != 0}", GRADIENTS),
    ("core/src/ops/shape.cpp", "inverse[static_cast<size_t>(perm[i])] = static_cast<int64_t>(i);",
     "inverse[i] = perm[i];", GRADIENTS),
    ("core/src/ops/window.cpp", "w.dilations[a] * (w.kernel[a] - 1) + 1", "w.dilations[a] * w.kernel[a]", OPS),
    ("core/src/ops/norm.cpp", "like(b, -0.5, along)", "like(b, 0.5, along)", GRADIENTS),
    ("core/src/ops/matmul.cpp", "product(b, d[0], false, y, !ty)", "product(b, d[0], false, y, ty)", GRADIENTS),
    ("plugins/cpu_ref/kernels/random.cpp", "first + static_cast<uint64_t>(r)", "(first & 0) + static_cast<uint64_t>(r)",
     r"^(cpu_ref_ops|core_train_bits|core_train_replicas|layers)$"),
]
IN_SAMPLER = [
    ("core/src/data/sampler.cpp", "kRounds = 6", "kRounds = 5", ROWS),
    ("core/src/data/sampler.cpp", "XXH3_64bits(words.data(), sizeof(words))", "XXH3_64bits(words.data(), 24)", ROWS),
    ("core/src/data/sampler.cpp", "rows.epoch = number / batches_per_epoch()", "rows.epoch = 0", ROWS),
    ("core/src/data/sampler.cpp", "!drop_remainder_ && n_ % batch_ != 0 ? 1 : 0", "n_ % batch_ != 0 ? 1 : 0", ROWS),
    ("core/src/data/sampler.cpp", "shuffle_ ? order_at(seed_,", "shuffle_ ? order_at(0,", ROWS),
    ("core/src/data/row_set.cpp", "if (left < ones)", "if (left <= ones)", ROWS),
    ("core/src/data/selection.cpp", "place < keys.test + keys.valid ?", "place < keys.valid ?", ROWS),
    ("core/src/data/selection.cpp", ">> 11", ">> 12", ROWS),
]
IN_CHECKPOINT = [
    ("core/src/train/safetensors_read.cpp", "|| *wanted != hex_checksum(tensor.bytes(), entry.end - entry.begin)", "",
     FILES),
    ("core/src/train/safetensors_read.cpp", "*whole != header_checksum(header)",
     "header_checksum(header).empty()", FILES),
    ("core/src/train/trainer_checkpoint.cpp",
     "for (const auto& [name, tensor] : best) all.emplace(std::string(kBestState) + name, tensor);", "", FILES),
    ("core/src/train/trainer_checkpoint.cpp", "progress.metrics_bytes = folder.metrics_bytes();", "", FILES),
    ("core/src/train/trainer_checkpoint.cpp", "if (!fs::exists(last, error)) return;", "return;", FILES),
    ("core/src/train/trainer_resume.cpp", '{"checkpoints/last.safetensors", "checkpoints/previous.safetensors"}',
     '{"checkpoints/previous.safetensors", "checkpoints/last.safetensors"}', FILES),
    ("core/src/train/trainer_resume.cpp", "if (!problem) problem = Error(e.status() == CLQ_E_IO", "throw; Error(e.status() == CLQ_E_IO", FILES),
    ("core/src/train/bundle_json.cpp", 'p.epochs_since_best = count("epochs_since_best");', "",
     r"^core_train_(files|resume|interrupted|trainer)$"),
]
IN_REPLICAS = [
    ("core/src/runtime/local_comm.cpp", "step < n; step *= 2", "step <= n / 2; step *= 2", REPLICAS),
    ("core/src/runtime/local_comm.cpp", "return alike ? CLQ_OK : CLQ_E_INVALID;", "return CLQ_OK;", REPLICAS),
    ("core/src/train/replicas.cpp", "return e.status() == CLQ_E_PEER;", "return false;", REPLICAS),
    ("core/src/compile/step_sums.cpp", "std::countr_one(piece)", "std::countr_zero(piece)", REPLICAS),
    ("core/src/compile/step_sums.cpp", "if (plan_.tree) return;", "return;", REPLICAS),
    ("core/src/compile/step_sums.cpp", "plan_.replicas > 1 ? builder_.op(kAllReduce", "false ? builder_.op(kAllReduce",
     REPLICAS),
    ("core/src/train/input_lane.cpp", "cells.first_sample = (first_piece_ + piece) * lane_.rows();",
     "cells.first_sample = piece * lane_.rows();", REPLICAS),
]
MUTANTS = {"ops": IN_OPS, "sampler": IN_SAMPLER, "checkpoint": IN_CHECKPOINT, "replicas": IN_REPLICAS}
