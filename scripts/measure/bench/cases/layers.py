"""Layers that the models of several cases share, in PyTorch."""
import torch
from torch import nn


def dense(tensor, name, by_unit=False):
    """A dense layer from weights of shape [inputs, units] or, by unit, [units, inputs]."""
    weight = tensor(f"{name}/weight")
    weight = weight if by_unit else weight.T
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data.copy_(weight)
    layer.bias.data.copy_(tensor(f"{name}/bias"))
    return layer


def sampled(mean, log_variance):
    return mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)


def divergence(mean, log_variance):
    """KL divergence from the standard normal in nats, summed over dimensions and averaged over rows."""
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum(1).mean()
