// The installed package in a page whose content policy allows WebAssembly and no other evaluation: every vector, memory, and how long it takes.

import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser } from "./browser.mjs";
import { project, root, site } from "./stage.mjs";

const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Leeway</title><script type="module" src="page.js"></script></html>`;
const SCRIPT = `
import * as leeway from "./node_modules/leeway/pkg/web.js";
import * as inline from "./node_modules/leeway/pkg/inline.js";
import { run } from "./ask.mjs";
let evaluates = true;
try {
  eval("1");
} catch {
  evaluates = false;
}
Object.assign(globalThis, { leeway, inline, run, evaluates });
document.title = "here";
`;

let chromium;
let page;
let served;
const complaints = [];
before(async () => {
  const folder = project("csp-page", { "index.html": PAGE, "page.js": SCRIPT });
  cpSync(join(root, "tests/hosts/ask.mjs"), join(folder, "ask.mjs"));
  cpSync(join(root, "web-pkg/examples/booking.json"), join(folder, "booking.json"));
  cpSync(process.env.LEEWAY_VECTORS, join(folder, "vectors.json"));
  served = await site(folder, { "content-security-policy": CSP });
  chromium = await browser();
  page = await chromium.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/favicon/.test(message.location().url) && complaints.push(message.text()));
  await page.goto(`${served.url}/`);
  await page.waitForFunction(() => document.title === "here");
});
after(async () => {
  await chromium.close();
  served.close();
});

test("the page's policy forbids evaluation, and the package needs none", async () => {
  const found = await page.evaluate(async () => {
    await leeway.init();
    return { evaluates, ok: leeway.balance(await (await fetch("booking.json")).json()).ok };
  });
  assert.deepEqual(found, { evaluates: false, ok: true });
  assert.equal(complaints.filter((text) => !/unsafe-eval|Evaluating a string|TrustedScript/.test(text)).length, 0, complaints.join("\n"));
});

test("every vector, in a page", async () => {
  const { ran, found } = await page.evaluate(async () => {
    await leeway.init();
    const vectors = await (await fetch("vectors.json")).json();
    return { ran: vectors.length, found: vectors.flatMap((vector) => run(leeway, vector).map((difference) => `${vector.file}: ${difference}`)) };
  });
  assert.deepEqual(found, []);
  assert.equal(ran, JSON.parse(readFileSync(process.env.LEEWAY_VECTORS, "utf8")).length);
  console.log(`# vectors: ran ${ran}`);
});

test("what is inline is the same package, loaded once", async () => {
  const same = await page.evaluate(async () => {
    await inline.init();
    return inline.quote === leeway.quote;
  });
  assert.ok(same);
});

test("an address that holds no rules is said, and can be mended", async () => {
  const fresh = await chromium.newPage();
  await fresh.goto(`${served.url}/`);
  await fresh.waitForFunction(() => document.title === "here");
  const said = await fresh.evaluate(async () => {
    const failed = await leeway.init("nowhere.wasm").then(() => "", (error) => error.constructor.name);
    const early = (() => { try { leeway.balance({}); } catch (error) { return error.message; } })();
    await leeway.init();
    return { failed, early };
  });
  assert.ok(said.failed, "it fails");
  assert.match(said.early, /await init\(\)/);
  await fresh.close();
});

// Wall-clock figures are printed, never judged: how fast a machine is today is no property of the code.
test("figures", async () => {
  const figures = await page.evaluate(async () => {
    const booking = await (await fetch("booking.json")).json();
    const action = { type: "cancel", selection: { all: true } };
    const at = "2026-11-22T12:00:00Z";
    await leeway.init();
    const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
    const bytes = await (await fetch("node_modules/leeway/pkg/leeway_bg.wasm")).arrayBuffer();
    const instantiate_ms = [];
    for (let round = 0; round < 9; round += 1) {
      // Another address is another module, and so an instance of its own.
      const apart = await import(`./node_modules/leeway/pkg/rules.js?round=${round}`);
      const began = performance.now();
      await apart.load(() => bytes);
      instantiate_ms.push(performance.now() - began);
    }
    const thousand = (ask) => {
      const times = [];
      for (let round = 0; round < 9; round += 1) {
        const began = performance.now();
        for (let number = 0; number < 1000; number += 1) if (!ask().ok) throw new Error("refused");
        times.push(performance.now() - began);
      }
      return median(times);
    };
    const opened = leeway.open(booking);
    return {
      instantiate_ms: median(instantiate_ms),
      open_ms: thousand(() => leeway.quote(opened, action, at)),
      plain_ms: thousand(() => leeway.quote(booking, action, at)),
    };
  });
  console.log(`# instantiate: ${figures.instantiate_ms.toFixed(1)} ms; 1,000 quotes: ${figures.open_ms.toFixed(0)} ms of an open booking, ${figures.plain_ms.toFixed(0)} ms of a plain one`);
  assert.ok(figures.open_ms > 0);
});
