"""A variational autoencoder 784-400-20 and back, in PyTorch."""
import torch
import torch.nn.functional as F
from layers import dense, divergence, sampled
from torch import nn


class Vae(nn.Module):
    def __init__(self, tensor):
        super().__init__()
        self.hidden = dense(tensor, "encoder/dense_0")
        self.mean = dense(tensor, "encoder/mean")
        self.log_variance = dense(tensor, "encoder/log_variance")
        self.inner = dense(tensor, "decoder/dense_0")
        self.output = dense(tensor, "decoder/dense_1")

    def forward(self, x):
        inside = torch.relu(self.hidden(x))
        mean, log_variance = self.mean(inside), self.log_variance(inside)
        code = sampled(mean, log_variance)
        return self.output(torch.relu(self.inner(code))), mean, log_variance


def build(tensor):
    torch.manual_seed(1)
    return Vae(tensor)


def loss(output, x):
    logits, mean, log_variance = output
    likelihood = -F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    return divergence(mean, log_variance) - likelihood
