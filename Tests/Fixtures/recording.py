"""Records what networks give, for fixtures of large networks: see Tests/TestSupport/Recorded.swift."""

import torch
from hashed import fill, last, numbers, thinned
from safetensors.torch import save_file

tensors = {}


def put(name, x):
    tensors[name] = x.detach().float().contiguous().clone()


def together(tensors):
    """Each thinned, one behind the other in the order of their names."""
    return torch.cat([thinned(x, 20) for x in tensors])


def record(case, network, call, inputs):
    """Outputs, all gradients of the second call in training, buffers after it, and evaluation."""
    fill(case, network)
    network.train()
    call(*inputs)
    given = [x.clone().requires_grad_() for x in inputs]
    outputs = [last(y) for y in call(*given)]
    for i, y in enumerate(outputs):
        put(f"{case}/y{i}", thinned(y))
    total = sum((y * numbers(f"{case}/c{i}", y.shape)).sum() for i, y in enumerate(outputs))
    total.backward()
    for i, x in enumerate(given):
        put(f"{case}/dx{i}", thinned(last(x.grad)))
    weights = dict(network.named_parameters())
    grads = [weights[name].grad for name in sorted(weights)]
    if weights:
        put(f"{case}/gradients", together(x for x in grads if x is not None))
    buffers = {k: v for k, v in network.named_buffers() if "num_batches" not in k}
    if buffers:
        put(f"{case}/buffers", together(buffers[name] for name in sorted(buffers)))
    network.eval()
    for i, y in enumerate(call(*inputs)):
        put(f"{case}/eval{i}", thinned(last(y)))


def save(path):
    """Writes everything recorded."""
    save_file(tensors, path)
    path.chmod(0o644)
    print(len(tensors), "tensors,", path.stat().st_size, "bytes")
