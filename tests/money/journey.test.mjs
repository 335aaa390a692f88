// A booking's money from the link to the refund that has arrived, with the provider's webhooks on time, late, lost and doubled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_MS, eur, MINUTE_MS, Shop, UNDO_MS } from "./stage.mjs";

const totals = ({ totals: { owed, paid, promised, balance } }) => [owed, paid, promised, balance].map(({ amount }) => amount);
const refunds = ({ booking }) => booking.refunds.map(({ state, amount }) => [state, amount.amount]);
/** What the page says at its top. */
const notice = ({ text }) => text.match(/class="notice ([a-z]+)/)?.[1] ?? "none";

test("from the link to the refund that has arrived", async () => {
  const shop = await Shop.open();
  const booking = await shop.book();
  const { url, id } = await shop.ok("POST", `/v1/bookings/${booking.id}/payment-links`, { ask: { type: "balance" }, note: "See you on Friday" });
  const bill = new URL(url).pathname;
  assert.match((await shop.page(bill)).text, /109[.,]98.*See you on Friday|See you on Friday.*109[.,]98/s);
  const back = await shop.pay(await shop.checkout(bill));
  await shop.deliver();
  await shop.work();
  const paid = await shop.booking(booking);
  assert.deepEqual([paid.payment_status, totals(paid)], ["paid", ["109.98", "109.98", "0.00", "0.00"]]);
  assert.deepEqual(paid.booking.payments.map(({ method, gateway_fee }) => [method, gateway_fee.amount]), [["card", "1.90"]]);
  assert.match((await shop.page(back)).text, /109[.,]98/);
  assert.equal((await shop.cancel(booking)).status, 201);
  assert.deepEqual(refunds(await shop.booking(booking)), [["requested", "54.99"]]);
  assert.equal(await shop.work(), 0, "it waits, in case it is taken back");
  await shop.later(UNDO_MS);
  await shop.work();
  assert.deepEqual(refunds(await shop.booking(booking)), [["settled", "54.99"]]);
  const [refund] = await shop.bank("GET", "refunds");
  assert.deepEqual([refund.amount, refund.metadata.booking, refund.metadata.attempt], [5499, booking.id, "0"]);
  await shop.deliver();
  assert.deepEqual([totals(await shop.booking(booking)), await shop.outbox()], [["54.99", "54.99", "0.00", "0.00"], []]);
  assert.equal((await shop.ok("DELETE", `/v1/payment-links/${id}`)).revoked_at, shop.at);
});

test("who comes back before the webhook is told that it is not known yet, and then that it is paid", async () => {
  const shop = await Shop.open();
  const booking = await shop.book();
  const back = await shop.pay(await shop.checkout(`/p/${booking.token}`));
  const early = await shop.page(back);
  assert.equal((await shop.booking(booking)).payment_status, "unpaid");
  await shop.deliver();
  await shop.work();
  const late = await shop.page(back);
  assert.notEqual(notice(early), notice(late), `${notice(early)} ${notice(late)}`);
  assert.equal((await shop.booking(booking)).payment_status, "paid");
});

test("a webhook that never comes: the payment is found by asking", async () => {
  const shop = await Shop.open();
  const booking = await shop.book();
  await shop.pay(await shop.checkout(`/p/${booking.token}`));
  await shop.bank("POST", "lose");
  assert.equal(await shop.work(), 0);
  await shop.later(2 * MINUTE_MS);
  await shop.work();
  assert.equal((await shop.booking(booking)).payment_status, "paid");
  assert.deepEqual(await shop.outbox(), []);
});

test("a webhook that comes ten times, before and after, is one payment", async () => {
  const shop = await Shop.open();
  const booking = await shop.book();
  await shop.pay(await shop.checkout(`/p/${booking.token}`));
  await shop.deliver({ copies: 5, order: "reversed", at_once: 5, keep: "yes" });
  await shop.work();
  await shop.deliver({ copies: 5, order: "shuffled", at_once: 5 });
  await shop.work();
  const { booking: now } = await shop.booking(booking);
  assert.deepEqual(now.payments.map(({ amount }) => amount.amount), ["109.98"]);
});

test("a card that is declined, then one that is not; a bank that takes two days", async () => {
  const shop = await Shop.open();
  const [one, other, third] = [await shop.book(), await shop.book(), await shop.book()];
  const checkout = await shop.checkout(`/p/${one.token}`);
  assert.equal(await shop.pay(checkout, "declined"), undefined);
  assert.equal((await shop.checkout(`/p/${one.token}`)).session, checkout.session, "the same checkout again");
  await shop.pay(checkout);
  const [paid, failed] = [await shop.checkout(`/p/${other.token}`), await shop.checkout(`/p/${third.token}`)];
  for (const late of [paid, failed]) await shop.pay(late, "async");
  await shop.deliver();
  await shop.work();
  const statuses = () => Promise.all([one, other, third].map(async (booking) => (await shop.booking(booking)).payment_status));
  assert.deepEqual(await statuses(), ["paid", "unpaid", "unpaid"]);
  await shop.later(2 * DAY_MS);
  await shop.bank("POST", "settle", { session: paid.session, outcome: "paid" });
  await shop.bank("POST", "settle", { session: failed.session, outcome: "failed" });
  await shop.deliver();
  await shop.work();
  assert.deepEqual(await statuses(), ["paid", "paid", "unpaid"]);
});

test("paid twice is an overpayment that somebody sees, and no error", async () => {
  const shop = await Shop.open();
  const booking = await shop.book();
  const checkout = await shop.checkout(`/p/${booking.token}`);
  // The operator takes cash while the customer is at the checkout, and the checkout is paid before it can be closed.
  await shop.ok("POST", `/v1/bookings/${booking.id}/payments`, { method: "cash", amount: eur("109.98") });
  await shop.pay(checkout);
  await shop.deliver();
  await shop.work();
  const seen = await shop.booking(booking);
  assert.deepEqual([seen.payment_status, totals(seen)], ["overpaid", ["109.98", "219.96", "0.00", "-109.98"]]);
});

test("a checkout of an amount that changed is closed, and only one is ever open", async () => {
  const shop = await Shop.open();
  const booking = await shop.book();
  const old = await shop.checkout(`/p/${booking.token}`);
  await shop.ok("POST", `/v1/bookings/${booking.id}/payments`, { method: "cash", amount: eur("9.98") });
  await shop.work();
  assert.equal(await shop.pay(old), undefined, "it is closed");
  const now = await shop.checkout(`/p/${booking.token}`);
  const sessions = await shop.bank("GET", "sessions");
  assert.deepEqual(sessions.map(({ status, amount_total }) => [status, amount_total]), [["open", 10_000], ["expired", 10_998]]);
  await shop.pay(now);
  await shop.deliver();
  await shop.work();
  assert.equal((await shop.booking(booking)).payment_status, "paid");
});

test("a cancellation is taken back within the delay: no money moves, and the places are there again", async () => {
  const shop = await Shop.open();
  const booking = await shop.paid();
  const canceled = await shop.cancel(booking);
  const undo = () => shop.ask("POST", `/v1/control/${booking.token}/undo`, { command: canceled.body.id });
  await shop.later(UNDO_MS - 1);
  await shop.work();
  assert.equal((await undo()).status, 200);
  await shop.later(DAY_MS);
  await shop.work();
  const seen = await shop.booking(booking);
  assert.deepEqual([seen.status, seen.payment_status, totals(seen)], ["booked", "paid", ["109.98", "109.98", "0.00", "0.00"]]);
  assert.deepEqual([await shop.bank("GET", "refunds"), await shop.outbox()], [[], []]);
  assert.ok((await undo()).status >= 400, "once is enough");
});

test("a cancellation whose refund has left is not taken back", async () => {
  const shop = await Shop.open();
  const booking = await shop.paid();
  const canceled = await shop.cancel(booking);
  await shop.later(UNDO_MS);
  await shop.work();
  const answer = await shop.ask("POST", `/v1/control/${booking.token}/undo`, { command: canceled.body.id });
  assert.equal(answer.status, 409, answer.text);
  assert.equal((await shop.bank("GET", "refunds")).length, 1);
});

test("a refund waits, is done, and fails weeks later: somebody sees it and sends it again", async () => {
  const shop = await Shop.open();
  const booking = await shop.paid();
  await shop.faults(["refund_pending"]);
  await shop.cancel(booking);
  await shop.later(UNDO_MS);
  await shop.work();
  assert.deepEqual(refunds(await shop.booking(booking)), [["submitted", "54.99"]]);
  await shop.bank("POST", "settle-refunds");
  await shop.deliver();
  assert.deepEqual(refunds(await shop.booking(booking)), [["settled", "54.99"]]);
  await shop.later(21 * DAY_MS);
  await shop.work();
  const [{ id }] = await shop.bank("GET", "refunds");
  await shop.bank("POST", "refund", { refund: id, status: "failed" });
  await shop.deliver({ order: "reversed", copies: 2 });
  const failed = await shop.booking(booking);
  assert.deepEqual([refunds(failed), totals(failed)[3]], [[["failed", "54.99"]], "-54.99"]);
  assert.ok(failed.work.length > 0);
  await shop.ok("POST", `/v1/refunds/${failed.booking.refunds[0].id}/route`, { way: "as_paid" });
  await shop.later(UNDO_MS);
  await shop.work();
  await shop.deliver();
  assert.deepEqual(refunds(await shop.booking(booking)), [["settled", "54.99"]]);
  assert.deepEqual((await shop.bank("GET", "refunds")).map(({ status }) => status), ["succeeded", "failed"]);
});

test("a refund whose webhook never comes is asked for", async () => {
  const shop = await Shop.open();
  const booking = await shop.paid();
  await shop.faults(["refund_pending"]);
  await shop.cancel(booking);
  await shop.later(UNDO_MS);
  await shop.work();
  await shop.bank("POST", "settle-refunds");
  await shop.bank("POST", "lose");
  await shop.later(DAY_MS / 2);
  await shop.work();
  assert.deepEqual([refunds(await shop.booking(booking)), await shop.outbox()], [[["settled", "54.99"]], []]);
});

for (const fault of ["before", "busy", "after", "gateway", "lost", "poison"]) {
  test(`a refund leaves once when the provider's answer is \`${fault}\``, async () => {
    const shop = await Shop.open();
    const booking = await shop.paid();
    await shop.faults([fault, "POST /v1/refunds"]);
    await shop.cancel(booking);
    await shop.later(UNDO_MS);
    await shop.work();
    for (let nth = 0; nth < 3; nth += 1) {
      await shop.later(MINUTE_MS);
      await shop.work();
    }
    assert.deepEqual(refunds(await shop.booking(booking)), [["settled", "54.99"]]);
    assert.deepEqual((await shop.bank("GET", "refunds")).map(({ amount }) => amount), [5499]);
    assert.deepEqual(await shop.outbox(), []);
  });

  test(`a customer gets to the checkout when the provider's first answer is \`${fault}\``, async () => {
    const shop = await Shop.open();
    const booking = await shop.book();
    await shop.faults([fault, "POST /v1/checkout/sessions"]);
    const first = await shop.press(`/p/${booking.token}`);
    assert.ok(first.status === 303 || first.status >= 500, first.text);
    await shop.later(MINUTE_MS);
    await shop.pay(await shop.checkout(`/p/${booking.token}`));
    await shop.deliver();
    await shop.work();
    const seen = await shop.booking(booking);
    assert.deepEqual([seen.payment_status, (await shop.bank("GET", "charges")).length], ["paid", 1]);
  });
}

test("a tour that is only a bill becomes a booking when it is paid", async () => {
  const shop = await Shop.open();
  const request = {
    title: "Private sunset tour",
    policy: shop.policy,
    amount: eur("480.00"),
    customer: { name: "Ana Kovač", email: "ana@example.com", locale: "de-DE" },
    slot: { starts_at: "2026-08-14T18:00:00Z", ends_at: "2026-08-14T21:00:00Z", zone: "Europe/Zagreb" },
  };
  const { url, booking } = await shop.ok("POST", "/v1/payment-links", request);
  assert.equal((await shop.ask("GET", `/v1/bookings/${booking}`)).status, 404);
  const back = await shop.pay(await shop.checkout(new URL(url).pathname));
  await shop.deliver({ copies: 2 });
  await shop.work();
  const seen = await shop.booking({ id: booking });
  assert.deepEqual([seen.payment_status, totals(seen)], ["paid", ["480.00", "480.00", "0.00", "0.00"]]);
  assert.equal((await shop.page(back)).status, 200);
});

test("a late fee is noted when it comes; a dispute and a refund made elsewhere are there for the operator", async () => {
  const shop = await Shop.open();
  await shop.faults(["fee_late"]);
  const booking = await shop.paid();
  const fee = async () => (await shop.booking(booking)).booking.payments[0].gateway_fee?.amount ?? null;
  assert.equal(await fee(), null);
  await shop.bank("POST", "fees");
  await shop.deliver();
  await shop.work();
  assert.equal(await fee(), "1.90");
  const [charge] = await shop.bank("GET", "charges");
  await shop.bank("POST", "dispute", { charge: charge.id });
  await shop.deliver({ copies: 2 });
  const { notices } = await shop.ok("GET", "/v1/notices");
  assert.deepEqual(notices.map(({ kind, status, amount }) => [kind, status, amount?.amount ?? amount]), [["dispute", "needs_response", "109.98"]]);
});

test("a bill is refused once it is settled, canceled, revoked, expired, or too small for a card", async () => {
  const shop = await Shop.open();
  const [settled, canceled, small] = [await shop.book(), await shop.book(), await shop.book()];
  const link = async (booking, ask = { type: "balance" }, more = {}) => new URL((await shop.ok("POST", `/v1/bookings/${booking.id}/payment-links`, { ask, ...more })).url).pathname;
  const bills = { settled: await link(settled), canceled: await link(canceled), small: await link(small) };
  await shop.ok("POST", `/v1/bookings/${settled.id}/payments`, { method: "cash", amount: eur("109.98") });
  await shop.ok("POST", `/v1/bookings/${small.id}/payments`, { method: "cash", amount: eur("109.49") });
  await shop.cancel(canceled);
  for (const [name, path] of Object.entries(bills)) {
    const page = await shop.page(path);
    assert.ok(!/name="amount"/.test(page.text), name);
    const answer = await shop.ask("POST", path, "amount=109.98+EUR", { headers: { "content-type": "application/x-www-form-urlencoded" } });
    assert.notEqual(answer.status, 303, name);
  }
  const short = await link(await shop.book(), { type: "balance" }, { expires_at: new Date(shop.now_ms + MINUTE_MS).toISOString() });
  await shop.later(2 * MINUTE_MS);
  assert.equal((await shop.page(short)).status, 410);
  const { url, id } = await shop.ok("POST", `/v1/bookings/${(await shop.book()).id}/payment-links`, { ask: { type: "due_now" } });
  await shop.ok("DELETE", `/v1/payment-links/${id}`);
  assert.equal((await shop.page(new URL(url).pathname)).status, 410);
  assert.equal((await shop.bank("GET", "sessions")).length, 0);
});

test("a customer whose language the provider does not speak can pay", async () => {
  const shop = await Shop.open();
  for (const locale of ["sr-Latn-RS", "uk", "pt-BR", "no"]) {
    const booking = await shop.book({ customer: { name: "Ana", email: "ana@example.com", locale } });
    await shop.pay(await shop.checkout(`/p/${booking.token}`));
  }
  assert.equal((await shop.bank("GET", "charges")).length, 4);
});

test("only what one of the operator's secrets signed is heard, and only while it is fresh", async () => {
  const shop = await Shop.open({ secrets: ["whsec_old"] });
  const booking = await shop.book();
  await shop.pay(await shop.checkout(`/p/${booking.token}`));
  const refused = async (how) => {
    await shop.bank("PUT", "hook", how);
    assert.deepEqual(new Set((await shop.bank("POST", "deliver")).map(({ status }) => status)), new Set([400]), JSON.stringify(how));
  };
  await refused({ secrets: ["whsec_other"] });
  await refused({ secrets: [] });
  await shop.bank("PUT", "hook", { secrets: ["whsec_old"] });
  await shop.bank("POST", "clock", { advance_ms: -301_000 });
  const stale = await fetch(shop.webhook_url, { method: "POST", body: "{}", headers: { "stripe-signature": "t=1,v1=00", "leeway-test-now": shop.at } });
  assert.equal(stale.status, 400);
  await shop.bank("PUT", "clock", { now: shop.at });
  for (const secrets of [["whsec_old", "whsec_new"], ["whsec_new"]]) {
    await shop.stripe(["whsec_old", "whsec_new"], secrets);
    await shop.deliver({ keep: "yes" });
  }
  await shop.stripe(["whsec_new"], ["whsec_old"]);
  await refused({ secrets: ["whsec_old"] });
  await shop.work();
  assert.equal((await shop.booking(booking)).payment_status, "paid");
});

test("a part of what is owed is billed, as every kind of ask", async () => {
  const shop = await Shop.open();
  const booking = await shop.book();
  const bill = (ask) => shop.ok("POST", `/v1/bookings/${booking.id}/payment-links`, { ask });
  const { url, ask } = await bill({ type: "amount", amount: eur("9.98") });
  assert.deepEqual(ask, { type: "amount", amount: eur("9.98") });
  await shop.pay(await shop.checkout(new URL(url).pathname));
  await shop.deliver();
  await shop.work();
  assert.equal((await shop.booking(booking)).totals.balance.amount, "100.00");
  for (const type of ["due_now", "balance"]) assert.deepEqual((await bill({ type })).ask, { type });
});
