"""784-128-32-128-784 in PyTorch."""
from layers import dense
from torch import nn


def build(tensor):
    names = ["encoder/dense_0", "encoder/dense_1", "decoder/dense_0", "decoder/dense_1"]
    layers = [part for name in names for part in (dense(tensor, name), nn.ReLU())]
    return nn.Sequential(*layers[:-1])
