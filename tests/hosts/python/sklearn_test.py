# tests/hosts/python/sklearn_test.py -- the estimators keep scikit-learn's conventions.
# SPDX-License-Identifier: BSD-3-Clause
import pickle
import unittest

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from calanque.errors import InvalidError
from calanque.sklearn import CalanqueClassifier, CalanqueRegressor
from common import Case, arrays

WHY = "batches are drawn: a row that stands twice is another training than one of weight 2"
EXPECTED = {"check_sample_weight_equivalence_on_dense_data": WHY}


def columns(n=300):
    data = arrays(n)
    return np.stack([data["a"], data["b"]], axis=1).astype("f8"), data["y"]


class Checks(Case):
    def passes(self, estimator):
        for check in check_estimator(estimator, expected_failed_checks=EXPECTED, on_skip=None):
            self.assertIn(check["status"], ("passed", "xfail", "skipped"), check)
            if check["status"] == "skipped":
                self.assertEqual(check["check_name"], "check_array_api_input")

    def test_pass_for_the_regressor(self):
        self.passes(CalanqueRegressor())

    def test_pass_for_the_classifier(self):
        self.passes(CalanqueClassifier())


class Estimators(Case):
    def test_learn_and_are_the_same_bits_again(self):
        x, y = columns()
        fitted = CalanqueRegressor(hidden=(16,), epochs=40).fit(x, y)
        self.assertGreater(fitted.score(x, y), 0.99)
        again = clone(fitted).fit(x, y)
        np.testing.assert_array_equal(fitted.predict(x), again.predict(x))
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(fitted)).predict(x), fitted.predict(x))

    def test_stand_in_pipelines_and_searches(self):
        x, y = columns()
        labels = np.where(y > 0, "up", "down")
        line = make_pipeline(StandardScaler(), CalanqueClassifier(epochs=10, hidden=(8,)))
        search = GridSearchCV(line, {"calanqueclassifier__learning_rate": [1e-6, 1e-2]}, cv=2).fit(x, labels)
        self.assertEqual(search.best_params_["calanqueclassifier__learning_rate"], 1e-2)
        probabilities = search.predict_proba(x)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
        self.assertEqual(set(search.predict(x)), {"up", "down"})

    def test_leave_constant_columns_and_refuse_what_has_no_answer(self):
        x, y = columns()
        with_constant = np.column_stack([x, np.full(300, 0.1)])  # whose deviation is 1e-17 by rounding
        fitted = CalanqueRegressor(hidden=(16,), epochs=40).fit(with_constant, y)
        self.assertGreater(fitted.score(with_constant, y), 0.99)
        classifier = CalanqueClassifier(hidden=(), epochs=1).fit(x * 0.01, y > 0)
        self.refuses(ValueError, "1 samples have no answer, the first is sample 1 of X", classifier.predict, [[0, 0], [3e38, 0]])

    def test_refuse_what_float32_cannot_tell_apart(self):
        x, y = columns()
        dates = x * 1e-3 + 2450000
        self.refuses(ValueError, "X: column 0 goes from 24", CalanqueRegressor(epochs=1).fit, dates, y)
        self.refuses(ValueError, "y: column 0 goes from 24", CalanqueRegressor(epochs=1).fit, x, y * 1e-3 + 2450000)

    def test_take_several_targets_weights_and_keys(self):
        x, y = columns()
        fitted = CalanqueRegressor(epochs=20, validation=0.2, patience=3, values={"train.clip_norm": 1.0})
        fitted.fit(x, np.stack([y, -y], axis=1), sample_weight=np.ones(300))
        self.assertEqual(fitted.predict(x).shape, (300, 2))
        self.assertIn("valid_loss", fitted.history_[0])
        self.refuses(ValueError, "did you mean", CalanqueRegressor(values={"train.clipnorm": 1}).fit, x, y)

    def test_say_which_parameter_is_wrong(self):
        x, y = columns()
        for wrong in (8, None, "8", [[8]]):
            self.refuses(InvalidError, f"hidden must be a list of units, [64] for one layer, got {wrong!r}",
                         CalanqueRegressor(hidden=wrong).fit, x, y)
        self.refuses(InvalidError, "units must be an integer, got 8.5", CalanqueRegressor(hidden=[8.5]).fit, x, y)
        self.refuses(InvalidError, "values must be a mapping, got list", CalanqueRegressor(values=["train.epochs"]).fit, x, y)
        self.refuses(InvalidError, "train.epochs: a run file has no place for NoneType", CalanqueRegressor(epochs=None).fit, x, y)
        for estimator in (CalanqueRegressor(epochs=1, hidden=np.array([8])), CalanqueClassifier(epochs=1, hidden=[])):
            estimator.fit(x, y > 0)
            self.refuses(ValueError, "requires y to be passed, but the target y is None", estimator.fit, x, None)


if __name__ == "__main__":
    unittest.main()
