// What a door takes of the store. Wall-clock figures vary with the machine; these do not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { act, ALL, call, paid, quote, view } from "./client.mjs";

const store = (answer) => answer.headers.get("leeway-test-store");

test("a view and a quote are one statement and no commit; an action is one commit", async () => {
  const { key, id, token, booking } = await paid();
  await view(token); // the object has opened its store by now
  assert.equal(store(await view(token)), "statements=1 commits=0");
  assert.equal(store(await call("GET", `/b/${token}`)), "statements=1 commits=0");
  assert.equal(store(await call("GET", `/b/${token}/cancel?all=1`)), "statements=1 commits=0");
  const one = { type: "cancel", selection: { participants: [booking.items[0].participants[0].id] } };
  const first = await quote(token, one);
  assert.equal(store(first), "statements=1 commits=0");
  // The booking, its events, who is behind them, its row, and that of the refund.
  assert.equal(store(await act(token, one, first.body.token)), "statements=5 commits=1");
  assert.equal(store(await act(token, one, first.body.token)), "statements=1 commits=0", "the same again");
  const rest = await quote(token);
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const done = await call("POST", `/b/${token}/cancel`, { body: `all=1&quote=${rest.body.token}`, headers: form });
  assert.deepEqual([done.status, store(done)], [303, "statements=5 commits=1"]);
  const payment = await call("POST", `/v1/bookings/${id}/payments`, { key, body: { method: "cash", amount: { amount: "1.00", currency: "EUR" } }, headers: { "idempotency-key": "p" } });
  assert.match(store(payment), /commits=1$/);
});
