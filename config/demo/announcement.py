"""What the demo prints once it serves."""

from pathlib import Path

from config.demo.content import Made


def text(made: Made, address: str, var: Path, seconds: float) -> str:
    """Address, log-ins, one firm's access link, and where things are."""
    people = "\n".join(f"      {name:<12}{role}" for name, role in made.people)
    return f"""
  Milieu is ready at {address}/  ({seconds:.0f} seconds)

    Play a firm: {made.firm}
      {address}/answer/{made.code}/

    Play a researcher: {address}/login/
{people}
      password    {made.password}
      A first table: {address}{made.table}

    The data are made and lie in {var}
    Logs: {var / "logs"}
    Another terminal: .venv/bin/python manage.py help
    Ctrl-C stops everything and keeps the data.
"""
