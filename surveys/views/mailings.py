"""The letters of a step: making them, their file, a sample of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from surveys import tasks
from surveys.actions import mailing_batches, mailings
from surveys.actions.messages import NO_WORKING_CODE, NoPublicAddress, link_of, write
from surveys.actions.sending import NotOpen
from surveys.exports import letters
from surveys.models import ContactStep, Mailing, Wave
from surveys.permissions import may_manage_fieldwork
from surveys.queries.contacts import dry_run
from surveys.views.access import wave_page
from surveys.views.files import attachment
from surveys.views.waiting import tell_workers

_NO_ADDRESS = (
    "The public address of this site is not set, so no QR code could lead here. The operator "
    "sets PUBLIC_URL."
)
_NOT_OPEN = "The field is not open: a code would open nothing."


@require_POST
@wave_page(may_manage_fieldwork)
def make(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    """Ask for letters to everyone the step is for now; a worker makes them."""
    step = _step(wave, contact)
    if request.POST.get("sure") != "yes":
        messages.error(request, "No letter was made. Tick that you want them made.")
        return _back(step)
    try:
        mailing = mailings.ask(step=step, by=request.user, at=timezone.now())
    except mailings.NotALetter:
        messages.error(request, "The step does not go by letter.")
    except mailings.NobodyToWriteTo:
        messages.info(request, "Nobody would get a letter now.")
    except NotOpen:
        messages.error(request, _NOT_OPEN)
    except NoPublicAddress:
        messages.error(request, _NO_ADDRESS)
    else:
        messages.success(request, f"{mailing.total} letters were asked for; this page follows.")
        tell_workers(request, tasks.make_letters, mailing.pk)
    return _back(step)


@require_POST
@wave_page(may_manage_fieldwork)
def again(request: HttpRequest, wave: Wave, contact: int, mailing: int) -> HttpResponse:
    """Make the file anew, with new codes, or go on where it broke off."""
    step = _step(wave, contact)
    found = _mailing(step, mailing)
    try:
        mailings.make_again(mailing=found, by=request.user, at=timezone.now())
    except mailings.NotAsked:
        messages.info(request, "The letters are being made already.")
    except NotOpen:
        messages.error(request, _NOT_OPEN)
    else:
        messages.success(request, "The letters were asked for; this page follows.")
        tell_workers(request, tasks.make_letters, found.pk)
    return _back(step)


@require_POST
@wave_page(may_manage_fieldwork)
def forget(request: HttpRequest, wave: Wave, contact: int, mailing: int) -> HttpResponse:
    step = _step(wave, contact)
    try:
        mailings.forget(mailing=_mailing(step, mailing), by=request.user, at=timezone.now())
    except mailings.NotAsked:
        messages.info(request, "There is no file to delete.")
    else:
        messages.success(request, "The file is deleted. The codes of its letters stay good.")
    return _back(step)


@require_safe
@never_cache
@wave_page(may_manage_fieldwork)
def download(request: HttpRequest, wave: Wave, contact: int, mailing: int) -> HttpResponse:
    """The letters as a file, with addresses and access codes."""
    found = _mailing(_step(wave, contact), mailing)
    if found.state != Mailing.State.MADE or not found.file:
        messages.info(request, "There is no file of these letters now.")
        return _back(found.step)
    with found.file.open("rb") as file:
        content = file.read()
    name = f"{wave.survey.slug}-{wave.slug}-letters-{found.step.position}-{found.pk}.pdf"
    return attachment(content, name)


@require_safe
@never_cache
@wave_page(may_manage_fieldwork)
def sample(request: HttpRequest, wave: Wave, contact: int) -> HttpResponse:
    """The letter to one firm, with a code that opens nothing."""
    step = _step(wave, contact)
    run = dry_run(step)
    everyone = [*run.who, *(who for who, _ in run.left_out)]
    wanted = request.GET.get("firm")
    to = next((who for who in everyone if who.pseudonym == wanted), None)
    if to is None:
        messages.info(request, "Choose a firm of the list to see its letter.")
        return _back(step)
    try:
        written = write(step, to, code=NO_WORKING_CODE)
        letter = mailing_batches.Letter(
            to, written, NO_WORKING_CODE, link_of(NO_WORKING_CODE), invitation=0
        )
        content = letters.draw(step, [letter], on=timezone.localdate())
    except NoPublicAddress:
        messages.error(request, _NO_ADDRESS)
    except mailing_batches.CannotBeMade as refused:
        messages.error(request, str(refused))
    else:
        return attachment(content, f"{wave.survey.slug}-{wave.slug}-sample-letter.pdf")
    return _back(step)


def _step(wave: Wave, key: int) -> ContactStep:
    steps = ContactStep.objects.filter(wave=wave).select_related("wave__survey", "wave__instrument")
    return get_object_or_404(steps.prefetch_related("templates"), pk=key)


def _mailing(step: ContactStep, key: int) -> Mailing:
    found = get_object_or_404(Mailing, step=step, pk=key)
    found.step = step
    return found


def _back(step: ContactStep) -> HttpResponse:
    wave = step.wave
    return redirect("surveys:contact_run", wave.survey.slug, wave.slug, step.pk)
