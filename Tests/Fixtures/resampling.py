"""Reference values for pooling and resizing, computed by PyTorch in double precision.

Writes resampling.safetensors beside this file: for each case the result and the gradients of L = Σ r·y³/3
and of P = ‖∂L/∂x‖² for x, images NCHW.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(2)
arrays = {}


def case(name, x, function):
    x = torch.randn(*x, dtype=torch.float64).float().double().requires_grad_()
    y = function(x)
    r = torch.randn(*y.shape, dtype=torch.float64).float().double()
    (gx,) = torch.autograd.grad((r * y**3).sum() / 3, x, create_graph=True)
    (px,) = torch.autograd.grad((gx * gx).sum(), x)
    for key, value in dict(x=x, r=r, y=y, gx=gx, px=px).items():
        arrays[f"{name}/{key}"] = value.detach().float().contiguous()


case("max", (2, 3, 6, 8), lambda x: F.max_pool2d(x, 2))
case("max padded", (2, 3, 7, 6), lambda x: F.max_pool2d(x, 3, 2, 1))
case("average", (2, 3, 6, 8), lambda x: F.avg_pool2d(x, 2))
case("average padded", (2, 3, 7, 6), lambda x: F.avg_pool2d(x, 3, 2, 1))
case("average inside", (2, 3, 7, 6), lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False))
case("global", (2, 3, 5, 4), lambda x: x.mean((2, 3), keepdim=True))
case("nearest twice", (2, 3, 3, 4), lambda x: F.interpolate(x, scale_factor=2))
case("nearest up", (1, 2, 3, 4), lambda x: F.interpolate(x, (7, 5)))
case("nearest down", (1, 2, 7, 8), lambda x: F.interpolate(x, (3, 5)))
for corners in (False, True):
    tag = "corners" if corners else "edges"
    resize = lambda size: lambda x: F.interpolate(x, size, mode="bilinear", align_corners=corners)
    case(f"bilinear up {tag}", (2, 3, 3, 4), resize((7, 8)))
    case(f"bilinear down {tag}", (1, 2, 9, 8), resize((4, 3)))
    case(f"bilinear to one {tag}", (1, 2, 4, 5), resize((1, 1)))
    case(f"bilinear from one {tag}", (1, 2, 1, 1), resize((3, 2)))
case("max kept", (2, 3, 6, 8), lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True))
case("max kept padded", (1, 2, 6, 5), lambda x: F.max_pool2d(x, 2, 3, 1, ceil_mode=True))

save_file(arrays, pathlib.Path(__file__).with_suffix(".safetensors"))
