"""A classifier of LightGBM by onnxmltools: `python lightgbmModels.py`."""
from data import machines, states
from fixture import FOLDER, ROWS, package, write
from lightgbm import LGBMClassifier
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType

ROWS_OF = machines()
GIVEN = ROWS_OF[:ROWS]
model = LGBMClassifier(n_estimators=8, num_leaves=7, random_state=1, n_jobs=1, verbose=-1).fit(ROWS_OF, states(ROWS_OF))

if __name__ == "__main__":
    for name, zipmap in (("lightgbm-classifier-zipmap", True), ("lightgbm-classifier", False)):
        exported = convert_lightgbm(model, name, [("X", FloatTensorType([None, 8]))], zipmap=zipmap)
        (FOLDER / f"{name}.onnx").write_bytes(exported.SerializeToString())
        write(
            name,
            title=f"LGBMClassifier {'with' if zipmap else 'without'} ZipMap",
            framework=package("lightgbm"),
            exporter=package("onnxmltools"),
            roles={"label": "label", "probabilities": "probabilities"},
            inputs={"X": GIVEN},
            answers={"label": model.predict(GIVEN), "probabilities": model.predict_proba(GIVEN)},
            operations=["predict", "infer"],
            rows="machines.csv",
        )
