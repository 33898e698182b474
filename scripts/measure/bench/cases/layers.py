"""What the models of several cases are built of, in PyTorch."""
import torch
from torch import nn


def dense(tensor, name, by_unit=False):
    """With weights of [inputs, units] or, by unit, of [units, inputs]."""
    weight = tensor(f"{name}/weight")
    weight = weight if by_unit else weight.T
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data.copy_(weight)
    layer.bias.data.copy_(tensor(f"{name}/bias"))
    return layer


def sampled(mean, log_variance):
    return mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)


def divergence(mean, log_variance):
    """From the standard normal, in nats, summed over dimensions; the mean over rows."""
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum(1).mean()
