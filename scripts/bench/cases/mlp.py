"""784-128-32-128-784 in PyTorch."""
from torch import nn


def dense(tensor, name):
    weight, bias = tensor(f"{name}/weight").T, tensor(f"{name}/bias")
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data.copy_(weight)
    layer.bias.data.copy_(bias)
    return layer


def build(tensor):
    names = ["encoder/dense_0", "encoder/dense_1", "decoder/dense_0", "decoder/dense_1"]
    layers = [part for name in names for part in (dense(tensor, name), nn.ReLU())]
    return nn.Sequential(*layers[:-1])
