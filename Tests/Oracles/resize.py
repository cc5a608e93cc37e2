"""Writes the oracle for the bilinear resizing of images: PyTorch's with antialiasing, which is also Pillow's.

"cases": [{"name", "width", "height", "channels", "bytes", "toWidth", "toHeight", "values": tensor}]: `bytes` and
`values` run by row, column, channel; `values` are not rounded to whole numbers.
"""
import torch
import torch.nn.functional as F

from fixture import generator, tensor, write


def case(width, height, channels, to_width, to_height):
    name = f"{width}x{height}x{channels} to {to_width}x{to_height}"
    pixels = torch.randint(0, 256, (height, width, channels), generator=generator(name))
    resized = F.interpolate(
        pixels.permute(2, 0, 1)[None].double(), size=(to_height, to_width), mode="bilinear", align_corners=False,
        antialias=True)
    return {
        "name": name, "width": width, "height": height, "channels": channels, "bytes": pixels.reshape(-1).tolist(),
        "toWidth": to_width, "toHeight": to_height, "values": tensor(resized[0].permute(1, 2, 0)),
    }


write("AviaryDatasetsTests", "resize", __file__, {
    "cases": [
        case(8, 8, 1, 4, 4), case(9, 7, 1, 4, 3), case(5, 4, 3, 9, 11), case(6, 6, 1, 6, 6), case(16, 3, 3, 5, 8),
        case(1, 1, 1, 3, 2), case(7, 5, 1, 1, 1),
    ]
})
