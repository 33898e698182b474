"""Trains the model of a case in PyTorch. Prints the loss after one pass, then a duration per input line `threads steps`."""
import importlib.util
import json
import math
import os
import sys
import time

import torch

case, folder, width, batch = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
sys.path.insert(0, os.path.dirname(case))  # for modules that cases share
spec = importlib.util.spec_from_file_location("case", case)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)

with open(f"{folder}/shapes.json") as file:
    shapes = json.load(file)
with open(f"{folder}/weights.bin", "rb") as file:
    sizes = [math.prod(shape) for shape in shapes.values()]
    parts = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).split(sizes)
    weights = dict(zip(shapes, parts))
with open(f"{folder}/rows.bin", "rb") as file:
    rows = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).view(-1, width)
batches = rows.split(batch)


def tensor(name):
    return weights[name].view(*shapes[name])


model = module.build(tensor)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
loss_of = getattr(module, "loss", torch.nn.BCEWithLogitsLoss())


def step(x):
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of(model(x), x)
    loss.backward()
    optimizer.step()
    return loss.item()


for x in batches:
    loss = step(x)
print(json.dumps(loss), flush=True)

taken = len(batches)
for line in sys.stdin:
    threads, steps = map(int, line.split())
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
        step(batches[0])
    start = time.perf_counter()
    for _ in range(steps):
        step(batches[taken % len(batches)])
        taken += 1
    print(json.dumps(time.perf_counter() - start), flush=True)
