// The stage of the schema tests: an operator who has one of everything, made through the doors. Says as one line of JSON which ids there are, and one
// request for each answer that only a story leads to.
//
// Not a test: `check.py` beside it is, and sends what is said here.
import { createServer } from "node:http";
import { ALL, BOOKING, POLICY, Shop, UNDO_MS, eur, fakes, quote, url } from "../money/stage.mjs";

/** So many of what a request uses up, so that the fuzzer's have something to meet. */
const COPIES = 6;
const SERVICE = BOOKING.items[0].service;
const ENDPOINT = process.env.LEEWAY_ENDPOINT;

const shop = await Shop.open({ policy: { ...POLICY, name: "half", cancel: "start", rebook: { hours: 24 } } });
const stories = [];
const ids = {};

const kept = (pool, ...found) => (ids[pool] ??= []).push(...found);
/** A request that must be answered with this status, and with this text in it where `says` is given. */
const story = (status, method, path, more = {}) => stories.push({ status, method, path, ...more });
const repeat = async (make) => {
  const made = [];
  for (let nth = 0; nth < COPIES; nth += 1) made.push(await make(nth));
  return made;
};

// What is set, once.
const approval = { ...POLICY, name: "ask", windows: [{ code: "late", until: "start", percent: "50", refund: "approval" }] };
await shop.ok("PUT", "/v1/policies/ask", approval);
await shop.ok("PUT", "/v1/providers/manual", { instructions: "At the harbor, or by bank transfer" });
const mail = { sender: { name: "Harbor Tours", address: "tours@example.com" }, transport: { type: "http", url: `${fakes.mail.url}/emails`, api_key: fakes.mail.api_key } };
await shop.ok("PUT", "/v1/mail", mail);
const template = { subject: "[REFERENCE]", body: "Hi [CUSTOMER_NAME]\n\n[AMOUNTS]\n\n[BOOKING_CONTROL_URL]" };
await shop.ok("PUT", "/v1/templates/confirmation/en", template);
kept("policies", "half", "ask");
kept("kinds", "confirmation", "canceled", "change", "refund_sent");
kept("locales", "en", "pl", "de");
kept("stripe", shop.webhook_url.split("/stripe/")[1]);

// Slots, and bookings in them.
const time = (day) => ({ starts_at: `2026-08-${day}T16:00:00Z`, ends_at: `2026-08-${day}T18:00:00Z`, zone: "Europe/Zagreb" });
const slot = (day) => ({ service: SERVICE, ...time(day), capacity: 500, policy: "half" });
const { slots } = await shop.ok("POST", "/v1/slots", { slots: ["14", "15", "16"].map(slot) });
kept("slots", ...slots.map(({ id }) => id));
const item = (more = {}) => ({ ...BOOKING.items[0], slot: time("14"), slot_id: slots[0].id, ...more });
const request = (more = {}) => ({ ...BOOKING, items: [item()], policy: "half", ...more });
const book = (more) => shop.book(request(more));
const pay = (booking, amount = "109.98") => shop.ok("POST", `/v1/bookings/${booking.id}/payments`, { method: "cash", amount: eur(amount) });
const paid = async (more) => {
  const booking = await book(more);
  await pay(booking);
  kept("bookings", booking.id);
  kept("control", booking.token);
  return booking;
};
const canceled = async (booking) => (await shop.cancel(booking)).body;
const quoted = async ({ token }, action) => (await quote(token, action, { at: shop.at })).body.token;

// Refunds in each state, each with a booking of its own.
const entered = async (body) => {
  const booking = await paid();
  const { refund, voucher } = await shop.ok("POST", `/v1/bookings/${booking.id}/refunds`, body);
  kept("refunds", refund.id);
  if (voucher) kept("vouchers", voucher.code);
  return refund.id;
};
const compensation = { reason: "compensation_on_return", amount: eur("5.00") };
const step = (id, door, body = {}) => shop.ok("POST", `/v1/refunds/${id}/${door}`, body);
const waiting = async () => {
  const { refunds } = await canceled(await paid({ policy: "ask" }));
  kept("refunds", refunds[0].id);
  return refunds[0].id;
};
for (const [door, body, make] of [
  ["approve", {}, waiting],
  ["decline", { why: "no-show" }, waiting],
  ["finalize", {}, () => entered(compensation)],
  ["void", { why: "a typing error" }, () => entered(compensation)],
  ["route", { way: "cash" }, () => entered(compensation)],
  ["voucher", {}, () => entered(compensation)],
  ["credit-note", {}, () => entered(compensation)],
  ["approve-credit-note", {}, async () => {
    const id = await entered(compensation);
    await step(id, "credit-note");
    return id;
  }],
]) {
  for (const id of await repeat(make)) story(200, "POST", "/v1/refunds/{id}/" + door, { path_parameters: { id }, body });
}
await repeat(() => entered({ ...compensation, way: "voucher" }));

