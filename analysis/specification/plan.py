"""A plan's text to frozen specifications, or to all of its problems.

The format is in docs/reference/plan-format.md.
"""

from typing import Any, get_args

from analysis.estimation.estimates import Covariance
from analysis.estimation.registry import ESTIMATORS
from analysis.estimation.sample import Missing
from analysis.refusals import Refusal
from analysis.specification.definitions import (
    NOT_AN_EXPRESSION,
    is_expression_text,
    ordered_definitions,
)
from analysis.specification.expressions import Expression, parse_expression
from analysis.specification.formula import Formula, parse_formula
from analysis.specification.model import Curve, Described, DesignChoice, Plan, Specification
from analysis.specification.plan_curve import read_bootstrap, read_curve, read_permutation
from analysis.specification.plan_descriptives import (
    MOST_DESCRIPTIVES,
    read_described,
    read_imputation,
)
from analysis.specification.plan_drawn import read_drawn
from analysis.specification.plan_parts import (
    note_covariance,
    read_design,
    read_given,
    read_tests,
)
from analysis.specification.plan_text import fingerprint, read_document
from analysis.specification.plan_theory import read_theory
from analysis.specification.plan_waves import note_not_over_waves, read_waves
from analysis.specification.problems import Ledger

PLAN_KEYS = (
    "title", "about", "scales", "define", "labels", "design", "covariance", "estimator",
    "subpopulation", "margins", "missing", "imputation", "bootstrap", "permutation",
    "descriptives", "models", "ladder", "curve", "theory", "waves",
)  # fmt: skip
MODEL_KEYS = (
    "name", "outcome", "estimator", "formula", "covariance", "design", "subpopulation", "margins",
    "missing", "with", "tests", "bootstrap", "permutation", "draw",
)  # fmt: skip
LADDER_KEYS = (
    "outcome", "outcomes", "estimator", "covariance", "design", "subpopulation", "margins",
    "missing", "with", "tests", "bootstrap", "permutation", "draw", "steps",
)  # fmt: skip
STEP_KEYS = ("name", "add", "tests")
COVARIANCES = get_args(Covariance)
MISSING = get_args(Missing)
MOST_MODELS = 60


def read_plan(text: str) -> Plan:
    """The plan that a text says.

    Raises: PlanRefusal with every problem, or Refusal if the text is not YAML at all.
    """
    document = read_document(text)
    reader = _Reader(document, Ledger())
    plan = reader.plan(text)
    reader.ledger.raise_if_any()
    return plan


