// Measures what a quote costs in the browser package under Node: `node tests/hosts/quote_us.mjs`.
//
// The same booking and question as core/examples/quote_us.rs. A call takes plain objects and answers one, so most of it is reading the
// booking; what that part costs is what a `balance`, which hardly works anything out, takes. Printed are medians of batches.

import { readFileSync } from "node:fs";
import { load } from "./package.mjs";

const BATCHES = 101;
const BATCH = 100;

const leeway = load();
const booking = JSON.parse(readFileSync(new URL("../fixtures/bench/made.json", import.meta.url), "utf8"));
const action = { type: "cancel", selection: { all: true } };
const at = "2026-11-23T12:00:00Z";

const quote_us = median_us(() => leeway.quote(booking, action, at));
const reading_us = median_us(() => leeway.balance(booking));
const rules_us = Math.max(quote_us - reading_us, 0);
console.log(`browser package: ${quote_us.toFixed(2)} µs a quote, ${rules_us.toFixed(2)} µs of it without reading the booking`);

function median_us(call) {
  if (!call().ok) throw new Error("the booking of the measurement is refused");
  for (let i = 0; i < 20 * BATCH; i += 1) call();
  const batches = Array.from({ length: BATCHES }, () => {
    const began = performance.now();
    for (let i = 0; i < BATCH; i += 1) call();
    return ((performance.now() - began) * 1000) / BATCH;
  });
  return batches.sort((a, b) => a - b)[Math.floor(BATCHES / 2)];
}
