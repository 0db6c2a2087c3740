"""Runs the README's lines for PyTorch on an exported SimpleNet, and prints its logits as JSON.

    load_in_pytorch.py SNIPPET PIXELS COUNT

SNIPPET is a file of Python that leaves a `model`; PIXELS holds COUNT grey 28x28 images, a byte a pixel. The file
that the snippet loads lies in the current folder. Reads safetensors by hand, so that only torch is needed.
"""

import json
import struct
import sys
import types

import torch
from torch import nn
from torch.nn import functional as F

DTYPES = {"F32": torch.float32, "F16": torch.float16}


def load_file(path):
    """The tensors of a safetensors file: 8 bytes of header length, the header as JSON, the values."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        values = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(bytearray(values[begin:end]), dtype=DTYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


class SimpleNet(nn.Module):
    """conv 20@5x5, pool, conv 50@5x5, pool, dense 500, dense: the layers under Backdoors 101's names."""

    def __init__(self, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.fc1 = nn.Linear(800, 500)
        self.fc2 = nn.Linear(500, num_classes)

    def forward(self, images):
        for conv in (self.conv1, self.conv2):
            images = F.max_pool2d(torch.relu(conv(images)), 2)
        return self.fc2(torch.relu(self.fc1(images.flatten(1))))


def main(snippet, pixels, count):
    stand_in = types.ModuleType("safetensors.torch")
    stand_in.load_file = load_file
    sys.modules["safetensors"] = types.ModuleType("safetensors")
    sys.modules["safetensors.torch"] = stand_in
    names = {"SimpleNet": SimpleNet}
    with open(snippet, encoding="utf-8") as file:
        exec(file.read(), names)
    with open(pixels, "rb") as file:
        images = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).reshape(int(count), 1, 28, 28)
    with torch.no_grad():
        logits = names["model"]((images / 255 - 0.1307) / 0.3081)
    json.dump(logits.tolist(), sys.stdout)


main(*sys.argv[1:])
