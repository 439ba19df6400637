# tests/evidence/hosts/sklearn_checks.py -- scikit-learn's own checks of the estimators of calanque.sklearn.
# SPDX-License-Identifier: BSD-3-Clause
"""check_estimator of one version of scikit-learn, with pandas and SciPy's array API switched on, in an environment of its own
below build/, on an installation of the build. Every check that scikit-learn makes of such an estimator must be passed,
one that it skips included, but for those of NOT_APPLYING.

Controls: a regressor that answers before it was fitted; a classifier that does not say how many columns it was fitted with.
"""
import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import ROOT, Installed, last_line, run  # noqa: E402
from evidence import Check  # noqa: E402

VERSION, PANDAS = "1.9.1", "3.1.1"
NOT_APPLYING = {"check_sample_weight_equivalence_on_dense_data":
                "batches are drawn: a row that stands twice is another training than one of weight 2"}
ESTIMATORS = ("CalanqueRegressor()", "CalanqueClassifier()", "CalanqueRegressor(validation=0.25, patience=3, threads=2)",
              "CalanqueClassifier(hidden=(), batch=7, optimizer='sgd', learning_rate=0.05)")
PLANTED = ("Ready()", "Uncounted()")
CHECKS = """
import json, sys
import numpy as np
from sklearn.utils.estimator_checks import check_estimator
from calanque.sklearn import CalanqueClassifier, CalanqueRegressor

class Ready(CalanqueRegressor):
    def predict(self, X):
        return super().predict(X) if hasattr(self, "model_") else np.zeros(len(X))

class Uncounted(CalanqueClassifier):
    def fit(self, X, y, sample_weight=None):
        super().fit(X, y, sample_weight)
        del self.n_features_in_
        return self

for text in sys.argv[2:]:
    for check in check_estimator(eval(text), expected_failed_checks=json.loads(sys.argv[1]), on_skip=None, on_fail=None):
        print(json.dumps([text, check["check_name"], check["status"], str(check["exception"])]))
"""


def environment():
    """(python, "") of the environment, which is made once; where it cannot be made (None, why)."""
    folder = ROOT / f"build/scikit-learn-{VERSION}"
    python = folder / "bin/python"
    if run([python, "-c", "import sklearn, pandas"] if python.exists() else ["false"]).returncode == 0:
        return python, ""
    shutil.rmtree(folder, ignore_errors=True)
    run([sys.executable, "-m", "venv", folder], check=True)
    done = run([python, "-m", "pip", "install", "-q", f"scikit-learn=={VERSION}", f"pandas=={PANDAS}"])
    return (python, "") if done.returncode == 0 else (None, f"scikit-learn {VERSION} cannot be installed: {last_line(done)}")


def tell(check, estimator, made):
    """made: (the check's name, its status, the words of its error) of each."""
    left_out = [title for title, status, _ in made if title in NOT_APPLYING and status == "xfail"]
    failed = [(title, status, words) for title, status, words in made if status != "passed" and title not in left_out]
    counted = len(made) - len(left_out)
    words = "".join(f"; {title} {status}: {' '.join(words.split())[:120]}" for title, status, words in failed[:3])
    check.line(counted > 0 and not failed, f"checks of scikit-learn {VERSION} that {estimator} passes, of those that apply",
               f"{counted - len(failed)} of {counted}{words}", f"all but {', '.join(left_out)}" if left_out else "all")


def main():
    check = Check(__doc__)
    python, why = environment()
    if python is None:
        check.skip("scikit-learn's checks", why)
        check.exit()
    installed = Installed(check)
    estimators = PLANTED if check.controls else ESTIMATORS
    done = installed.must(run([python, "-W", "ignore", "-c", CHECKS, json.dumps(NOT_APPLYING), *estimators],
                              env=installed.environment() | {"SCIPY_ARRAY_API": "1"}), "check_estimator")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for estimator in estimators:
        tell(check, estimator, [entry[1:] for entry in answers if entry[0] == estimator])
    check.exit()


main()
