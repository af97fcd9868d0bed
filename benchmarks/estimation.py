"""What the estimation core costs, as ratios to R and to statsmodels in the same run.

    python -m benchmarks.estimation [--quick] [--json FILE]

Every job runs in a process of its own with one BLAS thread, Milieu and R by turns; R is
`Rscript` with the package survey, and is left out where it is not installed. The fastest
repetition counts on both sides: what else a machine does can only add to a time. Exit code 1 if
a bar is missed.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import statsmodels

from benchmarks.estimation_jobs import JOBS, made_firms, read_firms, write_firms

HERE = Path(__file__).parent
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
THREADS_AGREE = 1e-12


@dataclass(frozen=True, slots=True)
class Bar:
    """A job at one size, and the ratio of time (and memory) that it may have to another's."""

    job: str
    count: int
    against: str
    most: float
    most_memory: float | None = None
    repetitions: int = 3


BARS = (
    Bar("logit", 200_000, "R", 1 / 8, 2 / 3),
    Bar("bootstrap", 20_000, "R", 1 / 6, repetitions=2),
    Bar("raking", 200_000, "R", 1 / 50),
    Bar("curve", 5_000, "R", 1 / 15, repetitions=2),
    Bar("ready", 2_000, "plain", 1.5, repetitions=60),
    Bar("ready", 200_000, "plain", 0.3, repetitions=5),
)
GROWTH = (2_000, 20_000, 200_000, 1_000_000)
MOST_MB_AT_A_MILLION = 1_800


def one_job(job: str, folder: Path, repetitions: int) -> dict[str, Any]:
    """Run in this process: seconds of each repetition, peak memory, first numbers."""
    work = JOBS[job](read_firms(folder))
    taken = []
    for _ in range(repetitions):
        start = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - start)
    return {"seconds": taken, "peak_mb": peak_memory(), "first": result.tolist()}


def peak_memory() -> float:
    """Of this program in MB; the system's own count includes what forked it."""
    status = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in status if line.startswith("VmHWM"))
    return float(line.split()[1]) / 1024


def in_python(job: str, folder: Path, repetitions: int, threads: str = "1") -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.estimation", "--job", job, "--folder", str(folder)]
    environment = os.environ | dict.fromkeys(ONE_THREAD, threads)
    return _answer([*command, "--repetitions", str(repetitions)], environment)


def in_r(job: str, folder: Path, repetitions: int) -> dict[str, Any]:
    command = ["Rscript", str(HERE / "estimation.R"), job, str(folder), str(repetitions)]
    return _answer(command, os.environ | ONE_THREAD)


