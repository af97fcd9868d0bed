// What an open page can tell at once: questions and options that do not apply are folded away,
// and what the survey will ask about is said before the page is sent. The server decides.
(() => {
  "use strict";

  if (typeof MilieuConditions === "undefined") return;

  const YES = 3;
  const parsed = (text, fallback) => {
    try {
      return text ? JSON.parse(text) : fallback;
    } catch {
      return fallback;
    }
  };

  function attend(form) {
    const known = parsed(form.dataset.answers, {});
    const edits = parsed(form.dataset.edits, []);
    const items = [...form.querySelectorAll("[data-item]")];

    // A number as the server reads it in the plain cases; what it would have to ask about is blank.
    function number(typed) {
      const figures = typed.trim().replace(/[\s'’]/g, "").replace(/^[^\d.,+-]+|[^\d.,]+$/g, "");
      if (!/^[-+]?\d+([.,]\d+)?$/.test(figures)) return null;
      return Number(figures.replace(",", "."));
    }

    const named = (name) => [...form.elements].filter((field) => field.name === name && !field.disabled);
    const typed = (name) => named(name).find((field) => field.type !== "hidden")?.value.trim() || "";
    const chosen = (name) => named(name).filter((field) => field.checked).map((field) => field.value);

    function choice(name) {
      const fields = named(name);
      const codes = chosen(name);
      if (codes.length === 0) return null;
      return fields[0].type === "checkbox" ? codes : codes[0];
    }

    function parts(name, item) {
      const found = {};
      for (const field of item.querySelectorAll("input")) {
        if (field.disabled || !field.name.startsWith(`${name}-`)) continue;
        const [part, column] = field.name.slice(name.length + 1).split("-");
        if (part === "no") continue;
        if (field.type === "radio" || field.type === "checkbox") {
          found[part] = choice(field.name);
        } else if (column === undefined) {
          found[part] = number(field.value);
        } else {
          found[part] = { ...found[part], [column]: number(field.value) };
        }
      }
      return found;
    }

    function money(name) {
      const amount = number(typed(name));
      const unit = chosen(`${name}-unit`)[0] || "units";
      return { amount: amount === null ? null : amount * (unit === "thousands" ? 1000 : 1), unit };
    }

    function date(name) {
      const [day, month, year] = ["day", "month", "year"].map((part) => typed(`${name}-${part}`));
      if (!/^\d{4}$/.test(year) || !/^\d{1,2}$/.test(month)) return null;
      const text = `${year}-${month.padStart(2, "0")}`;
      if (named(`${name}-day`).length === 0) return text;
      return /^\d{1,2}$/.test(day) ? `${text}-${day.padStart(2, "0")}` : null;
    }

    function entry(name) {
      const field = named(name)[0];
      if (!field || field.value.trim() === "") return null;
      return "number" in field.dataset ? number(field.value) : field.value.trim();
    }

    function answer(item) {
      const { item: name, kind } = item.dataset;
      const reason = chosen(`${name}-no-answer`)[0];
      if (reason) return { missing: reason };
      if (kind === "choices") return choice(name);
      if (kind === "scale") return chosen(name).length ? Number(chosen(name)[0]) : null;
      if (kind === "money") return money(name);
      if (kind === "date") return date(name);
      if (kind === "allocation" || kind === "battery_row") return parts(name, item);
      if (kind === "lookup") return named(`${name}-code`)[0]?.value || null;
      return entry(name);
    }

    function fold(element, applies) {
      element.hidden = !applies;
      for (const field of element.querySelectorAll("input, textarea, select, button")) {
        // Each field remembers who folded it: an option within an item may stay folded.
        const folds = new Set((field.dataset.foldedBy || "").split(" ").filter(Boolean));
        if (applies) folds.delete(element.dataset.foldId);
        else folds.add(element.dataset.foldId);
        field.dataset.foldedBy = [...folds].join(" ");
        field.disabled = folds.size > 0;
      }
    }

    const folding = [...form.querySelectorAll("[data-when], [data-shown-by]")];
    folding.forEach((element, place) => { element.dataset.foldId = String(place); });
    const conditions = new Map(
      folding.filter((one) => one.dataset.when).map((one) => [one, parsed(one.dataset.when, null)]),
    );

    function applies(element, answers) {
      const tree = conditions.get(element);
      return !tree || MilieuConditions.weigh(tree, answers, []) === YES;
    }

    // In the order of the page, because a question may rest on those before it only.
    function refresh() {
      const answers = { ...known };
      for (const item of items) {
        const isAsked = applies(item, answers);
        if (conditions.has(item)) fold(item, isAsked);
        for (const option of item.querySelectorAll("[data-when]")) {
          if (option.closest("[data-item]") === item) fold(option, applies(option, answers));
        }
        for (const more of item.querySelectorAll("[data-shown-by]")) {
          const option = document.getElementById(more.dataset.shownBy);
          fold(more, option !== null && option.checked && !option.disabled);
        }
        const isFolded = item.closest("[hidden]") !== null;
        if (isAsked && !isFolded) answers[item.dataset.item] = answer(item);
      }
      return answers;
    }

    const panel = form.querySelector("[data-live-edits]");
    function say(answers) {
      if (!panel) return;
      const list = panel.querySelector("ul");
      const speaking = edits.filter((edit) => MilieuConditions.weigh(edit.when, answers, []) === YES);
      const sentences = speaking.map((edit) => edit.message);
      const shown = [...list.children].map((line) => line.textContent);
      if (sentences.join("\n") === shown.join("\n")) return;
      list.replaceChildren(
        ...sentences.map((sentence) => {
          const line = document.createElement("li");
          line.textContent = sentence;
          return line;
        }),
      );
      panel.hidden = sentences.length === 0;
    }

    // A reason for giving no answer, and an answer proper, take each other's ticks away.
    // What was typed stays: the server asks which of the two is meant.
    form.addEventListener("change", ({ target }) => {
      const item = target.closest("[data-item]");
      const reasons = item && item.querySelector(":scope [data-missing]");
      if (!reasons || target.closest("[data-item]") !== item) return;
      const isReason = reasons.contains(target);
      for (const field of item.querySelectorAll("input[type=radio], input[type=checkbox]")) {
        if (reasons.contains(field) !== isReason && (target.checked || target.value)) {
          field.checked = false;
        }
      }
    });
    form.addEventListener("change", () => say(refresh()));
    form.addEventListener("input", refresh);
    window.addEventListener("pageshow", refresh);
    refresh();
  }

  for (const form of document.querySelectorAll("[data-page-form]")) attend(form);
})();
