// Small conveniences on a firm's pages. Everything here is also done, or checked, by the server.
(() => {
  "use strict";

  const focusOn = document.querySelector("[data-focus]");
  if (focusOn) focusOn.focus();

  // A link of the error summary leads to the field itself, not only to its place on the page.
  for (const link of document.querySelectorAll(".error-summary a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      (field.closest(".item") || field).scrollIntoView();
      field.focus({ preventScroll: true });
    });
  }

  // "None of these" takes the other ticks away, and the other way round.
  for (const group of document.querySelectorAll("[data-options]")) {
    const boxes = [...group.querySelectorAll("input[type=checkbox]")];
    group.addEventListener("change", ({ target }) => {
      if (!target.checked) return;
      for (const box of boxes) {
        const excludes = "exclusive" in target.dataset || "exclusive" in box.dataset;
        if (box !== target && excludes) box.checked = false;
      }
    });
  }

  // The running total of parts that must add up.
  const asNumber = (typed) => {
    const figures = typed.replace(/[\s'’%]/g, "").replace(",", ".");
    return figures === "" ? 0 : Number(figures);
  };
  for (const allocation of document.querySelectorAll("[data-allocation]")) {
    const shown = allocation.querySelector("[data-sum]");
    const hasAim = allocation.dataset.total !== "";
    const aim = Number(allocation.dataset.total);
    const add = () => {
      let sum = 0;
      for (const box of allocation.querySelectorAll("[data-number]")) sum += asNumber(box.value);
      const rounded = Math.round(sum * 100) / 100;
      const isMet = rounded === aim || ("atMost" in allocation.dataset && rounded < aim);
      shown.textContent = Number.isFinite(rounded)
        ? new Intl.NumberFormat(document.documentElement.lang || "en")
            .formatToParts(rounded)
            .map(({ type, value }) => (type === "group" ? "\u2009" : value))
            .join("")
        : "–";
      allocation.classList.toggle("allocation-met", hasAim && isMet);
    };
    allocation.addEventListener("input", add);
    add();
  }

  // Questions of a battery row that do not apply are folded away and not sent.
  for (const facet of document.querySelectorAll("[data-applies-field]")) {
    const codes = new Set(facet.dataset.appliesCodes.split(" "));
    const form = facet.closest("form");
    const refresh = () => {
      const chosen = [...form.elements].filter(
        (input) => input.name === facet.dataset.appliesField && input.checked,
      );
      const applies = chosen.length === 0 || chosen.some((input) => codes.has(input.value));
      facet.hidden = !applies;
      facet.disabled = !applies;
    };
    form.addEventListener("change", refresh);
    refresh();
  }

  // "Is this still right?" folds the question away unless the answer is to be changed.
  for (const prior of document.querySelectorAll("[data-still]")) {
    const parts = [];
    for (let next = prior.nextElementSibling; next; next = next.nextElementSibling) parts.push(next);
    const item = prior.closest(".item");
    const refresh = () => {
      const chosen = prior.querySelector("input:checked");
      const isWrong = item.classList.contains("item-wrong");
      for (const part of parts) part.hidden = !isWrong && chosen?.value !== "change";
    };
    prior.addEventListener("change", refresh);
    refresh();
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
