"""What the fingerprint of a run's code covers."""

import subprocess
import sys
from pathlib import Path

from analysis.actions.fingerprints import sources

ROOT = Path(__file__).resolve().parents[3]
LOADED = """
import sys, analysis.pipeline, analysis.estimation.regression
for module in list(sys.modules.values()):
    path = getattr(module, "__file__", None) or ""
    if module.__name__.split(".")[0] in ("analysis", "mathematics", "surveys"):
        print(path)
"""


def test_every_file_that_an_estimate_loads_counts() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {Path(line) for line in told.stdout.split()}

    assert len(loaded) > 50
    assert loaded - set(sources()) == {ROOT / "analysis" / "__init__.py"}
