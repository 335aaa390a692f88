// Taking a cancellation back on the customer's page: done where it can be, and where it cannot, why, and what one can do now.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { act, ALL, AT, call, paid, quote, version } from "./client.mjs";

const SENTENCES = JSON.parse(readFileSync(new URL("../fixtures/sentences.json", import.meta.url), "utf8"));
/** How long a refund waits unless its operator says otherwise. */
const DELAY_MS = 60_000;
const after = (ms) => new Date(Date.parse(AT) + ms).toISOString();

const undo = (token, command, { language = "en", at } = {}) =>
  call("POST", `/b/${token}/undo?lang=${language}`, { at, body: `command=${command}`, headers: { "content-type": "application/x-www-form-urlencoded" } });

/** Cancels as the customer; answers the receipt. */
async function canceled({ token }, action = ALL) {
  const quoted = await quote(token, action);
  const done = await act(token, action, quoted.body.token);
  assert.equal(done.status, 201, done.text);
  return done.body;
}

const plain = (html) => html.replace(/<[^>]+>/g, "").replaceAll("&amp;", "&").replaceAll("\u00a0", " ");

/** The page says that sentence, whole, in each language, and nothing was changed. */
async function told(booked, command, { code, status = 409, at, facts = {} }) {
  const before = await version(booked);
  for (const language of ["en", "pl", "de"]) {
    const page = await undo(booked.token, command, { language, at });
    assert.deepEqual([page.status, page.type], [status, "text/html"], page.text);
    const [, said] = page.text.match(/role="alert".*?<\/strong><\/p><p>(.*?)<\/p>/) ?? [];
    const named = { operator: "Test & Co.", ...facts[language] };
    const sentence = SENTENCES[`refusal-${code}`][language].replace(/‹(\w+)›/g, (_, name) => named[name]);
    assert.equal(plain(said ?? ""), sentence, code);
  }
  assert.equal(await version(booked), before);
}

test("a cancellation is taken back on its page, once", async () => {
  const booked = await paid();
  const { id } = await canceled(booked);
  const done = await undo(booked.token, id, { language: "de", at: after(DELAY_MS) });
  assert.deepEqual([done.status, done.headers.get("location")], [303, `/b/${booked.token}?done=undone&lang=de`]);
  assert.equal((await call("GET", `/v1/bookings/${booked.id}`, { key: booked.key })).body.status, "booked");
  await told(booked, id, { code: "nothing_to_undo" });
});

test("a receipt tells until when its cancellation can be taken back, and so it is", async () => {
  const take = ({ token }, command, at) => call("POST", `/v1/control/${token}/undo`, { body: { command }, at });
  for (const [late, status] of [[0, 200], [1, 409]]) {
    const booked = await paid();
    const receipt = await canceled(booked);
    assert.equal(receipt.undo_until, after(DELAY_MS));
    const done = await take(booked, receipt.id, after(DELAY_MS + late));
    assert.equal(done.status, status, done.text);
    if (late) assert.deepEqual([done.body.code, done.body.params], ["undo_too_late", { until: receipt.undo_until }]);
  }
});

test("the same receipt tells the same again, and one of what cannot be taken back tells nothing", async () => {
  const booked = await paid();
  const quoted = await quote(booked.token, ALL);
  const [once, again] = [await act(booked.token, ALL, quoted.body.token), await act(booked.token, ALL, quoted.body.token, { at: after(5_000) })];
  assert.deepEqual([once.status, again.status], [201, 200]);
  assert.deepEqual(again.body, once.body);
  const named = await paid();
  const [{ id }] = (await call("GET", `/v1/control/${named.token}`)).body.booking.items[0].participants;
  const renamed = await canceled(named, { type: "rename", participant: id, name: "Iva" });
  assert.ok(!("undo_until" in renamed));
});

test("where a refund leaves at once, no receipt tells of taking back", async () => {
  const booked = await paid();
  const set = await call("PUT", "/v1/settings", { key: booked.key, body: { undo_delay_s: 0 } });
  assert.equal(set.status, 200, set.text);
  assert.ok(!("undo_until" in await canceled(booked)));
});

test("what was never canceled cannot be taken back", async () => {
  await told(await paid(), randomUUID(), { code: "nothing_to_undo" });
});

test("what the operator canceled the customer does not take back", async () => {
  const booked = await paid();
  const door = (name, body) => call("POST", `/v1/bookings/${booked.id}/${name}`, { key: booked.key, body });
  const quoted = await door("quotes", ALL);
  const done = await door("actions", { action: ALL, quote: quoted.body.token });
  assert.equal(done.status, 201, done.text);
  await told(booked, done.body.id, { code: "not_your_own", status: 422 });
});

test("one millisecond too late is too late, and says until when it was possible", async () => {
  const booked = await paid();
  const { id } = await canceled(booked);
  const facts = {
    en: { until: "until Mon, 1 Jun 2026, 14:01 (Zagreb time)" },
    pl: { until: "do pon., 1 cze 2026, 14:01 (czas lokalny: Zagrzeb)" },
    de: { until: "bis Mo., 1. Juni 2026, 14:01 Uhr (Ortszeit Zagreb)" },
  };
  await told(booked, id, { code: "undo_too_late", at: after(DELAY_MS + 1), facts });
});

test("a refund that somebody has sent another way is under way", async () => {
  const booked = await paid();
  const { id, refunds } = await canceled(booked);
  const sent = await call("POST", `/v1/refunds/${refunds[0].id}/route`, { key: booked.key, body: { way: "bank_transfer" } });
  assert.equal(sent.status, 200, sent.text);
  await told(booked, id, { code: "refund_under_way" });
});

test("what another cancellation has built on stays", async () => {
  const booked = await paid();
  const [one, other] = booked.booking.items[0].participants;
  const only = ({ id }) => ({ type: "cancel", selection: { items: [], participants: [id] } });
  const first = await canceled(booked, only(one));
  await canceled(booked, only(other));
  await told(booked, first.id, { code: "undo_overtaken" });
});

test("a form that names no cancellation is malformed", async () => {
  const booked = await paid();
  for (const command of ["", "x", booked.token]) assert.equal((await undo(booked.token, command)).status, 422);
  assert.equal(await version(booked), 2);
});
