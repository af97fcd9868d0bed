"""The contact protocol of a wave: its steps, who each would reach, and sending it."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys import tasks
from surveys.actions import contacts, sending
from surveys.actions.mail_server import MailServer
from surveys.actions.messages import NO_WORKING_CODE, NoPublicAddress, Written, message, write
from surveys.fieldwork.wording import FILLS
from surveys.forms.contacts import StepForm, initial_of, initial_of_new
from surveys.models import ContactStep, Wave
from surveys.permissions import may_manage_fieldwork
from surveys.queries.contacts import (
    REASONS,
    DryRun,
    Recipient,
    StepCounts,
    dry_run,
    is_usable,
    steps_of,
)
from surveys.queries.instruments import languages_of
from surveys.queries.mailings import mailings_of
from surveys.queries.sending import postponed, reserved_by_the_silent
from surveys.views.access import wave_page
from surveys.views.waiting import tell_workers

_USED = "Something was sent by this step: it stays as it is. Add another one."
_NO_ADDRESS = (
    "The public address of this site is not set, so no link could lead here. The operator sets "
    "PUBLIC_URL."
)


@require_POST
@wave_page(may_manage_fieldwork)
def offer(request: HttpRequest, wave: Wave) -> HttpResponse:
    languages = _languages(wave)
    if contacts.offer_protocol(wave=wave, languages=languages, by=request.user, at=timezone.now()):
        messages.success(request, "The usual protocol is there now. Change it as you like.")
    else:
        messages.info(request, "The wave has a protocol already.")
    return redirect("surveys:contacts", wave.survey.slug, wave.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_manage_fieldwork)
def new(request: HttpRequest, wave: Wave) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in ContactStep.Kind.values else ContactStep.Kind.REMINDER
    initial = initial_of_new(kind, _languages(wave))
    form = _form(request, wave, initial)
    if request.method == "POST" and form.is_valid():
        try:
            contacts.add_step(wave=wave, plan=form.plan(), by=request.user, at=timezone.now())
        except contacts.StepRefused as refused:
            form.tell(refused.problems)
        else:
            messages.success(request, "The step was added.")
            return redirect("surveys:contacts", wave.survey.slug, wave.slug)
    return _step_page(request, wave, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_manage_fieldwork)
def change(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    step = _found(wave, contact)
    form = _form(request, wave, initial_of(step))
    if request.method == "POST" and form.is_valid():
        try:
            contacts.change_step(step=step, plan=form.plan(), by=request.user, at=timezone.now())
        except contacts.StepRefused as refused:
            form.tell(refused.problems)
        except contacts.StepIsUsed:
            form.add_error(None, _USED)
        else:
            messages.success(request, "The step was changed.")
            return redirect("surveys:contacts", wave.survey.slug, wave.slug)
    return _step_page(request, wave, form, step)


@require_POST
@wave_page(may_manage_fieldwork)
def remove(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    step = ContactStep.objects.filter(wave=wave, pk=contact).select_related("wave__survey").first()
    try:
        if step is not None:
            contacts.remove_step(step=step, by=request.user, at=timezone.now())
    except contacts.StepIsUsed:
        messages.error(request, _USED)
    else:
        messages.success(request, "The step was removed.")
    return redirect("surveys:contacts", wave.survey.slug, wave.slug)


@require_safe
@wave_page(may_manage_fieldwork)
def run(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    """Who would get the step now, who not and why, and how it reads for one of them."""
    step = _found(wave, contact)
    found = dry_run(step)
    shown = _shown(request, found)
    context = _of_step(wave, step) | {
        "who": Paginator(found.who, 50).get_page(request.GET.get("page")),
        "left_out": [(who, REASONS[reason]) for who, reason in found.left_out[:200]],
        "dead": [who for who, reason in found.left_out if reason == "bounce"][:50],
        "number_left_out": len(found.left_out),
        "reasons": found.reasons,
        "number": len(found.who),
        "shown": shown,
        "preview": _preview(step, shown),
        "may_manage": True,
    }
    context |= _waits(step)
    return render(request, "research/contacts/run.html", context)


@require_POST
@wave_page(may_manage_fieldwork)
def send(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    step = _found(wave, contact)
    if request.POST.get("sure") != "yes":
        messages.error(request, "Nothing was sent. Tick that you want to send it.")
        return _back(step)
    try:
        queued = sending.queue(step=step, by=request.user, at=timezone.now())
    except sending.NotOpen:
        messages.error(request, "The field is not open: a link would open nothing.")
    except sending.OnlyByEmail:
        messages.error(request, "The step does not go by e-mail.")
    except NoPublicAddress:
        messages.error(request, _NO_ADDRESS)
    except sending.NoMailServer:
        messages.error(request, "There is no mail server. The operator sets EMAIL_URL.")
    else:
        messages.success(request, f"{queued} e-mails are waiting to go. This page follows them.")
        tell_workers(request, tasks.send_contacts)
    return _back(step)


@require_POST
@wave_page(may_manage_fieldwork)
def withdraw(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    step = _found(wave, contact)
    number = sending.withdraw(step=step, by=request.user, at=timezone.now())
    messages.success(request, f"{number} e-mails were taken out of the queue.")
    return _back(step)


@require_POST
@wave_page(may_manage_fieldwork)
def test_send(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    """Send the message of one firm to the person who asks, with a code that opens nothing."""
    step = _found(wave, contact)
    address = request.user.email
    written = _preview(step, _shown(request, dry_run(step)))
    if not is_usable(address):
        messages.error(request, "Your account has no e-mail address. The operator can add it.")
    elif written is None:
        messages.error(request, "There is no firm to show it for, or PUBLIC_URL is not set.")
    else:
        with MailServer() as server:
            handed = server.hand_over(message(written, to=address, wave=wave))
        if handed.fate == "sent":
            messages.success(request, "The test was sent to you. Its code opens nothing.")
        else:
            messages.error(request, f"The mail server did not take it ({handed.code}).")
    return _back(step)


@require_safe
@wave_page()
def progress(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    """What became of the step so far: a part of its page, asked for again and again."""
    each = _counts(wave, contact)
    context = {
        "survey": wave.survey,
        "wave": wave,
        "each": each,
        "may_manage": may_manage_fieldwork(request.user, wave.survey),
    }
    context |= _waits(each.step)
    return render(request, "research/contacts/progress.html", context)


def _found(wave: Wave, key: int) -> ContactStep:
    steps = ContactStep.objects.filter(wave=wave).select_related("wave__survey", "wave__instrument")
    return get_object_or_404(steps.prefetch_related("templates"), pk=key)


def _counts(wave: Wave, key: int) -> StepCounts:
    step = _found(wave, key)
    return next(each for each in steps_of(wave) if each.step.pk == step.pk)


def _waits(step: ContactStep) -> dict[str, object]:
    """What of the step waits for the workers, and why it waits longer than a moment."""
    at = timezone.now()
    letters = mailings_of(step, at)
    return {
        "mailings": letters,
        "is_making": any(each.is_waiting for each in letters),
        "reserved": reserved_by_the_silent(step, at),
        "postponed": postponed(step, at),
    }


def _languages(wave: Wave) -> Sequence[str]:
    return languages_of(wave.instrument) if wave.instrument else ("en",)


def _form(request: HttpRequest, wave: Wave, initial: dict) -> StepForm:
    strata = list(wave.strata.values_list("label", flat=True))
    data = request.POST if request.method == "POST" else None
    return StepForm(data, initial=initial, languages=_languages(wave), strata=strata)


def _shown(request: HttpRequest, found: DryRun) -> Recipient | None:
    """The firm that was asked for, or the first that would get it, or the first of all."""
    everyone = [*found.who, *(who for who, _ in found.left_out)]
    wanted = request.GET.get("firm") or request.POST.get("firm")
    return next((who for who in everyone if who.pseudonym == wanted), None) or next(
        iter(everyone), None
    )


def _preview(step: ContactStep, shown: Recipient | None) -> Written | None:
    if shown is None or not step.templates.all():
        return None
    try:
        return write(step, shown, code=NO_WORKING_CODE)
    except NoPublicAddress:
        return None


def _of_step(wave: Wave, step: ContactStep | None) -> dict[str, object]:
    return {
        "survey": wave.survey,
        "wave": wave,
        "stage": "contacts",
        "step": step,
        "each": _counts(wave, step.pk) if step else None,
    }


def _step_page(
    request: HttpRequest, wave: Wave, form: StepForm, step: ContactStep | None
) -> HttpResponse:
    context = _of_step(wave, step) | {
        "form": form,
        "fills": FILLS.items(),
        "kinds": ContactStep.Kind.choices,
    }
    status = 422 if form.errors else 200
    return render(request, "research/contacts/step.html", context, status=status)


def _back(step: ContactStep) -> HttpResponse:
    wave = step.wave
    return redirect("surveys:contact_run", wave.survey.slug, wave.slug, step.pk)
