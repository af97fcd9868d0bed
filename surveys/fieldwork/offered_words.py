"""Words that a step is offered, by language and kind; people change them as they like."""

from surveys.fieldwork.protocols import Words

_FOOT = {
    "en": "Your access code: {code}\nYou can stop and carry on at any time until {due_date}. What firms "
    "answer is published as figures only.\n\nQuestions: {help}\n\n"
    "{institute}",
    "nb": "Tilgangskoden din: {code}\nDere kan når som helst ta en pause og fortsette senere, frem til "
    "{due_date}. Svarene offentliggjøres bare som tall.\n\nSpørsmål: {help}"
    "\n\n{institute}",
    "de": "Ihr Zugangscode: {code}\nSie können jederzeit unterbrechen und bis {due_date} fortfahren. Was "
    "Unternehmen antworten, wird nur in Zahlen veröffentlicht.\n\nFragen: {help}"
    "\n\n{institute}",
    "it": "Il codice di accesso: {code}\nPotete interrompere e riprendere in ogni momento fino al "
    "{due_date}. Le risposte sono pubblicate solo come dati aggregati.\n\nDomande: {help}"
    "\n\n{institute}",
}  # fmt: skip
_TEXTS = {
    ("en", "invitation"): ("{survey}: your firm has been selected", "Dear {person},\n\n{firm} has been drawn for {survey}. Please answer by {due_date}:\n\n{link}"),
    ("en", "nudge"): ("{survey}: open until {due_date}", "Dear {person},\n\n{firm} has begun to answer {survey}. The rest can be filled in until {due_date}; what is saved is there:\n\n{link}"),
    ("en", "reminder"): ("Reminder: {survey}", "Dear {person},\n\nwe have not yet received the answers of {firm} to {survey}. Please answer by {due_date}:\n\n{link}"),
    ("en", "last_call"): ("{survey} closes on {due_date}", "Dear {person},\n\n{survey} closes on {due_date}. {firm} can still take part:\n\n{link}"),
    ("nb", "invitation"): ("{survey}: bedriften er trukket ut", "Til {person}\n\n{firm} er trukket ut til {survey}. Vi ber om svar innen {due_date}:\n\n{link}"),
    ("nb", "nudge"): ("{survey}: åpen til {due_date}", "Til {person}\n\n{firm} har begynt å svare på {survey}. Resten kan fylles ut frem til {due_date}; det som er lagret, ligger klart:\n\n{link}"),
    ("nb", "reminder"): ("Påminnelse: {survey}", "Til {person}\n\nVi har ennå ikke mottatt svar fra {firm} på {survey}. Vi ber om svar innen {due_date}:\n\n{link}"),
    ("nb", "last_call"): ("{survey} stenger {due_date}", "Til {person}\n\n{survey} stenger {due_date}. {firm} kan fortsatt delta:\n\n{link}"),
    ("de", "invitation"): ("{survey}: Ihr Unternehmen wurde ausgewählt", "Guten Tag {person},\n\n{firm} wurde für {survey} ausgewählt. Bitte antworten Sie bis {due_date}:\n\n{link}"),
    ("de", "nudge"): ("{survey}: offen bis {due_date}", "Guten Tag {person},\n\n{firm} hat begonnen, {survey} zu beantworten. Der Rest kann bis {due_date} ausgefüllt werden; Gespeichertes ist noch da:\n\n{link}"),
    ("de", "reminder"): ("Erinnerung: {survey}", "Guten Tag {person},\n\ndie Antworten von {firm} auf {survey} liegen uns noch nicht vor. Bitte antworten Sie bis {due_date}:\n\n{link}"),
    ("de", "last_call"): ("{survey} endet am {due_date}", "Guten Tag {person},\n\n{survey} endet am {due_date}. {firm} kann noch teilnehmen:\n\n{link}"),
    ("it", "invitation"): ("{survey}: la vostra impresa è stata selezionata", "Gentile {person},\n\n{firm} è stata selezionata per {survey}. Vi preghiamo di rispondere entro il {due_date}:\n\n{link}"),
    ("it", "nudge"): ("{survey}: aperta fino al {due_date}", "Gentile {person},\n\n{firm} ha iniziato a rispondere a {survey}. Il resto può essere compilato fino al {due_date}; quanto salvato è conservato:\n\n{link}"),
    ("it", "reminder"): ("Promemoria: {survey}", "Gentile {person},\n\nnon abbiamo ancora ricevuto le risposte di {firm} a {survey}. Vi preghiamo di rispondere entro il {due_date}:\n\n{link}"),
    ("it", "last_call"): ("{survey} chiude il {due_date}", "Gentile {person},\n\n{survey} chiude il {due_date}. {firm} può ancora partecipare:\n\n{link}"),
}  # fmt: skip
_THANKS = {
    "en": Words("{survey}: thank you", "Dear {person},\n\nwe have received the answers of {firm}. Thank you for taking part in {survey}.\n\n{institute}"),
    "nb": Words("{survey}: takk", "Til {person}\n\nVi har mottatt svarene fra {firm}. Takk for at dere deltok i {survey}.\n\n{institute}"),
    "de": Words("{survey}: vielen Dank", "Guten Tag {person},\n\ndie Antworten von {firm} sind eingegangen. Vielen Dank für Ihre Teilnahme an {survey}.\n\n{institute}"),
    "it": Words("{survey}: grazie", "Gentile {person},\n\nabbiamo ricevuto le risposte di {firm}. Grazie per la partecipazione a {survey}.\n\n{institute}"),
}  # fmt: skip


def offered_words(kind: str, language: str) -> Words:
    """Words for a step in the language; in English where there are none in that one."""
    base = language.partition("-")[0]
    if kind == "thank_you":
        return _THANKS.get(base, _THANKS["en"])
    base = base if base in _FOOT else "en"
    subject, body = _TEXTS[(base, kind)]
    return Words(subject, f"{body}\n\n{_FOOT[base]}\n")