class _Reader:
    """Reads one document; notes problems and goes on."""

    def __init__(self, document: dict[str, Any], ledger: Ledger) -> None:
        self.document = document
        self.ledger = ledger

    def plan(self, text: str) -> Plan:
        self.ledger.only("plan", self.document, PLAN_KEYS)
        definitions = ordered_definitions(
            self._mapping("plan", self.document, "define"), self.ledger
        )
        specifications = (*self._models(), *self._ladder())
        descriptives = self._descriptives()
        others = (self.document.get("descriptives"), self.document.get("curve"))
        if not specifications and not any(others):
            self.ledger.note(
                "plan", "no_models", "The plan has no models.", "Add models, a ladder or a curve."
            )
        if len(specifications) > MOST_MODELS:
            self.ledger.note(
                "plan",
                "too_many_models",
                f"The plan has {len(specifications)} models.",
                f"A table holds at most {MOST_MODELS}.",
            )
        self._note_repeated(specifications)
        curve = self._curve()
        imputation = read_imputation(self.document.get("imputation"), self.ledger)
        if imputation is not None and (
            curve
            or any(each.bootstrap or each.permutation or each.drawn for each in specifications)
        ):
            self.ledger.note(
                "plan",
                "resampling_of_imputed",
                "Curves, bootstraps and permutations are not pooled over imputations.",
                "Ask for them in a plan of their own, without imputation.",
            )
        waves = read_waves(self.document.get("waves"), self.ledger)
        note_not_over_waves(waves, specifications, imputation, curve, self.ledger)
        return Plan(
            title=self._text("plan", self.document, "title", needed=True),
            about=self._text("plan", self.document, "about"),
            specifications=specifications,
            definitions=definitions,
            scales=self._scales(),
            labels=tuple(self._texts("labels").items()),
            source=text,
            fingerprint=fingerprint(self.document),
            descriptives=descriptives,
            imputation=imputation,
            curve=curve,
            waves=waves,
            theory=read_theory(self.document.get("theory"), specifications, curve, self.ledger),
        )

    def _curve(self) -> Curve | None:
        value = self.document.get("curve")
        if value is None:
            return None
        entry = value if isinstance(value, dict) else {}
        return read_curve(
            value,
            covariance=self._choice("curve", entry, "covariance", COVARIANCES, "design"),
            design=self._design("curve", entry),
            estimator=self._choice("curve", {}, "estimator", tuple(ESTIMATORS), "logit"),
            ledger=self.ledger,
        )

    def _descriptives(self) -> tuple[Described, ...]:
        found = []
        entries = self._entries("plan", self.document, "descriptives")
        if len(entries) > MOST_DESCRIPTIVES:
            self.ledger.note(
                "plan",
                "too_many_descriptives",
                f"The plan has {len(entries)} descriptives.",
                f"A plan holds at most {MOST_DESCRIPTIVES}.",
            )
        for place, entry in enumerate(entries[:MOST_DESCRIPTIVES], 1):
            where = f"descriptives > {entry.get('name', place)}"
            read = read_described(
                where,
                entry,
                design=self._design(where, entry),
                subpopulation=self._expression(where, entry, "subpopulation"),
                ledger=self.ledger,
            )
            found += [read] if read is not None else []
        return tuple(found)

    def _note_repeated(self, specifications: tuple[Specification, ...]) -> None:
        names = [specification.name for specification in specifications]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.ledger.note(
                f"model {name}", "duplicate_name", f"Two models are called {name!r}.", "Rename one."
            )

    def _mapping(self, where: str, data: dict[str, Any], key: str) -> dict[str, Any]:
        value = data.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.ledger.note(
                where, "wrong_shape", f"{key} is not a mapping.", "Write name: value lines."
            )
            return {}
        return {str(name): entry for name, entry in value.items()}

    def _text(self, where: str, data: dict[str, Any], key: str, *, needed: bool = False) -> str:
        value = data.get(key)
        if value is None:
            if needed:
                self.ledger.note(where, "missing_key", f"{key} is missing.", f"Add {key}.")
            return ""
        if isinstance(value, dict | list):
            self.ledger.note(where, "wrong_shape", f"{key} is not a text.", "Write it as one text.")
            return ""
        return str(value).strip()

    def _texts(self, key: str) -> dict[str, str]:
        entries = self._mapping("plan", self.document, key)
        return {name: self._text(key, entries, name) for name in entries}

    def _scales(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        scales = self._mapping("plan", self.document, "scales")
        for name, members in scales.items():
            if not isinstance(members, list) or not members:
                self.ledger.note(
                    f"scales > {name}",
                    "wrong_shape",
                    "It is not a list of scales.",
                    "Write  near: [local, region].",
                )
        return tuple(
            (name, tuple(str(member) for member in members))
            for name, members in scales.items()
            if isinstance(members, list)
        )

    def _entries(self, where: str, data: dict[str, Any], key: str) -> list[dict[str, Any]]:
        value = data.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.ledger.note(
                where,
                "wrong_shape",
                f"{key} is not a list of mappings.",
                "Start each entry with a dash.",
            )
            return []
        return value

    def _models(self) -> list[Specification]:
        found = []
        for place, entry in enumerate(self._entries("plan", self.document, "models"), 1):
            where = f"model {entry.get('name', place)}"
            self.ledger.only(where, entry, MODEL_KEYS)
            formula = self._formula(where, self._text(where, entry, "formula", needed=True))
            outcome = self._text(where, entry, "outcome", needed=True)
            name = self._text(where, entry, "name") or f"Model {place}"
            found.append(self._specification(where, entry, name, outcome, formula))
        return found

    def _ladder(self) -> list[Specification]:
        ladder = self._mapping("plan", self.document, "ladder")
        if not ladder:
            return []
        self.ledger.only("ladder", ladder, LADDER_KEYS)
        outcomes = ladder.get("outcomes") or [self._text("ladder", ladder, "outcome", needed=True)]
        if not isinstance(outcomes, list):
            self.ledger.note("ladder", "wrong_shape", "outcomes is not a list.", "Write [a, b].")
            return []
        return [
            specification
            for outcome in outcomes
            for specification in self._steps(ladder, str(outcome), several=len(outcomes) > 1)
        ]

    def _steps(self, ladder: dict[str, Any], outcome: str, *, several: bool) -> list[Specification]:
        formula, found = Formula(()), []
        for place, step in enumerate(self._entries("ladder", ladder, "steps"), 1):
            where = f"ladder > step {step.get('name', place)}"
            self.ledger.only(where, step, STEP_KEYS)
            formula = formula + self._formula(where, self._text(where, step, "add", needed=True))
            name = self._text(where, step, "name") or f"Step {place}"
            entry = ladder | {key: step[key] for key in ("tests",) if key in step}
            found.append(
                self._specification(
                    where, entry, f"{outcome}: {name}" if several else name, outcome, formula
                )
            )
        return found

    def _specification(
        self, where: str, entry: dict[str, Any], name: str, outcome: str, formula: Formula
    ) -> Specification:
        estimator = self._choice(where, entry, "estimator", tuple(ESTIMATORS), "logit")
        covariance = self._choice(where, entry, "covariance", COVARIANCES, "design")
        design = self._design(where, entry)
        note_covariance(where, estimator, covariance, design, self.ledger)
        return Specification(
            name=name,
            outcome=outcome,
            estimator=estimator,
            formula=formula,
            covariance=covariance,
            design=design,
            subpopulation=self._expression(where, entry, "subpopulation"),
            margins=self._choice(where, entry, "margins", ("yes", "no"), "yes") == "yes",
            missing=self._choice(where, entry, "missing", MISSING, "leave_out"),
            given=read_given(where, estimator, entry.get("with"), self.ledger),
            tests=read_tests(where, entry.get("tests"), self.ledger),
            drawn=read_drawn(where, entry.get("draw"), self.ledger),
            bootstrap=read_bootstrap(
                where, entry.get("bootstrap", self.document.get("bootstrap")), self.ledger
            ),
            permutation=read_permutation(
                where, entry.get("permutation", self.document.get("permutation")), self.ledger
            ),
        )

    def _formula(self, where: str, text: str) -> Formula:
        try:
            return parse_formula(text) if text else Formula(())
        except Refusal as refusal:
            self.ledger.keep(where, refusal)
            return Formula(())

    def _choice(
        self, where: str, entry: dict[str, Any], key: str, known: tuple[str, ...], default: str
    ) -> Any:
        """The entry's own choice, else the plan's, else the default."""
        value = entry.get(key, self.document.get(key, default))
        value = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        if value not in known:
            self.ledger.note(
                where,
                "unknown_choice",
                f"{key} is {value!r}.",
                f"Choose one of {', '.join(known)}.",
            )
            return default
        return value

    def _design(self, where: str, entry: dict[str, Any]) -> DesignChoice:
        value = entry.get("design", self.document.get("design", {}))
        return read_design(where, value, self.ledger)

    def _expression(self, where: str, entry: dict[str, Any], key: str) -> Expression | None:
        value = entry.get(key, self.document.get(key))
        if value is None or value == "none":
            return None
        if not is_expression_text(value):
            self.ledger.note(
                where, "wrong_shape", f"{key} is not an expression.", NOT_AN_EXPRESSION
            )
            return None
        try:
            return parse_expression(str(value), what=f"The {key}")
        except Refusal as refusal:
            self.ledger.keep(where, refusal)
            return None
