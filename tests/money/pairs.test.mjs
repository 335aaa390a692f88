// A thousand pairs who want something of the same booking at the same moment. One of two wins; the other is told so, or gets the same answer; and
// never does more money go back than came.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL, act, cents, DAY_MS, eur, quote, Shop, UNDO_MS } from "./stage.mjs";

const AT_ONCE = 20;

/** `count` pairs, some at a time. */
async function pairs(count, meet) {
  for (let start = 0; start < count; start += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, step) => meet(start + step)));
  }
}

const statuses = (answers) => answers.map(({ status }) => status).sort();
const oneOf = (found, ...expected) => assert.ok(expected.some((one) => JSON.stringify(one) === JSON.stringify(found)), JSON.stringify(found));

/** What came in; what went back stands beside it in the ledger, with the refund that it belongs to. */
const received = ({ payments }) => payments.filter(({ kind }) => kind === "received");

/** Everything leaves, everything is told; then the books of every booking are looked at. */
async function settle(shop, bookings) {
  await shop.deliver({ at_once: 8 });
  await shop.work();
  await shop.later(UNDO_MS);
  await shop.work();
  await shop.deliver({ at_once: 8 });
  await shop.later(DAY_MS);
  await shop.work();
  assert.deepEqual(await shop.outbox(), []);
  const [charges, refunds] = [await shop.bank("GET", "charges"), await shop.bank("GET", "refunds")];
  for (const booking of bookings) {
    const { totals, booking: inside } = await shop.booking(booking);
    const came = received(inside);
    const paid = came.reduce((sum, { amount }) => sum + cents(amount.amount), 0);
    const back = inside.refunds.filter(({ state }) => state === "settled").reduce((sum, { amount }) => sum + cents(amount.amount), 0);
    assert.ok(back <= paid, `${booking.id}: ${back} of ${paid} went back`);
    assert.equal(cents(totals.paid.amount), paid - back);
    const ofIt = (list) => list.filter(({ metadata }) => metadata.booking === booking.id).reduce((sum, { amount }) => sum + amount, 0);
    const byCard = came.filter(({ method }) => method === "card").reduce((sum, { amount }) => sum + cents(amount.amount), 0);
    assert.deepEqual([ofIt(charges), ofIt(refunds)], [byCard, byCard > 0 ? back : 0], booking.id);
  }
  return { charges, refunds };
}

test("200 pairs cancel the same with the same quote: once, and both get the same receipt", async () => {
  const shop = await Shop.open();
  const bookings = [];
  await pairs(200, async () => {
    const booking = await shop.book();
    await shop.ok("POST", `/v1/bookings/${booking.id}/payments`, { method: "cash", amount: eur("109.98") });
    bookings.push(booking);
    const { body } = await quote(booking.token, ALL, { at: shop.at });
    const answers = await Promise.all([0, 1].map(() => act(booking.token, ALL, body.token, { at: shop.at })));
    assert.deepEqual(statuses(answers), [200, 201]);
    assert.deepEqual(answers[0].body, answers[1].body);
  });
  for (const booking of bookings) assert.equal((await shop.booking(booking)).booking.refunds.length, 1);
});

test("200 pairs cancel different guests: one wins, the other is told that the quote has changed", async () => {
  const shop = await Shop.open();
  const bookings = [];
  await pairs(200, async () => {
    const booking = await shop.book();
    await shop.pay(await shop.checkout(`/p/${booking.token}`));
    bookings.push(booking);
  });
  // Only then: a payment that becomes known between a quote and its action changes the quote.
  await shop.deliver({ at_once: 8 });
  await shop.work();
  await pairs(200, async (nth) => {
    const booking = bookings[nth];
    const [one, other] = (await shop.booking(booking)).booking.items[0].participants.map(({ id }) => ({ type: "cancel", selection: { participants: [id] } }));
    const quotes = await Promise.all([one, other].map((action) => quote(booking.token, action, { at: shop.at })));
    const answers = await Promise.all([one, other].map((action, nth) => act(booking.token, action, quotes[nth].body.token, { at: shop.at })));
    assert.deepEqual(statuses(answers), [201, 409]);
    assert.equal(answers.find(({ status }) => status === 409).body.code, "quote_changed");
  });
  const { refunds } = await settle(shop, bookings);
  assert.equal(refunds.length, 200);
});

test("200 pairs pay and cancel: the money that came in is all accounted for", async () => {
  const shop = await Shop.open();
  const bookings = [];
  const outcomes = new Set();
  await pairs(200, async (nth) => {
    const booking = await shop.book();
    bookings.push(booking);
    const checkout = await shop.checkout(`/p/${booking.token}`);
    const { body } = await quote(booking.token, ALL, { at: shop.at });
    const paying = async () => {
      await shop.pay(checkout);
      if (nth % 2 === 0) await shop.bank("POST", "deliver", { types: ["checkout.session.completed"] });
      return { status: await shop.work().then(() => 200) };
    };
    const [, canceled] = await Promise.all([paying(), act(booking.token, ALL, body.token, { at: shop.at })]);
    oneOf(canceled.status, 201, 409);
    outcomes.add(canceled.status);
  });
  await settle(shop, bookings);
  assert.ok(outcomes.has(201));
  const shown = await Promise.all(bookings.map((booking) => shop.booking(booking)));
  assert.ok(shown.every(({ booking }) => received(booking).length === 1), "whoever paid is known to have paid");
});

test("200 pairs press the same bill's button and then the same checkout's: one checkout, one charge", async () => {
  const shop = await Shop.open();
  const bookings = [];
  await pairs(200, async () => {
    const booking = await shop.book();
    bookings.push(booking);
    const answers = await Promise.all([0, 1].map(() => shop.press(`/p/${booking.token}`)));
    assert.deepEqual(statuses(answers), [303, 303]);
    const [one, other] = answers.map(({ headers }) => headers.get("location"));
    assert.equal(one, other);
    const backs = await Promise.all([0, 1].map(() => shop.pay({ url: one })));
    assert.equal(backs.filter(Boolean).length, 1, "one of them paid");
  });
  const { charges } = await settle(shop, bookings);
  assert.equal(charges.length, 200);
});

test("200 pairs record the same payment under one key: once, and both get the same answer", async () => {
  const shop = await Shop.open();
  await pairs(200, async (nth) => {
    const booking = await shop.book();
    const record = () => shop.ask("POST", `/v1/bookings/${booking.id}/payments`, { method: "cash", amount: eur("109.98") }, { headers: { "idempotency-key": `pair-${nth}` } });
    const answers = await Promise.all([record(), record()]);
    assert.deepEqual(statuses(answers), [201, 201]);
    assert.deepEqual(answers[0].body, answers[1].body);
    assert.equal(received((await shop.booking(booking)).booking).length, 1);
  });
});