def _answer(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- our own commands
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def held(bar: Bar, folder: Path) -> dict[str, Any] | None:
    """The bar's job and what it is held against, by turns; None if R is not here."""
    if bar.against == "R" and shutil.which("Rscript") is None:
        return None
    write_firms(made_firms(bar.count), folder)
    half = max(1, bar.repetitions // 2)
    ours, theirs = [], []
    for _ in range(2):
        ours.append(in_python(bar.job, folder, bar.repetitions))
        other = in_r(bar.job, folder, half) if bar.against == "R" else None
        theirs.append(other or in_python(bar.against, folder, bar.repetitions))
    fastest = min(min(each["seconds"]) for each in ours)
    other_fastest = min(min(each["seconds"]) for each in theirs)
    memory, other_memory = (min(each["peak_mb"] for each in side) for side in (ours, theirs))
    ratio, memory_ratio = fastest / other_fastest, memory / other_memory
    is_held = ratio <= bar.most and (bar.most_memory is None or memory_ratio <= bar.most_memory)
    return {
        "job": bar.job,
        "n": bar.count,
        "against": bar.against,
        "seconds": fastest,
        "other_seconds": other_fastest,
        "ratio": ratio,
        "bar": bar.most,
        "peak_mb": memory,
        "other_peak_mb": other_memory,
        "memory_ratio": memory_ratio,
        "memory_bar": bar.most_memory,
        "held": is_held,
        "agreement": _agreement(bar, ours[0]["first"], theirs[0]["first"]),
    }


def _agreement(bar: Bar, ours: list[float], theirs: list[float]) -> float | None:
    """Largest relative difference of the first numbers, where both computed the same."""
    if bar.against != "R" or bar.job == "curve":
        return None
    pairs = list(zip(ours, theirs, strict=False))[: 3 if bar.job == "bootstrap" else 6]
    return max(abs(one - other) / abs(other) for one, other in pairs)


def growth(folder: Path, sizes: tuple[int, ...]) -> dict[str, Any]:
    """The exponent of time and of memory beyond the start, from the smallest to the largest."""
    seconds, peaks = [], []
    for count in sizes:
        write_firms(made_firms(count), folder)
        answer = in_python("logit", folder, 20 if count <= 20_000 else 3)
        seconds.append(min(answer["seconds"]))
        peaks.append(answer["peak_mb"])
    sizes_log = np.log(sizes)
    time_exponent = float(np.polyfit(sizes_log, np.log(seconds), 1)[0])
    # What Python and its libraries take before a firm is read is not growth.
    slope, start = np.polyfit(sizes, peaks, 1)
    beyond = np.maximum(np.array(peaks) - start, 1e-9)
    memory_exponent = float(np.polyfit(sizes_log[-2:], np.log(beyond[-2:]), 1)[0])
    return {
        "sizes": list(sizes),
        "seconds": seconds,
        "peak_mb": peaks,
        "time_exponent": time_exponent,
        "memory_exponent": memory_exponent,
        "bytes_per_firm": float(slope) * 2**20,
        "held": abs(time_exponent - 1) <= 0.1
        and abs(memory_exponent - 1) <= 0.1
        and peaks[-1] <= MOST_MB_AT_A_MILLION,
    }


def threads(folder: Path) -> dict[str, Any]:
    """The same numbers with one BLAS thread and with two."""
    write_firms(made_firms(20_000), folder)
    one, two = (in_python("logit", folder, 1, count)["first"] for count in ("1", "2"))
    apart = max(abs(a - b) / abs(a) for a, b in zip(one, two, strict=True))
    return {"largest_relative_difference": apart, "held": apart <= THREADS_AGREE}


def _line(result: dict[str, Any]) -> str:
    memory = f", memory {result['memory_ratio']:.2f}" if result["memory_bar"] else ""
    return (
        f"{result['job']:>10} n = {result['n']:>9,}  {result['seconds']:8.4f} s, "
        f"{result['against']} {result['other_seconds']:8.4f} s: ratio {result['ratio']:.4f} "
        f"(bar {result['bar']:.4f}){memory}  {'held' if result['held'] else 'MISSED'}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--repetitions", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="leave out a million firms")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    chosen = parser.parse_args()
    if chosen.job:
        print(json.dumps(one_job(chosen.job, chosen.folder, chosen.repetitions)))
        return 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        results = []
        for bar in BARS:
            result = held(bar, folder)
            if result is None:
                print(f"{bar.job:>10}: left out, R is not on this machine")
                continue
            results.append(result)
            print(_line(result), flush=True)
        grown = growth(folder, GROWTH[:3] if chosen.quick else GROWTH)
        print(
            f"    growth: time exponent {grown['time_exponent']:.3f}, memory exponent "
            f"{grown['memory_exponent']:.3f}, {grown['peak_mb'][-1]:.0f} MB at "
            f"{grown['sizes'][-1]:,}  {'held' if grown['held'] else 'MISSED'}"
        )
        agreed = threads(folder)
        print(
            f"   threads: largest relative difference {agreed['largest_relative_difference']:.1e}"
        )
    document = {
        "python": platform.python_version(),
        "statsmodels": statsmodels.__version__,
        "results": results,
        "growth": grown,
        "threads": agreed,
    }
    if chosen.json:
        chosen.json.write_text(json.dumps(document, indent=2) + "\n")
    everything = [*results, grown, agreed]
    return 0 if all(result["held"] for result in everything) else 1


if __name__ == "__main__":
    sys.exit(main())
