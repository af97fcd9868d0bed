from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from analysis import actions
from analysis.models import Run
from tests.analysis.answered import PLAN, make_plan_version
from tests.factories import NOON


def address(run: Run, name: str = "run") -> str:
    return reverse(f"analysis:{name}", args=[run.pk])


def test_a_waiting_run_says_that_it_waits_and_reloads_without_scripts(as_ada, waiting):
    page = as_ada.get(address(waiting)).content.decode()

    assert "Waiting for a worker" in page
    assert "Next in line." in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert f'data-progress="{address(waiting, "progress")}"' in page
    assert "Withdraw the run" in page


def test_runs_that_were_asked_for_earlier_are_counted(as_ada, answered, waiting, ada):
    later = make_plan_version(answered, PLAN + "about: later\n", slug="later")
    run, _ = actions.request(plan_version=later, by=ada, at=NOON + timedelta(minutes=1))

    assert "1 run asked for earlier is ahead." in as_ada.get(address(run)).content.decode()


def test_a_run_that_waits_long_says_that_no_worker_took_it(as_ada, put):
    fresh = put("requested", requested_at=timezone.now())
    early = as_ada.get(address(fresh)).content.decode()
    long_ago = put("requested", requested_at=timezone.now() - timedelta(minutes=2))
    late = as_ada.get(address(long_ago)).content.decode()

    assert 'data-part="slow" hidden>' in early
    assert 'data-part="slow">' in late


def test_a_running_run_says_what_how_much_and_how_long(as_ada, put):
    run = put("running", progress_done=2, progress_total=5, progress_note="Estimating All")

    page = as_ada.get(address(run)).content.decode()

    assert "Estimating All" in page
    assert "2 of 5 estimations" in page
    assert (
        '<progress class="progress-line" aria-labelledby="progress-head" max="5" value="2">' in page
    )
    assert "10 s so far, about 15 s to go" in page


def test_the_script_that_watches_gets_the_same_as_data(as_ada, put):
    run = put("running", progress_done=2, progress_total=5, progress_note="Estimating All")

    assert as_ada.get(address(run, "progress")).json() == {
        "state": "running",
        "words": "Running",
        "is_over": False,
        "done": 2,
        "total": 5,
        "note": "Estimating All",
        "elapsed": 10,
        "time": "10 s so far, about 15 s to go",
        "ahead": 0,
        "failed": [],
    }


def test_the_script_learns_that_a_run_is_over(as_ada, done):
    assert as_ada.get(address(done, "progress")).json()["is_over"] is True


def test_a_failed_run_says_why_and_what_to_do(as_ada, put):
    failure = {"code": "separation", "message": "Exporter predicts <all>.", "remedy": "Drop it."}
    run = put("failed", failure=failure)

    page = as_ada.get(address(run)).content.decode()

    assert "The run failed" in page
    assert "Exporter predicts &lt;all&gt;." in page
    assert "Drop it." in page
    assert "separation" in page
    assert "refresh" not in page


def test_withdrawing_stops_the_run_and_says_who_did(as_ada, waiting):
    answer = as_ada.post(address(waiting, "withdraw"), follow=True)

    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"
    assert "ada withdrew this run." in answer.content.decode()


def test_a_run_that_is_over_cannot_be_withdrawn(as_ada, done):
    answer = as_ada.post(address(done, "withdraw"))

    done.refresh_from_db()
    assert done.state == "done"
    assert [str(m) for m in get_messages(answer.wsgi_request)] == [
        "The run was over before it could be withdrawn."
    ]


def test_a_withdrawn_run_can_be_asked_for_again(as_ada, waiting):
    as_ada.post(address(waiting, "withdraw"))

    answer = as_ada.post(address(waiting, "again"))

    assert Run.objects.get(pk=answer.url.split("/")[2]).state == "requested"


def test_asking_again_for_a_finished_run_says_that_the_result_stands(as_ada, done):
    answer = as_ada.post(address(done, "again"))

    assert answer.url == done.get_absolute_url()
    assert "the result stands" in str(next(iter(get_messages(answer.wsgi_request))))


