"""The workloads of the bench on PyTorch: reads one JSON request a line from standard input, answers each with one line.

The requests are those of bench/protocol.ts: start, prepare, sample, memory, finish. Inputs stay on the device, and no
loss is read back unless the step needs it, so every choice here is in PyTorch's favour; the MGDA step runs a third
backward pass on the weighted loss, as Backdoors 101 does.
"""

import argparse
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH = 64
EVALUATION_IMAGES = 1000
CLASSES = 10
TARGET = 8


class SimpleNet(nn.Module):
    """Two 5x5 convolutions and two dense layers; 431,080 parameters."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.fc1 = nn.Linear(4 * 4 * 50, 500)
        self.fc2 = nn.Linear(500, CLASSES)

    def forward(self, images):
        hidden = F.max_pool2d(F.relu(self.conv1(images)), 2)
        hidden = F.max_pool2d(F.relu(self.conv2(hidden)), 2)
        hidden = F.relu(self.fc1(torch.flatten(hidden, 1)))
        return self.fc2(hidden)


class BasicBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the size changes."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.shortcut = nn.Identity()
        if stride != 1 or channels != filters:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters)
            )

    def forward(self, images):
        hidden = F.relu(self.bn1(self.conv1(images)))
        return F.relu(self.bn2(self.conv2(hidden)) + self.shortcut(images))


def resnet18():
    """The ResNet-18 for 32x32 images: a 3x3 stem without pooling, four stages of two blocks."""
    blocks, channels = [], 64
    for filters, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        blocks += [BasicBlock(channels, filters, stride), BasicBlock(filters, filters, 1)]
        channels = filters
    stem = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, CLASSES)]
    return nn.Sequential(*stem, *blocks, *head)


def labels_of(count, device):
    return torch.arange(count, device=device) % CLASSES


def sgd(model):
    return torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)


def training(model, images, optimizer):
    labels = labels_of(len(images), images.device)

    def step():
        optimizer.zero_grad()
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()

    return step


def simplenet_step(device):
    model = SimpleNet().to(device)
    return training(model, torch.randn(BATCH, 1, 28, 28, device=device), sgd(model))


def simplenet_adam_step(device):
    model = SimpleNet().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    return training(model, torch.randn(BATCH, 1, 28, 28, device=device), optimizer)


def resnet18_step(device):
    model = resnet18().to(device)
    return training(model, torch.randn(BATCH, 3, 32, 32, device=device), sgd(model))


def simplenet_eval(device):
    model = SimpleNet().to(device).eval()
    images = torch.randn(EVALUATION_IMAGES, 1, 28, 28, device=device)

    def step():
        with torch.no_grad():
            F.softmax(model(images), dim=1).cpu()

    return step


def minimum_norm_share(first, second, both):
    """The weight of the first gradient in the shortest convex combination, from their inner products."""
    if both >= first:
        return 0.999
    if both >= second:
        return 0.001
    return (second - both) / (first + second - 2 * both)


def mgda_step(device):
    model = SimpleNet().to(device)
    optimizer = sgd(model)
    parameters = list(model.parameters())
    clean = torch.randn(BATCH, 1, 28, 28, device=device)
    triggered = clean.clone()
    triggered[:, :, 3:8, 23:26] = 2.8
    clean_labels = labels_of(BATCH, device)
    wanted = torch.full_like(clean_labels, TARGET)

    def inner(left, right):
        return sum(float((a * b).sum()) for a, b in zip(left, right))

    def step():
        optimizer.zero_grad()
        losses = [F.cross_entropy(model(clean), clean_labels), F.cross_entropy(model(triggered), wanted)]
        scaled = []
        for loss in losses:
            gradient = torch.autograd.grad(loss, parameters, retain_graph=True)
            divisor = float(loss) + 1e-5
            scaled.append([part / divisor for part in gradient])
        normal, backdoor = scaled
        share = minimum_norm_share(inner(normal, normal), inner(backdoor, backdoor), inner(normal, backdoor))
        (share * losses[0] + (1 - share) * losses[1]).backward()
        optimizer.step()

    return step


def nc_step(device):
    model = SimpleNet().to(device)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    images = torch.randn(BATCH, 1, 28, 28, device=device)
    wanted = torch.full((BATCH,), TARGET, device=device)
    mask = torch.zeros(28, 28, device=device, requires_grad=True)
    pattern = torch.zeros(1, 28, 28, device=device, requires_grad=True)
    optimizer = torch.optim.Adam([mask, pattern], lr=0.01)

    def step():
        optimizer.zero_grad()
        opened = torch.tanh(mask) / 2 + 0.5
        stamped = (1 - opened) * images + opened * (torch.tanh(pattern) / 2 + 0.5)
        loss = F.cross_entropy(model(stamped), wanted) + 1e-3 * opened.sum()
        loss.backward()
        optimizer.step()

    return step


def matmul_512(device):
    left, right = torch.randn(512, 512, device=device), torch.randn(512, 512, device=device)
    return lambda: left @ right


def convolution(part, shape, filter_shape, padding):
    """One convolution of stride 1, or one of its gradients."""

    def build(device):
        images, weight = torch.randn(shape, device=device), torch.randn(filter_shape, device=device)
        if part == "forward":
            return lambda: F.conv2d(images, weight, padding=padding)
        gradient = torch.ones_like(F.conv2d(images, weight, padding=padding))
        wanted = [part == "input_gradient", part == "filter_gradient", False]
        return lambda: torch.ops.aten.convolution_backward(
            gradient, images, weight, None, [1, 1], [padding, padding], [1, 1], False, [0, 0], 1, wanted
        )

    return build


WORKLOADS = {
    function.__name__: function
    for function in (
        simplenet_step,
        simplenet_adam_step,
        simplenet_eval,
        mgda_step,
        nc_step,
        resnet18_step,
        matmul_512,
    )
}
for _name, _shape in {
    "conv5": ((BATCH, 20, 12, 12), (50, 20, 5, 5), 0),
    "conv3": ((BATCH, 128, 16, 16), (128, 128, 3, 3), 1),
}.items():
    for _part in ("forward", "input_gradient", "filter_gradient"):
        WORKLOADS[f"{_name}_{_part}"] = convolution(_part, *_shape)


class Station:
    """Holds one workload and times its steps."""

    def __init__(self, device):
        self.device = device
        self.step = None

    def timed(self):
        started = time.perf_counter()
        self.step()
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        return (time.perf_counter() - started) * 1000

    def answer(self, request):
        kind = request["kind"]
        if kind == "start":
            return {"label": f"PyTorch {torch.__version__}, {self.describe()}", "variant": None}
        if kind == "prepare":
            self.step = None
            if request["workload"] not in WORKLOADS:
                raise ValueError(f"PyTorch has no workload {request['workload']}")
            torch.manual_seed(1)
            self.step = WORKLOADS[request["workload"]](self.device)
            return {"firstMs": self.timed(), "threads": torch.get_num_threads()}
        if kind == "sample":
            for _ in range(request["warm"]):
                self.timed()
            samples = []
            end = time.perf_counter() + request["milliseconds"] / 1000
            while not samples or (len(samples) < request["atMost"] and time.perf_counter() < end):
                samples.append(self.timed())
            return {"ms": samples}
        if kind == "finish":
            self.step = None
            return {}
        raise ValueError(f"PyTorch does not answer {kind}")

    def describe(self):
        if self.device.type == "cuda":
            return torch.cuda.get_device_name(self.device)
        threads = torch.get_num_threads()
        return f"{threads} thread{'s' if threads != 1 else ''}"


def say(answer):
    print(json.dumps(answer), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--device", default="cpu")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.backends.cudnn.benchmark = True
    station = Station(torch.device(given.device))
    torch.zeros(1, device=station.device)
    say({"ok": True, "value": {}})
    for line in sys.stdin:
        try:
            say({"ok": True, "value": station.answer(json.loads(line))})
        except Exception as error:  # told to the bench, which goes on without this workload
            say({"ok": False, "why": str(error).split("\n")[0]})


if __name__ == "__main__":
    main()
