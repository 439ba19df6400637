# projects/deepdip/hosts/deepdip.py -- photometric redshifts: train, evaluate, predict, save, from Python.
# SPDX-License-Identifier: BSD-3-Clause
# python3 deepdip.py EPOCHS SEED OUTPUT_FOLDER [THREADS], from the root of the repository.
import json
import pathlib
import sys

import calanque

if len(sys.argv) not in (4, 5):
    sys.exit("usage: deepdip.py EPOCHS SEED OUTPUT_FOLDER [THREADS]")
epochs, seed, folder = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
threads = int(sys.argv[4]) if len(sys.argv) == 5 else 1
folder.mkdir(parents=True, exist_ok=True)

config = calanque.Config.load("projects/deepdip/runs/boss_dr10.toml")
config["train.epochs"] = epochs
config["train.seed"] = seed
config["compute.threads"] = threads

source = calanque.Source.from_config(config)
model = calanque.Model.create(config, source)
with calanque.Trainer(model, source, config) as trainer:
    for row in trainer:
        print(f"epoch {row['epoch']}: loss {row['train_loss']:.4f}, CRPS {row['valid_crps']:.5f}")

result = calanque.evaluate(model, source, part="valid", threads=threads)
calanque.predict(model, "projects/deepdip/data/boss_dr10_test.fits", folder / "predictions.fits", threads=threads)
model.save(folder / "model.safetensors")
print(json.dumps(result))
