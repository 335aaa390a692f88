// What messages say: each kind in each language as it would be sent, operators' own templates, and what a template cannot say.
//
// The texts lie in tests/fixtures/mails. After a change that is meant, `LEEWAY_UPDATE=1 cargo xtask test http` writes them anew; read the
// difference.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { act, ALL, BOOKING, call, operator, paid, POLICY, quote, refused } from "./client.mjs";

const FIXTURES = new URL("../fixtures/mails/", import.meta.url);
const KINDS = [
  "confirmation",
  "payment_required",
  "payment_received",
  "change",
  "canceled",
  "refund_sent",
  "refund_failed",
  "payment_link",
  "sign_in_link",
  "inquiry",
];
const LOCALES = ["en", "pl", "de"];

const preview = (key, body) => call("POST", "/v1/templates/preview", { key, body });
const door = (kind, locale) => `/v1/templates/${kind}/${locale}`;

test("every kind in every language, by a sample", async () => {
  const key = await operator("Adriatic & Co.");
  for (const locale of LOCALES) {
    mkdirSync(new URL(`${locale}/`, FIXTURES), { recursive: true });
    for (const kind of KINDS) {
      const { status, body, text } = await preview(key, { kind, locale });
      assert.equal(status, 200, text);
      assert.deepEqual(body.findings, []);
      const said = `Subject: ${body.subject}\n\n${body.text.replaceAll(process.env.LEEWAY_URL, "https://book.example.com")}`;
      const file = new URL(`${locale}/${kind}.txt`, FIXTURES);
      if (process.env.LEEWAY_UPDATE) writeFileSync(file, said);
      assert.equal(said, readFileSync(file, "utf8"), `${locale}/${kind}`);
      assert.match(body.html, new RegExp(`<html lang="${locale}">`));
      assert.doesNotMatch(body.html, /<(script|img|link|iframe)|url\(|\[[A-Z_]+\]|undefined/);
      assert.doesNotMatch(said, /\[[A-Z_]+\]|undefined/);
      assert.equal(body.html.includes("Adriatic &amp; Co."), true);
    }
  }
});

test("every kind that goes to a customer about a booking leads to it (E1)", async () => {
  const key = await operator();
  for (const kind of KINDS.slice(0, 6)) {
    const { body } = await preview(key, { kind, locale: "en" });
    assert.match(body.text, /\/b\/SAMPLE/, kind);
    assert.match(body.html, /href="[^"]*\/b\/SAMPLE"/, kind);
  }
});

test("a real cancellation explains every amount as it was then (E7)", async () => {
  const booked = await paid();
  const { participants } = booked.booking.items[0];
  const action = { type: "cancel", selection: { participants: [participants[0].id, participants[1].id] } };
  await act(booked.token, action, (await quote(booked.token, action)).body.token);
  // What comes later does not change what that message says.
  const rest = await quote(booked.token, ALL, { at: "2026-08-01T12:00:00Z" });
  await act(booked.token, ALL, rest.body.token, { at: "2026-08-01T12:00:00Z" });
  const { body } = await preview(booked.key, { kind: "canceled", locale: "en", booking: booked.id });
  assert.match(body.text, /Maja: €33\.33/);
  assert.match(body.text, /80% of €109\.98: €87\.98\n- Already charged for an earlier cancellation: -€38\.33\n- Waived, since less has been paid: -€16\.32\nYou are charged: €33\.33/);
  const received = await preview(booked.key, { kind: "payment_received", locale: "de", booking: booked.id });
  assert.match(received.body.text, /109,98\s€/);
  refused(await preview(booked.key, { kind: "change", locale: "en", booking: booked.id }), 422, "malformed", "booking");
  refused(await preview(await operator(), { kind: "canceled", locale: "en", booking: booked.id }), 404, "booking_unknown", "booking");
});

test("a move explains its fee step by step, as its review did (E7)", async () => {
  const policy = { ...POLICY, rebook: { hours: 24 }, moves: { fee: { percent: "10", max: { amount: "9.00", currency: "EUR" } } } };
  const booked = await paid(BOOKING, policy);
  const slot = { service: BOOKING.items[0].service, starts_at: "2026-08-20T08:00:00Z", ends_at: "2026-08-20T11:00:00Z", zone: "Europe/Zagreb", capacity: 9, policy: "half" };
  const [to] = (await call("POST", "/v1/slots", { key: booked.key, body: { slots: [{ ...slot, prices: [{ kind: "ticket", price: { amount: "35.00", currency: "EUR" } }] }] } })).body.slots;
  const action = { type: "rebook", moves: [{ item: booked.booking.items[0].id, slot: to.id }] };
  const quoted = await quote(booked.token, action);
  assert.equal(quoted.body.fee.amount, "9.00", quoted.text);
  assert.equal((await act(booked.token, action, quoted.body.token)).status, 201);
  const { body } = await preview(booked.key, { kind: "change", locale: "en", booking: booked.id });
  const steps = body.text.split("\n").filter((line) => line.startsWith("- Fee for moving: "));
  assert.equal(steps.length, quoted.body.fees[0].lines.length, body.text);
  assert.match(steps[0], /10% of €\d+\.\d\d: €\d+\.\d\d$/);
  assert.match(steps[1], /Lowered to the maximum of €9\.00: -€/);
});

test("whoever is given a voucher gets its code, which pays", async () => {
  const booked = await paid(BOOKING, { ...POLICY, voucher: { bonus: "10", bonus_valid_days: 30 } });
  const action = { ...ALL, refund_to: "voucher" };
  const done = await act(booked.token, action, (await quote(booked.token, action)).body.token);
  assert.equal(done.status, 201, done.text);
  for (const [locale, said] of [["en", "Voucher code: "], ["pl", "Kod vouchera: "], ["de", "Gutscheincode: "]]) {
    const { body } = await preview(booked.key, { kind: "canceled", locale, booking: booked.id });
    const code = body.text.match(new RegExp(`${said}(\\S+)`))?.[1];
    assert.ok(code, body.text);
    assert.ok(body.html.includes(code));
    assert.equal((await call("GET", `/v1/vouchers/${code}`, { key: booked.key })).status, 200);
  }
  const english = (await preview(booked.key, { kind: "canceled", locale: "en", booking: booked.id })).body.text;
  assert.match(english, /The voucher is worth €60\.49\.\n€5\.50 of it is a bonus, which can be used until Wed, 1 Jul 2026, 14:00 \(Zagreb time\)\.\nThe rest does not expire\.\n/);
  const money = await paid();
  await act(money.token, ALL, (await quote(money.token, ALL)).body.token);
  const { body } = await preview(money.key, { kind: "canceled", locale: "en", booking: money.id });
  assert.doesNotMatch(body.text, /Voucher code/, "money has none");
});

test("the sample shows what makes a message long: every step of a fee, and a voucher's code (E7)", async () => {
  const key = await operator();
  const said = async (kind) => (await preview(key, { kind, locale: "en" })).body.text;
  assert.match(await said("canceled"), /Lines that are never refunded: .*\n- 20% of .*\n- Fixed fee: .*\nYou are charged: /);
  assert.match(await said("change"), /Fee for moving: 10% of /);
  for (const kind of ["canceled", "refund_sent"]) assert.match(await said(kind), /as a voucher.*[^]*\nVoucher code: \S+\n/);
});

test("an operator's own template holds until it is given up", async () => {
  const key = await operator();
  const own = { subject: "[REFERENCE]: see you!", body: "Hi [CUSTOMER_NAME] <b>\n\n[AMOUNTS]\n\n[BOOKING_CONTROL_URL: Your booking]" };
  const before = await call("GET", door("confirmation", "en"), { key });
  assert.deepEqual([before.status, before.body.is_own, before.body.required], [200, false, "BOOKING_CONTROL_URL"]);
  const set = await call("PUT", door("confirmation", "en"), { key, body: own });
  assert.deepEqual([set.status, set.body.is_own, set.body.subject], [200, true, own.subject]);
  const { body } = await preview(key, { kind: "confirmation", locale: "en" });
  assert.equal(body.subject, "SAMPLE-1: see you!");
  assert.match(body.html, /Hi Ana Kovač &lt;b&gt;/);
  const { templates } = (await call("GET", "/v1/templates", { key })).body;
  assert.equal(templates.length, KINDS.length * LOCALES.length);
  assert.deepEqual(templates.filter(({ is_own }) => is_own).map(({ kind, locale }) => [kind, locale]), [["confirmation", "en"]]);
  const given_up = await call("DELETE", door("confirmation", "en"), { key });
  assert.deepEqual(given_up.body, before.body);
});

test("a template that cannot be meant is refused, and says why", async () => {
  const key = await operator();
  const put = (body) => call("PUT", door("canceled", "pl"), { key, body });
  const link = "\n\n[BOOKING_CONTROL_URL]";
  for (const [subject, body, path, finding] of [
    ["x", `[CUSTMER_NAME]${link}`, "body", { code: "unknown_variable", field: "body", variable: "CUSTMER_NAME", nearest: "CUSTOMER_NAME" }],
    ["x", `[QWERTY_ASDF]${link}`, "body", { code: "unknown_variable", field: "body", variable: "QWERTY_ASDF", nearest: null }],
    ["x", "No link", "body", { code: "link_missing", field: "body", variable: "BOOKING_CONTROL_URL" }],
    ["[AMOUNTS]", link, "subject", { code: "block_not_alone", field: "subject", variable: "AMOUNTS" }],
    ["", link, "subject", { code: "empty", field: "subject" }],
    ["a\nBcc: b", link, "subject", { code: "control_character", field: "subject" }],
    ["x", "x".repeat(20_001), "body", { code: "too_long", field: "body", chars_max: 20_000 }],
  ]) {
    const answer = await put({ subject, body });
    refused(answer, 422, "template_not_valid", path);
    assert.deepEqual(answer.body.params, [finding]);
    const tried = await preview(key, { kind: "canceled", locale: "pl", subject, body });
    assert.deepEqual([tried.status, tried.body.findings], [200, [finding]]);
  }
  refused(await put({ subject: "x" }), 422, "malformed", "");
  refused(await put({ subject: 7, body: link }), 422, "malformed", "subject");
  refused(await call("PUT", door("canceled", "fr"), { key, body: { subject: "x", body: link } }), 404, "not_found");
  refused(await call("GET", door("invoice", "en"), { key }), 404, "not_found");
  refused(await preview(key, { kind: "invoice", locale: "en" }), 422, "malformed", "kind");
  refused(await preview(key, { kind: "change", locale: "fr" }), 422, "malformed", "locale");
  refused(await call("GET", "/v1/templates"), 401, "unauthorized");
  refused(await put({ subject: "x", body: "x".repeat(100_000) }), 413, "too_large");
});
