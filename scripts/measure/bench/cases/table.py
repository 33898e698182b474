"""The same whole job with pandas and PyTorch: reads a CSV file, trains an autoencoder, measures it, saves it.

Prints the peak of memory in bytes. Arguments: file, folder for the weights, threads, epochs, rows in a batch.
"""
import resource
import sys

import numpy as np
import pandas as pd
import torch
from torch import nn

file, folder = sys.argv[1:3]
threads, epochs, batch = map(int, sys.argv[3:])
torch.set_num_threads(threads)
torch.manual_seed(1)

values = pd.read_csv(file).to_numpy(np.float32)
order = np.random.default_rng(1).permutation(len(values))
held = 50_000
test, validation, train = order[:held], order[held : 2 * held], order[2 * held :]
mean, deviation = values[train].mean(0), values[train].std(0)
rows = torch.from_numpy((values - mean) / deviation)
train, validation, test = (rows[torch.from_numpy(part)] for part in (train, validation, test))

width = rows.shape[1]
model = nn.Sequential(
    *(nn.Linear(width, 64), nn.ELU(), nn.Linear(64, 8)),
    *(nn.Linear(8, 64), nn.ELU(), nn.Linear(64, width)),
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
loss_of = nn.MSELoss()
for epoch in range(epochs):
    for indices in torch.randperm(len(train)).split(batch):
        x = train[indices]
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x), x)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        loss_of(model(validation), validation).item()
with torch.no_grad():
    print(f"test error {loss_of(model(test), test).item():.4f}", file=sys.stderr)
torch.save(model.state_dict(), f"{folder}/model.pt")
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
