"""A made population of firms, drawn from stated distributions and known coefficients."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surveys.demonstration.truth import INTERCEPT, PRODUCT_INNOVATION

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FIRMS = 12_000
SIZE_CLASSES = ("small", "medium", "large")
SCALES = ("local", "region", "country", "europe", "global")
PARTNERS = (
    "group",
    "clients_private",
    "clients_public",
    "suppliers",
    "competitors",
    "other_firms",
    "consultants",
    "universities",
    "research_institutes",
    "associations",
)
INDUSTRIES = ("high-tech goods", "other goods", "knowledge services", "other services")
REGIONS = ("capital", "coast", "inland")

_SIZE_SHARES = (0.78, 0.17, 0.05)
_SIZE_BOUNDS = ((10, 49), (50, 249), (250, 4_000))
_INDUSTRY_SHARES = (0.16, 0.24, 0.25, 0.35)
_GRADUATE_MEANS = (0.28, 0.12, 0.50, 0.15)
_RESEARCH_BY_INDUSTRY = (0.8, -0.2, 0.4, -1.1)

# How ready firms are to work with each partner, and at each scale: logits of one box.
PARTNER_LEVELS = (0.3, 0.2, -0.9, 0.5, -1.1, -0.8, -0.3, -0.5, -1.0, -0.7)
_SCALE_LEVELS = (-0.7, -1.0, -0.8, -1.5, -2.2)
_SCALE_RESEARCH = (0.0, 0.1, 0.3, 0.5, 0.6)
_SCALE_FOREIGN = (-0.2, -0.1, 0.0, 0.5, 0.6)
_OPENNESS = 0.6
_ORIENTATION = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """N firms, each attribute an array of N.

    Attributes
    ----------
    size_class, industry, region : (N,) integers
        Positions in SIZE_CLASSES, INDUSTRIES and REGIONS.
    employees : (N,) integers
        Persons employed in the last year of the reference period.
    graduate_share, foreign_share : (N,) integers
        Per cent.
    research : (N,) integers
        R&D inside: 0 never, 1 occasional, 2 continuous.
    cooperation : (N, 10, 5) booleans
        Whether the firm works with the partner at the scale.
    product, process : (N,) booleans
        Whether it introduced a new or improved product; a process.
    openness : (N,) floats
        What nobody observes: readiness to look outside.
    """

    size_class: Integers
    industry: Integers
    region: Integers
    employees: Integers
    graduate_share: Integers
    in_group: Flags
    foreign_share: Integers
    research: Integers
    cooperation: Flags
    product: Flags
    process: Flags
    openness: Floats

    @property
    def stratum(self) -> Integers:
        """(N,) integers, 0 to 35: size class x industry x region."""
        industry = self.size_class * len(INDUSTRIES) + self.industry
        return np.asarray(industry * len(REGIONS) + self.region, dtype=np.int64)

    @property
    def partner_types(self) -> Integers:
        """(N, 5) numbers of partner types with a partner at each scale."""
        return np.asarray(self.cooperation.sum(axis=1), dtype=np.int64)


def regressors(population: Population) -> dict[str, Floats]:
    """Every term of the truth as a column of N floats, in the order of the truth."""
    counts = population.partner_types.astype(float)
    return {
        INTERCEPT: np.ones(len(population.employees)),
        **{f"partners.{scale}": counts[:, at] for at, scale in enumerate(SCALES)},
        "ln_employment": np.log(population.employees),
        "graduate_share": population.graduate_share.astype(float),
        "research_inside": (population.research > 0).astype(float),
        "in_group": population.in_group.astype(float),
        "foreign_owned": (population.foreign_share >= 10).astype(float),
    }


def make_population(seed: int, *, firms: int = FIRMS) -> Population:
    """The population of that seed: always the same one."""
    random = np.random.default_rng([seed, 1])
    size_class = random.choice(3, size=firms, p=_SIZE_SHARES)
    industry = random.choice(4, size=firms, p=_INDUSTRY_SHARES)
    employees = _employees(random, size_class)
    graduate_share = _graduates(random, industry)
    in_group, foreign_share = _ownership(random, employees)
    openness = random.normal(size=firms)
    research = _research(random, industry, employees, graduate_share)
    cooperation = _cooperation(random, openness, employees, research, in_group, foreign_share)
    before = Population(
        size_class=size_class,
        industry=industry,
        region=np.zeros(firms, dtype=np.int64),
        employees=employees,
        graduate_share=graduate_share,
        in_group=in_group,
        foreign_share=foreign_share,
        research=research,
        cooperation=cooperation,
        product=np.zeros(firms, dtype=bool),
        process=np.zeros(firms, dtype=bool),
        openness=openness,
    )
    return _with_innovation(random, before)


def _with_innovation(random: np.random.Generator, firms: Population) -> Population:
    """Outcomes from the truth, and then where innovators of each kind came to sit."""
    columns = regressors(firms)
    log_odds = sum(
        (PRODUCT_INNOVATION[term] * column for term, column in columns.items()),
        np.zeros(len(firms.employees)),
    )
    product = happens(random, log_odds)
    process = process_innovation(random, firms.research, firms.openness)
    values = {name: getattr(firms, name) for name in firms.__slots__}
    values |= {"product": product, "process": process}
    return Population(**values | {"region": _region(random, firms, product)})


def _region(random: np.random.Generator, firms: Population, product: Flags) -> Integers:
    """Where a firm sits depends on whether it innovates and on its distant partners.

    Innovators with distant partners gather in the capital. Given the regressors, the
    region therefore still tells of the outcome; since chances of being drawn and of
    answering differ by region, an analysis without weights goes wrong by design.
    """
    distant = firms.partner_types[:, 3:].sum(axis=1)
    capital = -0.9 + np.where(product, 0.9, -0.9) * np.minimum(distant, 4)
    coast = -0.1 - 0.1 * product
    log_odds = np.column_stack([capital, coast, np.zeros(len(product))])
    utility = log_odds + random.gumbel(size=log_odds.shape)
    return np.asarray(utility.argmax(axis=1), dtype=np.int64)


def _employees(random: np.random.Generator, size_class: Integers) -> Integers:
    """Skewed within every size class: a Pareto tail cut at the class's largest."""
    low = np.array([bounds[0] for bounds in _SIZE_BOUNDS], dtype=float)[size_class]
    high = np.array([bounds[1] for bounds in _SIZE_BOUNDS], dtype=float)[size_class] + 1
    shape = 1.1
    uniform = random.random(len(size_class))
    tail = 1 - uniform * (1 - (low / high) ** shape)
    return np.asarray(np.floor(low * tail ** (-1 / shape)), dtype=np.int64)