// Refunds through the provider: settled, in its hands, failed, failed after it was settled.
await shop.bank("PUT", "faults", { rates: {} });
const carded = async () => {
  const booking = await shop.paid({ items: [item()] });
  kept("bookings", booking.id);
  kept("control", booking.token);
  return booking;
};
/** A refund that was sent; the provider's own is `theirs`. */
const sent = async (...faults) => {
  const booking = await carded();
  const { id: receipt, refunds } = await canceled(booking);
  kept("refunds", refunds[0].id);
  await shop.faults(...faults);
  await shop.later(UNDO_MS);
  await shop.work();
  const theirs = (await shop.bank("GET", "refunds")).find(({ metadata }) => metadata.refund === refunds[0].id);
  return { booking, receipt, id: refunds[0].id, theirs };
};
const ended = async (refund, status) => {
  await shop.bank("POST", "refund", { refund: refund.theirs.id, status });
  await shop.deliver();
  return refund;
};
const settled = () => sent();
const submitted = () => sent(["refund_pending"]);
const failed = async () => ended(await submitted(), "failed");
const came_back = async () => ended(await settled(), "failed");

/** Every operation that shows a refund, and how it says that it stands so. */
const shown = ({ booking, id }, state, event, page) => {
  const says = `"state":"${state}"`;
  story(200, "GET", "/v1/refunds", { query: { state }, says });
  story(200, "GET", "/v1/refunds/{id}", { path_parameters: { id }, says });
  story(200, "GET", "/v1/bookings/{id}/refunds", { path_parameters: booking, says });
  story(200, "GET", "/v1/bookings/{id}", { path_parameters: booking, says });
  story(200, "GET", "/v1/control/{token}", { path_parameters: booking, says });
  story(200, "GET", "/v1/refunds/statistics", { says: `"is":"${state}"` });
  story(200, "GET", "/v1/bookings/{id}/events", { path_parameters: booking, says: `"kind":"${event}"` });
  story(200, "GET", "/b/{token}", { path_parameters: booking, query: { lang: "en" }, says: page });
};
const preview = (kind, { id }) => {
  for (const locale of ids.locales) story(200, "POST", "/v1/templates/preview", { body: { kind, locale, booking: id } });
};
const back = await settled();
shown(back, "settled", "refund_settled", "Paid back to you");
preview("refund_sent", back.booking);

// What the provider has in hand nobody sends twice, and no cancellation is taken back over it; that it is back can be said.
const under_way = await submitted();
shown(under_way, "submitted", "refund_submitted", "Refund on its way");
const why = { why: "a typing error" };
for (const [door, body] of [["approve", {}], ["decline", why], ["void", why], ["route", { way: "cash" }], ["voucher", {}], ["credit-note", {}], ["approve-credit-note", {}]]) {
  story(409, "POST", "/v1/refunds/{id}/" + door, { path_parameters: under_way, body });
}
for (const path of ["/v1/bookings/{id}/undo", "/v1/control/{token}/undo"]) {
  story(409, "POST", path, { path_parameters: under_way.booking, body: { command: under_way.receipt } });
}
const form = (fields) => ({ media_type: "application/x-www-form-urlencoded", body: fields });
story(409, "POST", "/b/{token}/undo", { path_parameters: under_way.booking, ...form({ command: under_way.receipt }) });
story(409, "POST", "/v1/bookings/{id}/refunds", { path_parameters: under_way.booking, body: { reason: "overpayment", amount: eur("54.99") } });
story(200, "POST", "/v1/refunds/{id}/finalize", { path_parameters: await submitted(), body: {} });

