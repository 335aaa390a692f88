// The Fluent files as the official implementation reads them, and what is said with them outside the worker.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FluentResource } from "@fluent/bundle";
import { keyOf, speaker } from "../../locales/speak.mjs";

const read = (language, name) => new FluentResource(readFileSync(new URL(`../../locales/${language}/${name}.ftl`, import.meta.url), "utf8"));
const english = speaker("en-GB", read("en", "rules"));
const eur = (amount) => ({ amount, currency: "EUR" });
const zone = "Europe/Zagreb";

test("facts are written for the reader", () => {
  assert.equal(english("fee-percent", { percent: "12.5", of: eur("76.65") }), "12.5% of €76.65");
  assert.equal(english("refusal-too_many_moves", { most: 1 }), "This cannot be moved again: it was moved once.");
  assert.equal(english("refusal-too_many_moves", { most: 1234 }), "This cannot be moved again: it was moved 1234 times.");
  const bonus = { percent: "10", of: eur("75.00"), bonus: eur("7.50"), expires_at: "2027-07-01T10:00:00.000Z" };
  assert.equal(english("reason-voucher_bonus", bonus), "Bonus of 10% on the voucher: €7.50");
  assert.equal(english("reason-overridden", { operator: "Harbor Tours", why: "{ $fee } – <b>" }), "Harbor Tours decided: { $fee } – <b>");
});

test("a last instant is told to its last digit", () => {
  const told = (limit) => english("refusal-past_limit-cancel", { limit, zone, verb: "cancel" });
  assert.equal(told("2026-07-09T20:00:00.000Z"), "This could be canceled until Thu, 9 Jul 2026, 22:00 (Zagreb time).");
  assert.equal(told("2026-07-09T20:00:01.000Z"), "This could be canceled until Thu, 9 Jul 2026, 22:00:01 (Zagreb time).");
  assert.equal(told("2026-07-09T19:59:59.999Z"), "This could be canceled until just before Thu, 9 Jul 2026, 22:00 (Zagreb time).");
  const next = (after) => english("next-closed", { after, zone, service: "Harbor walk" });
  assert.equal(next("2026-07-09T20:00:00.000Z"), "After Thu, 9 Jul 2026, 22:00 (Zagreb time), Harbor walk can no longer be canceled.");
  assert.equal(next("2026-07-09T19:59:59.999Z"), "From Thu, 9 Jul 2026, 22:00 (Zagreb time), Harbor walk can no longer be canceled.");
});

test("what is missing is an error, never a gap", () => {
  assert.throws(() => english("fee-percent", { percent: "50" }), /fee-percent.*\$of/);
  assert.throws(() => english("fee-nothing"), /no sentence `fee-nothing`/);
  assert.throws(() => english("refusal-past_limit-cancel", { limit: "2026-07-09T20:00:00.000Z" }), /needs a `zone`/);
});

test("codes of the core find their sentence", () => {
  const key = (group, code, params) => keyOf(english, group, { code, params });
  assert.equal(key("fee", "percent", { percent: "50", of: eur("1.00") }), "fee-percent");
  assert.equal(key("refusal", "past_limit", { verb: "rebook" }), "refusal-past_limit-rebook");
  assert.equal(key("refusal", "switched_off", { verb: "rebook" }), "refusal-switched_off");
  assert.equal(key("refusal", "unknown_participant", {}), "refusal-unknown");
  assert.equal(key("refusal", "refund_too_high", { most: eur("1.00") }), "refusal-other");
  assert.equal(key("reason", "limits_after", { limits: "new", cancel: "2026-07-09T20:00:00.000Z" }), "reason-limits_after-new");
  assert.equal(key("reason", "limits_after", { limits: "original", cancel: null }), "reason-limits_after-original_off");
  assert.equal(key("reason", "item_stays", { limit: null }), "reason-item_stays-off");
  assert.equal(key("reason", "difference_kept", { window: null, amount: eur("1.00") }), "reason-difference_kept-late");
  assert.equal(key("reason", "difference_kept", { window: "half", amount: eur("1.00") }), "reason-difference_kept");
  assert.equal(key("reason", "group_price_lost", { amount: eur("-1.00") }), "reason-group_price_lost-back");
  assert.equal(key("reason", "refund_mode", { mode: "approval" }), "reason-refund_mode-approval");
  assert.throws(() => key("reason", "nothing"), /no sentence/);
});
