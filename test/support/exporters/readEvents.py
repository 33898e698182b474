"""Prints what TensorBoard reads of the event files below a folder, with the sha256 of each file, as JSON."""
import hashlib
import json
import pathlib
import sys

import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder = pathlib.Path(sys.argv[1])
runs = {}
for file in sorted(folder.rglob("*tfevents*")):
    events = EventAccumulator(str(file.parent))
    events.Reload()
    runs[file.parent.name] = {
        "file": file.name,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "scalars": {
            tag: [[each.wall_time, each.step, each.value] for each in events.Scalars(tag)]
            for tag in events.Tags()["scalars"]
        },
    }
json.dump({"tensorboard": tensorboard.__version__, "runs": runs}, sys.stdout)
