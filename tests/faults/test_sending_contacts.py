"""Workers are killed while they send to a mail server that counts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_no_firm_gets_two_e_mails_and_none_is_lost_untold_though_workers_die(tmp_path) -> None:
    server = os.environ.get("MILIEU_TEST_DATABASE_URL", "")
    place = f"sqlite:///{tmp_path / 'sending.sqlite3'}"
    if server.startswith("postgres"):
        place = f"{server}_sending"
    command = [sys.executable, "-m", "benchmarks.sending", "--database", place, "--firms", "400"]

    ended = subprocess.run(
        [*command, "--kill-every", "2"],
        cwd=ROOT,
        env=os.environ | {"MILIEU_VAR": str(tmp_path), "MILIEU_DEMO": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr[-2000:]
    told = json.loads(ended.stdout)
    assert (told["queued"], told["twice"], told["lost_untold"]) == (400, 0, 0)
    assert told["sent"] + told["told_unknown"] == 400
    assert told["told_unknown"] <= told["workers_killed"]
