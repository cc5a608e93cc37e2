"""The benchmarks' models in PyTorch, with the parameter names that Aviary's have."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def conv(inputs, outputs, kernel, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.norm1 = conv(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs)
        self.conv2, self.norm2 = conv(outputs, outputs, 3), nn.BatchNorm2d(outputs)
        is_identity = stride == 1 and inputs == outputs
        self.shortcut = None if is_identity else nn.Sequential(
            conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + (x if self.shortcut is None else self.shortcut(x)))


class Stem(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv, self.norm = conv(inputs, outputs, 3), nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class SmallImageResNet(nn.Module):
    """A stem of 3x3 without pooling, and stages of which each but the first halves the extent."""

    def __init__(self, widths, blocks, channels, classes=10):
        super().__init__()
        self.stem = Stem(channels, widths[0])
        self.stages = nn.ModuleList()
        inputs = widths[0]
        for stage, (width, count) in enumerate(zip(widths, blocks)):
            strides = [2 if stage > 0 else 1] + [1] * (count - 1)
            extents = zip([inputs] + [width] * (count - 1), strides)
            self.stages.append(nn.Sequential(*(ResidualBlock(i, width, stride) for i, stride in extents)))
            inputs = width
        self.head = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return self.head(x.mean((2, 3)))


class Encoder(nn.Module):
    """BERT's encoder, post-norm with learned positions and GELU, and a classifier on token 0."""

    def __init__(self, layers=4, width=256, heads=4, vocabulary=30_522, positions=512, classes=2, dropout=0.1):
        super().__init__()
        self.word = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(positions, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, 4 * width, dropout, "gelu", batch_first=True)
            for _ in range(layers))
        self.head = nn.Linear(width, classes)

    def forward(self, ids):
        x = self.dropout(self.norm(self.word(ids) + self.position.weight[: ids.shape[1]]))
        for layer in self.layers:
            x = layer(x)
        return self.head(x[:, 0])


class TwoTower(nn.Module):
    """Two tables of ids under a tower each; the cosine of every pair in the batch at temperature 0.05."""

    def __init__(self, users=100_000, items=100_000, width=64, hidden=128, sparse=False):
        super().__init__()
        self.user = nn.Embedding(users, width, sparse=sparse)
        self.item = nn.Embedding(items, width, sparse=sparse)
        self.user_tower = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, width))
        self.item_tower = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, width))

    def forward(self, pairs):
        users = F.normalize(self.user_tower(self.user(pairs[0])), dim=1)
        items = F.normalize(self.item_tower(self.item(pairs[1])), dim=1)
        return users @ items.T / 0.05


class Perceptron(nn.Module):
    def __init__(self, inputs=784, hidden=128, classes=10):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.Sigmoid(),
            nn.Linear(hidden, classes))

    def forward(self, x):
        return self.layers(x)