def _graduates(random: np.random.Generator, industry: Integers) -> Integers:
    mean = np.array(_GRADUATE_MEANS)[industry]
    return np.rint(100 * random.beta(4 * mean, 4 * (1 - mean))).astype(np.int64)


def _ownership(random: np.random.Generator, employees: Integers) -> tuple[Flags, Integers]:
    """Whether part of a group, and per cent owned abroad."""
    ln = np.log(employees)
    in_group = happens(random, -1.7 + 0.6 * (ln - 3))
    abroad = in_group & happens(random, -0.4 + 0.2 * (ln - 3))
    share = random.choice([10, 25, 40, 51, 60, 75, 80, 100], size=len(ln))
    return in_group, np.where(abroad, share, 0).astype(np.int64)


def _research(
    random: np.random.Generator, industry: Integers, employees: Integers, graduates: Integers
) -> Integers:
    level = (
        -1.8
        + np.array(_RESEARCH_BY_INDUSTRY)[industry]
        + 0.35 * (np.log(employees) - 3)
        + 0.02 * graduates
    )
    noise = random.logistic(size=len(level))
    return (level + noise > 0).astype(np.int64) + (level + noise > 1.2)


def _cooperation(
    random: np.random.Generator,
    openness: Floats,
    employees: Integers,
    research: Integers,
    in_group: Flags,
    foreign_share: Integers,
) -> Flags:
    """(N, 10, 5) boxes of the battery: none at all for firms that do not cooperate."""
    ln = np.log(employees) - 3
    cooperates = happens(random, -0.5 + 0.8 * openness + 0.25 * ln + 0.5 * (research > 0))
    level = (
        np.array(PARTNER_LEVELS)[None, :, None]
        + np.array(_SCALE_LEVELS)[None, None, :]
        + (_OPENNESS * openness + 0.1 * ln)[:, None, None]
        + (research > 0)[:, None, None] * np.array(_SCALE_RESEARCH)
        + (foreign_share >= 10)[:, None, None] * np.array(_SCALE_FOREIGN)
        + _ORIENTATION * random.normal(size=(len(ln), 1, len(SCALES)))
    )
    boxes = happens(random, level)
    boxes[:, 0] &= in_group[:, None]
    return np.asarray(boxes & cooperates[:, None, None], dtype=np.bool_)


def process_innovation(random: np.random.Generator, research: Integers, openness: Floats) -> Flags:
    """(N,) whether each firm introduced a process; it carries no truth to be found."""
    return happens(random, -0.6 + 0.5 * (research > 0) + 0.25 * openness)


def happens(random: np.random.Generator, log_odds: Floats) -> Flags:
    """Draws with those log odds, in their shape."""
    chances = 1 / (1 + np.exp(-log_odds))
    return np.asarray(random.random(log_odds.shape) < chances, dtype=np.bool_)
