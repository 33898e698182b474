"""140 steps of one channel through an LSTM of 64 units to a code of 16, and back through another, in PyTorch."""
import torch
from layers import dense
from torch import nn

loss = nn.functional.mse_loss


def lstm(tensor, name):
    def gates(values):
        # From ONNX's order, input, output, forget, cell, to PyTorch's.
        i, o, f, c = values.chunk(4)
        return torch.cat([i, f, c, o])

    weight = gates(tensor(f"{name}/weight").T)
    layer = nn.LSTM(weight.shape[1], weight.shape[0] // 4, batch_first=True)
    layer.weight_ih_l0.data.copy_(weight)
    layer.weight_hh_l0.data.copy_(gates(tensor(f"{name}/recurrent_weight").T))
    layer.bias_ih_l0.data.copy_(gates(tensor(f"{name}/bias")))
    # PyTorch adds two biases: training both would double their learning rate.
    layer.bias_hh_l0.data.zero_()
    layer.bias_hh_l0.requires_grad_(False)
    return layer


class Autoencoder(nn.Module):
    def __init__(self, tensor):
        super().__init__()
        self.encoder = lstm(tensor, "encoder/recurrent")
        self.code = dense(tensor, "encoder/code")
        self.decoder = lstm(tensor, "decoder/recurrent")
        self.output = dense(tensor, "decoder/output")

    def forward(self, rows):
        _, (hidden, _) = self.encoder(rows.unsqueeze(2))
        code = self.code(hidden[0])
        states, _ = self.decoder(code.unsqueeze(1).expand(-1, rows.shape[1], -1))
        return self.output(states).squeeze(2)


build = Autoencoder
