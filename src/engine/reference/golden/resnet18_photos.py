#!/usr/bin/env python3
"""Writes resnet18_photos.json: torchvision's ResNet-18 on deterministic inputs (docs/reference-figures.md).

    python3 src/engine/reference/golden/resnet18_photos.py > src/engine/reference/golden/resnet18_photos.json

The module is written out as torchvision.models.resnet18 reads, since Debian has no torchvision for every torch. Figures
are those of evaluation, where batch-norm goes by its running statistics, the gradients too: as in fine-tuning with
frozen norms. Computed in float64 and printed to 9 digits. Needs torch and numpy.
"""
import json
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

SHAPE, LABELS, CLASSES = (2, 3, 70, 57), [4, 1], 6


class BasicBlock(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.downsample = None
        if stride != 1 or before != after:
            self.downsample = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(BasicBlock(64, 64, 1), BasicBlock(64, 64, 1))
        self.layer2 = nn.Sequential(BasicBlock(64, 128, 2), BasicBlock(128, 128, 1))
        self.layer3 = nn.Sequential(BasicBlock(128, 256, 2), BasicBlock(256, 256, 1))
        self.layer4 = nn.Sequential(BasicBlock(256, 512, 2), BasicBlock(512, 512, 1))
        self.fc = nn.Linear(512, CLASSES)

    def forward(self, x):
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        return self.fc(self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3)))


def wave(shape, seed, scale):
    index = np.arange(math.prod(shape), dtype=np.float64)
    values = (scale * np.sin(12.9898 * index + 78.233 * seed)).astype(np.float32)
    return torch.from_numpy(values.astype(np.float64)).reshape(shape)


def rounded(tensor):
    nested = tensor.detach().tolist()
    return json.loads(json.dumps(nested), parse_float=lambda text: float(f"{float(text):.9g}"))


def main():
    net = ResNet18().double()
    normalizers = {name for name, module in net.named_modules() if isinstance(module, nn.BatchNorm2d)}
    params = []
    with torch.no_grad():
        for seed, (name, parameter) in enumerate(net.named_parameters(), start=1101):
            fan_in = math.prod(parameter.shape[1:])
            scale = math.sqrt(3 / fan_in) if parameter.dim() > 1 else 0.2
            params.append({"name": name, "shape": list(parameter.shape), "seed": seed, "scale": scale})
            gamma = name.removesuffix(".weight") in normalizers
            parameter.copy_(wave(parameter.shape, seed, scale) + (1 if gamma else 0))
    spec = {"shape": list(SHAPE), "seed": 1201, "scale": 1.5}
    net.eval()
    logits = net(wave(*spec.values()))
    F.cross_entropy(logits, torch.tensor(LABELS)).backward()
    out = {"model": "resnet18_224", "params": params, "input": spec, "labels": LABELS}
    out["param_count"] = sum(parameter.numel() for parameter in net.parameters())
    out["state_dict"] = {name: list(array.shape) for name, array in net.state_dict().items()}
    out["logits"] = rounded(logits)
    out["grads"] = [
        {"name": name, "l2": float(parameter.grad.norm()), "first8": rounded(parameter.grad.flatten()[:8])}
        for name, parameter in net.named_parameters()
        if name.rpartition(".")[0] not in normalizers
    ]
    print(json.dumps(out))


main()
