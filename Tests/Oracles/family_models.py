"""The small models of family_steps.py: one of each family's kind, by the names that community weights have."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.heads = heads

    def forward(self, x, mask):
        def split(y):
            return y.unflatten(2, (self.heads, -1)).transpose(1, 2)  # [B, H, L, D]

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[3])
        scores = scores.masked_fill(~mask[:, None, None, :], -math.inf)
        return (scores.softmax(3) @ value).transpose(1, 2).flatten(2)


class ResidualOutput(nn.Module):
    def __init__(self, inward, outward):
        super().__init__()
        self.dense, self.LayerNorm = nn.Linear(inward, outward), nn.LayerNorm(outward, eps=1e-12)

    def forward(self, x, beside):
        return self.LayerNorm(self.dense(x) + beside)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.self, self.output = SelfAttention(width, heads), ResidualOutput(width, width)

    def forward(self, x, mask):
        return self.output(self.self(x, mask), x)


class Dense(nn.Module):
    def __init__(self, inward, outward):
        super().__init__()
        self.dense = nn.Linear(inward, outward)

    def forward(self, x):
        return F.gelu(self.dense(x))


class EncoderLayer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.attention = Attention(width, heads)
        self.intermediate, self.output = Dense(width, hidden), ResidualOutput(hidden, width)

    def forward(self, x, mask):
        x = self.attention(x, mask)
        return self.output(self.intermediate(x), x)


class Encoder(nn.Module):
    def __init__(self, layers, width, heads, hidden):
        super().__init__()
        self.layer = nn.ModuleList(EncoderLayer(width, heads, hidden) for _ in range(layers))


class Embeddings(nn.Module):
    def __init__(self, vocabulary, positions, width):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocabulary, width, padding_idx=0)
        self.position_embeddings = nn.Embedding(positions, width)
        self.token_type_embeddings = nn.Embedding(2, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, ids, segments):
        positions = self.position_embeddings(torch.arange(ids.shape[1]))
        return self.LayerNorm(self.word_embeddings(ids) + positions + self.token_type_embeddings(segments))


class BERT(nn.Module):
    def __init__(self, vocabulary, positions, width, layers, heads):
        super().__init__()
        self.embeddings = Embeddings(vocabulary, positions, width)
        self.encoder = Encoder(layers, width, heads, 4 * width)

    def forward(self, ids, segments, mask):
        x = self.embeddings(ids, segments)
        for layer in self.encoder.layer:
            x = layer(x, mask)
        return x


class Transform(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.dense, self.LayerNorm = nn.Linear(width, width), nn.LayerNorm(width, eps=1e-12)

    def forward(self, x):
        return self.LayerNorm(F.gelu(self.dense(x)))


class Predictions(nn.Module):
    def __init__(self, table):
        super().__init__()
        vocabulary, width = table.weight.shape
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        self.transform, self.decoder = Transform(width), nn.Linear(width, vocabulary)
        self.decoder.weight, self.decoder.bias = table.weight, self.bias

    def forward(self, x):
        return self.decoder(self.transform(x))


class MaskedLanguageModel(nn.Module):
    """BERT (Devlin et al. 2019) with its head for masked words, whose matrix is the table of words."""

    def __init__(self, vocabulary=97, positions=12, width=32, layers=2, heads=4):
        super().__init__()
        self.bert = BERT(vocabulary, positions, width, layers, heads)
        self.cls = nn.Module()
        self.cls.predictions = Predictions(self.bert.embeddings.word_embeddings)

    def forward(self, ids, segments, mask):
        return self.cls.predictions(self.bert(ids, segments, mask))


class Body(nn.Module):
    """Two convolutions, whose norms stand still: extents divided by four."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8)
        self.conv2, self.bn2 = nn.Conv2d(8, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16)
        for norm in (self.bn1, self.bn2):
            norm.requires_grad_(False)

    def train(self, mode=True):
        super().train(mode)
        self.bn1.eval()
        self.bn2.eval()
        return self

    def forward(self, x):
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))


class DetectorEncoderLayer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, places, padding):
        at = x + places
        x = self.norm1(x + self.self_attn(at, at, x, key_padding_mask=padding, need_weights=False)[0])
        return self.norm2(x + self.linear2(F.relu(self.linear1(x))))


