// The installed package in Node: before it is loaded, what it answers, what it says, and what it costs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { run as ask } from "../hosts/ask.mjs";
import { example, root, run } from "./stage.mjs";

const AT = "2026-11-22T12:00:00Z";
const ALL = { type: "cancel", selection: { all: true } };
const booking = () => JSON.parse(readFileSync(join(root, "web-pkg/examples/booking.json"), "utf8"));
const vectors = process.env.LEEWAY_VECTORS;
if (!vectors) throw new Error("LEEWAY_VECTORS is set by `cargo xtask test package`");

let folder;
let leeway;
let words;
const locales = {};
const installed = (path) => import(pathToFileURL(join(folder, "node_modules/leeway/pkg", path)));

before(async () => {
  folder = example("node");
  leeway = await installed("node.js");
  words = await installed("words.js");
  for (const language of ["en", "pl", "de"]) locales[language] = (await installed(`locales/${language}.js`)).default;
});

test("asked too early, every door says what to do first", () => {
  // A process of its own: here it is loaded by the tests below.
  const script = `
    import * as leeway from "leeway";
    const doors = { open: 1, options: 2, quote: 3, timeline: 2, balance: 1, validate: 2 };
    for (const name of Object.keys(doors)) {
      try { leeway[name]({}, {}, {}); console.log(name, "answers"); }
      catch (error) { console.log(name, error.constructor.name, error.message); }
    }`;
  const said = run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder }).trim().split("\n");
  const helpful = "Error leeway: call `await init()` once, and wait for it, before asking anything";
  assert.deepEqual(said, ["open", "options", "quote", "timeline", "balance", "validate"].map((name) => `${name} ${helpful}`));
});

test("loading twice loads once; a failure can be mended", async () => {
  await assert.rejects(leeway.init(Promise.resolve(new Uint8Array([0, 1, 2, 3]))), WebAssembly.CompileError);
  const both = [leeway.init(), leeway.init()];
  assert.equal(both[0], both[1]);
  await Promise.all(both);
  await leeway.default();
  leeway.initSync(new Uint8Array());
  assert.ok(leeway.balance(booking()).ok);
});

test("every vector, through the tarball", async () => {
  await leeway.init();
  const all = JSON.parse(readFileSync(vectors, "utf8"));
  const found = all.flatMap((vector) => ask(leeway, vector).map((difference) => `${vector.file}: ${vector.name}: ${difference}`));
  assert.deepEqual(found, []);
  assert.ok(all.length > 200, `${all.length} vectors`);
  console.log(`# vectors: ran ${all.length}`);
});

test("an open booking answers what a plain one does, until it is freed", async () => {
  await leeway.init();
  const opened = leeway.open(booking());
  assert.deepEqual(leeway.quote(opened, ALL, AT), leeway.quote(booking(), ALL, AT));
  assert.deepEqual(leeway.options(opened, AT), leeway.options(booking(), AT));
  assert.deepEqual(leeway.timeline(opened, { all: true }), leeway.timeline(booking(), { all: true }));
  assert.deepEqual(leeway.balance(opened), leeway.balance(booking()));
  opened.free();
  opened.free();
  assert.throws(() => leeway.balance(opened), { name: "TypeError", message: "`booking` was freed" });
});

test("what is asked is always the booking as it is now", async () => {
  await leeway.init();
  const [one, other] = [booking(), booking()];
  other.payments[0].amount = { amount: "1000.00", currency: "EUR" };
  const paid = (asked) => leeway.balance(asked).value.paid.amount;
  const [low, high] = [paid(one), paid(other)];
  assert.notEqual(low, high);
  assert.deepEqual([paid(one), paid(other), paid(booking())], [low, high, low]);
  const opened = leeway.open(one);
  Object.assign(one, other);
  assert.deepEqual([paid(one), paid(opened)], [high, low]);
  let times = 0;
  const unsteady = { ...booking(), toJSON: () => ((times += 1) % 2 ? other : booking()) };
  assert.deepEqual([1, 2, 3, 4].map(() => paid(unsteady)), [high, low, high, low]);
});

