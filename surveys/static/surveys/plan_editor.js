/* Checks a plan while it is written, writes what buttons and fields choose into its text, tries
   it on a few firms, and fetches names. Without this file every button posts the text, and the
   page comes back with it. */
"use strict";

(() => {
  const PAUSE = 450;
  const AWAIT = 3000;
  const form = document.getElementById("plan-form");
  const { Vocabulary, Completion, kindAt, write } = window.planCompletion ?? {};
  if (!form || !Vocabulary) return;
  const text = document.getElementById("id_source");
  const said = document.getElementById("editor-said");
  const vocabulary = new Vocabulary(form.dataset.names);
  const part = (id) => document.getElementById(`plan-${id}`);
  let saved = text.value;
  let number = 0;
  let timer = 0;
  let isLeaving = false;

  function say(words, isRefused = false) {
    said.textContent = words;
    said.classList.toggle("editor-refused", isRefused);
  }

  /* Posts the form as it is, with what is given beside; null if no answer of use came. */
  async function ask(address, given) {
    const body = new FormData(form);
    for (const [name, value] of Object.entries(given)) body.set(name, value);
    try {
      const answer = await fetch(address, { method: "POST", body, credentials: "same-origin" });
      if (answer.redirected || answer.status === 403) {
        say("You are logged out. Log in in another window, then go on here: the text stays.", true);
        return null;
      }
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      return answer;
    } catch {
      say("The server does not answer just now. The text stays as it is.", true);
      return null;
    }
  }

  async function check(given = { at_once: "1" }) {
    window.clearTimeout(timer);
    number += 1;
    const mine = number;
    const sent = text.value;
    const answer = await ask(form.dataset.check, given);
    if (!answer) return;
    const found = await answer.json();
    // What was asked for later is on its way: this is of a text that is gone.
    if (mine !== number && !given.edit) return;
    if (found.said || given.edit) say(found.said, found.refused);
    else if (said.classList.contains("editor-refused")) say("");
    if (found.source !== null && text.value !== sent) {
      say("The text was changed meanwhile. Press again.", true);
      return;
    }
    if (found.source !== null) replaceText(found.source);
    if (found.checked === undefined) return;
    swap(part("checked"), found.checked);
    if (mine === number) drawControls(found.controls);
    vocabulary.own = found.own;
    markLines(found.problems);
  }

  /* Over no more than what differs, so that the caret and the browser's undo stay of use. */
  function replaceText(after) {
    const before = text.value;
    let start = 0;
    while (start < before.length && before[start] === after[start]) start += 1;
    let end = 0;
    const most = Math.min(before.length, after.length) - start;
    while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
    const field = document.activeElement;
    write(text, start, before.length - end, after.slice(start, after.length - end));
    window.clearTimeout(timer);
    showLine(before.slice(0, start).split("\n").length);
    if (field instanceof HTMLElement && field !== text) field.focus({ preventScroll: true });
  }

  function showLine(line) {
    const high = parseFloat(getComputedStyle(text).lineHeight);
    const top = (line - 1) * high;
    if (top < text.scrollTop || top > text.scrollTop + text.clientHeight - 2 * high) {
      text.scrollTop = Math.max(0, top - 4 * high);
    }
  }

  function swap(place, html) {
    if (place.innerHTML !== html) place.innerHTML = html;
  }

  /* The field that is being typed in keeps its letters and the caret. */
  function drawControls(html) {
    const place = part("controls");
    const field = place.contains(document.activeElement) ? document.activeElement : null;
    const typed = field && field.tagName === "INPUT" ? field.value : null;
    const open = [...place.querySelectorAll("details[open]")].map((each) => each.id);
    place.innerHTML = html;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    completeFields();
    const again = field && field.id && document.getElementById(field.id);
    if (!again) return;
    again.focus({ preventScroll: true });
    if (typed !== null) {
      again.value = typed;
      again.setSelectionRange(typed.length, typed.length);
    }
  }

  function completeFields() {
    for (const field of part("controls").querySelectorAll("[data-names]")) {
      new Completion(field, vocabulary, () => field.dataset.names);
    }
  }

  const gutter = document.createElement("pre");
  let marked = new Map();

  function drawGutter() {
    const count = text.value.split("\n").length;
    gutter.replaceChildren(
      ...Array.from({ length: count }, (_, place) => {
        const line = document.createElement("span");
        line.textContent = `${place + 1}\n`;
        const level = marked.get(place + 1);
        if (level) line.className = `line-${level}`;
        return line;
      }),
    );
    gutter.scrollTop = text.scrollTop;
  }

  function markLines(problems) {
    marked = new Map();
    for (const { line, level } of [...problems].reverse()) {
      if (line) marked.set(line, level === "cautions" ? "caution" : "problem");
    }
    drawGutter();
  }

  async function tryIt(button) {
    const place = part("trial");
    button.setAttribute("aria-disabled", "true");
    place.innerHTML = '<p class="notice" role="status">Trying the plan on a few firms. This takes a few seconds.</p>';
    const answer = await ask(form.dataset.dryRun, {});
    place.innerHTML = answer ? await answer.text() : "";
    button.removeAttribute("aria-disabled");
    place.scrollIntoView({ block: "nearest" });
  }

  let found = 0;

  async function codebook(given, more = null) {
    found += 1;
    const mine = found;
    const address = `${form.dataset.codebook}?${new URLSearchParams(given)}`;
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected || mine !== found) return;
      const html = await answer.text();
      if (mine !== found) return;
      if (more) addNames(html, more);
      else part("codebook").innerHTML = html;
      awaitNames();
    } catch {
      say("The names cannot be fetched just now. The text stays as it is.", true);
    }
  }

  function addNames(html, more) {
    const made = document.createElement("template");
    made.innerHTML = html;
    const lines = [...made.content.querySelectorAll(".name-line")];
    part("codebook").querySelector(".name-list").append(...lines);
    const next = made.content.querySelector(".names-more");
    if (next) more.replaceWith(next);
    else more.remove();
    lines[0]?.querySelector("button, summary")?.focus();
  }

  function awaitNames() {
    if (!part("codebook").querySelector("[data-awaited]")) return;
    window.setTimeout(() => {
      vocabulary.asked = null;
      codebook({ find: document.getElementById("names-find").value });
    }, AWAIT);
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const { name, value } = button ?? {};
    if (name === "then" && (value === "save" || value === "run")) {
      isLeaving = true;
      return;
    }
    event.preventDefault();
    if (name === "edit") check({ edit: value });
    else if (name === "family") codebook({ family: value }).then(() => focusFamily(value));
    else if (name === "more") codebook({ family: button.dataset.family, find: document.getElementById("names-find").value, page: value }, button);
    else if (value === "find") codebook({ find: document.getElementById("names-find").value });
    else if (value === "trial") {
      if (button.getAttribute("aria-disabled") !== "true") tryIt(button);
    } else {
      say("Checked.");
      check({});
    }
  });

  function focusFamily(family) {
    [...part("codebook").querySelectorAll(".family")].find((each) => each.value === family)?.focus();
  }

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof Element) || !part("controls").contains(field)) return;
    if (field.id === "control-target") check({ at_once: "1", target: field.value });
    else check({ edit: "fields" });
  });

  // Enter in a field writes it, as leaving the field does; the form is not sent.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.defaultPrevented || !(field instanceof HTMLInputElement)) return;
    if (field.id === "names-find") {
      event.preventDefault();
      codebook({ find: field.value });
    } else if (part("controls").contains(field)) {
      event.preventDefault();
      check({ edit: "fields" });
    }
  });

  let finding = 0;
  document.getElementById("names-find").addEventListener("input", (event) => {
    window.clearTimeout(finding);
    finding = window.setTimeout(() => {
      part("codebook").querySelectorAll(".family[aria-current]").forEach((each) => each.removeAttribute("aria-current"));
      codebook({ find: event.target.value });
    }, PAUSE);
  });

  text.addEventListener("input", () => {
    drawGutter();
    window.clearTimeout(timer);
    number += 1;
    timer = window.setTimeout(check, PAUSE);
  });
  text.addEventListener("scroll", () => {
    gutter.scrollTop = text.scrollTop;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && text.value !== saved) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    isLeaving = false;
  });

  new Completion(text, vocabulary, kindAt);
  gutter.className = "editor-gutter";
  gutter.setAttribute("aria-hidden", "true");
  text.before(gutter);
  text.closest(".editor").classList.add("editor-numbered");
  document.querySelector(".editor-hint").hidden = false;
  document.body.classList.add("plan-scripted");
  // A text that came back unsaved is not what is kept.
  if (document.getElementById("problems-head") || document.getElementById("source-error")) saved = null;
  drawGutter();
  completeFields();
  awaitNames();
  check();
})();
