"""Models of PyTorch, by both of its exporters: `python torchModels.py`."""
import copy
import sys

import numpy as np
import torch
from data import images, machines, sequences, tokens
from fixture import FOLDER, ROWS, package, write
from torch import nn

torch.set_num_threads(1)
FRAMEWORK = package("torch")
DYNAMO = f"torch.onnx.export(dynamo=True), {package('onnxscript')}"
TORCHSCRIPT = "torch.onnx.export(dynamo=False)"
MACHINES = machines()
CENTRE, SPREAD = MACHINES.mean(0), MACHINES.std(0)


class Standardize(nn.Module):
    """Takes rows in their own units."""

    def __init__(self):
        super().__init__()
        self.register_buffer("centre", torch.tensor(CENTRE))
        self.register_buffer("spread", torch.tensor(SPREAD))

    def forward(self, rows):
        return (rows - self.centre) / self.spread


class Restore(Standardize):
    def forward(self, rows):
        return rows * self.spread + self.centre


def fit(model, loss, steps=300):
    """Fits in place; `loss` takes the model. Returns it as it answers."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model.train()
    for _ in range(steps):
        optimizer.zero_grad()
        loss(model).backward()
        optimizer.step()
    return model.eval()


def export(name, model, inputs, outputs, *, dynamo=True, batch="dynamic", opset=None, external=False):
    """Writes `name.onnx`. inputs: example tensors by name; the batch is their first dimension."""
    options = {"input_names": list(inputs), "output_names": outputs, "dynamo": dynamo, "opset_version": opset}
    if batch == "dynamic" and dynamo:
        options["dynamic_shapes"] = tuple({0: torch.export.Dim("batch")} for _ in inputs)
    elif batch == "dynamic":
        options["dynamic_axes"] = {each: {0: "batch"} for each in [*inputs, *outputs]}
    if dynamo:
        options["external_data"] = external
        options["verbose"] = False
    torch.onnx.export(model, tuple(inputs.values()), str(FOLDER / f"{name}.onnx"), **options)


def fixture(name, model, inputs, roles, *, dynamo=True, batch="dynamic", opset=None, external=False, **entry):
    """Exports a model, asks it, and writes both down. roles: by output, in order."""
    given = {key: torch.as_tensor(np.asarray(value)) for key, value in inputs.items()}
    export(name, model, given, list(roles), dynamo=dynamo, batch=batch, opset=opset, external=external)
    with torch.no_grad():
        answers = model(*given.values())
    answers = answers if isinstance(answers, tuple) else (answers,)
    write(
        name,
        framework=FRAMEWORK,
        exporter=DYNAMO if dynamo else TORCHSCRIPT,
        roles=roles,
        inputs=inputs,
        answers={key: each.numpy() for key, each in zip(roles, answers, strict=True)},
        **({"fixedBatch": len(next(iter(inputs.values())))} if batch == "fixed" else {}),
        **entry,
    )


def mlp():
    """Encoder and decoder of the machines, fitted as one autoencoder."""
    torch.manual_seed(1)
    encoder = nn.Sequential(Standardize(), nn.Linear(8, 16), nn.GELU(), nn.LayerNorm(16), nn.Linear(16, 3))
    decoder = nn.Sequential(nn.Linear(3, 16), nn.GELU(), nn.Linear(16, 8), Restore())
    rows = torch.tensor(MACHINES)
    spread = torch.tensor(SPREAD)
    fit(nn.Sequential(encoder, decoder), lambda both: (((both(rows) - rows) / spread) ** 2).mean())
    return encoder, decoder


TWICE = "the dynamo exporter gives the output the name that a node's result has: output_names must have another"
UNEXPANDED = (
    "onnxruntime's Attention does not broadcast a mask over the queries: expand it to [N, 1, T, T] in the model, or "
    "export opset 22 or lower"
)
ENCODE = ["encode", "reduce", "infer"]
AUTOENCODE = ["encode", "reduce", "reconstruct", "score", "infer"]
# With a decoder that takes codes.
PAIR = ["encode", "reduce", "decode", "reconstruct", "score", "interpolate", "traverse", "infer"]


def mlps():
    encoder, decoder = mlp()
    rows = MACHINES[:ROWS]
    common = {"rows": "machines.csv", "operations": ENCODE}
    code = {"code": "code"}
    pair = {"decoder": "torch-mlp-decoder", "operations": PAIR, "rows": "machines.csv"}
    title = "MLP encoder"
    fixture("torch-mlp-dynamo", encoder, {"readings": rows}, code, title=title, **pair)
    fixture("torch-mlp-torchscript", encoder, {"readings": rows}, code, title=title, dynamo=False, **pair)
    with torch.no_grad():
        codes = encoder(torch.tensor(rows)).numpy()
    fixture("torch-mlp-decoder", decoder, {"code": codes}, {"reconstruction": "reconstruction"},
            title="MLP decoder", operations=["infer"])
    fixture("torch-mlp-fixed-dynamo", encoder, {"readings": rows[:4]}, code, batch="fixed",
            title="MLP encoder, batches of 4", **common)
    fixture("torch-mlp-fixed-torchscript", encoder, {"readings": rows[:1]}, code, batch="fixed", dynamo=False,
            title="MLP encoder, batches of 1", **common)
    fixture("torch-mlp-external", encoder, {"readings": rows}, code, external=True,
            title="MLP encoder, weights in a file of their own", **common)
    fixture("torch-mlp-opset9", encoder, {"readings": rows}, code, dynamo=False, opset=9,
            title="MLP encoder, opset 9", **common)
    fixture("torch-mlp-opset23", encoder, {"readings": rows}, code, opset=23,
            title="MLP encoder, opset 23", **common)
    half = copy.deepcopy(encoder).half()
    # A few units of the last place of float16, summed over two layers.
    fixture("torch-mlp-float16", half, {"readings": rows.astype(np.float16)}, code, tolerance=5e-3,
            title="MLP encoder in float16, with float16 inputs", **common)


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(Standardize(), nn.Linear(8, 16), nn.ReLU())
        self.mean, self.log_variance = nn.Linear(16, 2), nn.Linear(16, 2)

    def forward(self, rows):
        hidden = self.trunk(rows)
        return self.mean(hidden), self.log_variance(hidden)


def vaes():
    torch.manual_seed(2)
    encoder = Vae()
    decoder = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 8), Restore())
    rows, spread = torch.tensor(MACHINES), torch.tensor(SPREAD)

    def loss(both):
        mean, log_variance = both[0](rows)
        code = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        divergence = (mean**2 + log_variance.exp() - 1 - log_variance).sum(1).mean() / 2
        return (((both[1](code) - rows) / spread) ** 2).mean(0).sum() / 2 + 0.1 * divergence

    fit(nn.ModuleList([encoder, decoder]), loss)
    given = MACHINES[:ROWS]
    fixture("torch-vae", encoder, {"x": given}, {"mu": "mean", "logvar": "log_variance"}, title="VAE with two heads",
            decoder="torch-vae-decoder", operations=[*PAIR, "sample"], rows="machines.csv")
    with torch.no_grad():
        codes = encoder(torch.tensor(given))[0].numpy()
    fixture("torch-vae-decoder", decoder, {"z": codes}, {"x_hat": "reconstruction"}, title="decoder of the VAE",
            operations=["infer"])


class ConvAutoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(128, 6),
        )
        self.decoder = nn.Sequential(
            nn.Linear(6, 128), nn.ReLU(), nn.Unflatten(1, (8, 4, 4)),
            nn.ConvTranspose2d(8, 8, 2, stride=2), nn.ReLU(), nn.ConvTranspose2d(8, 1, 2, stride=2), nn.Sigmoid(),
        )

    def forward(self, images):
        code = self.encoder(images)
        return code, self.decoder(code)


def convs():
    torch.manual_seed(3)
    all_images = torch.tensor(images())
    model = fit(ConvAutoencoder(), lambda model: ((model(all_images)[1] - all_images) ** 2).mean(), 200)
    roles = {"code": "code", "reconstruction": "reconstruction"}
    common = {"operations": AUTOENCODE, "rows": "images.npy", "title": "conv autoencoder, NCHW, one graph of both"}
    fixture("torch-conv-dynamo", model, {"image": images()[:2]}, roles, **common)
    fixture("torch-conv-torchscript", model, {"image": images()[:2]}, roles, dynamo=False, **common)


class LstmAutoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.LSTM(3, 8, batch_first=True), nn.LSTM(8, 8, batch_first=True)
        self.output = nn.Linear(8, 3)

    def forward(self, series):
        code = self.encoder(series)[1][0][-1]
        return code, self.output(self.decoder(code.unsqueeze(1).repeat(1, series.shape[1], 1))[0])


def lstms():
    torch.manual_seed(4)
    series = torch.tensor(sequences())
    model = fit(LstmAutoencoder(), lambda model: ((model(series)[1] - series) ** 2).mean(), 100)
    roles = {"code": "code", "reconstruction": "reconstruction"}
    common = {"operations": AUTOENCODE, "rows": "sequences.npy", "title": "LSTM autoencoder"}
    fixture("torch-lstm-dynamo", model, {"series": sequences()[:3]}, roles, **common)
    fixture("torch-lstm-torchscript", model, {"series": sequences()[:3]}, roles, dynamo=False, **common)


class Transformer(nn.Module):
    """Embeds tokens, attends, and gives the mean over what is no padding."""

    def __init__(self, expands=False):
        super().__init__()
        self.expands = expands
        self.embedding, self.position = nn.Embedding(50, 16), nn.Parameter(torch.randn(10, 16) / 4)
        self.query, self.key, self.value, self.output = (nn.Linear(16, 16) for _ in range(4))
        self.before, self.after = nn.LayerNorm(16), nn.LayerNorm(16)
        self.feed = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))

    def heads(self, values):
        return values.unflatten(2, (4, 4)).transpose(1, 2)

    def forward(self, tokens, mask):
        hidden = self.embedding(tokens) + self.position
        normal = self.before(hidden)
        query, key, value = (self.heads(each(normal)) for each in (self.query, self.key, self.value))
        attends = mask[:, None, None, :] > 0
        if self.expands:
            attends = attends.expand(-1, -1, tokens.shape[1], -1)
        attended = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=attends)
        hidden = hidden + self.output(attended.transpose(1, 2).flatten(2))
        hidden = hidden + self.feed(self.after(hidden))
        weights = mask.unsqueeze(2).to(hidden.dtype)
        return (hidden * weights).sum(1) / weights.sum(1)


def transformers():
    torch.manual_seed(5)
    model = Transformer().eval()
    ids, mask = tokens()
    given = {"input_ids": ids[:3], "attention_mask": mask[:3]}
    roles = {"sentence": "code"}
    common = {"operations": ENCODE, "rows": "tokens.npy"}
    title = "transformer encoder block, token ids and their mask"
    fixture("torch-transformer-dynamo", model, given, roles, title=title, **common)
    fixture("torch-transformer-torchscript", model, given, roles, dynamo=False, title=title, **common)
    fixture("torch-name-twice", model, given, {"embedding": "code"}, title=title, **common, refused=TWICE)
    fixture("torch-attention-mask", model, given, roles, opset=23, title=f"{title}, opset 23", **common,
            refused=UNEXPANDED)
    torch.manual_seed(5)
    expanding = Transformer(expands=True).eval()
    fixture("torch-transformer-opset23", expanding, given, roles, opset=23, title=f"{title}, opset 23", **common)


class Affinity(nn.Module):
    """The affinity of a user and an item."""

    def __init__(self):
        super().__init__()
        self.users, self.items, self.bias = nn.Embedding(20, 6), nn.Embedding(30, 6), nn.Embedding(30, 1)

    def forward(self, user, item):
        return torch.sigmoid((self.users(user) * self.items(item)).sum(1) + self.bias(item).squeeze(1))


def others():
    torch.manual_seed(6)
    layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True).eval()
    block = nn.Sequential(nn.Linear(3, 8), layer, nn.Flatten(), nn.Linear(96, 4)).eval()
    common = {"title": "nn.TransformerEncoderLayer over series", "operations": ENCODE, "rows": "sequences.npy"}
    fixture("torch-encoder-layer", block, {"series": sequences()[:3]}, {"code": "code"}, **common)
    ids = {"user": np.array([0, 7, 19]), "item": np.array([29, 3, 3])}
    fixture("torch-recommender", Affinity().eval(), ids, {"affinity": "score"}, operations=["predict", "infer"],
            title="recommender of two ids, answers of one dimension")


ALL = [mlps, vaes, convs, lstms, transformers, others]

if __name__ == "__main__":
    for make in ALL:
        if make.__name__ in sys.argv[1:] or len(sys.argv) == 1:
            make()
