"""What scikit-learn's isolation forests make of rows, as JSON: `python3 sklearnIsolationForest.py > sklearnIsolationForest.json`.

Rows: a wide cluster, a narrow one, and scattered rows; the third column holds integers, so that values are equal. Scores
are the mean of `-score_samples` over 100 forests. Lengths: mean path lengths of unsuccessful searches, by number of rows.
"""
import json

import numpy as np
from sklearn.ensemble import IsolationForest, _iforest

FORESTS = 100

rng = np.random.RandomState(7)
rows = np.vstack(
    [
        rng.normal(0, 1, (200, 3)) * [1, 0.5, 1],
        rng.normal([3, 3, 0], 0.3, (80, 3)),
        rng.uniform(-8, 8, (20, 3)),
    ]
)
rows[:, 2] = np.round(rows[:, 2])
rows = np.round(rows, 2).astype(np.float32)
scores = [
    -IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(rows).score_samples(rows)
    for seed in range(FORESTS)
]
lengths = {n: float(_iforest._average_path_length(np.array([n]))[0]) for n in (2, 3, 4, 10, 100, 255, 256)}
print(
    json.dumps(
        {
            "width": 3,
            "rows": [round(float(value), 2) for value in rows.ravel()],
            "scores": [round(float(score), 4) for score in np.mean(scores, 0)],
            "lengths": {str(n): round(length, 6) for n, length in lengths.items()},
        }
    )
)
