/* Names, functions and keys offered at the caret of a plan's text, and in its fields.
   Without this file names are copied from the codebook, or written by its buttons. */
"use strict";

(() => {
  const MOST = 8;
  const WORD = /[\p{L}_][\p{L}\d_.]*(\[[^\]\n]*\]?)?$/u;
  const VALUES = {
    outcome: "outcome", outcomes: "outcome", second_outcome: "outcome", by: "any", other: "any",
    denominator: "outcome", of: "any", formula: "formula", add: "formula", measures: "formula",
    controls: "formula", optional: "formula", subpopulation: "expression", tests: "any",
    instruments: "formula", selection: "formula", endogenous: "any", cluster: "any", unit: "any",
    wave: "any", region: "any", variables: "any", predictors: "any",
  };
  const PARENTS = { models: "model", ladder: "ladder", steps: "step", design: "design", curve: "curve" };

  class Vocabulary {
    constructor(address) {
      this.address = address;
      this.names = [];
      this.words = {};
      this.own = [];
      this.asked = null;
    }

    ready() {
      this.asked ??= fetch(this.address, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok && !answer.redirected ? answer.json() : Promise.reject(answer)))
        .then(({ names, words }) => {
          this.names = names;
          this.words = words;
        })
        .catch(() => {
          this.asked = null;
        });
      return this.asked;
    }

    /* [what is written, what is shown, note] of at most so many, the best first. */
    offers(kind, typed) {
      const wanted = typed.toLowerCase();
      const scored = [];
      for (const [word, note, written] of this.listed(kind)) {
        const score = fit(word.toLowerCase(), note.toLowerCase(), wanted);
        if (score < 9) scored.push([score, word, note, written ?? word]);
      }
      scored.sort((a, b) => a[0] - b[0] || a[1].length - b[1].length || (a[1] < b[1] ? -1 : 1));
      return scored.slice(0, MOST).map(([, word, note, written]) => ({ word, note, written }));
    }

    listed(kind) {
      if (this.words[kind] && kind !== "formula" && kind !== "expression") return this.words[kind];
      const known = [...this.own, ...this.names];
      const names = known
        .filter(([, , is]) => kind !== "outcome" || is !== "category")
        .map(([name, label, is]) => [name, label, kind === "formula" && is === "category" ? `factor(${name})` : name]);
      return [...names, ...(this.words[kind] ?? [])];
    }
  }

  function fit(word, note, wanted) {
    if (word === wanted) return 9;
    if (word.startsWith(wanted)) return 0;
    if (word.split(/[._[\], ]/).some((part) => part.startsWith(wanted))) return 1;
    if (wanted.length > 1 && word.includes(wanted)) return 2;
    if (wanted.length > 2 && note.includes(wanted)) return 3;
    return 9;
  }

  /* What may stand at the end of the text: a kind of Vocabulary.listed, or nothing. */
  function kindAt(text) {
    const start = text.lastIndexOf("\n") + 1;
    const line = text.slice(start);
    if (/(^|\s)#/.test(line)) return "";
    const [, key, value] = line.match(/(?:^|[\s{,])([\p{L}_][\p{L}\d_.]*):(\s.*|)$/u) ?? [];
    const above = aboveOf(text.slice(0, start), indentOf(line));
    const flowEnd = value !== undefined && /[,{]\s*[\p{L}_]*$/u.test(value) && inFlow(line);
    if (key === "design" && flowEnd) return "design";
    if (key !== undefined && flowEnd && inBrackets(value)) return valueKind(key, above.key);
    if (flowEnd) return PARENTS[above.key] ?? "";
    if (key !== undefined) return value === "" ? "" : valueKind(key, above.key);
    if (/^\s*-?\s*[\p{L}_]*$/u.test(line) || /^\s*-\s+\{\s*[\p{L}_]*$/u.test(line)) {
      if (above.hasValue) return valueKind(above.key, "");
      if (VALUES[above.key]) return VALUES[above.key];
      return above.key === "" ? "plan" : (PARENTS[above.key] ?? "");
    }
    return above.hasValue || VALUES[above.key] ? valueKind(above.key, "") : "";
  }

  const indentOf = (line) => line.match(/^\s*(-\s+)?/)[0].length;
  const inFlow = (line) => line.split("{").length > line.split("}").length;
  const inBrackets = (text) => text.split("[").length > text.split("]").length;

  function valueKind(key, parent) {
    if (parent === "define") return "expression";
    return VALUES[key] ?? key;
  }

  /* The key that the line stands under: of the nearest line that is indented less. */
  function aboveOf(text, indent) {
    const lines = text.split("\n").reverse();
    for (const line of lines) {
      if (!line.trim() || line.trim().startsWith("#")) continue;
      const bare = line.match(/^\s*/)[0].length;
      if (bare >= indent && bare > 0) continue;
      if (bare >= indent) return { key: "", hasValue: false };
      const found = line.match(/^\s*(?:-\s+)?([\p{L}_][\p{L}\d_.]*):\s*(.*)$/u);
      if (!found) return { key: "", hasValue: false };
      return { key: found[1], hasValue: found[2] !== "" && !found[2].startsWith("#") };
    }
    return { key: "", hasValue: false };
  }

  class Completion {
    constructor(field, vocabulary, kindOf) {
      this.field = field;
      this.vocabulary = vocabulary;
      this.kindOf = kindOf;
      this.offers = [];
      this.active = -1;
      this.build();
      this.listen();
    }

    build() {
      const frame = document.createElement("div");
      frame.className = "completion-frame";
      this.field.before(frame);
      frame.append(this.field);
      this.list = document.createElement("ul");
      this.list.className = "completion-list";
      this.list.id = `${this.field.id}-names`;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", "Names that fit here");
      this.list.hidden = true;
      this.status = document.createElement("p");
      this.status.className = "visually-hidden";
      this.status.setAttribute("role", "status");
      frame.append(this.list, this.status);
      this.field.setAttribute("aria-autocomplete", "list");
      if (this.field.tagName === "INPUT") {
        this.field.setAttribute("role", "combobox");
        this.field.setAttribute("aria-expanded", "false");
        this.field.setAttribute("aria-controls", this.list.id);
      }
    }

    listen() {
      this.field.addEventListener("focus", () => this.vocabulary.ready());
      this.field.addEventListener("input", (event) => this.suggest(event.inputType === "insertText" ? 2 : 99));
      this.field.addEventListener("keydown", (event) => this.onKey(event));
      this.field.addEventListener("blur", () => this.close());
      this.field.addEventListener("click", () => this.close());
      // Typing at the end of a long line scrolls the text under the list.
      this.field.addEventListener("scroll", () => {
        if (!this.list.hidden) this.place();
      });
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const line = event.target.closest("[role=option]");
        if (line) this.choose(Number(line.dataset.place));
      });
    }

    onKey(event) {
      if (event.key === " " && event.ctrlKey) {
        event.preventDefault();
        this.suggest(0);
        return;
      }
      if (this.list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        this.move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && this.active >= 0) {
        event.preventDefault();
        this.choose(this.active);
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
        this.close();
      }
    }

    async suggest(least) {
      await this.vocabulary.ready();
      const before = this.field.value.slice(0, this.field.selectionStart);
      const typed = (before.match(WORD) ?? [""])[0];
      const kind = typed.length >= least ? this.kindOf(before) : "";
      this.show(kind ? this.vocabulary.offers(kind, typed) : [], typed);
    }

    show(offers, typed) {
      if (document.activeElement !== this.field || offers.length === 0) {
        this.close();
        return;
      }
      this.offers = offers;
      this.typed = typed;
      this.active = -1;
      this.field.removeAttribute("aria-activedescendant");
      this.list.replaceChildren(...offers.map((offer, place) => this.line(offer, place)));
      this.list.hidden = false;
      if (this.field.tagName === "INPUT") this.field.setAttribute("aria-expanded", "true");
      else this.field.setAttribute("aria-controls", this.list.id);
      this.place();
      this.status.textContent = offers.length === 1 ? "1 name fits." : `${offers.length} names fit.`;
    }

    line({ word, note }, place) {
      const line = document.createElement("li");
      line.id = `${this.list.id}-${place}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.dataset.place = String(place);
      const code = document.createElement("code");
      code.textContent = word;
      const said = document.createElement("span");
      said.textContent = note;
      line.append(code, " ", said);
      return line;
    }

    /* Under the caret; the text does not wrap and its letters are of one width. */
    place() {
      if (this.field.tagName === "INPUT") return;
      const style = getComputedStyle(this.field);
      const before = this.field.value.slice(0, this.field.selectionStart - this.typed.length).split("\n");
      const pen = document.createElement("canvas").getContext("2d");
      pen.font = `${style.fontSize} ${style.fontFamily}`;
      const wide = pen.measureText("0".repeat(100)).width / 100;
      const high = parseFloat(style.lineHeight);
      const x = parseFloat(style.paddingLeft) + before[before.length - 1].length * wide - this.field.scrollLeft;
      const y = parseFloat(style.paddingTop) + before.length * high - this.field.scrollTop;
      const room = this.field.clientWidth - this.list.offsetWidth;
      this.list.style.left = `${this.field.offsetLeft + Math.max(0, Math.min(x, room))}px`;
      // Above the line where there is no room below it in the window.
      const below = this.field.getBoundingClientRect().top + y + 4 + this.list.offsetHeight;
      const top = below > window.innerHeight ? y - high - this.list.offsetHeight : y + 4;
      this.list.style.top = `${this.field.offsetTop + top}px`;
    }

    move(by) {
      const count = this.offers.length;
      this.active = this.active < 0 ? (by > 0 ? 0 : count - 1) : (this.active + by + count) % count;
      [...this.list.children].forEach((line, place) => {
        line.setAttribute("aria-selected", String(place === this.active));
        if (place === this.active) {
          this.field.setAttribute("aria-activedescendant", line.id);
          line.scrollIntoView({ block: "nearest" });
        }
      });
    }

    choose(place) {
      const { word, written } = this.offers[place];
      const stop = this.field.selectionStart;
      this.close();
      write(this.field, stop - this.typed.length, stop, written);
      this.status.textContent = `${word} is written.`;
    }

    close() {
      if (this.list.hidden) return;
      this.list.hidden = true;
      this.active = -1;
      this.status.textContent = "";
      this.field.removeAttribute("aria-activedescendant");
      if (this.field.tagName === "INPUT") this.field.setAttribute("aria-expanded", "false");
      else this.field.removeAttribute("aria-controls");
    }
  }

  /* Writes over a part of a field so that the browser's undo takes it back. */
  function write(field, start, stop, text) {
    field.focus();
    field.setSelectionRange(start, stop);
    const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (!done) {
      field.setRangeText(text, start, stop, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  window.planCompletion = { Vocabulary, Completion, kindAt, write };
})();
