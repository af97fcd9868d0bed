from django.urls import path

from analysis.views import figures, files, layouts, plans, power, runs

app_name = "analysis"

_WAVE = "research/<slug:survey>/<slug:wave>/analysis/"
_RUN = "runs/<uuid:pk>/"

urlpatterns = [
    path(_WAVE, plans.plans, name="plans"),
    path(f"{_WAVE}new/", plans.new_plan, name="new_plan"),
    path(f"{_WAVE}<slug:plan>/", plans.plan, name="plan"),
    path("research/<slug:survey>/<slug:wave>/power/", power.power, name="power"),
    path(
        "research/<slug:survey>/<slug:wave>/power/<int:study>/cancel/",
        power.cancel,
        name="cancel_power",
    ),
    path(_RUN, runs.run, name="run"),
    path(f"{_RUN}progress/", runs.progress, name="progress"),
    path(f"{_RUN}withdraw/", runs.withdraw, name="withdraw"),
    path(f"{_RUN}again/", runs.again, name="again"),
    path(f"{_RUN}coefficients.svg", runs.plot, name="plot"),
    path(f"{_RUN}specifications.csv", runs.specifications, name="specifications"),
    path(f"{_RUN}estimates.json", files.estimates, name="estimates"),
    path(f"{_RUN}reading.txt", files.reading_aid, name="reading"),
    path(f"{_RUN}layout/", layouts.layout, name="layout"),
    path(f"{_RUN}figures/", figures.figures, name="figures"),
    path(f"{_RUN}figures/<slug:key>.<slug:ending>", figures.download, name="figure"),
    path(f"{_RUN}table.<slug:ending>", files.download, name="download"),
]
