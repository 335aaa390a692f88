// Stripe's form encoding: `a[b][0][c]=d` is `{ a: { b: [{ c: "d" }] } }`. Every value is text.
import { invalid } from "./errors.mjs";

const DEPTH_MAX = 10;

/** The tree that a form or a query says. */
export function parse(text) {
  const tree = {};
  for (const [name, value] of new URLSearchParams(text)) put(tree, segments(name), value, name);
  return listed(tree);
}

function segments(name) {
  const parts = name.match(/^([^[\]]+)((?:\[[^[\]]*\])*)$/);
  if (!parts) throw invalid(`Invalid parameter name: ${name}`, name);
  const path = [parts[1], ...[...parts[2].matchAll(/\[([^[\]]*)\]/g)].map(([, inner]) => inner)];
  if (path.length > DEPTH_MAX || path.includes("__proto__")) throw invalid(`Invalid parameter name: ${name}`, name);
  return path;
}

function put(node, [head, ...rest], value, name) {
  const key = head === "" ? String(Object.keys(node).length) : head;
  if (rest.length === 0) return void (node[key] = value);
  node[key] ??= {};
  if (typeof node[key] !== "object") throw invalid(`Invalid parameter: ${name}`, name);
  put(node[key], rest, value, name);
}

/** Objects whose keys are 0, 1, 2 … are lists. */
function listed(node) {
  if (typeof node !== "object") return node;
  const entries = Object.entries(node).map(([key, value]) => [key, listed(value)]);
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

/** The same parameters make the same text, in whatever order they were sent. */
export function canonical(tree) {
  if (typeof tree !== "object") return JSON.stringify(tree);
  const entries = Object.entries(tree).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(",")}}`;
}
