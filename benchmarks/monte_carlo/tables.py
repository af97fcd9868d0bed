"""Tables of what was found: for a terminal, and for a page."""

from collections import Counter
from collections.abc import Iterable, Sequence

from benchmarks.monte_carlo.registry import is_small
from benchmarks.monte_carlo.results import HIGHEST, LOWEST, Row, joint_bias, joint_coverage

BEGIN, END = "<!-- figures of the last run -->", "<!-- end of the figures -->"


def compact(rows: Iterable[Row]) -> str:
    """A line for each scenario and covariance, and one for each term that misses a bar."""
    lines = []
    for row in rows:
        worst = _worst(row)
        lines.append(
            f"{row['scenario']:<44} {row['covariance']:<24} {row['replications']:>5} "
            f"failed {_failures(row):<10} bias {worst['bias_in_errors']:>5.1f} "
            f"cover {100 * row['coverage']:.1f} ({_range(row)}) s.e./s.d. {_ratio(row):.3f} "
            f"{1000 * row['seconds_per_replication']:.0f} ms"
            f"{'' if row['coverage_holds'] else '  COVERAGE'}"
        )
        lines += [
            f"    {term['term']}: bias {term['bias']:+.5f} = {term['bias_in_errors']:+.1f} errors "
            f"= {term['bias'] / term['sd']:+.3f} s.d., covered {100 * term['coverage']:.1f}"
            for term in row["terms"]
            if not term["bias_holds"]
        ]
    return "\n".join(lines)


def into_page(page: str, rows: Sequence[Row], again: Sequence[Row]) -> str:
    """The page with the figures between its two marks."""
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    held = [row for row in rows if not is_small(row["scenario"])]
    small = [row for row in rows if is_small(row["scenario"])]
    parts = [
        "## Found",
        _extent(held),
        _verdict(held),
        "## By covariance",
        _by_covariance(held),
        "## Coverage that misses its bar",
        _coverage_misses(held, again),
        "## Biases that miss their bar",
        _misses(held, again),
        "## Small samples",
        _small(small),
        "## Every scenario",
        _table(held),
    ]
    return before + BEGIN + "\n\n" + "\n\n".join(parts) + "\n\n" + END + after


def _verdict(rows: Sequence[Row]) -> str:
    bias, coverage = joint_bias(rows), joint_coverage(rows)
    held = sum(row["coverage_holds"] for row in rows)
    clearly = sum(_is_clear(row) for row in rows)
    return "\n".join(
        (
            "| bar | rows | meet it | miss it | misses that chance alone explains | "
            "all rows together |",
            "|---|---|---|---|---|---|",
            f"| bias within 2 Monte Carlo standard errors, term by term | {bias.count} | "
            f"{bias.count - bias.over} | {bias.over} | {bias.expected:.0f} | "
            f"largest {bias.largest:.2f}, bound {bias.bound:.2f}: "
            f"{_holds(bias.largest <= bias.bound)} |",
            f"| coverage 94–96 %, all terms of a scenario under a covariance | {len(rows)} | "
            f"{held} | {len(rows) - held} | | {clearly} beyond the bar by more than two of their "
            "own Monte Carlo errors |",
            f"| coverage 94–96 %, term by term | {coverage.count} | "
            f"{coverage.count - coverage.over} | {coverage.over} | {coverage.expected:.0f} | "
            f"smallest p {coverage.smallest:.1e}, bound {coverage.bound:.1e}: "
            f"{_holds(coverage.smallest >= coverage.bound)} |",
        )
    )


def _is_clear(row: Row) -> bool:
    """Whether coverage misses its bar by more than its Monte Carlo error explains."""
    beyond: float = max(LOWEST - row["coverage"], row["coverage"] - HIGHEST)
    return beyond > 2 * row["coverage_error"]


def _extent(rows: Iterable[Row]) -> str:
    """How many scenarios were replicated how often, and what failed."""
    tried = {row["scenario"]: row["replications"] for row in rows}
    counts = sorted(Counter(tried.values()).items(), reverse=True)
    failed: Counter[str] = Counter()
    for failures in {row["scenario"]: row["failures"] for row in rows}.values():
        failed.update(failures)
    often = "; ".join(f"{scenarios} with {count:,}" for count, scenarios in counts)
    lost = ", ".join(f"{count} {code}" for code, count in failed.items()) or "none"
    return (
        f"{len(tried)} scenarios, by replications: {often}. "
        f"Of {sum(tried.values()):,} replications gave no estimate: {lost}."
    )


def _holds(verdict: bool) -> str:
    return "holds" if verdict else "**does not hold**"


