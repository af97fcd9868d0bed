// Of the columns to keep besides, those that no field takes: a column that is chosen for a field
// goes, one that a field gives back comes.
"use strict";

(() => {
  const form = document.querySelector("[data-mapping]");
  if (!form) return;
  const fields = Array.from(form.querySelectorAll("select[name^='field_']"));
  const lines = Array.from(form.querySelectorAll("[data-column]"));
  const none = form.querySelector("[data-none-left]");

  const offer = () => {
    const taken = new Set(fields.map((field) => field.value));
    lines.forEach((line) => { line.hidden = taken.has(line.dataset.column); });
    none.hidden = lines.some((line) => !line.hidden);
  };

  fields.forEach((field) => field.addEventListener("change", offer));
  offer();
})();
