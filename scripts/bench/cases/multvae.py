"""Mult-VAE, 600-200 and back, in PyTorch."""
import torch
import torch.nn.functional as F
from torch import nn

BETA = 0.2


def dense(tensor, name):
    weight, bias = tensor(f"{name}/weight").T, tensor(f"{name}/bias")
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data.copy_(weight)
    layer.bias.data.copy_(bias)
    return layer


class MultVae(nn.Module):
    def __init__(self, tensor):
        super().__init__()
        self.items = dense(tensor, "encoder/items")
        self.mean = dense(tensor, "encoder/mean")
        self.log_variance = dense(tensor, "encoder/log_variance")
        self.hidden = dense(tensor, "decoder/dense_0")
        self.output = dense(tensor, "decoder/dense_1")

    def forward(self, x):
        inside = torch.tanh(self.items(F.dropout(F.normalize(x), 0.5)))
        mean, log_variance = self.mean(inside), self.log_variance(inside)
        code = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        return self.output(torch.tanh(self.hidden(code))), mean, log_variance


def build(tensor):
    torch.manual_seed(1)
    return MultVae(tensor)


def loss(output, x):
    logits, mean, log_variance = output
    likelihood = (F.log_softmax(logits, 1) * x).sum(1).mean()
    divergence = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum(1).mean()
    return BETA * divergence - likelihood
