#!/usr/bin/env python3
"""Writes resnet8.json: ResNet-8 in PyTorch on deterministic inputs (docs/reference-figures.md).

    python3 src/engine/reference/golden/resnet8.py > src/engine/reference/golden/resnet8.json

Computed in float64 and printed to 9 digits, so that the figures are those of the formulas and not of one library's
order of sums. Needs torch and numpy.
"""
import json
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

SHAPE, LABELS, CLASSES = (6, 3, 14, 11), [0, 3, 6, 1, 2, 6], 7


class BasicBlock(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.shortcut = nn.Sequential()
        if stride != 1 or before != after:
            self.shortcut = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out + self.shortcut(x))


class ResNet8(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(SHAPE[1], 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(BasicBlock(16, 16, 1))
        self.layer2 = nn.Sequential(BasicBlock(16, 32, 2))
        self.layer3 = nn.Sequential(BasicBlock(32, 64, 2))
        self.linear = nn.Linear(64, CLASSES)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


def wave(shape, seed, scale):
    index = np.arange(math.prod(shape), dtype=np.float64)
    values = (scale * np.sin(12.9898 * index + 78.233 * seed)).astype(np.float32)
    return torch.from_numpy(values.astype(np.float64)).reshape(shape)


def rounded(tensor):
    nested = tensor.detach().tolist()
    return json.loads(json.dumps(nested), parse_float=lambda text: float(f"{float(text):.9g}"))


def main():
    net = ResNet8().double()
    normalizers = {name for name, module in net.named_modules() if isinstance(module, nn.BatchNorm2d)}
    params = []
    with torch.no_grad():
        for seed, (name, parameter) in enumerate(net.named_parameters(), start=401):
            fan_in = math.prod(parameter.shape[1:])
            scale = 1 / math.sqrt(fan_in) if parameter.dim() > 1 else 0.2
            params.append({"name": name, "shape": list(parameter.shape), "seed": seed, "scale": scale})
            gamma = name.removesuffix(".weight") in normalizers
            parameter.copy_(wave(parameter.shape, seed, scale) + (1 if gamma else 0))
    spec = {"shape": list(SHAPE), "seed": 501, "scale": 1.5}
    images, labels = wave(*spec.values()), torch.tensor(LABELS)
    out = {"model": "resnet8", "params": params, "input": spec, "labels": LABELS}
    out["param_count"] = sum(parameter.numel() for parameter in net.parameters())
    out["state_dict"] = {name: list(array.shape) for name, array in net.state_dict().items()}
    net.eval()
    out["logits_eval"] = rounded(net(images))
    net.train()
    logits = net(images)
    losses = F.cross_entropy(logits, labels, reduction="none")
    losses.mean().backward()
    out["logits_train"], out["per_example_loss"] = rounded(logits), rounded(losses)
    out["grads"] = [
        {"name": name, "l2": float(parameter.grad.norm()), "first8": rounded(parameter.grad.flatten()[:8])}
        for name, parameter in net.named_parameters()
    ]
    # A second batch after the first: running statistics forget at the momentum's rate.
    net(images.flip(0) * 0.5 + 0.25)
    state = net.state_dict()
    out["running"] = [
        {"name": name, "values": rounded(array.double().flatten()[:8])}
        for name, array in state.items()
        if name.split(".")[-1] in ("running_mean", "running_var", "num_batches_tracked")
    ]
    net.eval()
    out["logits_eval_after"] = rounded(net(images))
    print(json.dumps(out))


main()
