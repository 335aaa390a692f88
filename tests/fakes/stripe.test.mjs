// The fake provider against the official library: as a client it gets what it expects, and it takes the fake's signatures for Stripe's.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import Stripe from "stripe";
import { startStripe } from "./stripe.mjs";
import { signatureHeader } from "./stripe/signature.mjs";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = "2026-06-01T12:00:00.000Z";
const NOW_S = Date.parse(NOW) / 1000;

let fake;
let name;
let count = 0;
let stripe;
before(async () => (fake = await startStripe()));
after(() => fake.close());
beforeEach(async () => {
  name = `t${(count += 1)}`;
  stripe = client(`sk_test_${name}`);
  await control("PUT", "clock", { now: NOW });
});

const client = (key, more = {}) => {
  const { hostname: host, port } = new URL(fake.url);
  return new Stripe(key, { host, port, protocol: "http", maxNetworkRetries: 0, telemetry: false, ...more });
};
async function control(method, door, body) {
  const answer = await fetch(`${fake.url}/_/${name}/${door}`, { method, ...(body && { body: JSON.stringify(body) }) });
  const said = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(said));
  return said;
}
const order = (fault, at = "POST /v1/refunds") => control("PUT", "faults", { orders: [{ at, fault }] });
const EXPAND = { expand: ["payment_intent.latest_charge.balance_transaction"] };
const asked = (more = {}) => ({
  mode: "payment",
  line_items: [{ quantity: 1, price_data: { currency: "eur", unit_amount: 10998, product_data: { name: "Sunset kayak tour & more" } } }],
  client_reference_id: "018f0000-0000-7000-8000-000000000001",
  metadata: { checkout: "c1", booking: "b1" },
  payment_intent_data: { metadata: { checkout: "c1" } },
  customer_email: "ana@example.com",
  locale: "de",
  success_url: "https://example.com/done?session={CHECKOUT_SESSION_ID}",
  cancel_url: "https://example.com/back",
  expires_at: NOW_S + 3600,
  ...more,
});
const priced = (currency, unit_amount) => asked({ line_items: [{ quantity: 1, price_data: { currency, unit_amount, product_data: { name: "x" } } }] });
const create = (more, options) => stripe.checkout.sessions.create(asked(more), options);
const press = (session, card = "ok") => control("POST", "pay", { session: session.id, card });
/** A session that is paid: its PaymentIntent's id. */
async function paid(more) {
  const session = await create(more);
  await press(session);
  return (await stripe.checkout.sessions.retrieve(session.id)).payment_intent;
}
const refused = (promise, type, more = {}) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.type, type, error.message);
    for (const [field, value] of Object.entries(more)) assert.equal(error[field], value, `${field}: ${error.message}`);
    return true;
  });
const eventTypes = async () => (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).reverse();

test("a session is opened, paid and looked up with all of its payment", async () => {
  const session = await create();
  assert.deepEqual([session.status, session.payment_status, session.amount_total, session.payment_intent, session.expires_at], ["open", "unpaid", 10998, null, NOW_S + 3600]);
  assert.ok(session.url.endsWith(`/pay/${session.id}`));
  assert.deepEqual(await press(session), { outcome: "paid" });
  const seen = await stripe.checkout.sessions.retrieve(session.id, EXPAND);
  assert.deepEqual([seen.status, seen.payment_status, seen.url, seen.metadata], ["complete", "paid", null, { checkout: "c1", booking: "b1" }]);
  const { payment_intent: intent } = seen;
  assert.deepEqual([intent.status, intent.amount_received, intent.metadata], ["succeeded", 10998, { checkout: "c1" }]);
  const { balance_transaction: balance } = intent.latest_charge;
  assert.deepEqual([balance.fee, balance.net, balance.currency, balance.type], [190, 10808, "eur", "charge"]);
  assert.deepEqual(await eventTypes(), ["payment_intent.succeeded", "charge.succeeded", "checkout.session.completed"]);
});

