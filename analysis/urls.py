from django.urls import path

from analysis.views import (
    boundaries,
    checks,
    codebooks,
    compare,
    editor,
    figures,
    files,
    layouts,
    library,
    output_rules,
    packages,
    plans,
    power,
    provenance,
    registration,
    runs,
)

app_name = "analysis"

_WAVE = "research/<slug:survey>/<slug:wave>/analysis/"
_REGISTRATIONS = "research/<slug:survey>/<slug:wave>/registrations/"
_RUN = "runs/<uuid:pk>/"

urlpatterns = [
    path(_WAVE, plans.plans, name="plans"),
    path(f"{_WAVE}new/", plans.new_plan, name="new_plan"),
    path(f"{_WAVE}editor/check/", editor.check, name="check_plan"),
    path(f"{_WAVE}editor/dry-run/", editor.dry_run, name="dry_run"),
    path(f"{_WAVE}editor/codebook/", codebooks.codebook, name="codebook"),
    path(f"{_WAVE}editor/names/", codebooks.names, name="names"),
    path(f"{_WAVE}library/", library.library, name="library"),
    path(f"{_WAVE}<slug:plan>/", plans.plan, name="plan"),
    path(f"{_WAVE}<slug:plan>/register/", registration.register, name="register"),
    path(_REGISTRATIONS, registration.registrations, name="registrations"),
    path(
        f"{_REGISTRATIONS}<slug:plan>/<int:number>/",
        registration.registration,
        name="registration",
    ),
    path(
        f"{_REGISTRATIONS}<slug:plan>/<int:number>/certificate.<slug:ending>",
        registration.certificate,
        name="certificate",
    ),
    path("research/<slug:survey>/<slug:wave>/regions/", boundaries.boundaries, name="boundaries"),
    path("research/<slug:survey>/<slug:wave>/power/", power.power, name="power"),
    path(
        "research/<slug:survey>/<slug:wave>/power/<int:study>/cancel/",
        power.cancel,
        name="cancel_power",
    ),
    path("research/<slug:survey>/output/checks/", checks.checks, name="checks"),
    path("research/<slug:survey>/output/rules/", output_rules.output_rules, name="output_rules"),
    path(_RUN, runs.run, name="run"),
    path(f"{_RUN}check/", checks.check, name="check"),
    path(f"{_RUN}progress/", runs.progress, name="progress"),
    path(f"{_RUN}withdraw/", runs.withdraw, name="withdraw"),
    path(f"{_RUN}again/", runs.again, name="again"),
    path(f"{_RUN}compare/", compare.choose, name="compare_with"),
    path(f"{_RUN}compare/<uuid:other>/", compare.compare, name="compare"),
    path(f"{_RUN}compare/<uuid:other>/numbers.csv", compare.numbers, name="compare_numbers"),
    path(f"{_RUN}provenance/", provenance.provenance, name="provenance"),
    path(f"{_RUN}provenance.json", provenance.as_json, name="provenance_json"),
    path(f"{_RUN}coefficients.svg", runs.plot, name="plot"),
    path(f"{_RUN}specifications.csv", runs.specifications, name="specifications"),
    path(f"{_RUN}estimates.json", files.estimates, name="estimates"),
    path(f"{_RUN}package/", packages.package, name="package"),
    path(f"{_RUN}package/rule/", packages.rule, name="package_rule"),
    path(f"{_RUN}reading.txt", files.reading_aid, name="reading"),
    path(f"{_RUN}layout/", layouts.layout, name="layout"),
    path(f"{_RUN}figures/", figures.figures, name="figures"),
    path(f"{_RUN}figures/<slug:key>.<slug:ending>", figures.download, name="figure"),
    path(f"{_RUN}table.<slug:ending>", files.download, name="download"),
]
