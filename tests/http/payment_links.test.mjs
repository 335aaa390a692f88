// Payment links where nobody takes cards: made, shown, revoked, refused; paid by hand. Checkouts at a provider are in tests/money.
import assert from "node:assert/strict";
import { test } from "node:test";
import { act, ALL, AT, BOOKING, call, eur, objects, operator, paid, POLICY, quote, refused, START, version } from "./client.mjs";

const form = (fields) => ({ body: new URLSearchParams(fields).toString(), headers: { "content-type": "application/x-www-form-urlencoded" } });
const links = (booked, body, more) => call("POST", `/v1/bookings/${booked.id}/payment-links`, { key: booked.key, body, ...more });
const tokenOf = (url) => url.split("/p/")[1];

async function link(booked, ask = { type: "balance" }, more = {}) {
  const made = await links(booked, { ask, ...more });
  assert.equal(made.status, 201, made.text);
  return { ...made.body, token: tokenOf(made.body.url) };
}

/** 59.98 of 109.98 are due. */
const owing = () => paid(BOOKING, POLICY, "50.00");

test("a link shows its bill as it is now, and nothing else of the booking", async () => {
  const booked = await owing();
  const { token } = await link(booked, { type: "balance" }, { note: "For the kayaks" });
  const page = await call("GET", `/p/${token}`);
  assert.equal(page.status, 200);
  for (const shown of ["For the kayaks", "Sunset kayak tour", "59.98", "50.00"]) assert.ok(page.text.includes(shown), shown);
  for (const hidden of ["Ana", "ana@example.com", "/b/"]) assert.ok(!page.text.includes(hidden), hidden);
  await call("POST", `/v1/bookings/${booked.id}/payments`, { key: booked.key, body: { method: "cash", amount: eur("9.98") } });
  const later = await call("GET", `/p/${token}`);
  assert.ok(later.text.includes('value="50.00 EUR"'), "the form repeats what is due now");
  assert.equal((await call("HEAD", `/p/${token}`)).text, "");
  assert.equal(await version(booked), 3, "looking changes nothing");
});

test("what a link may ask for", async () => {
  const booked = await owing();
  for (const [ask, amount] of [[{ type: "due_now" }, "59.98"], [{ type: "balance" }, "59.98"], [{ type: "amount", amount: eur("20.00") }, "20.00"]]) {
    const { token } = await link(booked, ask);
    assert.ok((await call("GET", `/p/${token}`)).text.includes(`value="${amount} EUR"`), JSON.stringify(ask));
  }
  refused(await links(booked, { ask: { type: "amount", amount: eur("59.99") } }), 409, "amount_above_balance");
  refused(await links(booked, { ask: { type: "amount", amount: eur("0.00") } }), 422, "amount_not_positive");
  refused(await links(booked, { ask: { type: "fee" } }), 409, "not_canceled");
  refused(await links(await paid(), { ask: { type: "balance" } }), 409, "nothing_due");
});

test("every field that is wrong is named", async () => {
  const booked = await owing();
  const balance = { type: "balance" };
  for (const [body, path] of [
    [{}, ""],
    [{ ask: "balance" }, "ask"],
    [{ ask: { type: "all" } }, "ask.type"],
    [{ ask: { type: "amount" } }, "ask.amount"],
    [{ ask: { ...balance, amount: eur("1.00") } }, "ask.amount"],
    [{ ask: { type: "amount", amount: { amount: 1, currency: "EUR" } } }, "ask.amount.amount"],
    [{ ask: balance, note: "x".repeat(501) }, "note"],
    [{ ask: balance, note: "\u0000" }, "note"],
    [{ ask: balance, expires_at: AT }, "expires_at"],
    [{ ask: balance, expires_at: "2027-06-03T12:00:00Z" }, "expires_at"],
    [{ ask: balance, expires_at: "tomorrow" }, "expires_at"],
    [{ ask: balance, colour: 1 }, "colour"],
  ]) {
    refused(await links(booked, body), 422, "malformed", path);
  }
  refused(await links({ ...booked, id: "x" }, { ask: balance }), 404, "booking_unknown");
});

test("listed, revoked, expired", async () => {
  const booked = await owing();
  const first = await link(booked);
  const later = await links(booked, { ask: { type: "due_now" }, expires_at: "2026-06-02T12:00:00Z" }, { at: "2026-06-01T12:00:01Z" });
  const second = { ...later.body, token: tokenOf(later.body.url) };
  const listed = await call("GET", `/v1/bookings/${booked.id}/payment-links`, { key: booked.key });
  assert.deepEqual(listed.body.payment_links.map(({ id, ask, url }) => [id, ask, url]), [[first.id, { type: "balance" }, first.url], [second.id, { type: "due_now" }, second.url]]);
  const revoked = await call("DELETE", `/v1/payment-links/${first.id}`, { key: booked.key });
  assert.equal(revoked.body.revoked_at, AT);
  assert.equal((await call("DELETE", `/v1/payment-links/${first.id}`, { key: booked.key, at: START })).body.revoked_at, AT, "once");
  assert.equal((await call("GET", `/p/${first.token}`)).status, 410);
  assert.equal((await call("GET", `/p/${second.token}`, { at: "2026-06-02T12:00:00.999Z" })).status, 200);
  assert.equal((await call("GET", `/p/${second.token}`, { at: "2026-06-02T12:00:01Z" })).status, 410);
  refused(await call("GET", `/v1/payment-links/${first.id}`, { key: await operator() }), 404, "payment_link_unknown");
});