test("a session is paid once or expired, never both", async () => {
  const [one, other] = [await create(), await create()];
  await press(one);
  await refused(stripe.checkout.sessions.expire(one.id), "StripeInvalidRequestError");
  assert.deepEqual(await press(one), { outcome: "complete" });
  assert.equal((await stripe.checkout.sessions.expire(other.id)).status, "expired");
  assert.deepEqual(await press(other), { outcome: "expired" });
  assert.equal((await stripe.charges.list()).data.length, 1);
  const third = await create();
  await control("POST", "clock", { advance_ms: 3_600_000 });
  assert.deepEqual(await press(third), { outcome: "expired" });
  assert.equal((await stripe.checkout.sessions.retrieve(third.id)).status, "expired");
  assert.equal((await eventTypes()).filter((type) => type === "checkout.session.expired").length, 2);
});

test("a card is declined and the next one taken; a bank answers later", async () => {
  const session = await create();
  assert.deepEqual(await press(session, "declined"), { outcome: "declined" });
  assert.deepEqual(await press(session), { outcome: "paid" });
  for (const [outcome, status] of [["paid", "paid"], ["failed", "unpaid"]]) {
    const later = await create();
    assert.deepEqual(await press(later, "async"), { outcome: "processing" });
    const seen = await stripe.checkout.sessions.retrieve(later.id, EXPAND);
    assert.deepEqual([seen.status, seen.payment_status, seen.payment_intent.status], ["complete", "unpaid", "processing"]);
    await control("POST", "settle", { session: later.id, outcome });
    assert.equal((await stripe.checkout.sessions.retrieve(later.id)).payment_status, status);
    assert.equal((await eventTypes()).at(-1), `checkout.session.async_payment_${outcome === "paid" ? "succeeded" : "failed"}`);
  }
});