// What failed is work, and goes every way there is.
for (const refund of [await failed(), await came_back()]) {
  shown(refund, "failed", "refund_failed", "Refund failed");
  story(200, "GET", "/v1/bookings/{id}", { path_parameters: refund.booking, says: '"code":"refund_failed"' });
  preview("refund_failed", refund.booking);
  for (const [door, body] of [["approve", {}], ["decline", why], ["approve-credit-note", {}]]) {
    story(409, "POST", "/v1/refunds/{id}/" + door, { path_parameters: refund, body });
  }
}
for (const [door, body] of [["route", { way: "as_paid" }], ["route", { way: "bank_transfer" }], ["voucher", {}], ["credit-note", {}], ["finalize", {}], ["void", why]]) {
  story(200, "POST", "/v1/refunds/{id}/" + door, { path_parameters: await failed(), body });
}
const told = await submitted();
const heard = (type, object) => {
  const event = { id: `evt_stage_${stories.length}`, object: "event", type, created: Math.floor(shop.now_ms / 1000), livemode: false, data: { object } };
  story(200, "POST", "/webhooks/stripe/{token}", { path_parameters: { token: ids.stripe[0] }, body: event, signed_with: "whsec_one" });
};
heard("refund.failed", { ...told.theirs, status: "failed", failure_reason: "expired_or_canceled_card" });
shown(told, "failed", "refund_failed", "Refund failed");
const nameless = await failed();
story(204, "DELETE", "/v1/bookings/{id}/personal", { path_parameters: nameless.booking });
shown(nameless, "failed", "refund_failed", "Refund failed");

// What happens at the provider without us: disputes, as far as each has come, and money that was paid back there.
const charge_of = async ({ id }) => (await shop.bank("GET", "charges")).find(({ metadata }) => metadata.booking === id).id;
const disputed = async (status) => {
  const booking = await carded();
  const { id } = await shop.bank("POST", "dispute", { charge: await charge_of(booking) });
  const dispute = status && (await shop.bank("POST", "dispute-move", { dispute: id, status }));
  await shop.deliver();
  return { ...booking, dispute };
};
const noticed = (booking, kind, status) => {
  const query = { booking: booking.id };
  for (const says of [`"kind":"${kind}"`, `"status":"${status}"`]) story(200, "GET", "/v1/notices", { query, says });
};
for (const status of ["won", "lost"]) noticed(await disputed(status), "dispute", status);
const contested = await disputed("under_review");
noticed(contested, "dispute", "under_review");
heard("charge.dispute.closed", { ...contested.dispute, status: "won" });
noticed(contested, "dispute", "won");
const claimed = await disputed();
noticed(claimed, "dispute", "needs_response");
// It is the bank's then: the provider pays nothing back of it, and somebody has to see to that.
const { refunds: refused } = await canceled(claimed);
await shop.later(UNDO_MS);
await shop.work();
kept("refunds", refused[0].id);
shown({ booking: claimed, id: refused[0].id }, "failed", "refund_failed", "Refund failed");
const elsewhere = await carded();
await shop.elsewhere(await charge_of(elsewhere), 1000);
noticed(elsewhere, "foreign_refund", "succeeded");

// Bills: of a booking, and without one.
const bill = async () => {
  const booking = await book();
  kept("bookings", booking.id);
  const made = await shop.ok("POST", `/v1/bookings/${booking.id}/payment-links`, { ask: { type: "balance" }, note: "For the kayaks", email: true });
  kept("bills", made.id);
  return { ...made, token: new URL(made.url).pathname.split("/p/")[1], booking };
};
const draft = { title: "Private cruise", policy: "half", amount: eur("900.00"), customer: { name: "Ivo", email: "ivo@example.com" }, slot: time("20") };
await repeat(async () => {
  const made = await shop.ok("POST", "/v1/payment-links", draft);
  kept("bills", made.id);
  kept("pay", made.url.split("/p/")[1]);
});
const bills = await repeat(bill);
kept("pay", ...bills.map(({ token }) => token));
story(303, "POST", "/p/{token}", { path_parameters: { token: bills[0].token }, ...form({ amount: "109.98 EUR" }) });
story(200, "DELETE", "/v1/payment-links/{id}", { path_parameters: { id: bills[1].id } });

// Keys and endpoints of webhooks.
for (const role of ["read", "agent", "finance", "admin"]) kept("keys", (await shop.ok("POST", "/v1/keys", { name: role, role })).key.id);
const { secret: _secret, ...endpoint } = await shop.ok("POST", "/v1/webhooks", { url: ENDPOINT, events: ["booking.payment_recorded"], description: "the till" });
kept("endpoints", endpoint.id, ...(await repeat(() => shop.ok("POST", "/v1/webhooks", { url: ENDPOINT, events: ["booking.links_revoked"] }))).map(({ id }) => id));

