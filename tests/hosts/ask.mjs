// Asks the browser package what a prepared vector asks, wherever it was loaded: in Node, and in a page.
//
// The package answers questions and carries nothing out, so each step comes with the booking before and after it. Its answers are compared
// with what the vector expects, and to the letter with what the native build answered.

const EVERYTHING = { all: true };

/** Answers a sentence for each difference. `leeway` is the package, loaded. */
export function run(leeway, vector) {
  const found = [];
  vector.steps.forEach((step, index) => {
    const place = `steps[${index}]`;
    try {
      ask(leeway, place, step, found);
      look(leeway, place, step, found);
    } catch (error) {
      found.push(`${place}: ${error}`);
    }
  });
  return found;
}

/** The action's quote. */
function ask(leeway, place, { question, before, then }, found) {
  if (question === null) return;
  const { action, offers, at, actor, native } = question;
  const answer = leeway.quote(before, action, at, actor, offers);
  identical(`${place}.quote`, native, answer, found);
  if (then.refusal !== null) differences(`${place}.refusal`, then.refusal, answer.refusal, found);
  else if (!answer.ok) found.push(`${place}: refused: ${JSON.stringify(answer.refusal)}`);
  else if (then.quote !== null) differences(`${place}.quote`, then.quote, answer.value, found);
}

/** What can be seen after the step. */
function look(leeway, place, { at, after, then, native }, found) {
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
