"""Models of scikit-learn by sklearn-onnx: `python sklearnModels.py`."""
import numpy as np
import pandas as pd
from data import STATES, machines, scaled, sites, states
from fixture import FOLDER, ROWS, package, write
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MACHINES = machines()
STATE = states(MACHINES)
NAMED = np.array(STATES, dtype=object)[STATE]
GIVEN = MACHINES[:ROWS]
FLOATS = [("X", FloatTensorType([None, 8]))]


def fixture(name, model, types, inputs, answers, roles, *, options=None, opset=None, **entry):
    """Exports a fitted model. answers: by the names that sklearn-onnx gives the outputs."""
    exported = to_onnx(model, name=name, initial_types=types, options=options, target_opset=opset)
    (FOLDER / f"{name}.onnx").write_bytes(exported.SerializeToString())
    write(name, framework=package("scikit-learn"), exporter=package("skl2onnx"), inputs=inputs, answers=answers,
          roles=roles, **entry)


def transforms():
    model = make_pipeline(StandardScaler(), PCA(3)).fit(MACHINES)
    code = {"variable": "code"}
    common = {"rows": "machines.csv", "operations": ["encode", "reduce", "infer"]}
    fixture("sklearn-pca", model, FLOATS, {"X": GIVEN}, {"variable": model.transform(GIVEN)}, code,
            title="StandardScaler and PCA", **common)
    doubles = GIVEN.astype(np.float64)
    fixture("sklearn-pca-double", model, [("X", DoubleTensorType([None, 8]))], {"X": doubles},
            {"variable": model.transform(doubles)}, code, title="StandardScaler and PCA in float64", **common)


def autoencoders():
    rows = scaled()
    model = MLPRegressor(hidden_layer_sizes=(6, 3, 6), activation="tanh", max_iter=500, random_state=1).fit(rows, rows)
    fixture("sklearn-mlp-autoencoder", model, FLOATS, {"X": rows[:ROWS]}, {"variable": model.predict(rows[:ROWS])},
            {"variable": "reconstruction"}, title="MLPRegressor that gives its own inputs",
            flattened=True, rows="scaled.csv", operations=["reconstruct", "score", "infer"])


def forests():
    isolation = IsolationForest(n_estimators=20, max_samples=64, random_state=1).fit(MACHINES)
    given = np.concatenate([GIVEN, GIVEN[:1] * np.float32(3)])
    fixture(
        "sklearn-isolation-forest", isolation, FLOATS, {"X": given},
        {"label": isolation.predict(given)[:, None], "scores": isolation.decision_function(given)[:, None]},
        {"label": "label", "scores": "score"}, title="IsolationForest", rows="machines.csv",
        operations=["predict", "infer"], opset={"": 18, "ai.onnx.ml": 3},
    )
    forest = RandomForestClassifier(n_estimators=10, max_depth=5, random_state=1).fit(MACHINES, STATE)
    label = {"output_label": "label", "output_probability": "probabilities"}
    common = {"rows": "machines.csv", "operations": ["predict", "infer"]}
    answers = {"output_label": forest.predict(GIVEN)}
    # The entries of ZipMap's dictionaries, one row each, in the order of the classes.
    probabilities = forest.predict_proba(GIVEN)
    fixture("sklearn-forest-zipmap", forest, FLOATS, {"X": GIVEN}, {**answers, "output_probability": probabilities},
            label, title="RandomForestClassifier with ZipMap", **common)
    answers = {"label": forest.predict(GIVEN), "probabilities": probabilities}
    fixture("sklearn-forest", forest, FLOATS, {"X": GIVEN}, answers,
            {"label": "label", "probabilities": "probabilities"}, options={"zipmap": False},
            title="RandomForestClassifier without ZipMap", **common)
    named = RandomForestClassifier(n_estimators=10, max_depth=5, random_state=1).fit(MACHINES, NAMED)
    fixture("sklearn-forest-strings", named, FLOATS, {"X": GIVEN},
            {"output_label": named.predict(GIVEN), "output_probability": named.predict_proba(GIVEN)}, label,
            title="RandomForestClassifier of named classes, with ZipMap", classes=list(named.classes_), **common)


def neighbors():
    model = KNeighborsClassifier(3).fit(MACHINES[:40], STATE[:40])
    fixture("sklearn-neighbors", model, FLOATS, {"X": GIVEN},
            {"label": model.predict(GIVEN), "probabilities": model.predict_proba(GIVEN)},
            {"label": "label", "probabilities": "probabilities"}, options={"zipmap": False},
            title="KNeighborsClassifier", rows="machines.csv", operations=["predict", "infer"])


def linear():
    model = Ridge().fit(MACHINES[:, 1:], MACHINES[:, 0])
    fixture("sklearn-ridge", model, [("X", FloatTensorType([None, 7]))], {"X": GIVEN[:, 1:]},
            {"variable": model.predict(GIVEN[:, 1:])[:, None]}, {"variable": "prediction"}, title="Ridge regression",
            operations=["predict", "infer"])


def columns():
    """A table of strings and numbers, an input for each column."""
    table = pd.DataFrame({"site": sites(len(MACHINES)), "temperature": MACHINES[:, 0], "vibration": MACHINES[:, 4]})
    numbers = ["temperature", "vibration"]
    types = [("site", StringTensorType([None, 1])), *((each, FloatTensorType([None, 1])) for each in numbers)]
    given = table[:ROWS]
    inputs = {each: given[[each]].to_numpy() for each in table.columns}

    def prepared():
        one_hot = OneHotEncoder(handle_unknown="ignore")
        return ColumnTransformer([("words", one_hot, ["site"]), ("numbers", StandardScaler(), numbers)])

    common = {"rows": "sites.csv", "inputs": inputs, "types": types}
    classifier = make_pipeline(prepared(), LogisticRegression()).fit(table, NAMED)
    fixture("sklearn-columns", classifier, answers={"label": classifier.predict(given),
            "probabilities": classifier.predict_proba(given)}, options={"zipmap": False},
            roles={"label": "label", "probabilities": "probabilities"}, classes=list(classifier.classes_),
            title="ColumnTransformer with strings, then LogisticRegression", operations=["predict", "infer"], **common)
    encoder = make_pipeline(prepared(), PCA(2)).fit(table)
    fixture("sklearn-columns-pca", encoder, answers={"variable": encoder.transform(given)}, roles={"variable": "code"},
            title="ColumnTransformer with strings, then PCA", operations=["encode", "reduce", "infer"], **common)


if __name__ == "__main__":
    for make in (transforms, autoencoders, forests, neighbors, linear, columns):
        make()
