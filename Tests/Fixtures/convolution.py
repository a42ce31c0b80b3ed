"""Reference values for convolutions, computed by PyTorch in double precision.

Writes convolution.safetensors beside this file: for each case its operands, the result, the gradients of
L = Σ r·y²/2 and of P = ‖∂L/∂x‖², in the field's layouts (images NCHW, weights as the layer holds them).
"""

import pathlib

import torch
from safetensors.torch import save_file

torch.manual_seed(1)
arrays = {}


def draw(*shape):
    return torch.randn(*shape, dtype=torch.float64).float().double()


def case(name, x, w, transposed=False, **settings):
    x, w = draw(*x).requires_grad_(), (draw(*w) / 2).requires_grad_()
    groups = settings.get("groups", 1)
    b = draw(w.shape[1] * groups if transposed else w.shape[0]).requires_grad_()
    convolve = torch.nn.functional.conv_transpose2d if transposed else torch.nn.functional.conv2d
    y = convolve(x, w, b, **settings)
    r = draw(*y.shape)
    loss = (r * y * y).sum() / 2
    gx, gw, gb = torch.autograd.grad(loss, [x, w, b], create_graph=True)
    penalty = (gx * gx).sum()
    px, pw, pb = torch.autograd.grad(penalty, [x, w, b])
    for key, value in dict(
        x=x, w=w, b=b, r=r, y=y, gx=gx, gw=gw, gb=gb, px=px, pw=pw, pb=pb
    ).items():
        arrays[f"{name}/{key}"] = value.detach().float().contiguous()


case("plain", (2, 3, 7, 6), (5, 3, 3, 3), padding=1)
case("strided", (2, 3, 8, 8), (16, 3, 4, 4), stride=2, padding=1)
case("strided odd", (1, 2, 7, 9), (4, 2, 3, 3), stride=2)
case("oblong", (1, 2, 5, 8), (3, 2, 1, 5), stride=(1, 2), padding=(0, 2))
case("grouped", (2, 6, 5, 5), (4, 3, 3, 3), groups=2)
case("depthwise", (1, 16, 6, 6), (16, 1, 3, 3), padding=1, groups=16)
case("dilated", (1, 3, 7, 7), (4, 3, 3, 3), padding=2, dilation=2)
case("one pixel", (2, 5, 1, 1), (7, 5, 1, 1))
case("whole image", (2, 4, 4, 4), (1, 4, 4, 4))
case("few outputs", (2, 16, 6, 5), (3, 16, 3, 3), padding=1)
case("wide few outputs", (1, 4, 8, 8), (3, 4, 7, 7), padding=3)
case("patch head", (2, 8, 5, 5), (1, 8, 4, 4), padding=1)
case("few pixels", (1, 16, 4, 4), (16, 16, 4, 4), stride=2, padding=1)
case("transposed", (2, 4, 3, 3), (4, 3, 4, 4), True, stride=2, padding=1)
case("transposed padded", (1, 4, 3, 2), (4, 3, 3, 3), True, stride=2, padding=1, output_padding=1)
case("transposed grouped", (1, 4, 3, 3), (4, 3, 3, 3), True, stride=2, groups=2)
case("transposed dilated", (1, 2, 3, 3), (2, 3, 3, 3), True, stride=2, dilation=2, padding=1)
case("from one pixel", (2, 6, 1, 1), (6, 5, 4, 4), True)

# Any number of groups, and sizes at the edge of what makes sense.
case("grouped oddly", (2, 15, 5, 4), (10, 3, 3, 3), padding=1, groups=5)
case("grouped strided", (1, 14, 5, 5), (21, 2, 3, 3), padding=1, stride=2, groups=7)
case("grouped dilated", (1, 6, 7, 7), (4, 3, 3, 3), padding=3, dilation=3, groups=2)
case("depthwise multiplied", (2, 5, 5, 5), (15, 1, 3, 3), groups=5)
case("depthwise of one", (1, 3, 1, 1), (3, 1, 3, 3), padding=1, groups=3)
case("label groups", (1, 35, 4, 5), (70, 1, 3, 3), padding=1, groups=35)
case("row", (1, 4, 3, 9), (6, 4, 1, 7), padding=(0, 3))
case("column", (1, 4, 9, 3), (6, 4, 7, 1), padding=(3, 0))
case("padded beyond the kernel", (1, 2, 3, 2), (3, 2, 3, 3), padding=4)
case("even kernel padded", (2, 3, 5, 7), (8, 3, 4, 4), stride=2, padding=2)
case("one by one strided", (1, 4, 5, 6), (3, 4, 1, 1), stride=2)
case("stride beyond the kernel", (1, 3, 7, 8), (4, 3, 2, 2), stride=3)
case("kernel beyond the image", (1, 3, 2, 3), (4, 3, 4, 4), padding=1)
case("one of everything", (1, 1, 1, 1), (1, 1, 1, 1))
case("transposed one by one", (1, 3, 2, 3), (3, 4, 1, 1), True, stride=2)
case("transposed depthwise", (1, 5, 3, 3), (5, 1, 4, 4), True, stride=2, padding=1, groups=5)
case("transposed stride 3", (1, 3, 2, 2), (3, 2, 3, 2), True, stride=3, output_padding=2)

save_file(arrays, pathlib.Path(__file__).with_suffix(".safetensors"))
