"""LaTeX compiled for a test."""

import subprocess
from pathlib import Path


def compiled(folder: Path, text: str) -> str:
    """What pdflatex printed over the document; the test fails if it does not compile."""
    (folder / "table.tex").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "table.tex"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    return done.stdout
