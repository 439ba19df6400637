# tests/evidence/wrong_kinds/run_files.py -- keys, values, names, expressions and arguments that are wrong.
# SPDX-License-Identifier: BSD-3-Clause
import re

from .bench import RUN_FILE, Attempt


def unknown_key(b):
    key = b.typo("epochs")
    return b.train_lines(2, rf"train\.{key} is unknown.*run\.toml:LINE", "epochs = 2", f"{key} = 2")


def unknown_key_given(b):
    key = b.typo("batch")
    return b.train(2, rf"train\.{key} is unknown.*command line", changes=[f"train.{key}=32"])


def wrong_type(b):
    word = b.draw.choice(['"many"', "[1,2]", "true", "3.5"])
    return b.train_lines(2, rf"train\.batch must be an integer, got {re.escape(word)} .*run\.toml:LINE",
                         "batch = 64", f"batch = {word}")


def out_of_range(b):
    value = b.draw.randrange(-9, 0)
    return b.train_lines(2, rf"split\.valid must be from 0 to 1, got {value}.*run\.toml:LINE", "valid = 0.2",
                         f"valid = {value}")


def bad_toml(b):
    wrong = b.draw.choice(["epochs = ", "epochs 2", "epochs = 2 3", 'epochs = "2', "[epochs"])
    return b.train_lines(2, r"run\.toml:(LINE|22)", "epochs = 2", wrong)


def missing_run_file(b):
    attempt = b.train(2, r"run\.toml.*no such file")
    if b.planted:
        attempt.arguments[1].unlink()
    return attempt


def unknown_transform(b):
    name = b.typo("standardise")
    return b.train_lines(2, rf"{name}.*standardise", 'use = "standardise"', f'use = "{name}"')


def unknown_layer(b):
    name = b.typo("dense")
    wrong = RUN_FILE.replace('use = "dense"\nunits', f'use = "{name}"\nunits')
    return b.train(2, rf"{name}.*dense", text=wrong if b.planted else None)


def unknown_layer_key(b):
    name = b.typo("activation")
    return b.train_lines(2, rf"{name}.*activation", 'activation = "tanh"', f'{name} = "tanh"')


def unknown_loss(b):
    name = f"mse{b.draw.randrange(2, 9)}"
    return b.train_lines(2, rf"{name}.*mse", 'use = "mse"', f'use = "{name}"')


def unknown_optimizer(b):
    name = b.typo("adam")
    return b.train(2, rf"{name}.*adam", changes=[f'train.optimizer={{name="{name}",lr=0.001}}'])


def unknown_schedule(b):
    name = b.typo("cosine")
    return b.train(2, rf"train\.schedule\.name.*{name}", changes=[f'train.schedule={{name="{name}"}}'])


def unknown_task(b):
    name = b.typo("regression")
    return b.train_lines(2, rf"{name}.*regression", 'task = "regression"', f'task = "{name}"')


def bad_expression(b):
    wrong = b.draw.choice(["Z > ", "(Z > 0.01", "Z >> 0.01", "Z > 0.01 &&", "Z > 1..2", "Z $ 3"])
    return b.train(2, r"where", changes=[f"data.where={wrong}"])


def unknown_name_in_expression(b):
    name = b.typo(b.band())
    return b.train(2, rf"where.*{name}|{name}.*where", changes=[f"data.where={name} > 10"])


def uneven_micro_batch(b):
    size = b.draw.choice([3, 5, 7, 9, 11, 13])
    return b.train(2, rf"train\.batch 64 .*train\.micro_batch {size}\b", changes=[f"train.micro_batch={size}"])


def batch_of_more_rows(b):
    """With batch norm an epoch has whole batches only."""
    rows = b.draw.randrange(1000, 5000)
    layers = '[{use="dense",units=4},{use="batch_norm"},{use="dense"}]'
    return b.train(2, rf"train\.batch {rows} .*\d+ training rows",
                   changes=[f"model.layer={layers}", f"train.batch={rows}"])


def nothing_to_train_on(b):
    test = b.draw.randrange(80, 100) / 100
    return b.train(2, r"split\.test \+ split\.valid", changes=[f"split.test={test}"])


def unknown_metric(b):
    name = f"auc{b.draw.randrange(10)}"
    return b.train(2, rf"train\.monitor.*{name}|{name}.*train\.monitor", changes=[f"train.monitor={name}"])


def missing_bins(b):
    low = b.draw.randrange(3, 9)
    changes = ["task=photoz", f"model.bins={{min={low},max=2,n=10}}"]
    return b.train(2, rf"bins.*{low}", changes=changes)


def missing_kept_column(b):
    name = b.typo("MAGERR_U")
    return b.predict(2, rf"{name}", extra=["--keep", name])


def unknown_device(b):
    name = f"cuda:{b.draw.randrange(90, 99)}"
    return b.train(4, rf"{name}.*cpu_ref", changes=[f"compute.devices={name}"])


def unknown_device_to_predict(b):
    name = f"cpu_ref:{b.draw.randrange(1, 9)}"
    return b.predict(4, rf"{name}.*cpu_ref", extra=["--device", name])


def unknown_subcommand(b):
    word = b.typo("devices")
    return Attempt([word if b.planted else "devices"], 2, rf"{word}")


def unknown_option(b):
    word = b.typo("--threads"[2:])
    return b.predict(2, rf"--{word}", extra=[f"--{word}", "1"])


def not_a_number(b):
    return b.predict(2, r"--batch.*many|many.*--batch", extra=["--batch", "many"])


def no_rows_at_once(b):
    n = b.draw.randrange(-5, 1)
    return b.predict(2, rf"batch.*{n}", extra=[f"--batch={n}"])


def run_folder_exists(b):
    attempt = b.train(2, r"run is there already")
    if b.planted:
        run = b.folder / "run"
        run.mkdir()
        (run / f"note{b.draw.randrange(99)}.txt").write_text("mine\n")
        attempt.keeps, attempt.run_folder = [run], None
    return attempt


def diverging(b):
    """Plain steps of a rate at which no step can go down."""
    rate = 10.0 ** b.draw.randrange(6, 12)
    relu = '[{use="dense",units=64,activation="relu"},{use="dense",units=64,activation="relu"},{use="dense"}]'
    return b.train(7, r"step \d+.*not finite|not finite.*step \d+",
                   changes=[f'train.optimizer={{name="sgd",lr={rate:g}}}', f"model.layer={relu}"])


KINDS = {
    "unknown key": unknown_key, "unknown key=value": unknown_key_given, "key of a wrong type": wrong_type,
    "value out of range": out_of_range, "bad TOML": bad_toml, "missing run file": missing_run_file,
    "unknown transform": unknown_transform, "unknown layer": unknown_layer,
    "unknown parameter of a layer": unknown_layer_key,
    "unknown loss": unknown_loss, "unknown optimizer": unknown_optimizer, "unknown schedule": unknown_schedule,
    "unknown task": unknown_task, "bad expression": bad_expression,
    "unknown name in an expression": unknown_name_in_expression, "micro-batch that does not divide": uneven_micro_batch,
    "batch of more rows than there are": batch_of_more_rows, "split that leaves nothing": nothing_to_train_on,
    "unknown metric to monitor": unknown_metric, "bins upside down": missing_bins,
    "missing kept column": missing_kept_column, "device that does not exist": unknown_device,
    "device that does not exist, to predict": unknown_device_to_predict, "unknown subcommand": unknown_subcommand,
    "unknown option": unknown_option, "option that is no number": not_a_number, "no rows at once": no_rows_at_once,
    "run folder that exists": run_folder_exists, "diverging run": diverging,
}