test("the page takes a press of its button, shows what is paid, and leads back", async () => {
  const session = await create();
  const page = await (await fetch(session.url)).text();
  assert.match(page, /Sunset kayak tour &#38; more: 10998.*Total: 10998 EUR/s);
  const post = (card) => fetch(session.url, { method: "POST", body: new URLSearchParams({ card }), redirect: "manual" });
  assert.equal((await post("declined")).status, 402);
  const done = await post("ok");
  assert.deepEqual([done.status, done.headers.get("location")], [303, `https://example.com/done?session=${session.id}`]);
  assert.equal((await post("ok")).status, 410);
  assert.equal((await fetch(`${fake.url}/pay/cs_test_none`)).status, 404);
});

test("what a session may be", async () => {
  const wrong = (params, more) => refused(stripe.checkout.sessions.create(params), "StripeInvalidRequestError", more);
  await wrong(asked({ expires_at: NOW_S + 1799 }), { param: "expires_at" });
  await wrong(asked({ expires_at: NOW_S + 86_401 }), { param: "expires_at" });
  for (const expires_at of [NOW_S + 1800, NOW_S + 86_400]) assert.equal((await create({ expires_at })).expires_at, expires_at);
  await wrong(asked({ mode: undefined }), { param: "mode", code: "parameter_missing" });
  await wrong(asked({ success_url: "nowhere" }), { param: "success_url", code: "url_invalid" });
  await wrong(asked({ customer_email: "ana" }), { param: "customer_email", code: "email_invalid" });
  await wrong(asked({ locale: "hr-HR" }), { param: "locale" });
  await wrong(asked({ surprise: 1 }), { param: "surprise", code: "parameter_unknown" });
  await wrong(asked({ line_items: undefined }), { param: "line_items" });
  await wrong(asked({ metadata: { ["k".repeat(41)]: "v" } }), { param: `metadata[${"k".repeat(41)}]` });
  await wrong(priced("xyz", 100), { param: "line_items[0][price_data][currency]" });
});

test("amounts have the forms and the least of their currencies", async () => {
  const takes = async (currency, amount) => assert.equal((await stripe.checkout.sessions.create(priced(currency, amount))).amount_total, amount);
  const refuses = (currency, amount, code) => refused(stripe.checkout.sessions.create(priced(currency, amount)), "StripeInvalidRequestError", code && { code });
  for (const [currency, least] of [["eur", 50], ["gbp", 30], ["pln", 200], ["czk", 1500], ["huf", 17_500], ["jpy", 50], ["usd", 50]]) {
    await takes(currency, least);
    await refuses(currency, least - 1, "amount_too_small");
  }
  for (const [currency, whole, broken] of [["isk", 5000, 5050], ["ugx", 500_000, 500_001], ["kwd", 5120, 5123], ["bhd", 5000, 5001]]) {
    await takes(currency, whole);
    await refuses(currency, broken);
  }
  await refuses("eur", 100_000_000, "amount_too_large");
});

test("refunds: in parts, never more than was paid, found by payment and by metadata", async () => {
  const intent = await paid();
  const refund = await stripe.refunds.create({ payment_intent: intent, amount: 4000, metadata: { refund: "r1", payment: "p1", attempt: "1" } });
  assert.deepEqual([refund.status, refund.amount, refund.payment_intent, refund.metadata.attempt], ["succeeded", 4000, intent, "1"]);
  await refused(stripe.refunds.create({ payment_intent: intent, amount: 6999 }), "StripeInvalidRequestError", { param: "amount" });
  assert.equal((await stripe.refunds.create({ payment_intent: intent })).amount, 6998);
  await refused(stripe.refunds.create({ payment_intent: intent, amount: 1 }), "StripeInvalidRequestError", { code: "charge_already_refunded" });
  await paid();
  const found = await stripe.refunds.list({ payment_intent: intent, limit: 100 });
  assert.deepEqual([found.data.length, found.has_more, found.data[1].metadata.refund], [2, false, "r1"]);
  const { data } = await stripe.charges.list({ payment_intent: intent });
  assert.deepEqual([data[0].amount_refunded, data[0].refunded], [10998, true]);
  await refused(stripe.refunds.create({ payment_intent: "pi_none" }), "StripeInvalidRequestError", { code: "resource_missing", statusCode: 404 });
});

test("a refund waits, is done, and fails weeks later: then the money is there again", async () => {
  const intent = await paid();
  await control("PUT", "faults", { orders: [{ at: "-", fault: "refund_pending" }] });
  const { id, status } = await stripe.refunds.create({ payment_intent: intent, amount: 4000 });
  assert.equal(status, "pending");
  await control("POST", "settle-refunds");
  assert.equal((await stripe.refunds.retrieve(id)).status, "succeeded");
  await control("POST", "clock", { advance_ms: 21 * DAY_MS });
  await control("POST", "refund", { refund: id, status: "failed", reason: "expired_or_canceled_card" });
  const failed = await stripe.refunds.retrieve(id, { expand: ["charge"] });
  assert.deepEqual([failed.status, failed.failure_reason, failed.charge.amount_refunded], ["failed", "expired_or_canceled_card", 0]);
  assert.equal((await stripe.refunds.create({ payment_intent: intent })).amount, 10998);
  assert.deepEqual((await eventTypes()).filter((type) => type.startsWith("refund")), ["refund.created", "refund.updated", "refund.failed", "refund.updated", "refund.created", "refund.updated"]);
});

test("the same key and parameters are answered the same, other parameters are refused, and after a day the key is free", async () => {
  const intent = await paid();
  const back = (amount, idempotencyKey = "k") => stripe.refunds.create({ payment_intent: intent, amount, metadata: { a: "1", b: "2" } }, { idempotencyKey });
  const first = await back(100);
  const again = await back(100);
  assert.deepEqual([again.id, first.lastResponse.headers["idempotent-replayed"], again.lastResponse.headers["idempotent-replayed"]], [first.id, undefined, "true"]);
  const otherOrder = await stripe.refunds.create({ metadata: { b: "2", a: "1" }, amount: 100, payment_intent: intent }, { idempotencyKey: "k" });
  assert.equal(otherOrder.id, first.id);
  await refused(back(200), "StripeIdempotencyError", { statusCode: 400 });
  await refused(stripe.checkout.sessions.create(asked(), { idempotencyKey: "k" }), "StripeIdempotencyError");
  await control("POST", "clock", { advance_ms: DAY_MS });
  assert.notEqual((await back(100)).id, first.id);
  await refused(back(100, "k".repeat(256)), "StripeInvalidRequestError");
});

test("a request that was refused leaves its key free", async () => {
  const intent = await paid();
  const back = (amount) => stripe.refunds.create({ payment_intent: intent, amount }, { idempotencyKey: "k" });
  await refused(back(10_999), "StripeInvalidRequestError");
  assert.equal((await back(10_998)).status, "succeeded");
});

test("a second request while the first is under way is a conflict", async () => {
  const intent = await paid();
  await order("hold");
  const back = () => stripe.refunds.create({ payment_intent: intent, amount: 100 }, { idempotencyKey: "k" });
  const first = back();
  await control("GET", "holding");
  await refused(back(), "StripeAPIError", { statusCode: 409, code: "idempotency_key_in_use" });
  await control("POST", "release");
  assert.equal((await back()).id, (await first).id);
});

test("what goes wrong on the way, and what a second try with the same key then finds", async () => {
  const refunds = async () => (await control("GET", "refunds")).length;
  for (const [fault, type, done, again] of [
    ["before", "StripeAPIError", 0, "succeeded"],
    ["busy", "StripeRateLimitError", 0, "succeeded"],
    ["poison", "StripeAPIError", 0, "StripeAPIError"],
    ["after", "StripeAPIError", 1, "StripeAPIError"],
    ["gateway", "StripeAPIError", 1, "succeeded"],
    // The library itself tries a second time where a connection is cut.
    ["lost", "succeeded", 1, "succeeded"],
  ]) {
    const intent = await paid();
    const [before, key] = [await refunds(), { idempotencyKey: fault }];
    await order(fault);
    const back = () => stripe.refunds.create({ payment_intent: intent, amount: 100 }, key);
    const outcome = () => back().then(({ status }) => status, (error) => error.type);
    assert.deepEqual([await outcome(), (await refunds()) - before], [type, done], fault);
    assert.equal(await outcome(), again, fault);
    assert.equal((await refunds()) - before, again === "succeeded" ? 1 : done, fault);
  }
});

test("silence is a timeout, whether it was done or not", async () => {
  const impatient = client(`sk_test_${name}`, { timeout: 100 });
  for (const [fault, done] of [["silence", 0], ["silence_after", 1]]) {
    const intent = await paid();
    await order(fault);
    await refused(impatient.refunds.create({ payment_intent: intent, amount: 100 }, { idempotencyKey: fault }), "StripeConnectionError");
    assert.equal((await stripe.refunds.list({ payment_intent: intent })).data.length, done);
    assert.equal((await stripe.refunds.create({ payment_intent: intent, amount: 100 }, { idempotencyKey: fault })).status, "succeeded");
    assert.equal((await stripe.refunds.list({ payment_intent: intent })).data.length, 1);
  }
});

test("lists have pages, forwards and by themselves", async () => {
  const intent = await paid();
  for (let nth = 0; nth < 25; nth += 1) await stripe.refunds.create({ payment_intent: intent, amount: 1, metadata: { nth: String(nth) } });
  const first = await stripe.refunds.list({ payment_intent: intent, limit: 10 });
  assert.deepEqual([first.data.length, first.has_more, first.data[0].metadata.nth], [10, true, "24"]);
  const all = await stripe.refunds.list({ payment_intent: intent, limit: 10 }).autoPagingToArray({ limit: 100 });
  assert.deepEqual(all.map(({ metadata }) => Number(metadata.nth)), Array.from({ length: 25 }, (_, nth) => 24 - nth));
  const back = await stripe.refunds.list({ payment_intent: intent, limit: 3, ending_before: all[9].id });
  assert.deepEqual(back.data.map(({ metadata }) => metadata.nth), ["18", "17", "16"]);
  await refused(stripe.refunds.list({ limit: 101 }), "StripeInvalidRequestError", { param: "limit" });
});

test("keys and accounts are kept apart", async () => {
  const session = await create();
  await refused(client("sk_live_x").checkout.sessions.retrieve(session.id), "StripeAuthenticationError");
  await refused(client("sk_test_expired").checkout.sessions.retrieve(session.id), "StripeAuthenticationError", { code: "api_key_expired" });
  await refused(client("sk_test_other").checkout.sessions.retrieve(session.id), "StripeInvalidRequestError", { code: "resource_missing" });
  await refused(client("sk_test_other", { stripeAccount: `acct_${name}` }).checkout.sessions.retrieve(session.id), "StripePermissionError", { code: "account_invalid" });
  assert.equal((await client("sk_test_platform", { stripeAccount: `acct_${name}` }).checkout.sessions.retrieve(session.id)).id, session.id);
  await refused(client("sk_test_platform").checkout.sessions.retrieve(session.id), "StripeInvalidRequestError", { code: "resource_missing" });
});

test("what is not there is a 404, what cannot be expanded is refused", async () => {
  await refused(stripe.checkout.sessions.retrieve("cs_test_none"), "StripeInvalidRequestError", { statusCode: 404, code: "resource_missing" });
  await refused(stripe.customers.list(), "StripeInvalidRequestError", { statusCode: 404 });
  const session = await create();
  await refused(stripe.checkout.sessions.retrieve(session.id, { expand: ["metadata"] }), "StripeInvalidRequestError", { param: "expand" });
  assert.equal((await stripe.checkout.sessions.retrieve(session.id, { expand: ["line_items"] })).line_items.data[0].amount_total, 10998);
});

test("a fee that is late is noted later", async () => {
  await control("PUT", "faults", { orders: [{ at: "-", fault: "fee_late" }] });
  const intent = await paid();
  const seen = async () => (await stripe.paymentIntents.retrieve(intent, { expand: ["latest_charge.balance_transaction"] })).latest_charge.balance_transaction;
  assert.equal(await seen(), null);
  await control("POST", "fees");
  assert.equal((await seen()).fee, 190);
  assert.equal((await eventTypes()).at(-1), "charge.updated");
});

test("a dispute takes the money, and a refund of it is refused until it is won", async () => {
  const intent = await paid();
  const [charge] = (await stripe.charges.list({ payment_intent: intent })).data;
  const dispute = await control("POST", "dispute", { charge: charge.id });
  assert.deepEqual([(await stripe.disputes.list({ payment_intent: intent })).data[0].status, dispute.evidence_details.due_by], ["needs_response", NOW_S + 7 * 86_400]);
  await refused(stripe.refunds.create({ payment_intent: intent }), "StripeInvalidRequestError", { code: "charge_disputed" });
  await control("POST", "dispute-move", { dispute: dispute.id, status: "won" });
  assert.equal((await stripe.refunds.create({ payment_intent: intent })).status, "succeeded");
});

/** A place that webhooks are sent to: what came, and what it answers. */
async function receiver(answer = () => 200) {
  const came = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    came.push({ body, signature: request.headers["stripe-signature"], clock: request.headers["test-clock"] });
    response.writeHead(answer(came.length)).end();
    notify();
  });
  let notify = () => {};
  const reaches = (number) => new Promise((resolve) => ((notify = () => came.length >= number && resolve()), notify()));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { came, reaches, url: `http://127.0.0.1:${server.address().port}/webhooks`, close: () => server.close() };
}

