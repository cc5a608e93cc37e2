"""Builds docs/examples/own-model as a user would, trains it on a folder of images, and finds its run.

Then the operation of the same package: its gradient is that of differences.
"""
import glob
import gzip
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

from program import aviary

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
DATA = "/usr/share/datasets/fashion-mnist"


def png(pixels, side):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + pixels[row * side:(row + 1) * side] for row in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_images(folder, count):
    """The first images of three classes of Fashion-MNIST, a PNG each."""
    with gzip.open(f"{DATA}/t10k-images-idx3-ubyte.gz") as images, gzip.open(f"{DATA}/t10k-labels-idx1-ubyte.gz") as labels:
        pixels, classes = images.read()[16:], labels.read()[8:]
    for index in range(count):
        name = {0: "shirt", 1: "trousers", 9: "boot"}.get(classes[index])
        if name:
            os.makedirs(f"{folder}/{name}", exist_ok=True)
            with open(f"{folder}/{name}/{index:05}.png", "wb") as file:
                file.write(png(pixels[index * 784:(index + 1) * 784], 28))


def main():
    example = os.path.join(ROOT, "docs/examples/own-model")
    scratch = os.path.join(ROOT, ".build-example")
    build = ["swift", "build", "-c", "release", "--package-path", example, "--scratch-path", scratch, "--product"]
    for product in ("own-model", "own-operation"):
        subprocess.run([*build, product], check=True, stdout=subprocess.DEVNULL)
    server = glob.glob(f"{scratch}/release/Hummingbird*.build/*.o")  # the folders are made in any case
    assert not server, "the example built a web server"
    with tempfile.TemporaryDirectory() as folder:
        write_images(f"{folder}/images", 2000)
        store = f"{folder}/store"
        done = subprocess.run(
            [f"{scratch}/release/own-model", f"{folder}/images", store], capture_output=True, text=True, timeout=200)
        assert done.returncode == 0, done.stderr
        accuracy = float(re.search(r"validation accuracy ([0-9.]+)", done.stdout).group(1))
        run = json.loads(aviary("runs", "list", "--json", "--store", store)[0])[0]
        assert run["status"] == "FINISHED" and run["experiment"] == "own-model", run
        assert run["metrics"]["validation/accuracy"]["last"] == accuracy, run
        assert accuracy >= 0.9, f"three easy classes are told apart in {accuracy} of the cases only"
        print(f"own-model: validation accuracy {accuracy}")
    done = subprocess.run([f"{scratch}/release/own-operation"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout, end="")


if __name__ == "__main__":
    sys.exit(main())
