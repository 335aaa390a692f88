// Runs prepared vectors on the built browser package: `node tests/hosts/node.mjs PREPARED_JSON`.
//
// The package answers questions and carries nothing out, so each step comes with the booking before and after it. Its answers are compared
// with what the vector expects, and to the letter with what the native build answered. The last line is `ran N`.

import { readFileSync } from "node:fs";
import { load } from "./package.mjs";

const EVERYTHING = { all: true };

const file = process.argv[2];
if (file === undefined) throw new Error("usage: node node.mjs PREPARED_JSON");
const vectors = JSON.parse(readFileSync(file, "utf8"));
const leeway = load();

let failed = 0;
for (const vector of vectors) {
  const found = run(vector);
  if (found.length === 0) continue;
  failed += 1;
  console.log(`${vector.file}: ${vector.name}\n    ${found.join("\n    ")}`);
}
if (failed > 0) console.log(`${failed} of ${vectors.length} vectors failed`);
console.log(`ran ${vectors.length}`);
process.exitCode = failed > 0 || vectors.length === 0 ? 1 : 0;

/** Answers a sentence for each difference. */
function run(vector) {
  const found = [];
  vector.steps.forEach((step, index) => {
    const place = `steps[${index}]`;
    try {
      ask(place, step, found);
      look(place, step, found);
    } catch (error) {
      found.push(`${place}: ${error}`);
    }
  });
  return found;
}

/** The action's quote. */
function ask(place, { question, before, then }, found) {
  if (question === null) return;
  const { action, offers, at, actor, native } = question;
  const answer = leeway.quote(before, action, at, actor, offers);
  identical(`${place}.quote`, native, answer, found);
  if (then.refusal !== null) differences(`${place}.refusal`, then.refusal, answer.refusal, found);
  else if (!answer.ok) found.push(`${place}: refused: ${JSON.stringify(answer.refusal)}`);
  else if (then.quote !== null) differences(`${place}.quote`, then.quote, answer.value, found);
}

/** What can be seen after the step. */
function look(place, { at, after, then, native }, found) {
  const seen = {
    totals: value(leeway.balance(after)),
    options: value(leeway.options(after, at)),
    timeline: value(leeway.timeline(after, EVERYTHING)),
  };
  identical(place, native, seen, found);
  for (const name of ["options", "timeline"]) {
    if (then[name] !== null) differences(`${place}.${name}`, then[name], seen[name], found);
  }
  for (const [name, expected] of Object.entries(then.totals)) {
    if (expected !== null) differences(`${place}.${name}`, expected, seen.totals[name], found);
  }
}

function value(answer) {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer.value;
}

/** What is named must be equal, what is not named may be anything; an expected null is met by what is absent. */
function differences(path, expected, actual, found) {
  if (isObject(expected) && isObject(actual)) {
    for (const [name, wanted] of Object.entries(expected)) differences(`${path}.${name}`, wanted, actual[name], found);
  } else if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    expected.forEach((wanted, index) => differences(`${path}[${index}]`, wanted, actual[index], found));
  } else if (expected !== (actual ?? null)) {
    found.push(`${path}: expected ${text(expected)}, not ${text(actual)}`);
  }
}

/** Both ways: nothing may be missing, nothing may be added. */
function identical(path, expected, actual, found) {
  const before = found.length;
  differences(`${path} (native)`, expected, actual, found);
  if (found.length === before) differences(`${path} (added)`, actual, expected, found);
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value) {
  return typeof value === "bigint" ? `${value}n` : JSON.stringify(value);
}
