// From booking to receipt through the JSON doors, and what a quote binds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { act, ALL, AT, call, paid, quote, refused, version, view } from "./client.mjs";

test("two of three guests: what is quoted is what happens (worked example 10)", async () => {
  const { token, booking } = await paid();
  const { participants } = booking.items[0];
  const action = { type: "cancel", selection: { participants: [participants[0].id, participants[1].id] } };
  const quoted = await quote(token, action);
  assert.deepEqual([quoted.body.fee.amount, quoted.body.refund.amount, quoted.body.balance_after.amount], ["38.33", "38.32", "-38.32"]);
  assert.deepEqual(quoted.body.charges[0].lines.map(({ code, amount }) => [code, amount.amount]), [["percent", "38.33"]]);
  const done = await act(token, action, quoted.body.token);
  assert.equal(done.status, 201, done.text);
  assert.deepEqual([done.body.fee.amount, done.body.totals.balance.amount, done.body.status], ["38.33", "-38.32", "partly_canceled"]);
  const { body } = await view(token);
  assert.deepEqual(body.booking.refunds.map(({ reason, state, amount }) => [reason, state, amount.amount]), [["customer_cancellation", "requested", "38.32"]]);
  assert.deepEqual(body.booking.plan.map(({ kind, amount }) => [kind, amount.amount]), [["instalment", "109.98"], ["canceled_lines", "-76.65"], ["cancellation_fee", "38.33"]]);
});

test("the view's quote, the quote and its first segment of the timeline agree", async () => {
  const { token } = await paid();
  const { body } = await view(token);
  const quoted = await quote(token);
  assert.deepEqual([body.quote.fee, body.quote.refund], [quoted.body.fee, quoted.body.refund]);
  const now = body.timeline.find(({ until }) => AT <= until);
  assert.deepEqual([now.fee, now.refund], [quoted.body.fee, quoted.body.refund]);
});

test("committing the same quote twice, even at once, changes nothing twice", async () => {
  const booked = await paid();
  const quoted = await quote(booked.token);
  const answers = await Promise.all(Array.from({ length: 8 }, () => act(booked.token, ALL, quoted.body.token)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 200, 200, 200, 200, 201]);
  for (const { body } of answers) assert.deepEqual(body, answers[0].body);
  assert.equal(await version(booked), 4, "made, paid, canceled, refund entered");
});

test("a receipt stays what it was, whatever comes later", async () => {
  const { token, booking } = await paid();
  const [first, second] = booking.items[0].participants.map(({ id }) => ({ type: "cancel", selection: { participants: [id] } }));
  const quoted = await quote(token, first);
  const receipt = await act(token, first, quoted.body.token);
  await act(token, second, (await quote(token, second)).body.token);
  assert.deepEqual((await act(token, first, quoted.body.token)).body, receipt.body);
});

test("a quote of an older version is answered with a fresh one, which is honored", async () => {
  const { token, booking } = await paid();
  const one = { type: "cancel", selection: { participants: [booking.items[0].participants[0].id] } };
  const stale = await quote(token);
  assert.equal((await act(token, one, (await quote(token, one)).body.token)).status, 201);
  const changed = await act(token, ALL, stale.body.token);
  refused(changed, 409, "quote_changed");
  assert.notDeepEqual(changed.body.quote.fee, stale.body.fee);
  assert.equal((await act(token, ALL, changed.body.quote.token)).status, 201);
});

test("a quote holds to its last millisecond and not one longer", async () => {
  const last = "2026-07-15T16:00:00.000Z"; // 30 days before, at 18:00 in Zagreb
  const near = "2026-07-15T15:50:00.000Z";
  const quoted = async (booked) => quote(booked.token, ALL, { at: near });
  const inTime = await paid();
  const { body } = await quoted(inTime);
  assert.equal(body.valid_until, last, "the window ends before the fifteen minutes do");
  assert.equal((await act(inTime.token, ALL, body.token, { at: last })).status, 201);
  const late = await paid();
  const after = await act(late.token, ALL, (await quoted(late)).body.token, { at: "2026-07-15T16:00:00.001Z" });
  refused(after, 409, "quote_changed");
  assert.deepEqual([after.body.quote.charges[0].window, after.body.quote.fee.amount], ["late", "87.98"]);
});

test("a quote is for one action of one booking of one kind of reader", async () => {
  const [mine, other] = [await paid(), await paid()];
  const { token: quoted } = (await quote(mine.token)).body;
  const one = { type: "cancel", selection: { participants: [mine.booking.items[0].participants[0].id] } };
  refused(await act(mine.token, one, quoted), 422, "quote_unknown", "quote");
  refused(await act(other.token, ALL, quoted), 422, "quote_unknown", "quote");
  refused(await act(mine.token, ALL, mine.token), 422, "quote_unknown", "quote");
  const operators = await call("POST", `/v1/bookings/${mine.id}/quotes`, { key: mine.key, body: { ...ALL, reason: "operator_cancellation" } });
  assert.equal(operators.body.fee.amount, "0.00");
  refused(await act(mine.token, { ...ALL, reason: "operator_cancellation" }, operators.body.token), 422, "quote_unknown");
  refused(await quote(mine.token, { ...ALL, reason: "operator_cancellation" }), 422, "reason_not_allowed");
});

test("an operator cancels without a fee", async () => {
  const { key, id } = await paid();
  const action = { ...ALL, reason: "operator_cancellation" };
  const quoted = await call("POST", `/v1/bookings/${id}/quotes`, { key, body: action });
  const done = await call("POST", `/v1/bookings/${id}/actions`, { key, body: { action, quote: quoted.body.token } });
  assert.deepEqual([done.status, done.body.status, done.body.totals.balance.amount], [201, "canceled", "-109.98"]);
});

test("a participant is renamed, and the log knows no name", async () => {
  const { token, booking } = await paid();
  const action = { type: "rename", participant: booking.items[0].participants[2].id, name: "Željka" };
  const done = await act(token, action, (await quote(token, action)).body.token);
  assert.equal(done.status, 201, done.text);
  const { body } = await view(token);
  assert.equal(body.personal.names[action.participant], "Željka");
  assert.ok(!JSON.stringify(body.booking).includes("Željka"));
  refused(await quote(token, action, { at: "2026-08-14T06:00:00.001Z" }), 409, "past_limit");
});

test("a policy that is edited later does not reach the booking (B7)", async () => {
  const { key, token } = await paid();
  const before = await quote(token);
  const edited = await call("PUT", "/v1/policies/half", { key, body: { name: "half", windows: [{ code: "all", until: "start", percent: "100" }] } });
  assert.equal(edited.status, 200);
  assert.deepEqual((await quote(token)).body.fee, before.body.fee);
});

test("one idempotency key makes one booking", async () => {
  const { key, id, token } = await paid();
  const headers = { "idempotency-key": "k-1" };
  const body = { method: "cash", amount: { amount: "1.00", currency: "EUR" } };
  const first = await call("POST", `/v1/bookings/${id}/payments`, { key, body, headers });
  const again = await call("POST", `/v1/bookings/${id}/payments`, { key, body, headers });
  assert.deepEqual([first.status, again.status, again.body], [201, 201, first.body]);
  refused(await call("POST", `/v1/bookings/${id}/payments`, { key, body: { ...body, method: "card" }, headers }), 422, "idempotency_key_reused");
  assert.equal((await view(token)).body.totals.paid.amount, "110.98");
});
