/* Dragging in the outline of a draft, and typing while a condition is drawn anew. Without
   this file the buttons beside a row move it, and a button draws the condition. */
"use strict";

const rowOf = (target) => (target instanceof Element ? target.closest(".outline-row") : null);
const placeOf = (row) => row.parentElement.dataset.place.split(".").map(Number);
let dragged = null;

/* Where a drop on the row would put what is dragged; null where it cannot stand. */
function dropOn(row, event) {
  if (!dragged || !row || row === dragged) return null;
  const from = placeOf(dragged);
  const onto = placeOf(row);
  const within = from.every((position, depth) => onto[depth] === position);
  if (within) return null;
  if (onto.length === from.length - 1) return { mark: "drop-into", parent: onto, position: 9999 };
  if (onto.length !== from.length) return null;
  const box = row.getBoundingClientRect();
  const after = event.clientY > box.top + box.height / 2;
  const parent = onto.slice(0, -1);
  let position = onto[onto.length - 1] + (after ? 1 : 0);
  const sameParent = parent.join(".") === from.slice(0, -1).join(".");
  if (sameParent && from[from.length - 1] < position) position -= 1;
  return { mark: after ? "drop-after" : "drop-before", parent, position };
}

function clearMarks() {
  for (const row of document.querySelectorAll(".drop-before, .drop-after, .drop-into")) {
    row.classList.remove("drop-before", "drop-after", "drop-into");
  }
}

document.addEventListener("dragstart", (event) => {
  dragged = rowOf(event.target);
  if (!dragged) return;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.parentElement.dataset.place);
});

document.addEventListener("dragover", (event) => {
  const row = rowOf(event.target);
  const drop = dropOn(row, event);
  clearMarks();
  if (!drop) return;
  event.preventDefault();
  row.classList.add(drop.mark);
});

document.addEventListener("drop", (event) => {
  const drop = dropOn(rowOf(event.target), event);
  const form = document.getElementById("drag-form");
  if (!drop || !form) return;
  event.preventDefault();
  form.elements.op.value = `move@${placeOf(dragged).join(".")}`;
  form.elements.to.value = drop.parent.join(".");
  form.elements.position.value = drop.position;
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  if (dragged) dragged.classList.remove("dragged");
  dragged = null;
  clearMarks();
});

/* What is typed while the answer of the server is on its way stays in its field. */
let typing = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const field = document.activeElement;
  const inside = event.detail.target.id === "condition" && event.detail.target.contains(field);
  typing = inside && field.id && field.matches("input[type=text], textarea") ? { id: field.id, value: field.value } : null;
});

document.addEventListener("htmx:afterSettle", () => {
  const field = typing && document.getElementById(typing.id);
  if (field && field.value !== typing.value) {
    field.value = typing.value;
    field.addEventListener("blur", () => field.dispatchEvent(new Event("change", { bubbles: true })), { once: true });
  }
  typing = null;
});

/* A construct that is chosen brings its fields: as the button below the rows does. */
document.addEventListener("change", (event) => {
  const select = event.target instanceof Element ? event.target.closest("[data-redraws]") : null;
  const button = select && document.getElementById(select.dataset.redraws);
  if (button) button.click(); // requestSubmit would not tell htmx which button it was
});

/* A button of a row draws the form anew: the page and the outline stay where they were. */
let stood = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "main") return;
  const cause = event.detail.requestConfig.triggeringEvent;
  const pressed = cause && cause.submitter;
  const stays = pressed && (pressed.name === "_table" || pressed.name === "_condition");
  const outline = document.querySelector(".editor-outline");
  stood = { top: stays ? window.scrollY : null, outline: outline ? outline.scrollTop : 0 };
});

document.addEventListener("htmx:afterSettle", () => {
  if (!stood) return;
  const outline = document.querySelector(".editor-outline");
  if (outline) outline.scrollTop = stood.outline;
  if (stood.top !== null) window.scrollTo(0, stood.top);
  stood = null;
});

/* The outline opens where the author is. */
function showCurrentRow() {
  const outline = document.querySelector(".editor-outline");
  const row = outline && outline.querySelector(".outline-current");
  if (!row || outline.scrollHeight <= outline.clientHeight) return;
  const above = row.getBoundingClientRect().top - outline.getBoundingClientRect().top;
  if (above < 0 || above > outline.clientHeight - row.offsetHeight) outline.scrollTop += above - 80;
}

document.addEventListener("DOMContentLoaded", showCurrentRow);
document.addEventListener("htmx:afterSettle", showCurrentRow);
