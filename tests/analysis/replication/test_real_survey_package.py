"""The real survey's plan, from its file to a package that both scripts agree with."""

from pathlib import Path

import pytest
from django.core.management import call_command

from analysis import extracts
from analysis.specification.plan import read_plan
from tests.analysis.replication.test_scripts_agree import RUN
from tests.analysis.replication.unpacked import package_of, unpacked

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
@pytest.mark.r
@pytest.mark.shared_data
@pytest.mark.parametrize("kind", ["pseudonymised", "synthetic"])
def test_the_plan_of_the_real_survey_is_replicated(db, shared_data, tmp_path, kind):
    call_command(
        "import_microdata",
        str(shared_data / "ec_acti_2012_2014.csv"),
        *("--codebook", str(shared_data / "ec_acti_2012_2014_codebook.csv")),
        *("--mapping", str(ROOT / "surveys/mappings/ec_acti.yaml")),
        *("--survey", "acti", "--wave", "2012-2014"),
    )
    dataset = extracts.dataset(extracts.wave_named("acti", "2012-2014"))
    plan = read_plan((ROOT / "analysis/plans/ec_acti.yaml").read_text())
    folder = unpacked(package_of(dataset, plan, kind=kind), tmp_path)

    for run in RUN.values():
        ran = run(folder)
        assert ran.agrees, ran.said
        assert not ran.left_out
