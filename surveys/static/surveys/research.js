/* Makes the tables of class "sortable" sort by a button in each column's head. Without this
   file the tables stand in the order in which the server wrote them. */
"use strict";

function cellValue(row, index, kind) {
  const cell = row.cells[index];
  const text = (cell.dataset.value ?? cell.textContent).trim();
  if (kind !== "number") return text.toLocaleLowerCase();
  const number = parseFloat(text.replace(/[^\d.eE+-]/g, ""));
  return Number.isNaN(number) ? -Infinity : number;
}

function compare(left, right) {
  if (typeof left === "number") return left - right;
  return left.localeCompare(right, undefined, { numeric: true });
}

function sortBy(table, head, index) {
  const ascending = head.getAttribute("aria-sort") !== "ascending";
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const kind = head.dataset.sort || "text";
  rows.sort((a, b) => compare(cellValue(a, index, kind), cellValue(b, index, kind)) * (ascending ? 1 : -1));
  body.append(...rows);
  for (const other of table.tHead.querySelectorAll("th")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
}

function makeSortable(table) {
  const heads = table.tHead.rows[table.tHead.rows.length - 1].cells;
  Array.from(heads).forEach((head, index) => {
    if (head.tagName !== "TH" || head.querySelector("a")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort-button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sortBy(table, head, index));
  });
}

document.querySelectorAll("table.sortable").forEach(makeSortable);
