// Two operators live through the same story. To one every webhook comes once and in order; to the other ten thousand times: copies, shuffled, late,
// across a change of the signing secret. In the end both know the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_MS, MINUTE_MS, Shop, UNDO_MS } from "./stage.mjs";

const BOOKINGS = 120;
const DELIVERIES = 10_000;
const AT_ONCE = 12;

/** Does something with all of a list, some at a time. */
async function each(list, act) {
  const left = list.map((entry, nth) => [entry, nth]);
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) await act(...next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Chapters of the story; `told` is called after each, and tells the worker what happened at the provider. */
async function live(shop, told) {
  const bookings = [];
  for (let nth = 0; nth < BOOKINGS; nth += 1) bookings.push(await shop.book());
  const refundsOf = async (nth) => (await shop.bank("GET", "refunds")).filter(({ metadata }) => metadata.booking === bookings[nth].id);
  await shop.bank("PUT", "faults", { rates: { refund_pending: 1, fee_late: 1 } });
  const late = [];
  await each(bookings, async (booking, nth) => {
    const checkout = await shop.checkout(`/p/${booking.token}`);
    if (nth % 11 === 0) await shop.pay(checkout, "declined");
    if (nth % 7 === 0) late.push([nth, checkout.session]);
    await shop.pay(checkout, nth % 7 === 0 ? "async" : "ok");
  });
  await told("payments");
  await shop.later(MINUTE_MS);
  await shop.bank("POST", "fees");
  for (const [nth, session] of late) await shop.bank("POST", "settle", { session, outcome: nth % 2 === 0 ? "paid" : "failed" });
  await told("banks");
  await each(bookings.filter((_, nth) => nth % 2 === 0), (booking) => shop.cancel(booking));
  await shop.later(UNDO_MS);
  await shop.work();
  await told("refunds under way");
  for (let nth = 0; nth < BOOKINGS; nth += 1) {
    for (const { id } of await refundsOf(nth)) await shop.bank("POST", "refund", { refund: id, status: nth % 3 === 0 ? "failed" : "succeeded" });
  }
  await told("refunds done");
  await shop.later(20 * DAY_MS);
  for (let nth = 0; nth < BOOKINGS; nth += 1) {
    if (nth % 3 === 0 || nth % 5 !== 0) continue;
    for (const { id } of await refundsOf(nth)) await shop.bank("POST", "refund", { refund: id, status: "failed" });
  }
  await told("refunds that fail late");
  return bookings;
}

/** What is known of every booking, without what differs between any two: ids and times. */
async function known(shop, bookings) {
  const of = async (booking) => {
    const { status, payment_status, totals, booking: inside, work } = await shop.booking(booking);
    const payments = inside.payments.map(({ method, amount, gateway_fee, refunded }) => ({ method, amount, gateway_fee, refunded }));
    const refunds = inside.refunds.map(({ state, amount, split }) => ({ state, amount, split: split.map((share) => ({ ...share, payment: undefined })) }));
    return { status, payment_status, totals, payments, refunds, work: work.map(({ type, amount }) => ({ type, amount })) };
  };
  const all = [];
  for (const booking of bookings) all.push(await of(booking));
  return all;
}

test(`${DELIVERIES} deliveries, shuffled, late, across a change of the secret, end as those in order do`, async () => {
  const calm = await Shop.open({ secrets: ["whsec_old"] });
  const expected = await known(
    calm,
    await live(calm, async () => {
      await calm.deliver();
      await calm.work();
    }),
  );

  const storm = await Shop.open({ secrets: ["whsec_old"] });
  let deliveries = 0;
  let chapter = 0;
  // The secret is rolled in the middle: at first the provider signs with both, then with the new one.
  const secrets = [
    [["whsec_old"], ["whsec_old"]],
    [["whsec_old", "whsec_new"], ["whsec_old", "whsec_new"]],
    [["whsec_old", "whsec_new"], ["whsec_new"]],
    [["whsec_new"], ["whsec_new"]],
    [["whsec_new"], ["whsec_new"]],
  ];
  const flood = async (how) => {
    const sent = await storm.bank("POST", "deliver", { order: "shuffled", seed: String(chapter), at_once: AT_ONCE, keep: "yes", ...how });
    assert.deepEqual([...new Set(sent.map(({ status }) => status))], [200]);
    deliveries += sent.length;
  };
  const bookings = await live(storm, async () => {
    await storm.stripe(...secrets[chapter]);
    chapter += 1;
    // What is delivered now is an odd half of what has happened so far; the rest is late by a chapter or by all of them.
    const held = await storm.bank("GET", "held");
    await flood({ events: held.filter((_, nth) => nth % 2 === chapter % 2).map(({ id }) => id), copies: 1 });
    await storm.work();
    if (chapter === 1 || chapter === 2) {
      // A customer can only cancel what is known to be paid: the clock finds what no webhook told.
      await storm.later(2 * MINUTE_MS);
      await storm.work();
    }
  });
  const held = (await storm.bank("GET", "held")).length;
  await flood({ copies: Math.ceil((DELIVERIES - deliveries) / held) });
  await storm.work();
  assert.ok(deliveries >= DELIVERIES, String(deliveries));
  const ended = await known(storm, bookings);
  expected.forEach((calmly, nth) => assert.deepEqual(ended[nth], calmly, `booking ${nth}`));
  assert.deepEqual(await storm.outbox(), await calm.outbox());
});
