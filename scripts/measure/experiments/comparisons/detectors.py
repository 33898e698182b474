"""Fits PyOD's detectors, with their defaults, to the rows of tables, and prints how well they rank other rows.

`detectors.py FOLDER...`: each folder holds job.json (width, seed, classes of the test rows) and the rows as float32 in
train.bin and test.bin. Prints a JSON array with an object per folder: ROC AUC and average precision by detector.
"""
import json
import sys
import warnings

import numpy as np
from pyod.models.ecod import ECOD
from pyod.models.hbos import HBOS
from pyod.models.iforest import IForest
from pyod.models.knn import KNN
from sklearn.metrics import average_precision_score, roc_auc_score

warnings.filterwarnings("ignore")


def figures_of(folder):
    job = json.load(open(f"{folder}/job.json"))
    train, test = (
        np.fromfile(f"{folder}/{name}.bin", np.float32).reshape(-1, job["width"]) for name in ["train", "test"]
    )
    detectors = {
        "PyOD forest": IForest(random_state=job["seed"]),
        "PyOD kNN": KNN(),
        "PyOD HBOS": HBOS(),
        "PyOD ECOD": ECOD(),
    }
    figures = {}
    for name, detector in detectors.items():
        detector.fit(train)
        scores = np.nan_to_num(detector.decision_function(test))
        figures[name] = {
            "roc-auc": roc_auc_score(job["classes"], scores),
            "average-precision": average_precision_score(job["classes"], scores),
        }
    return figures


print(json.dumps([figures_of(folder) for folder in sys.argv[1:]]))