test("the library takes the fake's signatures, of either secret while one is rolled, and nobody else's", async () => {
  const to = await receiver();
  await control("PUT", "hook", { url: to.url, secrets: ["whsec_old", "whsec_new"], clock_header: "test-clock" });
  await paid();
  const sent = await control("POST", "deliver");
  assert.deepEqual(sent.map(({ type, status }) => [type, status]), [["payment_intent.succeeded", 200], ["charge.succeeded", 200], ["checkout.session.completed", 200]]);
  const { body, signature, clock } = to.came[2];
  assert.equal(clock, NOW);
  const construct = (secret, text = body, at = NOW_S) => stripe.webhooks.constructEvent(text, signature, secret, 300, undefined, at * 1000);
  for (const secret of ["whsec_old", "whsec_new"]) {
    const event = construct(secret);
    assert.deepEqual([event.type, event.data.object.payment_status, event.data.object.client_reference_id], ["checkout.session.completed", "paid", asked().client_reference_id]);
  }
  for (const wrong of [() => construct("whsec_other"), () => construct("whsec_new", body.replace("paid", "free")), () => construct("whsec_new", body, NOW_S + 301)]) {
    assert.throws(wrong, { type: "StripeSignatureVerificationError" });
  }
  to.close();
});

test("the library signs as the fake does", () => {
  const payload = JSON.stringify({ id: "evt_1", object: "event" });
  const theirs = stripe.webhooks.generateTestHeaderString({ payload, secret: "whsec_1", timestamp: NOW_S });
  assert.equal(signatureHeader(payload, ["whsec_1"], NOW_S), theirs);
});

