"""A post-norm BERT encoder with a linear head over words."""

import torch
from torch import nn
from torch.nn import functional as F


class Dropout(nn.Module):
    """Dropout whose masks are cut at random places from one pool: drawing fresh ones takes a tenth of a step on a CPU."""

    POOL = 1 << 23

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate
        self.pools: dict[torch.dtype, torch.Tensor] = {}

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.rate == 0:
            return x
        if x.dtype not in self.pools:
            self.pools[x.dtype] = (torch.rand(self.POOL) >= self.rate).to(x.dtype) / (1 - self.rate)
        at = int(torch.randint(self.POOL - x.numel(), ()))
        return x * self.pools[x.dtype][at : at + x.numel()].view(x.shape)


class Layer(nn.Module):
    def __init__(self, hidden: int, heads: int, wide: int, eps: float, dropout: Dropout):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, eps)
        self.widen = nn.Linear(hidden, wide)
        self.narrow = nn.Linear(wide, hidden)
        self.output_norm = nn.LayerNorm(hidden, eps)
        self.dropout = dropout

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        batch, length, hidden = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        # Plain products: PyTorch's fused attention is slow backwards on a CPU.
        weights = q @ k.transpose(-2, -1) * (q.shape[-1] ** -0.5)
        if mask is not None:
            weights = weights.masked_fill(~mask, -torch.inf)
        attended = weights.softmax(-1).to(v.dtype) @ v
        attended = attended.transpose(1, 2).reshape(batch, length, hidden)
        x = self.attention_norm(x + self.dropout(self.out(attended)))
        return self.output_norm(x + self.dropout(self.narrow(F.gelu(self.widen(x)))))


class Tagger(nn.Module):
    """Pieces of windows → logits of their labels, [batch, pieces, labels]."""

    def __init__(self, vocabulary: int, sizes: dict[str, int], labels: int, dropout: float = 0.1, eps: float = 1e-12):
        super().__init__()
        self.sizes = sizes
        hidden = sizes["hidden"]
        self.dropout = Dropout(dropout)
        self.word = nn.Embedding(vocabulary, hidden)
        self.position = nn.Embedding(sizes["positions"], hidden)
        self.norm = nn.LayerNorm(hidden, eps)
        self.layers = nn.ModuleList(
            Layer(hidden, sizes["heads"], sizes["intermediate"], eps, self.dropout) for _ in range(sizes["layers"])
        )
        self.head = nn.Linear(hidden, labels)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def states(self, ids: torch.Tensor, real: torch.Tensor | None = None) -> list[torch.Tensor]:
        """What each layer gives, [batch, pieces, hidden]. `ids` and `real` (what is not padding) are [batch, pieces]."""
        x = self.word(ids) + self.position(torch.arange(ids.shape[1], device=ids.device))
        x = self.dropout(self.norm(x))
        mask = None if real is None else real[:, None, None, :]
        found = []
        for layer in self.layers:
            x = layer(x, mask)
            found.append(x)
        return found

    def forward(self, ids: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
        """Takes what `states` takes."""
        return self.head(self.dropout(self.states(ids, real)[-1]))
