"""The rows that the models are fitted to: `python data.py` writes them next to the fixtures."""
import csv

import numpy as np
from fixture import FOLDER

MACHINES = ["temperature", "pressure", "humidity", "flow", "vibration", "current", "voltage", "speed"]
SITES = ["Oslo", "Turin", "Łódź"]
STATES = ["broken", "fit", "worn"]


def machines():
    """float32 [200, 8]: readings that follow three causes."""
    random = np.random.default_rng(7)
    causes = random.normal(size=(200, 3))
    readings = causes @ random.normal(size=(3, 8)) + 0.1 * random.normal(size=(200, 8))
    return (readings * [4, 0.5, 10, 2, 0.1, 3, 12, 100] + [60, 3, 40, 8, 0.4, 11, 230, 1500]).astype(np.float32)


def states(rows):
    """int64 [N], indices of STATES: by the temperature and the vibration."""
    wear = (rows[:, 0] - 60) / 4 + (rows[:, 4] - 0.4) / 0.1
    return np.where(wear > 1.5, 0, np.where(wear > 0, 2, 1))


def sites(count):
    """Strings [N], some of them not ASCII."""
    return np.array(SITES, dtype=object)[np.random.default_rng(8).integers(3, size=count)]


def images():
    """float32 [32, 1, 16, 16]: a bright disc on a dark ground, values from 0 to 1."""
    random = np.random.default_rng(9)
    y, x = np.mgrid[:16, :16]
    centre, radius = random.uniform(4, 12, size=(32, 2, 1, 1)), random.uniform(2, 4, size=(32, 1, 1))
    discs = np.hypot(y - centre[:, 0], x - centre[:, 1]) < radius
    return np.clip(discs * 0.9 + random.uniform(0, 0.1, size=discs.shape), 0, 1)[:, None].astype(np.float32)


def images_last():
    """The same images with their channels last: float32 [32, 16, 16, 1]."""
    return np.ascontiguousarray(images().transpose(0, 2, 3, 1))


def scaled():
    """float32 [200, 8]: the readings, each with a mean of 0 and a standard deviation of 1."""
    rows = machines()
    return (rows - rows.mean(0)) / rows.std(0)


def sequences():
    """float32 [32, 12, 3]: sines of other phases and frequencies."""
    random = np.random.default_rng(10)
    phase, frequency = random.uniform(0, 6, size=(32, 1, 3)), random.uniform(0.3, 0.8, size=(32, 1, 3))
    return np.sin(phase + frequency * np.arange(12)[:, None]).astype(np.float32)


def tokens():
    """int64 [32, 10] of 1 to 49, padded by 0; and which of them are no padding, int64 [32, 10]."""
    random = np.random.default_rng(11)
    mask = (np.arange(10) < random.integers(3, 11, size=(32, 1))).astype(np.int64)
    return random.integers(1, 50, size=(32, 10)) * mask, mask


def shortest(value):
    return value if isinstance(value, str) else np.format_float_positional(value, unique=True, trim="-")


def write_csv(name, header, rows):
    with (FOLDER / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[shortest(value) for value in row] for row in rows])


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = machines()
    write_csv("machines.csv", MACHINES, rows)
    write_csv("scaled.csv", MACHINES, scaled())
    named = np.array(STATES, dtype=object)[states(rows)]
    mixed = zip(sites(len(rows)), rows[:, 0], rows[:, 4], named, strict=True)
    write_csv("sites.csv", ["site", "temperature", "vibration", "state"], mixed)
    np.save(FOLDER / "images.npy", images())
    np.save(FOLDER / "imagesLast.npy", images_last())
    np.save(FOLDER / "sequences.npy", sequences())
    np.save(FOLDER / "tokens.npy", tokens()[0])
