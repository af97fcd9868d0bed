"""`python -m benchmarks.monte_carlo`: draw, estimate, and say how far estimates are to be trusted.

Results depend on the seed alone, not on the number of workers or on what else is run.
"""

import argparse
import json
import os
from pathlib import Path

from benchmarks.monte_carlo.registry import SCENARIOS, matching
from benchmarks.monte_carlo.results import Results, rows_of
from benchmarks.monte_carlo.runner import advance, pool
from benchmarks.monte_carlo.tables import compact, into_page


def main() -> None:
    chosen = _arguments()
    if chosen.list:
        print("\n".join(f"{name}: {each.note}" for name, each in SCENARIOS.items()))
        return
    results = Results.read(chosen.resume, chosen.seed)
    names = matching(tuple(chosen.scenarios))
    with pool(chosen.workers) as many:
        for name in names:
            advance(
                name,
                results.tally(name),
                seed=chosen.seed,
                replications=chosen.replications,
                many=many,
                keep=results.keep,
            )
            print(compact(rows_of(results, (name,))), flush=True)
    _written(chosen, results)


def _written(chosen: argparse.Namespace, results: Results) -> None:
    rows = rows_of(results)
    again = rows_of(Results.read(chosen.again, None)) if chosen.again else []
    if chosen.json:
        document = {"seed": results.seed, "rows": rows, "again": again}
        chosen.json.write_text(json.dumps(document, indent=1) + "\n")
    if chosen.markdown:
        chosen.markdown.write_text(into_page(chosen.markdown.read_text(), rows, again))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.monte_carlo", description=__doc__)
    parser.add_argument("--scenarios", nargs="+", default=[], help="names, or how they begin")
    parser.add_argument("--replications", type=int, default=2000, help="0 writes what there is")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--resume", type=Path, help="sums to go on from, written as they grow")
    parser.add_argument("--json", type=Path, help="where to write every figure")
    parser.add_argument("--markdown", type=Path, help="a page whose tables are to be replaced")
    parser.add_argument("--again", type=Path, help="sums of another seed, shown beside misses")
    parser.add_argument("--list", action="store_true", help="name the scenarios")
    return parser.parse_args()


if __name__ == "__main__":
    main()
