// Reads lines of JSON {questionnaire, response}, evaluates every SDC expression of the questionnaire over the response
// with fhirpath.js, and prints for each line the scores by linkId and the linkIds of the enabled questions.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.argv[2] + "/"));
const fhirpath = require("fhirpath");
const model = require("fhirpath/fhir-context/r4");
const SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";
const VARIABLE = "http://hl7.org/fhir/StructureDefinition/variable";
const found = (element, url) => (element.extension ?? []).filter((one) => one.url === url);
const compiled = new Map();
function evaluate(expression, response, variables) {
  if (!compiled.has(expression)) compiled.set(expression, fhirpath.compile(expression, model));
  return compiled.get(expression)(response, { ...variables, resource: response });
}

function answersOf(response) {
  const answers = new Map();
  const walk = (items) => { for (const item of items ?? []) { if (item.answer) answers.set(item.linkId, item.answer); walk(item.item); } };
  walk(response.item);
  return answers;
}

// enableWhen as the specification of R4 defines it; not an oracle of ours but of the standard's text.
function rowHolds(row, answers) {
  const given = (answers.get(row.question) ?? []).map((one) => Object.entries(one).find(([key]) => key.startsWith("value"))[1]);
  const [, wanted] = Object.entries(row).find(([key]) => key.startsWith("answer"));
  if (row.operator === "exists") return (given.length > 0) === wanted;
  const plain = (one) => (one !== null && typeof one === "object" ? one.system + "|" + one.code : one);
  const compare = { "=": (a, b) => a === b, ">": (a, b) => a > b, "<": (a, b) => a < b, ">=": (a, b) => a >= b, "<=": (a, b) => a <= b };
  return given.some((one) => compare[row.operator](plain(one), plain(wanted)));
}

function isEnabled(item, response, variables, answers) {
  const [path] = found(item, SDC + "enableWhenExpression");
  if (path) { const [value] = evaluate(path.valueExpression.expression, response, variables); return value === true; }
  if (!item.enableWhen) return true;
  const rows = item.enableWhen.map((row) => rowHolds(row, answers));
  return item.enableBehavior === "all" ? rows.every(Boolean) : rows.some(Boolean);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { questionnaire, response } = JSON.parse(line);
  const variables = {};
  for (const one of found(questionnaire, VARIABLE)) {
    const { name, expression } = one.valueExpression;
    variables[name] = evaluate(expression, response, variables);
  }
  const answers = answersOf(response), scores = {}, enabled = [];
  const walk = (items, open) => {
    for (const item of items ?? []) {
      const [path] = found(item, SDC + "calculatedExpression");
      if (path) scores[item.linkId] = evaluate(path.valueExpression.expression, response, variables)[0] ?? null;
      if (path && scores[item.linkId] !== null) answers.set(item.linkId, [{ valueDecimal: Number(scores[item.linkId]) }]);
    }
    for (const item of items ?? []) {
      const isOpen = open && isEnabled(item, response, variables, answers);
      if (isOpen && item.type !== "group" && item.type !== "display") enabled.push(item.linkId);
      walk(item.item, isOpen);
    }
  };
  walk([...questionnaire.item].reverse(), true);
  const failed = found(questionnaire, "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint")
    .map((one) => Object.fromEntries(one.extension.map((part) => [part.url, part.valueString ?? part.valueId ?? part.valueCode])))
    .filter((one) => evaluate(one.expression, response, variables)[0] !== true).map((one) => one.key);
  console.log(JSON.stringify({ scores, enabled, failed }));
}
