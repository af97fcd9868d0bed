"""One chain: each variable imputed from the others in turn, again and again."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.estimation.design_matrix import Values
from analysis.estimation.estimates import Floats
from analysis.estimation.imputation.categorical import level_draw
from analysis.estimation.imputation.checks import refuse_many_predictors
from analysis.estimation.imputation.encoding import kind_of, missing, stacked
from analysis.estimation.imputation.linear import Linearized, linear_draw, matched
from analysis.estimation.imputation.problem import Problem, Target, filled_at_random
from analysis.estimation.imputation.regressors import Columns, Regressors, regressors
from analysis.estimation.labels import Codes
from analysis.estimation.variance import linearized_variance

# Variance of shrunken effects, relative to that of firms, from which chains start.
FIRST_SPREAD = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """What one chain leaves behind.

    Attributes
    ----------
    cells : name to (r,) imputed values, in the order of the rows that lacked them
    means, deviations : name to (iterations,) mean and standard deviation of imputed values; of a
        category by level, of a derived measure over the firms for which it was missing
    notes : sentences, each once
    """

    cells: dict[str, Values]
    means: dict[str, Floats]
    deviations: dict[str, Floats]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What the last step of one variable leaves for the next."""

    spread: Floats
    start: Floats | None = None
    is_augmented: bool = False


def link(problem: Problem, iterations: int, random: np.random.Generator) -> Link:
    """One imputed data set."""
    chain = _Chain(problem, random)
    for _ in range(iterations):
        for target in problem.targets:
            chain.step(target)
        chain.remember()
    return Link(
        cells={target.name: chain.values[target.name][target.unseen] for target in problem.targets},
        means={name: np.array(each) for name, each in chain.means.items()},
        deviations={name: np.array(each) for name, each in chain.deviations.items()},
        notes=tuple(chain.notes),
    )