// A row that was given up: its server answers nothing but 503.
const down = createServer((_, response) => response.writeHead(503, { connection: "close" }).end());
await new Promise((done) => down.listen(0, "127.0.0.1", done));
const dead = await shop.ok("POST", "/v1/webhooks", { url: `http://127.0.0.1:${down.address().port}/hook`, events: ["booking.booking_made"] });
await repeat(book);
const opened_ms = shop.now_ms;
for (let day = 0; day < 30; day += 1) {
  await shop.later(86_400_000);
  await shop.work();
}
const { rows } = await shop.ok("GET", "/v1/outbox?state=dead");
await shop.ok("DELETE", `/v1/webhooks/${dead.id}`);
await new Promise((done) => down.close(done));
kept("rows", ...rows.map(({ id }) => id));
story(200, "POST", "/v1/outbox/{id}/retry", { path_parameters: { id: rows[0].id } });
// The stories below play when the others did: slots lie ahead, quotes hold.
await shop.later(opened_ms - shop.now_ms);

// What customers do, as JSON and as forms.
const rename = async (booking) => ({ type: "rename", participant: (await shop.booking(booking)).booking.items[0].participants[0].id, name: "Eva" });
const move = async (booking) => ({ type: "rebook", moves: [{ item: (await shop.booking(booking)).booking.items[0].id, slot: slots[1].id }] });
for (const action of [() => ALL, rename, move]) {
  const booking = await paid();
  const wanted = await action(booking);
  for (const path of ["/v1/bookings/{id}/quotes", "/v1/control/{token}/quotes"]) story(200, "POST", path, { path_parameters: booking, body: wanted });
  story(201, "POST", "/v1/control/{token}/actions", { path_parameters: booking, body: { action: wanted, quote: await quoted(booking, wanted) } });
  const other = await paid();
  const theirs = await action(other);
  const bound = await shop.ok("POST", `/v1/bookings/${other.id}/quotes`, theirs);
  story(201, "POST", "/v1/bookings/{id}/actions", { path_parameters: other, body: { action: theirs, quote: bound.token } });
}
for (const path of ["/v1/bookings/{id}/undo", "/v1/control/{token}/undo"]) {
  const booking = await paid();
  let receipt;
  if (path.includes("{token}")) receipt = await canceled(booking);
  else {
    const bound = await shop.ok("POST", `/v1/bookings/${booking.id}/quotes`, ALL);
    receipt = await shop.ok("POST", `/v1/bookings/${booking.id}/actions`, { action: ALL, quote: bound.token });
  }
  story(200, "POST", path, { path_parameters: booking, body: { command: receipt.id } });
}
const undone = await paid();
story(303, "POST", "/b/{token}/undo", { path_parameters: undone, ...form({ command: (await canceled(undone)).id }) });
const leaving = await paid();
story(303, "POST", "/b/{token}/cancel", { path_parameters: leaving, ...form({ all: "1", quote: await quoted(leaving, ALL) }) });
const moving = await paid();
const moved = await move(moving);
story(303, "POST", "/b/{token}/reschedule", { path_parameters: moving, ...form({ ...moved.moves[0], quote: await quoted(moving, moved) }) });
const renamed = await paid();
const { participant, name } = await rename(renamed);
story(303, "POST", "/b/{token}/rename", { path_parameters: renamed, ...form({ participant, name }) });
story(200, "GET", "/v1/control/{token}/slots", { path_parameters: renamed, query: { item: (await shop.booking(renamed)).booking.items[0].id, month: "2026-08" } });
story(200, "GET", "/v1/control/{token}/slots", { path_parameters: renamed, query: { item: (await shop.booking(renamed)).booking.items[0].id, day: "2026-08-15" } });
story(200, "GET", "/b/{token}/reschedule", { path_parameters: renamed, query: { item: (await shop.booking(renamed)).booking.items[0].id } });
story(200, "GET", "/b/{token}/cancel", { path_parameters: renamed, query: { all: "1" } });