test("held webhooks leave in the order and number that are asked for; what is refused stays", async () => {
  const to = await receiver((nth) => (nth <= 3 ? 500 : 200));
  await control("PUT", "hook", { url: to.url, secrets: ["whsec_1"] });
  await paid();
  assert.deepEqual((await control("POST", "deliver")).map(({ status }) => status), [500, 500, 500]);
  assert.equal((await control("GET", "held")).length, 3);
  const types = async (body) => (await control("POST", "deliver", { keep: "yes", ...body })).map(({ type }) => type);
  assert.deepEqual(await types({ order: "reversed" }), ["checkout.session.completed", "charge.succeeded", "payment_intent.succeeded"]);
  const shuffled = { order: "shuffled", copies: 3, seed: "1" };
  const [one, again, other] = [await types(shuffled), await types(shuffled), await types({ ...shuffled, seed: "2" })];
  assert.deepEqual([one.length, one], [9, again]);
  assert.notDeepEqual(one, other);
  await control("POST", "lose");
  assert.deepEqual(await control("GET", "held"), []);
  to.close();
});

test("live webhooks are sent until they are taken, doubled and lost as the seed says", async () => {
  const to = await receiver((nth) => (nth === 1 ? 500 : 200));
  await control("PUT", "hook", { url: to.url, secrets: ["whsec_1"], mode: "live" });
  await paid();
  await to.reaches(4);
  assert.equal(new Set(to.came.map(({ body }) => JSON.parse(body).id)).size, 3);
  await control("PUT", "faults", { seed: "1", rates: { hook_twice: 1 } });
  await paid();
  await to.reaches(10);
  await control("PUT", "faults", { seed: "1", rates: { hook_lost: 1 } });
  await paid();
  assert.equal((await control("GET", "journal")).filter(({ lost }) => lost).length, 3);
  to.close();
});

