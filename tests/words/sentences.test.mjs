// What every sentence is in every language, as Fluent's own implementation says it. The worker compiles the same files by itself and is held
// to the same fixture (`edge/src/words.rs`). LEEWAY_WRITE=1 writes it anew; it is also what a translator reads.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { keyOf, speaker } from "../../locales/speak.mjs";

const LANGUAGES = ["en", "pl", "de"];
const FILES = ["rules", "pages", "pay"];
/** Of each form in which a language counts, and where they change. */
const COUNTS = [0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 101, 112];
const FIXTURE = new URL("../fixtures/sentences.json", import.meta.url);

const read = (language, name) => readFileSync(new URL(`../../locales/${language}/${name}.ftl`, import.meta.url), "utf8");
const texts = (language, names) => names.map((name) => read(language, name)).join("\n");

/** The sources of a file's sentences, by key. */
const sources = (text) => new Map(text.split(/^(?=[a-z][\w-]* =)/m).map((entry) => [entry.match(/^[\w-]+/)?.[0], entry]).filter(([key]) => key));

/** Every sentence with its facts named in guillemets, and counted ones once for each count. */
function said(language) {
  const text = texts(language, FILES);
  const bundle = new FluentBundle(language, { useIsolating: false });
  assert.deepEqual(bundle.addResource(new FluentResource(text)), []);
  return [...sources(text)].map(([key, source]) => {
    const names = [...source.matchAll(/\{ \$(\w+)/g)].map(([, name]) => name);
    const by = source.match(/\{ \$(\w+) ->/)?.[1];
    const say = (count) => {
      const facts = Object.fromEntries(names.map((name) => [name, name === by ? count : `‹${name}›`]));
      const errors = [];
      const told = bundle.formatPattern(bundle.getMessage(key).value, facts, errors);
      assert.deepEqual(errors, [], `${language}: ${key}`);
      return told;
    };
    return [key, by ? Object.fromEntries(COUNTS.map((count) => [count, say(count)])) : say()];
  });
}

test("every sentence in every language", () => {
  const all = LANGUAGES.map((language) => new Map(said(language)));
  const keys = [...all[0].keys()].sort();
  const rows = keys.map((key) => [key, Object.fromEntries(LANGUAGES.map((language, at) => [language, all[at].get(key)]))]);
  const text = `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`;
  if (process.env.LEEWAY_WRITE) writeFileSync(FIXTURE, text);
  assert.equal(text, readFileSync(FIXTURE, "utf8"), "LEEWAY_WRITE=1 writes it anew; read it before it goes in");
});

test("every file has the same keys and facts in every language", () => {
  for (const name of [...FILES, "package"]) {
    const facts = (source) => [...new Set([...source.matchAll(/\$(\w+)/g)].map(([, fact]) => fact))].sort();
    const shape = (language) => [...sources(read(language, name))].map(([key, source]) => [key, facts(source)]).sort();
    for (const language of LANGUAGES) assert.deepEqual(shape(language), shape("en"), `${language}/${name}.ftl`);
  }
});

const eur = (amount) => ({ amount, currency: "EUR" });
const AT = "2026-07-09T20:00:00.000Z";
/** One of each code that the core explains with. */
const EXPLAINED = [
  ["fee", "kept_lines", {}],
  ["fee", "percent", { percent: "12.5", of: eur("76.65") }],
  ["fee", "fixed", {}],
  ["fee", "per_participant", { each: eur("1.25"), participants: 3 }],
  ["fee", "minimum", { min: eur("9.00") }],
  ["fee", "maximum", { max: eur("9.00") }],
  ["fee", "price_cap", { price: eur("9.00") }],
  ["fee", "already_charged", {}],
  ["fee", "not_below_zero", {}],
  ["reason", "window_applies", { item: "i", window: "half", until: AT }],
  ["reason", "item_stays", { item: "i", limit: AT }],
  ["reason", "item_stays", { item: "i", limit: null }],
  ["reason", "no_fee", {}],
  ["reason", "overridden", { window: null, fee: eur("1.00"), by_policy: eur("2.00"), why: "illness" }],
  ["reason", "group_price_lost", { item: "i", amount: eur("30.00"), at_least: 4, otherwise: eur("40.00"), tickets: 3, with_group: eur("90.00"), before: eur("0.00") }],
  ["reason", "group_price_lost", { item: "i", amount: eur("-10.00"), at_least: 4, otherwise: eur("40.00"), tickets: 2, with_group: eur("60.00"), before: eur("30.00") }],
  ["reason", "shortfall_waived", { amount: eur("1.00") }],
  ["reason", "shortfall_billed", { amount: eur("1.00") }],
  ["reason", "gateway_fee_kept", { amount: eur("1.00"), took: eur("1.00"), received: eur("9.00"), gone: eur("9.00"), kept_before: eur("0.00") }],
  ["reason", "price_changes", { item: "i", old: eur("1.00"), new: eur("2.00") }],
  ["reason", "difference_kept", { item: "i", window: "half", percent: "50", max: null, amount: eur("1.00") }],
  ["reason", "difference_kept", { item: "i", window: null, percent: null, max: null, amount: eur("1.00") }],
  ...["original", "new"].flatMap((limits) => [AT, null].map((cancel) => ["reason", "limits_after", { item: "i", limits, cancel }])),
  ["reason", "voucher_bonus", { percent: "10", of: eur("75.00"), bonus: eur("7.50"), expires_at: AT }],
  ...["automatic", "approval", "never"].map((mode) => ["reason", "refund_mode", { mode }]),
  ["reason", "refund_by_hand", { amount: eur("1.00") }],
  ["next", "price", { after: AT, fee: eur("1.00"), refund: eur("2.00") }],
  ["next", "closed", { after: AT }],
];

for (const language of LANGUAGES)
  test(`whatever the rules say has a sentence in ${language}`, () => {
    const say = speaker(language, new FluentResource(texts(language, ["rules", "names", "package"])));
    const around = { operator: "Harbor Tours", service: "Harbor walk", zone: "Europe/Zagreb" };
    const refusals = JSON.parse(readFileSync(new URL("../fixtures/refusals.json", import.meta.url), "utf8"));
    const all = [...EXPLAINED, ...refusals.map(({ refusal }) => ["refusal", refusal.code, refusal.params])];
    for (const [group, code, params] of all) {
      const told = say(keyOf(say, group, { code, params }), { ...around, ...params });
      assert.match(told, /^\S.*\S$/, code);
      assert.doesNotMatch(told, /undefined|null|NaN|\[object|[{}]/, code);
    }
  });
