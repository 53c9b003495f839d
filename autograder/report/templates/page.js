"use strict";
// Sorts tables by the columns whose headers are clicked: without this script they stay as they are.
// Numbers are the first in their cell; cells without one come last, in either direction.
const collator = new Intl.Collator(undefined, { numeric: true });

function keyOf(cell, numeric) {
  const text = cell ? cell.textContent.trim() : "";
  if (!numeric) return text;
  const found = text.match(/[-−]?\d+(\.\d+)?/);
  return found ? Number(found[0].replace("−", "-")) : null;
}

function sort(table, heads, column, sign) {
  const numeric = heads[column].classList.contains("num");
  const keyed = [...table.tBodies[0].rows].map((row) => [keyOf(row.cells[column], numeric), row]);
  keyed.sort(([first], [second]) => {
    if (first === null || second === null) return (first === null) - (second === null);
    return sign * (numeric ? first - second : collator.compare(first, second));
  });
  table.tBodies[0].append(...keyed.map(([, row]) => row));
}

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (head.tagName !== "TH") return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      sort(table, heads, column, order === "ascending" ? 1 : -1);
    });
  });
}
