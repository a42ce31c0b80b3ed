"""Writes similarity.safetensors: structural similarity as scikit-image computes it.

Run with numpy, scikit-image and safetensors installed: python similarity.py

The settings are those of the evaluation of pose-guided generation: a Gaussian window, covariance of the
population, the range of the generated image. Images are channels last, in -1...1; some numbers lie
outside, as a generator's may.
"""

import pathlib

import numpy as np
from safetensors.numpy import save_file
from skimage.metrics import structural_similarity

random = np.random.default_rng(1)
shape = (3, 19, 14, 3)
ramp = np.linspace(-0.9, 0.7, shape[1])[None, :, None, None]
target = np.clip(ramp + random.normal(0, 0.2, shape), -1, 1).astype(np.float32)
generated = (target * 0.8 + random.normal(0, 0.25, shape)).astype(np.float32)
generated[2] = random.uniform(-0.4, 0.1, shape[1:])
mask = (random.uniform(0, 1, (3, 19, 14, 1)) > 0.3).astype(np.float32)
mask[:, :, :4] = 0


def grey(image):
    """Images in 0...255, not rounded."""
    return (np.clip(image.astype(np.float64), -1, 1) + 1) * 127.5


def similarity(generated, target):
    """The mean over images."""
    return np.mean([
        structural_similarity(
            b, a, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, channel_axis=2,
            data_range=a.max() - a.min())
        for a, b in zip(generated, target)
    ])


save_file(
    {
        "generated": generated,
        "target": target,
        "mask": mask,
        "ssim": np.array([similarity(grey(generated), grey(target))], np.float32),
        "masked-ssim": np.array(
            [similarity(grey(generated) * mask, grey(target) * mask)], np.float32),
    },
    pathlib.Path(__file__).with_suffix(".safetensors"),
)
