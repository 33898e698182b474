"""The bench's MLP autoencoder in PyTorch: prints, per thread count, the loss after one pass and the speed of each run."""
import json
import sys
import time

import torch

folder, width, batch, runs, cores = sys.argv[1], *map(int, sys.argv[2:6])
rows = torch.frombuffer(bytearray(open(f"{folder}/rows.bin", "rb").read()), dtype=torch.float32).view(-1, width)
weights = json.load(open(f"{folder}/weights.json"))
batches = rows.split(batch)
STEPS = 60


def build():
    layers = []
    for index in range(0, len(weights), 2):
        weight, bias = weights[index], weights[index + 1]
        layer = torch.nn.Linear(*weight["shape"])
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(weight["data"]).view(*weight["shape"]).T)
            layer.bias.copy_(torch.tensor(bias["data"]))
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


results = []
for threads in sorted({1, cores}):
    torch.set_num_threads(threads)
    model = build()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    loss_of = torch.nn.BCEWithLogitsLoss()

    def step(x):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x), x)
        loss.backward()
        optimizer.step()
        return loss.item()

    for x in batches:
        loss = step(x)
    speeds = []
    for _ in range(runs):
        start = time.perf_counter()
        for index in range(STEPS):
            step(batches[index % len(batches)])
        speeds.append(STEPS * batch / (time.perf_counter() - start))
    results.append({"threads": threads, "loss": loss, "samplesPerSecond": speeds})
print(json.dumps(results))
