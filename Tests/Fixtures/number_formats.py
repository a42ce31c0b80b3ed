"""Writes number_formats.safetensors: one tensor of each number format, read by SafetensorsTests."""
import pathlib

import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
values = [[0.0, 1.0, -2.0], [0.5, 100.0, -0.25]]
whole = [[0, 1, 2], [3, 100, 127]]
save_file(
    {
        "f64": torch.tensor(values, dtype=torch.float64),
        "f32": torch.tensor(values, dtype=torch.float32),
        "f16": torch.tensor(values, dtype=torch.float16),
        "bf16": torch.tensor(values, dtype=torch.bfloat16),
        "i64": torch.tensor(whole, dtype=torch.int64),
        "i32": torch.tensor(whole, dtype=torch.int32),
        "i16": torch.tensor(whole, dtype=torch.int16),
        "i8": torch.tensor(whole, dtype=torch.int8),
        "u8": torch.tensor(whole, dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(3.0),
        "empty": torch.zeros(0, 4),
        "module.net.weight": torch.tensor([1.0, 2.0]),
        "module.net.num_batches_tracked": torch.tensor(2**40 + 1),
    },
    here / "number_formats.safetensors",
    metadata={"format": "pt", "seed": str(2**64 - 1)},
)