class _Chain:
    """The data as completed so far, and its columns."""

    def __init__(self, problem: Problem, random: np.random.Generator) -> None:
        self.problem = problem
        self.random = random
        self.notes: dict[str, None] = {}
        self.means: dict[str, list[float]] = {}
        self.deviations: dict[str, list[float]] = {}
        self.values = filled_at_random(problem.data, problem.targets, random)
        self.is_stale = False
        self._derive()
        self.columns = {
            name: each.columns(self.values[name]) for name, each in problem.encodings.items()
        }
        spread = np.full(len(problem.design.sizes), FIRST_SPREAD)
        self.states = {target.name: _State(spread) for target in problem.targets}

    def step(self, target: Target) -> None:
        """Impute one variable anew from all others as they stand."""
        if self.is_stale and not set(self.problem.derived).isdisjoint(target.predictors):
            self._derive()
            for name in set(self.problem.derived) & set(self.columns):
                self.columns[name] = self.problem.encodings[name].columns(self.values[name])
        weight = self._weight(target)
        given = regressors(
            target.name, self._predictors(target), target.seen, target.unseen, weight
        )
        refuse_many_predictors(target.name, len(target.seen), given.free)
        self.notes |= dict.fromkeys(given.notes)
        if target.levels:
            drawn = self._levels(target, given, weight)
        else:
            drawn = self._numbers(target, given, weight)
        self.values[target.name][target.unseen] = drawn
        if target.name in self.columns:
            self.columns[target.name] = self.problem.encodings[target.name].columns(
                self.values[target.name]
            )
        self.is_stale = True

    def remember(self) -> None:
        """Keep means and standard deviations of what is imputed now."""
        self._derive()
        for target in self.problem.targets:
            now = self.values[target.name][target.unseen]
            if target.model.kind == "category":
                for level in target.levels:
                    self._keep(f"{target.name}[{level}]", (now == level).astype(float))
            else:
                self._keep(target.name, now)
        for name in self.problem.derived:
            if kind_of(self.values[name]) != "category":
                self._keep_derived(name)

    def _keep_derived(self, name: str) -> None:
        before = self.problem.data.get(name)
        now = self.values[name].astype(float)
        rows = ~np.isnan(now)
        if before is not None and before.dtype.kind == "f":
            rows &= missing(before)
        if rows.any():
            self._keep(name, now[rows])

    def _keep(self, name: str, now: Floats) -> None:
        self.means.setdefault(name, []).append(float(now.mean()))
        self.deviations.setdefault(name, []).append(float(now.std(ddof=min(1, len(now) - 1))))

    def _derive(self) -> None:
        if self.problem.derive is not None:
            derived = self.problem.derive(self.values)
            self.values |= {name: np.asarray(derived[name]) for name in self.problem.derived}
        self.is_stale = False

    def _weight(self, target: Target) -> Floats:
        """(d,) of mean one."""
        use = self.problem.use
        if use is None or not use.fits_weighted:
            return np.ones(len(target.seen))
        weight = use.design.weight[target.seen]
        mean_one: Floats = weight / weight.mean()
        return mean_one

    def _predictors(self, target: Target) -> Columns:
        problem = self.problem
        parts = [self.columns[name] for name in target.predictors]
        names = [name for each in target.predictors for name in problem.encodings[each].names]
        return Columns(
            names=(*names, *problem.design.names),
            free=stacked([*parts, problem.design.free], problem.count),
            shrunken=problem.design.shrunken,
            sizes=problem.design.sizes,
        )

    def _numbers(self, target: Target, given: Regressors, weight: Floats) -> Floats:
        y = self.values[target.name][target.seen]
        state = self.states[target.name]
        drawn = linear_draw(y, given, weight, state.spread, self.random, self._linearized(target))
        self.states[target.name] = replace(state, spread=drawn.spread)
        if target.model.chosen == "normal":
            noise = self.random.standard_normal(len(target.unseen))
            result: Floats = drawn.predicted + drawn.sigma * noise
            return result
        donors = matched(drawn.fitted, drawn.predicted, target.model.donors, weight, self.random)
        taken: Floats = y[donors]
        return taken

    def _levels(self, target: Target, given: Regressors, weight: Floats) -> Values:
        state = self.states[target.name]
        levels = np.array(target.levels, dtype=self.values[target.name].dtype)
        drawn = level_draw(
            "ordered" if target.model.chosen == "ordered_logit" else "multinomial",
            _codes(self.values[target.name][target.seen], target.levels),
            len(levels),
            given,
            weight,
            state.spread,
            self.random,
            name=target.name,
            start=state.start,
            is_augmented=state.is_augmented,
            linearized=self._linearized(target),
        )
        if drawn.is_augmented:
            self.notes[
                f"Imputing '{target.name}': its predictors predict some answers without error; a "
                "few made rows of little weight were added to keep estimates finite (White, "
                "Daniel & Royston 2010)."
            ] = None
        self.states[target.name] = _State(drawn.spread, drawn.start, drawn.is_augmented)
        return levels[drawn.codes]

    def _linearized(self, target: Target) -> Linearized | None:
        """The design's covariance of weighted estimates; None where models are unweighted."""
        use, count = self.problem.use, self.problem.count
        if use is None or not use.fits_weighted:
            return None
        # The design applies raw weights, and the information was summed under those of mean one.
        unit = float(use.design.weight[target.seen].mean())
        domain = np.zeros(count, dtype=bool)
        domain[target.seen] = True

        def covariance(scores: Floats, inverse: Floats) -> Floats:
            influence = np.zeros((count, scores.shape[1]))
            influence[target.seen] = scores @ inverse / unit
            return linearized_variance(influence, use.design, domain)

        return covariance


def _codes(answers: Values, levels: tuple[object, ...]) -> Codes:
    place = {level: position for position, level in enumerate(levels)}
    return np.array([place[answer] for answer in answers.tolist()], dtype=np.intp)