// What an operator does with a body that no schema leads to.
const fresh = await paid();
story(201, "POST", "/v1/bookings", { body: request() });
story(201, "POST", "/v1/bookings/{id}/payments", { path_parameters: fresh, body: { method: "cash", amount: eur("1.00") } });
story(201, "POST", "/v1/bookings/{id}/payments", { path_parameters: await book(), body: { method: "voucher", voucher: ids.vouchers[0], amount: eur("1.00") } });
story(201, "POST", "/v1/bookings/{id}/adjustments", { path_parameters: fresh, body: { code: "photos", amount: eur("12.00") } });
story(201, "POST", "/v1/bookings/{id}/refunds", { path_parameters: fresh, body: compensation });
story(201, "POST", "/v1/bookings/{id}/refunds", { path_parameters: fresh, body: { ...compensation, way: "voucher" } });
story(201, "POST", "/v1/bookings/{id}/links", { path_parameters: await paid() });
story(201, "POST", "/v1/bookings/{id}/payment-links", { path_parameters: { id: (await book()).id }, body: { ask: { type: "due_now" } } });
story(201, "POST", "/v1/payment-links", { body: draft });
story(204, "DELETE", "/v1/bookings/{id}/personal", { path_parameters: await paid() });
story(201, "POST", "/v1/slots", { body: { slots: [slot("17")] } });
story(200, "PATCH", "/v1/slots/{id}", { path_parameters: { id: slots[2].id }, body: { prices: [{ kind: "ticket", price: eur("30.00") }] } });
story(200, "POST", "/v1/slots/{id}", { path_parameters: { id: slots[2].id }, body: { type: "open", capacity: 40 } });
story(200, "POST", "/v1/policies/lint", { body: { policy: approval } });
story(200, "POST", "/v1/policies/{name}/what-if", { path_parameters: { name: "half" }, body: { policy: { ...POLICY, name: "half" } } });
story(200, "PUT", "/v1/policies/{name}", { path_parameters: { name: "ask" }, body: approval });
story(201, "PUT", "/v1/policies/{name}", { path_parameters: { name: "third" }, body: { ...approval, name: "third" } });
story(200, "PUT", "/v1/mail", { body: mail });
story(200, "POST", "/v1/mail/test", { body: { to: "ana@example.com" } });
story(200, "PUT", "/v1/providers/manual", { body: { instructions: "At the harbor" } });
story(200, "PUT", "/v1/settings", { body: { undo_delay_s: 60, allowed_origins: ["https://www.example.com"] } });
story(200, "PUT", "/v1/templates/{kind}/{locale}", { path_parameters: { kind: "confirmation", locale: "en" }, body: template });
story(200, "POST", "/v1/templates/preview", { body: { kind: "canceled", locale: "en" } });
story(200, "POST", "/v1/templates/preview", { body: { kind: "canceled", locale: "en", subject: "[CUSTMER_NAME]", body: "x" } });
story(201, "POST", "/v1/webhooks", { body: { url: ENDPOINT } });
for (const door of ["enable", "roll", "test"]) story(200, "POST", `/v1/webhooks/{id}/${door}`, { path_parameters: { id: endpoint.id } });
story(204, "DELETE", "/v1/webhooks/{id}", { path_parameters: { id: ids.endpoints.at(-1) } });
story(201, "POST", "/v1/keys", { body: { name: "the till", role: "agent" } });
story(204, "DELETE", "/v1/keys/{id}", { path_parameters: { id: ids.keys[0] } });
story(201, "POST", "/v1/operators", { body: { name: "Another", time_zone: "Europe/Zagreb", currency: "EUR", locale: "en" } });

// A webhook as the provider sends it, and the bill behind it.
const hooked = await book();
const returned = await shop.pay(await shop.checkout(`/p/${hooked.token}`));
const { pathname, searchParams } = new URL(returned, url);
story(200, "GET", "/p/{token}/done", { path_parameters: { token: pathname.split("/")[2] }, query: Object.fromEntries(searchParams) });
for (const token of [hooked.token, bills[2].token]) story(200, "GET", "/p/{token}/canceled", { path_parameters: { token } });
heard("charge.updated", { id: "ch_1", object: "charge" });
const stripe = { secret_key: `sk_test_${shop.account}`, webhook_secrets: ["whsec_one"] };
story(200, "PUT", "/v1/providers/stripe", { body: stripe });

// What a fuzzer may not leave changed for those after it.
const calm = [
  { method: "PUT", path: "/v1/mail", body: mail },
  { method: "PUT", path: "/v1/providers/stripe", body: stripe },
  { method: "PUT", path: "/v1/policies/half", body: { ...POLICY, name: "half", cancel: "start", rebook: { hours: 24 } } },
  { method: "PUT", path: "/v1/settings", body: {} },
];
// The key that every request comes with, which no request may withdraw.
const own_key = (await shop.ok("GET", "/v1/keys")).keys.find(({ name }) => name === "First key").id;
console.log(JSON.stringify({ url, at: shop.at, key: shop.key, own_key, ids, stories, calm }));
