/* Where the focus is after the page of a draft was drawn anew, and a word before what is typed
   is lost. htmx brings the focus back to what has the same id; here stands what has none. */
"use strict";

const IS_NEW = ["section", "page", "item"];
const REMADE = ["duplicate", "kind"];
const SAVE_LINE = 64; // height of the line that stays at the bottom, in pixels
let cause = null; // what led to the page that is being drawn

function firstField() {
  const form = document.getElementById("place-form");
  return form && form.querySelector("input:not([type=hidden]), select, textarea");
}

/* After a button of a row: the new row, the row that moved, or one near the row that is gone. */
function inTable(value) {
  const [key, verb, number] = value.split(":");
  const rows = document.querySelectorAll(`#table-${key} .rows-row`);
  const button = (at) => document.getElementById(`${key}-${verb}-${at}`);
  if (verb === "add" && rows.length) return rows[rows.length - 1].querySelector("input:not([type=hidden]), select, textarea");
  if (verb === "up") return button(Math.max(Number(number) - 1, 0));
  if (verb === "down") return button(Math.min(Number(number) + 1, rows.length - 1));
  if (verb === "drop") return button(number) || button(rows.length - 1) || document.getElementById(`${key}-add`);
  return null;
}

function inCondition(value) {
  const [verb, number] = value.split(":");
  const rows = document.querySelectorAll("#condition .condition-row");
  const last = rows.length ? rows[rows.length - 1] : null;
  if (verb === "write") return document.getElementById("id_when");
  if (verb === "add" && last) return last.querySelector("select");
  if (verb !== "drop") return null;
  return document.getElementById(`when-drop-${number}`) || (last && last.querySelector("select"));
}

/* What is to have the focus now; null where it may stay where htmx put it. */
function aim() {
  const heading = document.getElementById("place-heading");
  if (!cause) return null;
  if (cause.isLink) return (cause.hash && document.getElementById(cause.hash)) || heading;
  if (cause.form === "place-form") {
    const told = document.getElementById("overtaken") || document.querySelector("#place-form .is-invalid");
    if (told) return told;
  }
  if (cause.name === "_table") return inTable(cause.value);
  if (cause.name === "_condition") return inCondition(cause.value);
  const verb = cause.name === "op" ? cause.value.split("@")[0] : "";
  if (IS_NEW.includes(verb) || REMADE.includes(verb)) return firstField();
  return verb === "move" ? heading : null;
}

function show(element, isNew) {
  const fold = element.closest("details");
  if (fold && !element.closest("summary")) fold.open = true;
  element.focus();
  if (isNew && element.select) element.select(); // what stands there is to be written over
  const box = element.getBoundingClientRect();
  const seen = element.closest(".save-line") || (box.top >= 0 && box.bottom <= window.innerHeight - SAVE_LINE);
  if (!seen) element.scrollIntoView({ block: "center", behavior: "instant" });
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "main") return;
  const begun = event.detail.requestConfig.triggeringEvent;
  const button = begun && begun.submitter;
  const form = event.detail.requestConfig.elt;
  cause = {
    isLink: form.matches("a"),
    hash: form.matches("a") ? form.hash.slice(1) : "",
    form: form.id,
    name: button ? button.name : "",
    value: button ? button.value : "",
  };
});

document.addEventListener("htmx:afterSettle", () => {
  if (!cause) return;
  const kept = document.activeElement === document.body ? null : document.activeElement;
  const wanted = aim() || kept || document.getElementById("place-heading");
  const isNew = cause.name === "op" && IS_NEW.includes(cause.value.split("@")[0]);
  if (wanted) show(wanted, isNew);
  const note = document.querySelector(".saved-note");
  if (note && cause.form === "place-form") note.classList.add("just-saved");
  cause = null;
});

/* What is typed and not saved: a note beside the button, and a question before it is left. */
const UNSAVED = "What you changed here is not saved yet. Leave it without saving?";
const placeForm = () => document.getElementById("place-form");
const isUnsaved = () => Boolean(placeForm() && placeForm().hasAttribute("data-unsaved"));

document.addEventListener("input", (event) => {
  if (event.target instanceof Element && event.target.closest("#place-form")) placeForm().setAttribute("data-unsaved", "");
});

document.addEventListener("htmx:confirm", (event) => {
  const leads = event.detail.target.id === "main" && event.detail.elt.id !== "place-form";
  if (!leads || !isUnsaved()) return;
  event.preventDefault();
  if (!window.confirm(UNSAVED)) return;
  placeForm().removeAttribute("data-unsaved");
  event.detail.issueRequest(true);
});

window.addEventListener("beforeunload", (event) => {
  if (isUnsaved()) event.preventDefault();
});

/* A server that does not answer is told; what is typed stays. */
const tell = (isTrouble) => {
  const told = document.getElementById("trouble");
  if (told) told.hidden = !isTrouble;
};
document.addEventListener("htmx:sendError", () => tell(true));
document.addEventListener("htmx:responseError", () => tell(true));
document.addEventListener("htmx:beforeRequest", () => tell(false));
