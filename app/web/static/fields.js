// The fields of one question, read and filled by its kind: one row a kind, the same text as the server reads.

const UNREADABLE = "?";

function inputs(question, part) {
  const item = CSS.escape(question.dataset.item);
  return [...question.querySelectorAll(`[name="${CSS.escape(part)}-${item}"]`)];
}

function field(question, part = "answer") {
  return inputs(question, part)[0];
}

function chosen(question, part = "answer") {
  return inputs(question, part)
    .filter((input) => input.checked)
    .map((input) => input.value);
}

function choose(question, values, part = "answer") {
  for (const input of inputs(question, part)) input.checked = values.includes(input.value);
}

function places(question) {
  return [...question.querySelectorAll("select.ranking-place")];
}

const RINGS = {
  read: (question) => chosen(question)[0] ?? "",
  put: (question, value) => choose(question, [value]),
};

const LINE = {
  read: (question) => field(question).value.trim(),
  put: (question, value) => {
    field(question).value = value;
  },
};

const KINDS = {
  choice: RINGS,
  rating: RINGS,
  vas: LINE,
  number: LINE,
  text: { ...LINE, read: (question) => field(question).value },
  multiple: {
    read: (question) => chosen(question).join(","),
    put: (question, value) => choose(question, value.split(",")),
  },
  date: {
    read: (question) => {
      const [day, month, year] = ["day", "month", "year"].map((part) => field(question, part).value.trim());
      if (!day && !month && !year) return "";
      if ((day && !month) || !year) return UNREADABLE;
      return [year, month.padStart(2, "0"), day.padStart(2, "0")].filter((part) => part !== "00").join("-");
    },
    put: (question, value) => {
      const [year = "", month = "", day = ""] = value.split("-");
      for (const [part, written] of Object.entries({ day, month, year })) field(question, part).value = written;
    },
  },
  ranking: {
    read: (question) => {
      const given = places(question).filter((place) => place.value);
      if (new Set(given.map((place) => place.value)).size < given.length) return UNREADABLE;
      given.sort((one, other) => Number(one.value) - Number(other.value));
      return given.map((place) => place.closest("[data-option]").dataset.option).join(",");
    },
    put: (question, value) => {
      const order = value.split(",");
      for (const place of places(question)) {
        const at = order.indexOf(place.closest("[data-option]").dataset.option);
        place.value = at < 0 ? "" : String(at + 1);
      }
    },
  },
};

// What a question says now: its text, or that it is left out on purpose.
export function said(question) {
  const [instead] = chosen(question, "beside");
  if (instead) return { value: instead, declined: instead === "declined" };
  const value = KINDS[question.dataset.kind].read(question);
  return { value, declined: value === "declined" && question.dataset.kind !== "text" };
}

// Fill the fields with what was said before.
export function put(question, { value, declined }) {
  const isInstead = inputs(question, "beside").some((input) => input.value === (declined ? "declined" : value));
  if (isInstead && (declined || question.dataset.kind === "vas")) choose(question, [declined ? "declined" : value], "beside");
  else if (value !== UNREADABLE) KINDS[question.dataset.kind].put(question, value);
  question.dispatchEvent(new CustomEvent("filled"));
}

// Wipe out the answer, because something was chosen in its stead.
export function wipe(question) {
  KINDS[question.dataset.kind].put(question, "");
  question.dispatchEvent(new CustomEvent("filled"));
}

// Whether the person did something here before this script was there to hear it: the page itself came without it.
export function isTouched(question) {
  return [...question.querySelectorAll("input, select, textarea")].some((control) => {
    if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
    if (control.options) return [...control.options].some((option) => option.selected !== option.defaultSelected);
    return control.value !== control.defaultValue;
  });
}

// Whether an answer of several fields is begun and not yet complete.
export function isHalfWay(question) {
  const { value } = said(question);
  if (value === UNREADABLE) return true;
  if (question.dataset.kind === "date") return value !== "" && !field(question, "day").value;
  if (question.dataset.kind !== "ranking" || value === "") return false;
  return value.split(",").length < Number(question.querySelector(".ranking").dataset.places);
}