test("revoking a booking's links revokes its payment links", async () => {
  const booked = await owing();
  const { token } = await link(booked);
  await call("POST", `/v1/bookings/${booked.id}/links`, { key: booked.key });
  assert.equal((await call("GET", `/p/${token}`)).status, 410);
});

test("paying by hand: the amount that was shown, a promise, and no money until it is recorded", async () => {
  const booked = await owing();
  await call("PUT", "/v1/providers/manual", { key: booked.key, body: { instructions: "IBAN HR00 1234\nor at the pier" } });
  const { token } = await link(booked);
  assert.ok((await call("GET", `/p/${token}`)).text.includes("IBAN HR00 1234"));
  const other = await call("POST", `/p/${token}`, form({ amount: "50.00 EUR" }));
  assert.equal(other.status, 409, "another amount than the one that is due");
  assert.equal((await call("POST", `/p/${token}`, form({}))).status, 409);
  const promised = await call("POST", `/p/${token}`, form({ amount: "59.98 EUR" }));
  assert.equal(promised.status, 303);
  const again = await call("POST", `/p/${token}`, form({ amount: "59.98 EUR" }));
  assert.equal(again.headers.get("location"), promised.headers.get("location"), "one promise");
  const back = await call("GET", new URL(promised.headers.get("location")).pathname + new URL(promised.headers.get("location")).search);
  assert.ok(back.text.includes("Thank you"), back.text.slice(0, 2000));
  const seen = await call("GET", `/v1/bookings/${booked.id}`, { key: booked.key });
  assert.equal(seen.body.totals.balance.amount, "59.98", "a promise is no payment");
});

test("a booking that is canceled has nothing to pay but its fee", async () => {
  const booked = await paid(BOOKING, { ...POLICY, shortfall: "bill" }, "10.00");
  const { token } = await link(booked);
  const { token: quoted } = (await quote(booked.token, ALL)).body;
  const done = await act(booked.token, ALL, quoted);
  assert.equal(done.body.totals.balance.amount, "44.99", done.text);
  const page = await call("GET", `/p/${token}`);
  assert.ok(page.text.includes("canceled") && !page.text.includes("<form"), "the old bill is void");
  const fee = await link(booked, { type: "fee" });
  assert.ok((await call("GET", `/p/${fee.token}`)).text.includes('value="44.99 EUR"'));
  assert.ok((await call("GET", `/p/${booked.token}`)).text.includes('value="44.99 EUR"'), "by the control link too");
});

test("a link without a booking: nothing is booked until it is paid", async () => {
  const key = await operator();
  assert.equal((await call("PUT", "/v1/policies/half", { key, body: POLICY })).status, 201);
  const slot = { starts_at: START, ends_at: "2026-08-14T11:00:00Z", zone: "Europe/Zagreb" };
  const body = { title: "Private sunset cruise", policy: "half", amount: eur("900.00"), customer: { name: "Ivo", email: "ivo@example.com" }, slot };
  const made = await call("POST", "/v1/payment-links", { key, body });
  assert.equal(made.status, 201, made.text);
  const page = await call("GET", `/p/${tokenOf(made.body.url)}`);
  assert.ok(page.text.includes("Private sunset cruise") && page.text.includes('value="900.00 EUR"'));
  refused(await call("GET", `/v1/bookings/${made.body.booking}`, { key }), 404, "booking_unknown");
  assert.deepEqual((await call("GET", "/v1/payment-links", { key })).body.payment_links.map(({ id, is_draft }) => [id, is_draft]), [[made.body.id, true]]);
  for (const [more, status, code, path] of [
    [{ policy: "none" }, 422, "policy_unknown", "policy"],
    [{ amount: eur("0.00") }, 409, "nothing_due"],
    [{ title: "" }, 422, "malformed", "items[0].service"],
    [{ slot: { ...slot, ends_at: START } }, 422, "malformed", "items[0].slot.ends_at"],
    [{ customer: { name: "Ivo" } }, 422, "malformed", "customer"],
  ]) {
    refused(await call("POST", "/v1/payment-links", { key, body: { ...body, ...more } }), status, code, path);
  }
});

test("a forged, cut or foreign payment link wakes nothing", async () => {
  const booked = await owing();
  const { token } = await link(booked);
  const before = objects();
  const wrong = [token.slice(0, -1), `${token}A`, token.replace(/.$/, (last) => (last === "A" ? "B" : "A")), `B${token.slice(1)}`, "x", booked.key];
  for (const forged of wrong) {
    for (const method of ["GET", "POST"]) {
      const answer = await call(method, `/p/${forged}`, method === "POST" ? form({ amount: "59.98 EUR" }) : {});
      assert.equal(answer.status, 404, forged);
    }
  }
  assert.deepEqual(objects(), before);
  for (const path of [`/b/${token}`, `/v1/control/${token}`]) assert.equal((await call("GET", path)).status, 404, "a bill is no control link");
});
