"""Trains the model of an experiment in PyTorch, on the same rows and with the same settings, and prints its figures.

`pytorch.py FOLDER`: the folder holds job.json (variant, settings with their defaults, rowShape, seed) and the rows as
float32 in train.bin, validation.bin and test.bin. Prints one JSON object: torch's version, seconds, metrics on the test rows.
"""
import copy
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

ACTIVATIONS = {"linear": nn.Identity, "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}


def dense(inputs, units):
    layer = nn.Linear(inputs, units)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def he(layer, fan_in):
    limit = math.sqrt(6 / fan_in)
    nn.init.uniform_(layer.weight, -limit, limit)
    nn.init.zeros_(layer.bias)
    return layer


def stack(widths, activation, last, normalization="none"):
    """Dense layers; all but the last may be normalised."""
    parts = []
    for a, b in zip(widths, widths[1:-1]):
        norm = {"none": nn.Identity, "batch": lambda: nn.BatchNorm1d(b)}[normalization]()
        parts += [dense(a, b), norm, ACTIVATIONS[activation]()]
    return nn.Sequential(*parts, dense(*widths[-2:]), ACTIVATIONS[last]())


def cross_entropy(output, rows):
    return F.binary_cross_entropy_with_logits(output, rows)


LOSSES = {"binary-cross-entropy": cross_entropy, "mse": F.mse_loss}


class Undercomplete(nn.Module):
    def __init__(self, s, shape, code_activation=None):
        super().__init__()
        features, hidden, last = math.prod(shape), s["hidden"], code_activation or s["codeActivation"]
        self.s, self.metric, self.reconstruction_loss = s, s["loss"], LOSSES[s["loss"]]
        norm = s["normalization"]
        self.encoder = stack([features, *hidden, s["codeSize"]], s["activation"], last, norm)
        self.decoder = stack([s["codeSize"], *reversed(hidden), features], s["activation"], "linear", norm)

    def corrupted(self, rows):
        return rows

    def penalty(self, code):
        return 0

    def loss(self, rows):
        code = self.encoder(self.corrupted(rows) if self.training else rows)
        return self.reconstruction_loss(self.decoder(code), rows) + self.penalty(code)

    def metrics(self, rows):
        return {self.metric: self.reconstruction_loss(self.decoder(self.encoder(rows)), rows)}


class Sparse(Undercomplete):
    def __init__(self, s, shape):
        assert s["sparsity"] == "l1", s
        super().__init__(s, shape, "relu")

    def penalty(self, code):
        return self.s["sparsityWeight"] * code.abs().sum(1).mean()


class Denoising(Undercomplete):
    def corrupted(self, rows):
        assert self.s["corruption"] == "gaussian", self.s
        return rows + self.s["corruptionAmount"] * torch.randn_like(rows)


class Contractive(Undercomplete):
    """One layer, whose Jacobian norm has a closed form (Rifai et al., 2011, eq. 7)."""

    SLOPES = {"relu": lambda h: (h > 0).float(), "sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h * h}

    def penalty(self, code):
        assert self.s["hidden"] == [], self.s
        slopes = self.SLOPES[self.s["codeActivation"]](code)
        norm = (slopes.square() * self.encoder[0].weight.square().sum(1)).sum(1).mean()
        return self.s["contractionWeight"] * norm


class Convolutional(Undercomplete):
    def __init__(self, s, shape):
        nn.Module.__init__(self)
        assert (s["downsampling"], s["upsampling"]) == ("stride", "transposed"), s
        self.s, self.metric, self.reconstruction_loss = s, s["loss"], LOSSES[s["loss"]]
        k, stride, activation = s["kernel"], s["stride"], ACTIVATIONS[s["activation"]]
        channels, sizes = [1, *s["filters"]], [shape]
        for _ in s["filters"]:
            sizes.append([math.ceil(size / stride) for size in sizes[-1]])
        maps = channels[-1] * math.prod(sizes[-1])
        down = [
            part
            for a, b in zip(channels, channels[1:])
            for part in (he(nn.Conv2d(a, b, k, stride, k // 2), a * k * k), activation())
        ]
        up = []
        for i in reversed(range(len(s["filters"]))):
            a, b = channels[i + 1], channels[i]
            left = [to - stride * (size - 1) - 1 for to, size in zip(sizes[i], sizes[i + 1])]
            layer = nn.ConvTranspose2d(a, b, k, stride, k // 2, left)
            up += [he(layer, a * k * k / stride**2), activation()]
        code = ACTIVATIONS[s["codeActivation"]]()
        self.encoder = nn.Sequential(
            nn.Unflatten(1, (1, *shape)), *down, nn.Flatten(), dense(maps, s["codeSize"]), code
        )
        self.decoder = nn.Sequential(
            dense(s["codeSize"], maps),
            activation(),
            nn.Unflatten(1, (channels[-1], *sizes[-1])),
            *up[:-1],
            nn.Flatten(),
        )


class Variational(nn.Module):
    def __init__(self, s, shape):
        super().__init__()
        assert (s["likelihood"], s["beta"], s["betaWarmupEpochs"], s["freeBits"]) == ("bernoulli", 1, 0, 0), s
        features, hidden, size = math.prod(shape), s["hidden"], s["codeSize"]
        self.given = s["conditionSize"]
        self.trunk = stack([features, *hidden], s["activation"], s["activation"])
        self.mean, self.log_variance = dense(hidden[-1], size), dense(hidden[-1], size)
        widths = [size + self.given, *reversed(hidden), features - self.given]
        self.decoder = stack(widths, s["activation"], "linear")

    def loss(self, rows):
        target, condition = rows[:, : rows.shape[1] - self.given], rows[:, rows.shape[1] - self.given :]
        inside = self.trunk(rows)
        mean, log_variance = self.mean(inside), self.log_variance(inside)
        code = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        logits = self.decoder(torch.cat([code, condition], 1))
        nats = F.binary_cross_entropy_with_logits(logits, target, reduction="none").sum(1)
        divergence = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum(1)
        return (nats + divergence).mean()

    def metrics(self, rows):
        return {"elbo": -self.loss(rows)}


VARIANTS = {
    "contractive": Contractive,
    "convolutional": Convolutional,
    "denoising": Denoising,
    "sparse": Sparse,
    "undercomplete": Undercomplete,
    "variational": Variational,
}


def rows_of(folder, name, width):
    with open(f"{folder}/{name}.bin", "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.float32).view(-1, width)


def mean_over(rows, values):
    """The mean over all rows of scalars that a function computes per batch."""
    means = {}
    for batch in rows.split(1024):
        for name, value in values(batch).items():
            means[name] = means.get(name, 0) + value.item() * len(batch) / len(rows)
    return means


def main(folder):
    with open(f"{folder}/job.json") as file:
        job = json.load(file)
    s, shape = job["settings"], job["rowShape"]
    assert (s["optimizer"], s["schedule"], s["clipValue"], s["clipNorm"], s["l2"]) == ("adam", "constant", None, None, 0), s
    assert s.get("decoderHidden") is None and not s.get("tiedWeights"), s
    assert s["patience"] is None, s
    torch.manual_seed(job["seed"])
    torch.set_num_threads(1)  # sums in one order: the same figures on any machine
    train, validation, test = (rows_of(folder, name, math.prod(shape)) for name in ("train", "validation", "test"))
    start = time.perf_counter()
    model = VARIANTS[job["variant"]](s, shape)
    betas = (s["beta1"], s["beta2"])
    optimizer = torch.optim.Adam(model.parameters(), lr=s["learningRate"], betas=betas, eps=s["epsilon"])
    best, lowest = None, math.inf
    for epoch in range(s["epochs"]):
        model.train()
        for indices in torch.randperm(len(train)).split(s["batchSize"]):
            optimizer.zero_grad(set_to_none=True)
            model.loss(train[indices]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            loss = mean_over(validation, lambda batch: {"loss": model.loss(batch)})["loss"]
        if loss < lowest:
            best, lowest = copy.deepcopy(model.state_dict()), loss
    model.load_state_dict(best)
    seconds = time.perf_counter() - start
    with torch.no_grad():
        metrics = mean_over(test, model.metrics)
    print(json.dumps({"torch": torch.__version__, "seconds": seconds, "metrics": metrics}))


main(sys.argv[1])
