"""30-16-2-16-30 in PyTorch."""
from layers import dense
from torch import nn

loss = nn.functional.mse_loss


def build(tensor):
    return nn.Sequential(
        dense(tensor, "encoder/dense_0"),
        nn.ReLU(),
        dense(tensor, "encoder/dense_1"),
        dense(tensor, "decoder/dense_0"),
        nn.ReLU(),
        dense(tensor, "decoder/dense_1"),
    )
