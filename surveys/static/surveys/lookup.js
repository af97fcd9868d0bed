// Finding a code in a long list while typing: an editable combobox with a list (ARIA 1.2).
// The list itself is searched by the server; what is typed goes in the body of the request.
(() => {
  "use strict";

  const PAUSE = 120;

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  class Combobox {
    constructor(item) {
      this.item = item;
      this.url = item.dataset.lookup;
      this.input = item.querySelector(".lookup-box input");
      this.form = this.input.form;
      this.hits = [];
      this.active = -1;
      this.asked = 0;
      this.timer = 0;
      this.build();
      this.listen();
    }

    build() {
      const { id, name } = this.input;
      useMatches(this.item);
      this.code = this.item.querySelector(`input[type=hidden][name="${name}-code"]`);
      if (!this.code) {
        this.code = element("input", { type: "hidden", name: `${name}-code` });
        this.item.append(this.code);
      }
      this.chosenFor = this.item.querySelector(`input[type=hidden][name="${name}-for"]`);
      this.list = element("ul", {
        role: "listbox", id: `${id}-list`, class: "lookup-list", "aria-labelledby": `${id}-label`,
      });
      this.list.hidden = true;
      this.status = element("p", { role: "status", class: "lookup-status" });
      this.note = this.item.querySelector("[data-lookup-chosen]");
      if (!this.note) {
        this.note = element("p", { class: "lookup-chosen" });
        this.note.hidden = true;
      }
      this.item.querySelector(".lookup").after(this.status, this.note);
      this.input.after(this.list);
      for (const [key, value] of Object.entries({
        role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
        "aria-controls": this.list.id,
      })) this.input.setAttribute(key, value);
      const button = this.item.querySelector(".lookup-search");
      if (button) button.hidden = true;
    }

    listen() {
      this.input.addEventListener("input", () => {
        this.forget();
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.search(), PAUSE);
      });
      this.input.addEventListener("keydown", (event) => this.onKey(event));
      this.input.addEventListener("blur", () => this.close());
      // Before the box loses the focus, or the list would be gone when the button comes up.
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const line = event.target.closest("[role=option]");
        if (line) this.choose(Number(line.dataset.place));
      });
    }

    onKey(event) {
      const isOpen = !this.list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen) this.search();
        else this.move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && isOpen && this.active >= 0) {
        event.preventDefault();
        this.choose(this.active);
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault();
        this.close();
      } else if (event.key === "Tab" && isOpen && this.active >= 0) {
        this.choose(this.active);
      }
    }

    // What is typed anew is not what was chosen before.
    forget() {
      if (this.input.value === this.chosenFor.value) return;
      this.code.value = "";
      this.note.hidden = true;
    }

    async search() {
      const typed = this.input.value.trim();
      this.asked += 1;
      const number = this.asked;
      if (typed === "") return this.show([], "");
      const token = this.form.querySelector("[name=csrfmiddlewaretoken]");
      try {
        const answer = await fetch(this.url, {
          method: "POST",
          body: new URLSearchParams({ q: typed }),
          headers: { "X-CSRFToken": token ? token.value : "" },
          credentials: "same-origin",
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const { hits } = await answer.json();
        if (number === this.asked) this.show(hits, typed);
      } catch {
        if (number === this.asked) {
          this.show([], "");
          this.status.textContent =
            this.item.dataset.failed;
        }
      }
    }

    show(hits, typed) {
      this.hits = hits;
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      this.list.replaceChildren(...hits.map((hit, place) => this.line(hit, place)));
      this.list.hidden = hits.length === 0;
      this.input.setAttribute("aria-expanded", String(hits.length > 0));
      if (typed === "") this.status.textContent = "";
      else if (hits.length === 0) {
        this.status.textContent =
          this.item.dataset.none;
      } else {
        this.status.textContent = this.item.dataset.fits.replace("%s", String(hits.length));
      }
    }

    line(hit, place) {
      const label = element("span", { class: "lookup-label" }, hit.label);
      const code = element("span", { class: "option-note" }, hit.value);
      const line = element("li", {
        role: "option", id: `${this.list.id}-${place}`, "aria-selected": "false",
        "data-place": String(place), class: "lookup-line",
      }, label, " ", code);
      if (hit.within) line.append(element("span", { class: "lookup-within" }, hit.within));
      return line;
    }

    move(by) {
      const count = this.hits.length;
      if (count === 0) return;
      this.active = (this.active + by + count + (this.active < 0 && by < 0 ? 1 : 0)) % count;
      [...this.list.children].forEach((line, place) => {
        line.setAttribute("aria-selected", String(place === this.active));
        if (place === this.active) {
          this.input.setAttribute("aria-activedescendant", line.id);
          line.scrollIntoView({ block: "nearest" });
        }
      });
    }

    choose(place) {
      const hit = this.hits[place];
      this.input.value = hit.label;
      this.code.value = hit.value;
      this.chosenFor.value = hit.label;
      this.note.replaceChildren(
        `${this.item.dataset.chosen} `, element("strong", {}, hit.label), " ", element("span", { class: "option-note" }, hit.value),
      );
      this.note.hidden = false;
      this.close();
      this.status.textContent = "";
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    close() {
      this.list.hidden = true;
      this.active = -1;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  // Radio buttons drawn for a page without a script have the name of the code: a code chosen
  // among them stays chosen until something else is typed.
  function useMatches(item) {
    const matches = item.querySelector("[data-lookup-matches]");
    if (!matches) return;
    const input = item.querySelector(".lookup-box input");
    input.addEventListener("input", () => matches.remove(), { once: true });
    matches.addEventListener("change", ({ target }) => {
      const code = item.querySelector(`input[type=hidden][name="${input.name}-code"]`);
      if (code) code.value = target.value;
    });
    for (const radio of matches.querySelectorAll("input")) radio.name = `${input.name}-match`;
  }

  for (const item of document.querySelectorAll("[data-lookup]")) {
    if (item.dataset.lookup) new Combobox(item);
  }
})();