/** Everything that could be changed in a value without its holder's noticing, each as a function that makes the change in a fresh one. */
function changes(value, path = []) {
  const at = (root) => path.reduce((inner, key) => inner[key], root);
  const inner = Object.keys(value).flatMap((key) => {
    const put = (made) => (root) => void (at(root)[key] = made(at(root)[key]));
    const deep = typeof value[key] === "object" && value[key] !== null ? changes(value[key], [...path, key]) : [];
    const define = (made) => (root) => void Object.defineProperty(at(root), key, { configurable: true, ...made(at(root)[key]) });
    return [
      put(() => null),
      put(() => undefined),
      put((old) => (typeof old === "string" ? `${old}1` : old)),
      put((old) => (typeof old === "number" ? old + 1 : old)),
      put((old) => (typeof old === "object" ? Object.assign(Object.create({ toJSON: () => null }), old) : Object(old))),
      put((old) => ({ toJSON: () => old })),
      put(() => () => 1),
      (root) => void delete at(root)[key],
      (root) => void (at(root)[`${key}_`] = at(root)[key]),
      (root) => ((at(root)[`${key}_`] = undefined), delete at(root)[key]),
      define((old) => ({ value: old, enumerable: false })),
      define((old) => ({ get: () => old, enumerable: true })),
      define(() => ({ get: () => { throw new RangeError("no"); }, enumerable: true })),
      ...deep,
    ];
  });
  const parent = (root) => path.slice(0, -1).reduce((inner, key) => inner[key], root);
  const inherited = (root) => void (parent(root)[path.at(-1)] = Object.create(at(root)));
  return path.length ? [...inner, inherited] : inner;
}

