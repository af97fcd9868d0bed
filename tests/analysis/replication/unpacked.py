"""Packages unpacked into a folder of their own, and their scripts run there."""

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from analysis import pipeline
from analysis.dataset import Dataset
from analysis.replication.package import package
from analysis.specification.model import Plan

TABLES = ("table", "margins_table", "descriptives_table", "curve_table")
KEY = b"a key of thirty-two bytes, kept."


def package_of(dataset: Dataset, plan: Plan, *, kind: str = "pseudonymised", key: bytes = KEY):
    results = pipeline.run(dataset, plan)
    tables = {
        name: None if (table := getattr(results, name)) is None else table.to_document()
        for name in TABLES
    }
    return package(dataset, plan, results.estimates_document, tables, kind=kind, key=key)


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    (only,) = folder.iterdir()
    return only


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


@dataclass(frozen=True)
class Ran:
    """What a script said, and whether it found that all agrees."""

    status: int
    said: str

    @property
    def agrees(self) -> bool:
        return self.status == 0

    @property
    def left_out(self) -> list[str]:
        return [line for line in self.said.splitlines() if line.startswith("Not re-estimated")]


def run_r(folder: Path) -> Ran:
    return _run(["Rscript", "--vanilla", "replicate.R"], folder)


def run_python(folder: Path) -> Ran:
    """As somebody without Milieu: nothing of the project's folder can be imported."""
    return _run([sys.executable, "-I", "replicate.py"], folder)


def _run(command: list[str], folder: Path) -> Ran:
    environment = {"PATH": os.environ["PATH"], "OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    return Ran(done.returncode, done.stdout + done.stderr)