def test_a_finished_run_shows_its_table_its_formats_and_how_to_read_it(as_ada, done):
    page = as_ada.get(address(done)).content.decode()

    assert "<caption>Size and new goods</caption>" in page
    assert "Employment (log)" in page
    for ending in ("tex", "docx", "html", "xlsx", "csv"):
        assert reverse("analysis:download", args=[done.pk, ending]) in page
    assert address(done, "estimates") in page
    assert "associated with the outcome" in page
    assert done.fingerprint in page


def test_average_marginal_effects_are_a_second_table(as_ada, done):
    answer = as_ada.get(address(done) + "?what=margins")

    assert answer.context["table"].title == "Size and new goods: average marginal effects"
    assert f"{reverse('analysis:download', args=[done.pk, 'tex'])}?what=margins" in (
        answer.content.decode()
    )
    assert as_ada.get(address(done) + "?what=magic").status_code == 404


def test_terms_without_a_scale_leave_no_plot_and_the_page_says_so(as_ada, done):
    page = as_ada.get(address(done)).content.decode()

    assert "there is no plot by scale" in page
    assert as_ada.get(address(done, "plot")).status_code == 404


@pytest.fixture
def drawn(done) -> Run:
    """A finished run in which a term belongs to a scale."""
    for term in (*done.estimates["models"][0]["terms"], *done.estimates["models"][0]["margins"]):
        if term["term"] != "Intercept":
            term["scale"] = "local"
    done.save()
    return done


def test_the_plot_is_a_picture_of_the_run_with_its_numbers_as_a_table(as_ada, drawn):
    page = as_ada.get(address(drawn)).content.decode()
    picture = as_ada.get(address(drawn, "plot"))

    assert "The plot as a table" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert 'role="img" aria-labelledby="coefficients-title coefficients-description"' in page
    for ending in ("svg", "png", "pdf", "csv", "json"):
        assert reverse("analysis:figure", args=[drawn.pk, "coefficients", ending]) in page
    assert picture["Content-Type"] == "image/svg+xml"
    assert "Coefficient (log odds)" in picture.content.decode()
    assert "n = 40 firms" in picture.content.decode()


def test_the_plot_of_marginal_effects_has_its_own_axis(as_ada, drawn):
    picture = as_ada.get(address(drawn, "plot") + "?what=margins").content.decode()

    assert "Average marginal effect" in picture
    assert "log odds" not in picture


@pytest.mark.parametrize("name", ["plot", "estimates"])
def test_an_unfinished_run_has_nothing_to_hand_over(as_ada, waiting, name):
    assert as_ada.get(address(waiting, name)).status_code == 404


def test_the_models_are_told_in_words_beside_what_they_are_not(as_ada, done):
    page = as_ada.get(address(done)).content.decode()

    assert "Employment (log): " in page
    assert "so this is an association" in page
    assert address(done, "reading") in page


def test_a_run_of_a_curve_alone_shows_the_curve(as_ada, done):
    curve = done.table | {"title": "The curve"}
    Run.objects.filter(pk=done.pk).update(
        table=curve, curve_table=curve, estimates=done.estimates | {"models": []}
    )

    page = as_ada.get(address(done))

    assert "<caption>The curve</caption>" in page.content.decode()
    assert as_ada.get(address(done) + "?what=curve").context["table"].title == "The curve"


def as_made_before_pieces(run: Run) -> Run:
    """The run with estimates.json as it was before models told their words."""
    estimates = {
        key: value for key, value in run.estimates.items() if key not in ("not_estimated", "curve")
    }
    later = {"place", "sample_note", "parameters", "words", "bootstrap", "permutation"}
    estimates["models"] = [
        {key: value for key, value in model.items() if key not in later}
        for model in estimates["models"]
    ]
    Run.objects.filter(pk=run.pk).update(estimates=estimates)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("name", ["run", "reading", "figures", "estimates"])
def test_a_run_made_before_models_told_their_words_is_still_shown(as_ada, drawn, name):
    old = as_made_before_pieces(drawn)

    assert as_ada.get(address(old, name)).status_code == 200


@pytest.mark.parametrize("what", ["descriptives", "curve"])
def test_of_what_is_no_estimate_by_scale_there_is_no_plot(as_ada, drawn, what):
    assert as_ada.get(address(drawn, "plot") + f"?what={what}").status_code == 404