test("however a booking was changed, it is never taken for the one before", async () => {
  await leeway.init();
  const told = (ask) => {
    try {
      return ask();
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  };
  const plain = booking();
  let differ = 0;
  for (const change of changes(booking())) {
    // Twice, so that it is known by its looks.
    for (let time = 0; time < 2; time += 1) leeway.quote(plain, ALL, AT);
    const changed = booking();
    change(changed);
    const asked = told(() => leeway.quote(changed, ALL, AT));
    const read = told(() => leeway.quote(leeway.open(changed), ALL, AT));
    assert.deepEqual(asked, read, String(change));
    differ += typeof read === "string" ? 1 : 0;
  }
  assert.ok(differ > 1_000, `${differ} were no bookings`);
});

test("10,000 bookings that differ leave the memory as it was", async () => {
  await leeway.init();
  const { instance } = await memoryOf("differ");
  const bytes = () => instance.memory.buffer.byteLength;
  const plain = booking();
  const ask = (number) => instance.balance({ ...plain, version: plain.version + number });
  for (let number = 0; number < 300; number += 1) ask(number);
  const before = bytes();
  // Each twice: one that is asked about again is kept in another way.
  for (let number = 0; number < 10_000; number += 1) ask(number >> 1);
  assert.equal(bytes(), before);
  console.log(`# memory: ${before} bytes before and after 10,000 questions about 5,000 bookings`);
});

test("validating never throws for a value", async () => {
  await leeway.init();
  const good = booking();
  assert.deepEqual(leeway.validate("booking", good), { ok: true, value: good });
  const wrong = booking();
  wrong.items[1].lines[0].price = { amount: "1.234", currency: "EUR" };
  assert.deepEqual(leeway.validate("booking", wrong), { ok: false, mistake: { path: "items[1].lines[0].price", message: "`1.234` has more digits than EUR has" } });
  const cycle = {};
  cycle.selection = cycle;
  for (const value of [undefined, null, 1, "x", Symbol("x"), () => 1, cycle, { get type() { throw new Error("no"); } }, 10n]) {
    assert.equal(leeway.validate("action", value).ok, false);
  }
});

test("10,000 malformed calls leave the memory as it was", async () => {
  await leeway.init();
  const { instance } = await memoryOf("malformed");
  const wrong = booking();
  wrong.payments[1].method = "barter";
  const cycle = {};
  cycle.items = [cycle];
  const calls = [
    () => instance.balance(wrong),
    () => instance.balance(cycle),
    () => instance.quote(booking(), { type: "cancel", selection: { particpants: [] } }, AT),
    () => instance.options(booking(), "tomorrow"),
    () => instance.timeline(undefined, undefined),
    () => instance.balance({ get id() { throw new Error("no"); } }),
  ];
  const bytes = () => instance.memory.buffer.byteLength;
  let thrown = 0;
  const call = (number) => {
    try {
      calls[number % calls.length]();
    } catch (error) {
      thrown += error instanceof TypeError ? 1 : 0;
    }
  };
  for (let number = 0; number < 300; number += 1) call(number);
  const before = bytes();
  for (let number = 0; number < 10_000; number += 1) call(number);
  assert.equal(thrown, 10_300);
  assert.equal(bytes(), before);
  console.log(`# memory: ${before} bytes before and after 10,000 malformed calls`);
});

/** The package in an instance of its own whose memory can be seen. */
async function memoryOf(name) {
  const seen = {};
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate(...args);
    seen.memory = (made.instance ?? made).exports.memory;
    return made;
  };
  try {
    // Another address is another module, and so another instance.
    const rules = await import(`${pathToFileURL(join(folder, "node_modules/leeway/pkg/rules.js"))}?${name}`);
    await rules.load(() => readFileSync(join(folder, "node_modules/leeway/pkg/leeway_bg.wasm")));
    return { instance: { ...rules, memory: seen.memory } };
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}

test("codes are told as the pages tell them", async () => {
  await leeway.init();
  const about = { operator: "Harbor Tours", booking: booking() };
  const { value } = leeway.quote(about.booking, ALL, AT);
  const lines = value.charges.flatMap((charge) => charge.lines);
  const english = words.explain(lines, locales.en, about);
  assert.equal(english.length, lines.length);
  assert.ok(english.some((said) => /^\d+(\.\d+)?% of €\d+\.\d\d$/.test(said)), english.join("; "));
  for (const locale of Object.values(locales)) {
    for (const codes of [value.explanation, lines, value.next_change]) {
      const told = words.explain(codes, locale, about);
      assert.ok(told.every((sentence) => sentence.length > 3 && !/[{}]|undefined|\dT\d/.test(sentence)), told.join("; "));
    }
  }
  const late = leeway.quote(about.booking, ALL, "2026-12-24T12:00:00Z");
  const said = (locale) => words.explain(late.refusal, locale, about)[0].replaceAll("\u00a0", " ");
  assert.equal(said(locales.en), "This could be canceled until just before Sat, 28 Nov 2026, 14:00 (Tokyo time).");
  assert.equal(said(locales.pl), "Anulowanie było możliwe przed sob., 28 lis 2026, 14:00 (czas lokalny: Tokio).");
  assert.throws(() => words.explain({ code: "switched_off", params: { verb: "cancel", item: "x" } }, locales.en), /switched_off.*\$operator/);
});

test("every refusal has a sentence in every language", () => {
  const refusals = JSON.parse(readFileSync(join(root, "tests/fixtures/refusals.json"), "utf8")).map(({ refusal }) => refusal);
  assert.ok(refusals.length > 50, `${refusals.length} refusals`);
  const about = { operator: "Harbor Tours", booking: booking() };
  for (const locale of Object.values(locales)) {
    const told = words.explain(refusals, locale, about);
    assert.ok(told.every((sentence) => sentence.length > 3 && !/[{}]|undefined/.test(sentence)), told.join("; "));
  }
});

test("all languages say the same sentences", () => {
  // Names of cities and codes are those that a language has of its own.
  const grouped = (language) => Object.entries(locales[language].body).filter(([group]) => !/^(city|code)$/.test(group));
  const keys = (language) => grouped(language).flatMap(([group, said]) => Object.keys(said).map((name) => `${group}-${name}`)).sort();
  assert.ok(keys("en").includes("refusal-too_many_moves"));
  assert.deepEqual(keys("pl"), keys("en"));
  assert.deepEqual(keys("de"), keys("en"));
});

test("amounts are written to their last digit", () => {
  const plain = (text) => text.replace(/\s/g, " ");
  assert.equal(words.formatMoney({ amount: "1234.50", currency: "EUR" }, "de-AT").replace(/\s/g, " "), "€ 1.234,50");
  assert.equal(plain(words.formatMoney({ amount: "-0.05", currency: "EUR" }, locales.en)), "-€0.05");
  assert.equal(plain(words.formatMoney({ amount: "12000", currency: "JPY" }, locales.pl)), "12 000 JPY");
  assert.equal(plain(words.formatMoney({ amount: "90071992547409.91", currency: "EUR" }, locales.de)), "90.071.992.547.409,91 €");
});

test("a page that is made on a server can import the element", () => {
  const script = `import "leeway/element/define"; console.log("imported");`;
  assert.equal(run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder }).trim(), "imported");
});