class DetectorDecoderLayer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.multihead_attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, queries, memory, places, padding):
        at = x + queries
        x = self.norm1(x + self.self_attn(at, at, x, need_weights=False)[0])
        x = self.norm2(x + self.multihead_attn(
            x + queries, memory + places, memory, key_padding_mask=padding, need_weights=False)[0])
        return self.norm3(x + self.linear2(F.relu(self.linear1(x))))


def layers_of(*layers):
    holder = nn.Module()
    holder.layers = nn.ModuleList(layers)
    return holder


class Transformer(nn.Module):
    def __init__(self, width, heads, hidden, encoders, decoders):
        super().__init__()
        self.encoder = layers_of(*(DetectorEncoderLayer(width, heads, hidden) for _ in range(encoders)))
        self.decoder = layers_of(*(DetectorDecoderLayer(width, heads, hidden) for _ in range(decoders)))
        self.decoder.norm = nn.LayerNorm(width)

    def forward(self, x, queries, places, padding):
        """The normed output of each layer of the decoder."""
        for layer in self.encoder.layers:
            x = layer(x, places, padding)
        queries = queries.expand(len(x), -1, -1)
        y, outputs = torch.zeros_like(queries), []
        for layer in self.decoder.layers:
            y = layer(y, queries, x, places, padding)
            outputs.append(self.decoder.norm(y))
        return outputs


class SmallDETR(nn.Module):
    """DETR (Carion et al. 2020) of width 32: one layer of the encoder, two of the decoder, five queries."""

    def __init__(self, classes=4, queries=5, width=32, heads=4):
        super().__init__()
        self.transformer = Transformer(width, heads, 64, 1, 2)
        self.class_embed = nn.Linear(width, classes + 1)
        self.bbox_embed = layers_of(nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, 4))
        self.query_embed = nn.Embedding(queries, width)
        self.input_proj = nn.Conv2d(16, width, 1)
        backbone = nn.Module()
        backbone.body = Body()
        self.backbone = nn.ModuleList([backbone])

    def forward(self, images, mask):
        """Logits and boxes (cx, cy, w, h) by each layer of the decoder; `mask` is true where an image is."""
        x = self.input_proj(self.backbone[0].body(images)).flatten(2).transpose(1, 2)  # [B, HW, E]
        mask = mask[:, ::4, ::4]
        places = sine_positions(mask, x.shape[2]).flatten(1, 2).to(x.dtype)
        answers = []
        for y in self.transformer(x, self.query_embed.weight, places, ~mask.flatten(1)):
            logits = self.class_embed(y)
            first, second, third = self.bbox_embed.layers
            answers.append((logits, third(F.relu(second(F.relu(first(y))))).sigmoid()))
        return answers


def sine_positions(mask, width):
    """`[B, H, W, width]`, f64: DETR's PositionEmbeddingSine with normalize=True."""
    features, taken = width // 2, mask.to(torch.float64)
    periods = 10000 ** (2 * (torch.arange(features, dtype=torch.float64) // 2) / features)
    parts = []
    for axis in (1, 2):
        place = taken.cumsum(axis)
        place = place / (place.narrow(axis, place.shape[axis] - 1, 1) + 1e-6) * 2 * math.pi
        angle = place[..., None] / periods
        parts.append(torch.stack((angle[..., 0::2].sin(), angle[..., 1::2].cos()), dim=4).flatten(3))
    return torch.cat(parts, dim=3)


class Tower(nn.Module):
    """The rows of a few ids side by side, through two linear layers, to length 1."""

    def __init__(self, counts, width=8, hidden=24, outward=16):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(count, width, sparse=True) for count in counts)
        self.mlp = nn.ModuleList([nn.Linear(len(counts) * width, hidden), nn.Linear(hidden, outward)])

    def forward(self, ids):
        x = torch.cat([table(column) for table, column in zip(self.tables, ids.T)], dim=1)
        return F.normalize(self.mlp[1](F.relu(self.mlp[0](x))))


class TwoTower(nn.Module):
    """Users and items in one space (Yi et al. 2019)."""

    def __init__(self):
        super().__init__()
        self.users, self.items = Tower([50, 7]), Tower([80, 11])

    def forward(self, users, items):
        return self.users(users), self.items(items)
