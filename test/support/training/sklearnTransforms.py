"""What scikit-learn makes of a few columns, as JSON: `python3 sklearnTransforms.py > sklearnTransforms.json`.

Each case: steps, the values of training rows, other values, and those as transformed and turned back; null is missing.
"""
import json

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)

TRAIN = [3.5, -1.25, 0.5, 7.0, 0.5, 12.25, -3.0, 0.5, 2.75, 7.0]
OTHER = [0.0, -5.5, 20.0, 3.5, 7.0]
TAIL = [0.0, 0.25, 1.5, 0.0, 40.0, 3.0, 0.75, 9.5, 0.0, 110.0]
HOLED = [3.5, None, 0.5, 7.0, None, 12.25, -3.0, 7.0, 0.5, 2.75]
WORDS = ["N", "SW", "E", "SW", "N", "SW", "NE", "E"]
HOLED_WORDS = ["N", "", "SW", "E", "", "SW", "N", "SW"]
OTHER_WORDS = ["SW", "NE", "W", "E", "N"]


def column(values):
    return np.array([[np.nan if value is None else value] for value in values], dtype=np.float64)


def words(values):
    return np.array([[None if value == "" else value] for value in values], dtype=object)


def cells(matrix):
    # Rounded, so that no release of NumPy changes the last digit.
    return [[None if np.isnan(value) else round(value, 12) for value in row] for row in matrix.tolist()]


def numbers(steps, model, train, other, inverse=True):
    model.fit(column(train))
    made = model.transform(column(other))
    back = cells(model.inverse_transform(made)) if inverse else None
    return {"steps": steps, "train": train, "other": other, "made": cells(made), "back": back}


def categories(steps, model, train, other):
    model.fit(words(train))
    made = np.asarray(model.transform(words(other)), dtype=np.float64)
    return {"steps": steps, "train": train, "other": other, "made": cells(made), "back": None}


def impute(strategy, **options):
    return SimpleImputer(strategy=strategy, **options)


log1p = FunctionTransformer(np.log1p, np.expm1)
one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
# Ours counts from 1, and 0 is unknown.
ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-1)
from_one = FunctionTransformer(lambda x: x + 1)
step = lambda name, **options: {"transform": name, **options}
HOLED_OTHER = [None, 1.5, None, 9.0]

cases = [
    numbers([step("standard")], StandardScaler(), TRAIN, OTHER),
    numbers([step("standard")], StandardScaler(), [5.0, 5.0, 5.0], OTHER),
    numbers([step("minMax")], MinMaxScaler(), TRAIN, OTHER),
    numbers([step("minMax")], MinMaxScaler(), [5.0, 5.0, 5.0], OTHER),
    numbers([step("robust")], RobustScaler(), TRAIN, OTHER),
    numbers([step("robust")], RobustScaler(), [1.0, 5.0, 5.0, 5.0, 5.0, 9.0], OTHER),
    numbers([step("log1p")], log1p, TAIL, [0.0, 0.5, 200.0, -0.5]),
    numbers(
        [step("clip", min=-1.0)],
        FunctionTransformer(lambda x: np.clip(x, -1, max(TRAIN))),
        TRAIN,
        OTHER,
        inverse=False,
    ),
    numbers(
        [step("log1p"), step("standard")], make_pipeline(log1p, StandardScaler()), TAIL, [0.0, 0.5, 200.0]
    ),
    *[
        numbers([step("impute", strategy=ours)], impute(theirs), HOLED, HOLED_OTHER, inverse=False)
        for ours, theirs in [("mean", "mean"), ("median", "median"), ("mostFrequent", "most_frequent")]
    ],
    numbers(
        [step("impute", strategy="constant", value=-2.5)],
        impute("constant", fill_value=-2.5),
        HOLED,
        HOLED_OTHER,
        inverse=False,
    ),
    numbers(
        [step("impute", strategy="mean", indicator=True)],
        impute("mean", add_indicator=True),
        HOLED,
        HOLED_OTHER,
        inverse=False,
    ),
    numbers(
        [step("impute"), step("robust")],
        make_pipeline(impute("median"), RobustScaler()),
        HOLED,
        HOLED_OTHER,
        inverse=False,
    ),
    categories([step("oneHot")], one_hot, WORDS, OTHER_WORDS),
    categories([step("label")], make_pipeline(ordinal, from_one), WORDS, OTHER_WORDS),
    categories(
        [step("imputeCategory"), step("oneHot")],
        make_pipeline(impute("most_frequent", missing_values=None), one_hot),
        HOLED_WORDS,
        ["", "E", "NE", "N"],
    ),
    categories(
        [step("imputeCategory", strategy="constant", value="calm"), step("oneHot")],
        make_pipeline(impute("constant", missing_values=None, fill_value="calm"), one_hot),
        HOLED_WORDS,
        ["", "E", "NE", "N"],
    ),
]
lines = ",\n".join(json.dumps(case) for case in cases)
print(f"[\n{lines}\n]")