def _table(rows: Iterable[Row]) -> str:
    lines = [
        "| estimator | covariance | made and drawn | replications | failed | largest bias | "
        "covered | by term | s.e. / s.d. |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        bias, mark = _worst(row)["bias_in_errors"], "" if row["coverage_holds"] else " ✗"
        lines.append(
            f"| {row['estimator']} | {row['covariance']} | {row['note']} | "
            f"{row['replications']:,} | {_failures(row)} | "
            f"{bias:+.1f}{'' if abs(bias) <= 2 else ' ✗'} | "
            f"{_covered(row)}{mark} | "
            f"{_range(row)} | {_ratio(row):.3f} |"
        )
    return "\n".join(lines)


def _misses(rows: Sequence[Row], again: Sequence[Row]) -> str:
    """Terms whose bias misses its bar, once for the covariances that share it."""
    second = {
        (row["scenario"], term["term"]): (row["replications"], term)
        for row in again
        for term in row["terms"]
    }
    lines = [
        "| scenario | term | truth | bias | in Monte Carlo standard errors | in s.d. | covered | "
        "another seed: bias, covered |",
        "|---|---|---|---|---|---|---|---|",
    ]
    seen = set()
    for row in rows:
        for term in row["terms"]:
            key = (row["scenario"], term["term"])
            if term["bias_holds"] or key in seen:
                continue
            seen.add(key)
            lines.append(
                f"| {row['scenario']} | {_escaped(term['term'])} | {term['truth']:.4g} | "
                f"{term['bias']:+.5f} | {term['bias_in_errors']:+.1f} | "
                f"{term['bias'] / term['sd']:+.3f} | {100 * term['coverage']:.1f} | "
                f"{_second(second.get(key))} |"
            )
    return "\n".join(lines) if seen else "No bias misses its bar."


def _by_covariance(rows: Sequence[Row]) -> str:
    """Averages over all scenarios, whose Monte Carlo error is a fraction of one scenario's."""
    lines = [
        "| covariance | scenarios | covered on average | s.e. / s.d. on average |",
        "|---|---|---|---|",
    ]
    for covariance in dict.fromkeys(_plain(row) for row in rows):
        alike = [row for row in rows if _plain(row) == covariance]
        coverage = sum(row["coverage"] for row in alike) / len(alike)
        error = sum(row["coverage_error"] ** 2 for row in alike) ** 0.5 / len(alike)
        ratio = sum(_ratio(row) for row in alike) / len(alike)
        lines.append(
            f"| {covariance} | {len(alike)} | {100 * coverage:.2f} ± {100 * error:.2f} | "
            f"{ratio:.3f} |"
        )
    return "\n".join(lines)


def _plain(row: Row) -> str:
    """The covariance as plans name it, without its variant."""
    return str(row["covariance"]).partition(",")[0]


def _coverage_misses(rows: Iterable[Row], again: Iterable[Row]) -> str:
    """Scenarios and covariances whose coverage over all terms misses the bar."""
    second = {(row["scenario"], row["covariance"]): row for row in again}
    lines = [
        "| scenario | covariance | replications | covered | s.e. / s.d. | another seed |",
        "|---|---|---|---|---|---|",
    ]
    missed = [row for row in rows if not row["coverage_holds"]]
    for row in missed:
        other = second.get((row["scenario"], row["covariance"]))
        lines.append(
            f"| {row['scenario']} | {row['covariance']} | {row['replications']:,} | "
            f"{_covered(row)} | {_ratio(row):.3f} | "
            f"{'not run' if other is None else _of(other, _covered(other))} |"
        )
    return "\n".join(lines) if missed else "Every coverage meets its bar."


def _escaped(term: str) -> str:
    """A term of another equation has a stroke, which would end a cell."""
    return term.replace("|", "\\|")


def _covered(row: Row) -> str:
    return f"{100 * row['coverage']:.1f} ± {100 * row['coverage_error']:.1f}"


def _of(row: Row, words: str) -> str:
    return f"{words} ({row['replications']:,} replications)"


def _small(rows: Iterable[Row]) -> str:
    """Term by term, for here the terms are what differs."""
    lines = [
        "| estimator | covariance | made and drawn | replications | failed | term | "
        "bias in s.d. | covered | s.e. / s.d. |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['estimator']} | {row['covariance']} | {row['note']} | "
        f"{row['replications']:,} | {_failures(row)} | {_escaped(term['term'])} | "
        f"{term['bias'] / term['sd']:+.2f} | {100 * term['coverage']:.1f} | "
        f"{term['mean_std_error'] / term['sd']:.3f} |"
        for row in rows
        for term in row["terms"]
    ]
    return "\n".join(lines)


def _second(found: tuple[int, Row] | None) -> str:
    if found is None:
        return "not run"
    count, term = found
    return (
        f"{term['bias_in_errors']:+.1f} errors, {100 * term['coverage']:.1f} % "
        f"({count:,} replications)"
    )


def _worst(row: Row) -> Row:
    worst: Row = max(row["terms"], key=lambda term: abs(term["bias_in_errors"]))
    return worst


def _failures(row: Row) -> str:
    return ", ".join(f"{count} {code}" for code, count in row["failures"].items()) or "0"


def _range(row: Row) -> str:
    covered = [100 * term["coverage"] for term in row["terms"]]
    return f"{min(covered):.1f}–{max(covered):.1f}"


def _ratio(row: Row) -> float:
    """Mean standard error by standard deviation, over the terms."""
    ratios = [term["mean_std_error"] / term["sd"] for term in row["terms"]]
    return sum(ratios) / len(ratios)
