// Measures what a quote costs in wasm without any conversion: `node tests/hosts/rules_us.mjs FOLDER`.
//
// FOLDER has web-pkg/examples/quote_us.rs as `cargo xtask bench` builds it. The same booking, question and batches as
// core/examples/quote_us.rs: the booking is read once, the loop is inside wasm. Printed is the median of many batches.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const BATCHES = 201;
const BATCH = 500;
const AT = "2026-11-23T12:00:00Z";

const folder = process.argv[2];
if (folder === undefined) throw new Error("usage: node rules_us.mjs FOLDER");
const { initSync, Question } = await import(pathToFileURL(resolve(folder, "quote_us.js")));
initSync({ module: readFileSync(resolve(folder, "quote_us_bg.wasm")) });

const question = new Question(readFileSync(new URL("../fixtures/bench/made.json", import.meta.url), "utf8"), AT);
question.ask(20 * BATCH); // Compiled with optimization from here on.
const batches = Array.from({ length: BATCHES }, batch_us).sort((a, b) => a - b);
console.log(`wasm quote: ${batches[Math.floor(BATCHES / 2)].toFixed(2)} µs`);

function batch_us() {
  const began = performance.now();
  question.ask(BATCH);
  return ((performance.now() - began) * 1000) / BATCH;
}
