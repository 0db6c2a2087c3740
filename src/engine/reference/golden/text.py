#!/usr/bin/env python3
"""Writes text.json: the text models in PyTorch on deterministic inputs (docs/reference-figures.md).

    python3 src/engine/reference/golden/text.py > src/engine/reference/golden/text.json

Each text is read by itself where a layer would see the places that hold no word, so that nothing depends on how padding
is done. Computed in float64 and printed to 9 digits. Needs torch and numpy.
"""
import json
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

LENGTH, VOCABULARY, CLASSES = 11, 23, 3
LABELS = [2, 0, 1, 2]
# Padding behind, none, padding in front, and words that come more than once.
TEXTS = [
    [5, 1, 17, 5, 9, 22, 0, 0, 0, 0, 0],
    [3, 8, 8, 8, 14, 1, 2, 21, 4, 19, 7],
    [0, 0, 0, 12, 6, 6, 1, 20, 11, 10, 13],
    [16, 15, 18, 2, 2, 9, 5, 1, 0, 0, 0],
]


class TextCnn(nn.Module):
    """Reads the padding too, as Kim's network does: a row of the table that is not learnt."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, 64, padding_idx=0)
        self.convs = nn.ModuleList(nn.Conv1d(64, 100, width) for width in (3, 4, 5))
        self.fc = nn.Linear(300, CLASSES)

    def forward(self, words):
        x = self.embedding(words).transpose(1, 2)
        return self.fc(torch.cat([F.relu(conv(x)).amax(2) for conv in self.convs], 1))


class TextGru(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, 64, padding_idx=0)
        self.gru = nn.GRU(64, 64, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(128, CLASSES)

    def read(self, words):
        _, last = self.gru(self.embedding(words[words > 0][None]))
        return torch.cat([last[0], last[1]], 1)

    def forward(self, words):
        return self.fc(torch.cat([self.read(text) for text in words]))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(VOCABULARY, 200, padding_idx=0)
        self.rnn = nn.LSTM(200, 200, num_layers=2, batch_first=True)
        self.decoder = nn.Linear(200, CLASSES)

    def read(self, words):
        output, _ = self.rnn(self.encoder(words[words > 0][None]))
        return output[:, -1]

    def forward(self, words):
        return self.decoder(torch.cat([self.read(text) for text in words]))


class TextTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, 64, padding_idx=0)
        self.positions = nn.Embedding(LENGTH, 64)
        layer = nn.TransformerEncoderLayer(64, 4, 128, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(64), enable_nested_tensor=False)
        self.fc = nn.Linear(64, CLASSES)

    def read(self, words):
        there = words > 0
        x = self.embedding(words[there]) + self.positions.weight[there]
        return self.encoder(x[None]).mean(1)

    def forward(self, words):
        return self.fc(torch.cat([self.read(text) for text in words]))


MODELS = {"text_cnn": TextCnn, "text_gru": TextGru, "text_transformer": TextTransformer, "lstm": Lstm}


def wave(shape, seed, scale):
    index = np.arange(math.prod(shape), dtype=np.float64)
    values = (scale * np.sin(12.9898 * index + 78.233 * seed)).astype(np.float32)
    return torch.from_numpy(values.astype(np.float64)).reshape(shape)


def rounded(tensor):
    nested = tensor.detach().tolist()
    return json.loads(json.dumps(nested), parse_float=lambda text: float(f"{float(text):.9g}"))


def figures(model, first_seed):
    net = MODELS[model]().double()
    net.train()
    norms = {f"{name}.weight" for name, module in net.named_modules() if isinstance(module, nn.LayerNorm)}
    params = []
    with torch.no_grad():
        for seed, (name, parameter) in enumerate(net.named_parameters(), start=first_seed):
            scale = 1 / math.sqrt(math.prod(parameter.shape[1:])) if parameter.dim() > 1 else 0.2
            if isinstance(net.get_submodule(name.rpartition(".")[0]), nn.Embedding):
                scale = 1.0
            params.append({"name": name, "shape": list(parameter.shape), "seed": seed, "scale": scale})
            parameter.copy_(wave(parameter.shape, seed, scale) + (1 if name in norms else 0))
    words, labels = torch.tensor(TEXTS), torch.tensor(LABELS)
    logits = net(words)
    losses = F.cross_entropy(logits, labels, reduction="none")
    losses.mean().backward()
    return {
        "model": model,
        "params": params,
        "param_count": sum(parameter.numel() for parameter in net.parameters()),
        "logits": rounded(logits),
        "per_example_loss": rounded(losses),
        "grads": [
            {"name": name, "l2": float(parameter.grad.norm()), **some(parameter.grad)}
            for name, parameter in net.named_parameters()
        ],
    }


def some(grad):
    """Eight values from the last row but two on: the first rows of a table of words, unread ones, would tell nothing."""
    at = (grad.shape[0] - 3) * math.prod(grad.shape[1:])
    return {"at": at, "values": rounded(grad.flatten()[at : at + 8])}


def main():
    seeds = range(601, 1001, 100)
    models = [figures(model, seed) for model, seed in zip(MODELS, seeds)]
    out = {"length": LENGTH, "vocabulary": VOCABULARY, "texts": TEXTS, "labels": LABELS, "models": models}
    print(json.dumps(out))


main()