test("a seed is a story: the same one twice is the same, another is another", async () => {
  const story = async (account, seed) => {
    name = account;
    stripe = client(`sk_test_${name}`);
    await control("PUT", "clock", { now: NOW });
    await control("PUT", "faults", { seed, rates: { before: 0.2, after: 0.2, gateway: 0.2, refund_pending: 0.5, refund_fails: 0.5 } });
    const told = [];
    for (let nth = 0; nth < 20; nth += 1) told.push(await create({}, { idempotencyKey: `k${nth}` }).then(({ status }) => status, (error) => error.statusCode));
    return told;
  };
  const [one, again, other] = [await story("story_a", "7"), await story("story_b", "7"), await story("story_c", "8")];
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
  assert.ok(new Set(one).size >= 3, "several things went wrong");
});

test("the journal says what was made, whatever was answered", async () => {
  const intent = await paid();
  await order("gateway");
  await refused(stripe.refunds.create({ payment_intent: intent, amount: 100, metadata: { refund: "r1" } }, { idempotencyKey: "k" }), "StripeAPIError");
  const journal = await control("GET", "journal");
  const made = journal.filter(({ kind, object }) => kind === "made" && object === "refund");
  assert.deepEqual(made.map(({ amount, metadata, payment_intent }) => [amount, metadata.refund, payment_intent]), [[100, "r1", intent]]);
  const request = journal.findLast(({ kind }) => kind === "request");
  assert.deepEqual([request.key, request.fault, request.result], ["k", "gateway", made[0].id]);
});
