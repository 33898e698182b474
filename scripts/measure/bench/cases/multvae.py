"""Mult-VAE, 600-200 and back, in PyTorch."""
import torch
import torch.nn.functional as F
from layers import dense, divergence, sampled
from torch import nn

BETA = 0.2


class MultVae(nn.Module):
    def __init__(self, tensor):
        super().__init__()
        self.items = dense(tensor, "encoder/items", by_unit=True)
        self.mean = dense(tensor, "encoder/mean")
        self.log_variance = dense(tensor, "encoder/log_variance")
        self.hidden = dense(tensor, "decoder/dense_0")
        self.output = dense(tensor, "decoder/dense_1")

    def forward(self, x):
        inside = torch.tanh(self.items(F.dropout(F.normalize(x), 0.5)))
        mean, log_variance = self.mean(inside), self.log_variance(inside)
        code = sampled(mean, log_variance)
        return self.output(torch.tanh(self.hidden(code))), mean, log_variance


def build(tensor):
    torch.manual_seed(1)
    return MultVae(tensor)


def loss(output, x):
    logits, mean, log_variance = output
    likelihood = (F.log_softmax(logits, 1) * x).sum(1).mean()
    return BETA * divergence(mean, log_variance) - likelihood
