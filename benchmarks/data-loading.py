#!/usr/bin/env python3
"""Compares how many images a second 'data bench' and the official Python pipeline get through.

usage: benchmarks/data-loading.py OFFICIAL DATA [--seconds S] [--rounds R]

OFFICIAL is a copy of the official CondenseNetV2 repository, whose timm makes the transforms; DATA is
a folder with train/ and val/ as image folders. Both sides run one after the other, R times, one
thread or process each; a ratio is Java's images a second over Python's, of one round. Needs PyTorch,
torchvision and Pillow, of a distribution or from elsewhere, and cli/target/cli.jar.
"""
import argparse
import collections.abc
import io
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import types

SIZE = 224
AUGMENT = "rand-m9-mstd0.5"
ERASE = 0.2
ROOT = pathlib.Path(__file__).resolve().parent.parent


def official_transforms(official):
    """Returns the official training and evaluation transforms, without timm's models."""
    package = types.ModuleType("timm")
    package.__path__ = [os.path.join(official, "timm")]
    sys.modules["timm"] = package
    import torch
    # What newer versions of PyTorch no longer have and the official code imports.
    torch._six = types.ModuleType("torch._six")
    torch._six.container_abcs = collections.abc
    torch._six.int_classes = int
    torch._six.string_classes = str
    sys.modules["torch._six"] = torch._six
    torch.set_num_threads(1)
    from timm.data.random_erasing import RandomErasing
    from timm.data.transforms_factory import create_transform
    # As the official loader calls it: its workers end with bytes, normalising is left to the device.
    train = create_transform(SIZE, is_training=True, use_prefetcher=True, auto_augment=AUGMENT,
                             interpolation="random", re_prob=ERASE, re_mode="pixel")
    evaluate = create_transform(SIZE, is_training=False, use_prefetcher=True,
                                interpolation="bilinear", crop_pct=0.875)
    erase = RandomErasing(ERASE, mode="pixel", device="cpu")
    mean = torch.tensor([0.485 * 255, 0.456 * 255, 0.406 * 255]).view(3, 1, 1)
    std = torch.tensor([0.229 * 255, 0.224 * 255, 0.225 * 255]).view(3, 1, 1)

    def normalized(image):
        return torch.from_numpy(image).float().sub_(mean).div_(std)

    return (lambda image: erase(normalized(train(image)).unsqueeze(0)),
            lambda image: normalized(evaluate(image)))


def python_speed(files, step, seconds):
    from PIL import Image
    contents = [file.read_bytes() for file in files]
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step(Image.open(io.BytesIO(contents[done % len(contents)])).convert("RGB"))
        done += 1
    return done / (time.perf_counter() - start)


def java_speeds(data, seconds):
    command = ["java", "-jar", str(ROOT / "cli/target/cli.jar"), "data", "bench", "--data", str(data),
               "--aa", AUGMENT, "--reprob", str(ERASE), "--model", "cdnv2_a",
               "--seconds", str(seconds), "--format", "json"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    rows = json.loads(output.stdout)["results"]
    return {(row["mode"], row["threads"]): row for row in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("official")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    train, evaluate = official_transforms(given.official)
    files = {part: sorted(p for p in (given.data / part).rglob("*") if p.is_file())
             for part in ("train", "val")}
    speeds = collections.defaultdict(lambda: ([], []))
    scaling = collections.defaultdict(list)
    for _ in range(given.rounds):
        java = java_speeds(given.data, given.seconds)
        for name, part, step, column in (
                ("decode", "val", lambda image: image.load(), "decode"),
                ("training", "train", train, "batch"),
                ("evaluation", "val", evaluate, "batch")):
            stage = "training" if name == "training" else "evaluation"
            speeds[name][0].append(java[stage, 1][column])
            speeds[name][1].append(python_speed(files[part], step, given.seconds))
            if name != "decode":
                scaling[name].append(java[stage, 2][column] / java[stage, 1][column])
    print("%-12s %10s %10s  %s" % ("images/s", "java", "python", "ratio (min-max)"))
    for name, (own, other) in speeds.items():
        ratios = [a / b for a, b in zip(own, other)]
        print("%-12s %10.0f %10.0f  %.2f (%.2f-%.2f)" % (
            name, statistics.median(own), statistics.median(other),
            statistics.median(ratios), min(ratios), max(ratios)))
    for name, ratios in scaling.items():
        print("%s, two threads over one: %.2f (%.2f-%.2f)" % (
            name, statistics.median(ratios), min(ratios), max(ratios)))


if __name__ == "__main__":
    main()
