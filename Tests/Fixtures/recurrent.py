"""Reference values for LSTM and GRU over packed sequences, computed by PyTorch in double precision.

Writes recurrent.safetensors beside this file: for each case the weights by their published names, the input `x`
`[N, L, in]`, `lengths`, output and final states, weights `r…` of each result, the gradients `g/…` of L = Σ r·y²/2 over
all results and `p/…` of P = ‖∂L/∂x‖². PyTorch takes no empty sequences: these are left out and put back by hand.
"""

import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(9)
torch.set_num_threads(1)
arrays = {}


def case(name, kind, lengths, width, initial=False, **settings):
    module = kind(3, 4, batch_first=True, **settings).double()
    for weight in module.parameters():
        weight.data = weight.data.float().double()
    lengths = torch.tensor(lengths)
    x = torch.randn(len(lengths), width, 3, dtype=torch.float64).float().double().requires_grad_()
    layers = module.num_layers * (2 if module.bidirectional else 1)
    kept = lengths > 0
    shape = (layers, len(lengths), 4)
    count = 2 if kind is nn.LSTM else 1
    start = [torch.zeros(shape, dtype=torch.float64) for _ in range(count)]
    if initial:
        start = [torch.randn(shape, dtype=torch.float64).float().double() for _ in range(count)]
    inner = [s[:, kept] for s in start]
    packed = pack_padded_sequence(x[kept], lengths[kept], batch_first=True, enforce_sorted=False)
    y, states = module(packed, tuple(inner) if count == 2 else inner[0])
    y, _ = pad_packed_sequence(y, batch_first=True, total_length=width)
    states = states if count == 2 else (states,)
    output = y.new_zeros(len(lengths), width, y.shape[2]).index_copy(0, kept.nonzero().flatten(), y)
    ends = [s.index_copy(1, kept.nonzero().flatten(), t) for s, t in zip(start, states)]

    results = [output, *ends]
    r = [torch.randn(z.shape, dtype=torch.float64).float().double() for z in results]
    loss = sum((a * z * z).sum() for a, z in zip(r, results)) / 2
    names, weights = zip(*module.named_parameters())
    first = torch.autograd.grad(loss, (x, *weights), create_graph=True)
    second = torch.autograd.grad((first[0] ** 2).sum(), (x, *weights))
    values = {"x": x, "lengths": lengths} | dict(zip(names, weights))
    values |= {f"g/{k}": g for k, g in zip(("x", *names), first)}
    values |= {f"p/{k}": g for k, g in zip(("x", *names), second)}
    for key, z, a in zip(["output", "hidden", "cell"], results, r):
        values |= {key: z, f"r/{key}": a}
    if initial:
        values |= {f"initial/{i}": s for i, s in enumerate(start)}
    for key, value in values.items():
        arrays[f"{name}/{key}"] = value.detach().float().contiguous()


for kind in (nn.LSTM, nn.GRU):
    name = kind.__name__
    case(f"{name} plain", kind, [5, 5], 5)
    case(f"{name} packed", kind, [2, 5, 0, 3, 5, 1], 6, bidirectional=True)
    case(f"{name} deep", kind, [1, 4, 2], 4, bidirectional=True, num_layers=2, initial=True)
    case(f"{name} bare", kind, [3, 1], 3, bias=False, initial=True)

save_file(arrays, pathlib.Path(__file__).with_suffix(".safetensors"))
