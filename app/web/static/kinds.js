// What a script adds to the fields of a question. Without it every question can be answered all the same.

import { wipe } from "./fields.js";

const CM_PER_PX = 2.54 / 96;

function tell(field) {
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// An option that excludes the others takes them away, and they take it away; the server decides in the end.
function keepExclusive(question, changed) {
  if (!changed.checked || !changed.matches('[name^="answer-"]')) return;
  for (const other of question.querySelectorAll('[name^="answer-"]:checked')) {
    const isExclusive = changed.hasAttribute("data-exclusive") || other.hasAttribute("data-exclusive");
    if (other !== changed && isExclusive) other.checked = false;
  }
}

// To answer takes "I prefer not to answer" away, and to choose that wipes out the answer.
function keepOneOfTheTwo(question, changed) {
  const beside = [...question.querySelectorAll('[name^="beside-"]')];
  const isBeside = beside.includes(changed);
  if (isBeside && changed.checked) wipe(question);
  if (isBeside && !changed.checked) return;
  for (const box of beside) if (box !== changed && (isBeside || changed.value)) box.checked = false;
}

// The line: nothing is marked until it is touched or a key moves along it.
function line(question) {
  // Whoever copies a line from paper has measured it: a number it stays.
  if (question.querySelector("[data-by-number]")) return;
  const number = question.querySelector(".vas-number input");
  const whole = question.querySelector(".vas-line");
  const range = question.querySelector(".vas-range");
  const words = question.querySelector(".vas").dataset;
  const state = question.querySelector('[data-says="mark"]');
  const length = question.querySelector('[data-says="length"]');
  const show = () => {
    const isMarked = /^-?\d+$/.test(number.value) && Number(number.value) >= Number(range.min);
    range.classList.toggle("is-unmarked", !isMarked);
    if (isMarked) range.value = number.value;
    range.setAttribute("aria-valuetext", isMarked ? number.value : words.unmarked);
    state.textContent = isMarked ? words.marked : words.unmarked;
  };
  const mark = () => {
    number.value = range.value;
    show();
  };
  const measure = () => {
    const centimetres = (range.clientWidth * CM_PER_PX).toFixed(1);
    length.textContent = length.dataset.words.replace("{length}", new Intl.NumberFormat(document.documentElement.lang).format(centimetres));
  };
  whole.hidden = false;
  number.closest(".vas-number").hidden = true;
  range.id = number.id;
  number.removeAttribute("id");
  range.addEventListener("input", mark);
  // A press that does not move the place is a mark too: of the middle, where the line stands before it is touched.
  range.addEventListener("pointerup", () => {
    if (range.classList.contains("is-unmarked")) range.dispatchEvent(new Event("change", { bubbles: true }));
  });
  range.addEventListener("keydown", (event) => {
    if ((event.key === " " || event.key === "Enter") && range.classList.contains("is-unmarked")) {
      event.preventDefault();
      tell(range);
    }
  });
  range.addEventListener("change", mark, { capture: true });
  question.addEventListener("filled", show);
  new ResizeObserver(measure).observe(range);
  show();
}

// How many characters are left; nothing is cut off.
function letters(question) {
  const box = question.querySelector(".words");
  const field = box.querySelector(".input");
  const shown = box.querySelector(".characters");
  const count = () => {
    const left = Number(box.dataset.most) - [...field.value.replace(/\r\n?/g, "\n").trim()].length;
    shown.querySelector('[data-says="which"]').textContent = left < 0 ? box.dataset.over : box.dataset.left;
    shown.querySelector('[data-says="count"]').textContent = String(Math.abs(left));
    shown.classList.toggle("is-over", left < 0);
  };
  shown.hidden = false;
  field.addEventListener("input", count);
  question.addEventListener("filled", count);
  count();
}

// Buttons that move a line up and down; the lists of places beside them stay and say the same.
function ranking(question) {
  const list = question.querySelector(".ranking");
  const rows = [...list.querySelectorAll(".ranking-row")];
  const said = question.querySelector('[data-says="moved"]');
  const most = Number(list.dataset.places);
  const placeOf = (row) => row.querySelector("select");
  const ranked = () => rows.filter((row) => placeOf(row).value).sort((one, other) => placeOf(one).value - placeOf(other).value);
  const arrange = () => list.append(...ranked(), ...rows.filter((row) => !placeOf(row).value));
  const moved = (order, row, by) => {
    const at = order.indexOf(row);
    if (at < 0) return by < 0 ? [...order.slice(0, most - 1), row] : order;
    const rest = order.filter((one) => one !== row);
    // Down from the last place: without a place again.
    return by > 0 && at === order.length - 1 ? rest : [...rest.slice(0, Math.max(0, at + by)), row, ...rest.slice(Math.max(0, at + by))];
  };
  for (const row of rows) {
    row.querySelector(".ranking-moves").hidden = false;
    for (const button of row.querySelectorAll("[data-move]")) {
      button.addEventListener("click", () => {
        const order = moved(ranked(), row, Number(button.dataset.move));
        for (const one of rows) placeOf(one).value = order.includes(one) ? String(order.indexOf(one) + 1) : "";
        arrange();
        button.focus();
        const place = placeOf(row).value;
        const words = place ? list.dataset.placed : list.dataset.unplaced;
        said.textContent = words.replace("{option}", row.querySelector("label").textContent).replace("{place}", place);
        tell(placeOf(row));
      });
    }
  }
  question.addEventListener("filled", arrange);
  arrange();
}

// The picture shows what is chosen in the list, and a touch on it chooses there.
function picture(question) {
  const drawing = question.querySelector(".body-picture");
  if (!drawing) return;
  const show = () => {
    for (const region of drawing.querySelectorAll("[data-for]")) {
      region.classList.toggle("is-chosen", document.getElementById(region.dataset.for).checked);
    }
  };
  drawing.addEventListener("click", (event) => document.getElementById(event.target.dataset?.for ?? "")?.click());
  question.addEventListener("change", show);
  question.addEventListener("filled", show);
  drawing.classList.add("is-live");
  show();
}

const ADDED = { vas: line, text: letters, ranking, multiple: picture };

for (const question of document.querySelectorAll("form.questionnaire [data-item]")) {
  question.addEventListener("change", (event) => {
    keepExclusive(question, event.target);
    keepOneOfTheTwo(question, event.target);
  });
  question.addEventListener("input", (event) => {
    if (event.target.matches("[type=text], textarea") && event.target.value) keepOneOfTheTwo(question, event.target);
  });
  ADDED[question.dataset.kind]?.(question);
}
