// Slots that were opened for many bookings: opened, booked into, filled, moved between. Never more people than places.
import assert from "node:assert/strict";
import { test } from "node:test";
import { act, ALL, call, eur, operator, quote, refused, view } from "./client.mjs";

const SERVICE = "Sunset kayak tour";
const POLICY = {
  name: "tour",
  cancel: "start",
  rebook: { hours: 24 },
  moves: { most: 2, within_days: 30, cheaper: "refund" },
  windows: [
    { code: "free", until: { days: 7 } },
    { code: "half", until: "start", percent: "50" },
  ],
};
const DAYS = ["2026-08-14", "2026-08-15", "2026-08-16", "2026-09-01"];
const time = (day, hour = 18) => ({ starts_at: `${day}T${hour}:00:00.000Z`, ends_at: `${day}T${hour + 2}:00:00.000Z`, zone: "Europe/Zagreb" });
const slot = (day, more) => ({ service: SERVICE, ...time(day), capacity: 4, policy: "tour", ...more });
const ticket = (amount) => [{ kind: "ticket", price: eur(amount) }];
const store = (answer) => answer.headers.get("leeway-test-store");
const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** An operator with slots that are open. */
async function stage(...slots) {
  const key = await operator();
  assert.equal((await call("PUT", "/v1/policies/tour", { key, body: POLICY })).status, 201);
  const opened = await call("POST", "/v1/slots", { key, body: { slots } });
  assert.equal(opened.status, 201, opened.text);
  return { key, slots: opened.body.slots };
}

const request = (slot, names, more) => {
  const { service, starts_at, ends_at, zone } = slot;
  const participants = names.map((name) => ({ name, price: eur("40.00") }));
  const item = { service, slot: { starts_at, ends_at, zone }, slot_id: slot.id, participants, ...more };
  return { policy: "tour", currency: "EUR", customer: { name: "Ana Kovač", email: "ana@example.com" }, items: [item] };
};
const book = (key, slot, names, more) => call("POST", "/v1/bookings", { key, body: request(slot, names, more) });

/** A booking that is paid, with its link. */
async function booked(key, slot, names = ["Ana"]) {
  const made = await book(key, slot, names);
  assert.equal(made.status, 201, made.text);
  const { id, control_url, booking } = made.body;
  const amount = eur((40 * names.length).toFixed(2));
  assert.equal((await call("POST", `/v1/bookings/${id}/payments`, { key, body: { method: "card", amount } })).status, 201);
  return { key, id, token: control_url.split("/b/")[1], item: booking.items[0].id, participants: booking.items[0].participants.map(({ id }) => id) };
}

const room = async (key, slots) => Promise.all(slots.map(async ({ id }) => (await call("GET", `/v1/slots/${id}`, { key })).body.room));
const move = (item, slot, participants) => ({ type: "rebook", moves: [{ item, slot: slot.id, ...(participants && { participants }) }] });
const offers = (token, item, query) => call("GET", `/v1/control/${token}/slots?item=${item}&${query}`);

test("slots are opened, listed and found by service and time", async () => {
  const { key, slots } = await stage(...DAYS.map((day) => slot(day)), slot(DAYS[0], { service: "Cave tour" }));
  assert.equal(new Set(slots.map(({ id }) => id)).size, 5);
  assert.deepEqual([slots[0].room, slots[0].capacity, slots[0].is_open], [4, 4, true]);
  const list = async (query) => (await call("GET", `/v1/slots?${query}`, { key })).body.slots.map(({ id }) => slots.findIndex((slot) => slot.id === id)).sort();
  assert.deepEqual(await list(""), [0, 1, 2, 3, 4]);
  assert.deepEqual(await list(`service=${encodeURIComponent(SERVICE)}`), [0, 1, 2, 3]);
  assert.deepEqual(await list(`service=${encodeURIComponent(SERVICE)}&from=${slots[1].starts_at}&to=${slots[3].starts_at}`), [1, 2], "`to` itself is not in it");
  assert.deepEqual(await list(`service=${encodeURIComponent(SERVICE)}&after=${slots[1].id}`), [2, 3]);
  refused(await call("GET", "/v1/slots?from=soon", { key }), 422, "malformed", "from");
  refused(await call("GET", `/v1/slots?from=${slots[1].starts_at}&to=${slots[1].starts_at}`, { key }), 422, "malformed", "to");
  refused(await call("GET", "/v1/slots/nothing", { key }), 404, "slot_unknown");
  refused(await call("GET", `/v1/slots/${slots[0].id}`, { key: await operator() }), 404, "slot_unknown");
  refused(await call("GET", "/v1/slots"), 401, "unauthorized");
});

test("a slot is booked until it is full, and every cancellation frees its places", async () => {
  const { key, slots } = await stage(slot(DAYS[0]));
  const three = await booked(key, slots[0], ["Ana", "Ivo", "Maja"]);
  assert.deepEqual(await room(key, slots), [1]);
  const two = await book(key, slots[0], ["Jan", "Eva"]);
  refused(two, 409, "slot_full");
  assert.deepEqual(two.body.params, { slot: slots[0].id, room: 1 });
  const charter = await book(key, slots[0], [], { participants: [], add_ons: [{ kind: "charter", price: eur("200.00") }] });
  assert.equal(charter.status, 201, "what nobody attends by name takes one place");
  assert.deepEqual(await room(key, slots), [0]);
  const one = { type: "cancel", selection: { participants: [three.participants[1]] } };
  assert.equal((await act(three.token, one, (await quote(three.token, one)).body.token)).status, 201);
  assert.deepEqual(await room(key, slots), [1]);
  assert.equal((await act(three.token, ALL, (await quote(three.token)).body.token)).status, 201);
  assert.deepEqual(await room(key, slots), [3]);
  assert.deepEqual((await view(three.token)).body.slots, [], "it has no places any more");
});

test("a closed slot gives out nothing, and keeps who is in it", async () => {
  const { key, slots } = await stage(slot(DAYS[0]), slot(DAYS[1]));
  const mine = await booked(key, slots[0]);
  const say = (body) => call("POST", `/v1/slots/${slots[0].id}`, { key, body });
  const closed = await say({ type: "close" });
  assert.deepEqual([closed.status, closed.body.is_open, closed.body.room, closed.body.capacity], [200, false, 0, 4]);
  assert.equal((await say({ type: "close" })).status, 200, "twice is the same");
  refused(await book(key, slots[0], ["Eva"]), 409, "slot_closed");
  const away = move(mine.item, slots[1]);
  assert.equal((await act(mine.token, away, (await quote(mine.token, away)).body.token)).status, 201, "one can leave it");
  refused(await say({ type: "open", capacity: 0 }), 422, "malformed", "capacity");
  refused(await say({ type: "open", capacity: 10_001 }), 422, "malformed", "capacity");
  refused(await say({ type: "close", capacity: 2 }), 422, "malformed", "capacity");
  refused(await say({ type: "hold" }), 422, "malformed", "type");
  const open = await say({ type: "open", capacity: 2 });
  assert.deepEqual([open.body.is_open, open.body.room], [true, 2]);
  await booked(key, slots[0], ["Ana", "Ivo"]);
  refused(await say({ type: "open", capacity: 1 }), 409, "capacity_below_taken");
});

test("a month shows the days that have room, a day their times, under the limits of the move", async () => {
  const far = slot("2026-09-20"), full = slot(DAYS[2], { capacity: 1 });
  const { key, slots } = await stage(slot(DAYS[0]), slot(DAYS[1]), slot(DAYS[1], time(DAYS[1], 10)), full, slot(DAYS[3]), far, slot(DAYS[1], { service: "Cave tour" }));
  const mine = await booked(key, slots[0], ["Ana", "Ivo"]);
  await booked(key, slots[3], ["Eva"]);
  const august = await offers(mine.token, mine.item, "month=2026-08");
  assert.deepEqual([august.status, august.body.zone, august.body.days], [200, "Europe/Zagreb", [{ day: DAYS[1], offers: 2 }]]);
  assert.equal(store(august), "statements=2 commits=0");
  assert.deepEqual((await offers(mine.token, mine.item, "month=2026-09")).body.days, [{ day: DAYS[3], offers: 1 }], "the 20th is too far");
  const day = await offers(mine.token, mine.item, `day=${DAYS[1]}`);
  assert.deepEqual(day.body.offers.map(({ slot, room, service }) => [slot.id, room, service]), [[slots[2].id, 4, SERVICE], [slots[1].id, 4, SERVICE]]);
  assert.equal(day.body.offers[0].terms.cancel, "2026-08-15T09:59:59.999Z", "frozen for that slot");
  const range = await offers(mine.token, mine.item, `from=${slots[1].starts_at}&to=${slots[4].starts_at}`);
  assert.deepEqual(range.body.offers.map(({ slot }) => slot.id), [slots[1].id]);
  refused(await offers(mine.token, mine.item, "month=2026-8"), 422, "malformed", "month");
  refused(await offers(mine.token, mine.item, "day=2026-02-30"), 422, "malformed", "day");
  refused(await offers(mine.token, mine.item, `day=${DAYS[1]}&month=2026-08`), 422, "malformed", "day");
  refused(await call("GET", `/v1/control/${mine.token}/slots`), 422, "malformed", "item");
  refused(await offers(mine.token, slots[0].id, "month=2026-08"), 422, "unknown_item");
  const late = await call("GET", `/v1/control/${mine.token}/slots?item=${mine.item}&month=2026-08`, { at: "2026-08-13T18:00:00.001Z" });
  refused(late, 409, "past_limit");
});

test("a move by link: what is quoted is what happens, and the old place is free again", async () => {
  const { key, slots } = await stage(slot(DAYS[0]), slot(DAYS[1], { prices: ticket("45.50") }));
  const mine = await booked(key, slots[0], ["Ana", "Ivo"]);
  const action = move(mine.item, slots[1]);
  const quoted = await quote(mine.token, action);
  assert.equal(store(quoted), "statements=2 commits=0", "the booking, the slots");
  assert.deepEqual([quoted.body.type, quoted.body.difference.amount, quoted.body.fee.amount, quoted.body.charged.amount, quoted.body.balance_after.amount], ["rebook", "11.00", "0.00", "11.00", "11.00"]);
  const done = await act(mine.token, action, quoted.body.token);
  assert.deepEqual([done.status, done.body.totals.balance.amount, done.body.totals.owed.amount], [201, "11.00", "91.00"]);
  assert.equal(store(done), "statements=7 commits=1", "both loaded; two of events, who is behind them, the booking, the slots");
  assert.deepEqual(await room(key, slots), [4, 2]);
  const { body } = await view(mine.token);
  assert.deepEqual([body.booking.items[0].slot.id, body.slots], [slots[1].id, [slots[1].id]]);
  const again = await act(mine.token, action, quoted.body.token);
  assert.deepEqual([again.status, again.body, store(again)], [200, done.body, "statements=1 commits=0"]);
  assert.deepEqual(await room(key, slots), [4, 2]);
});

test("one of two guests moves, and takes one place", async () => {
  const { key, slots } = await stage(slot(DAYS[0]), slot(DAYS[1]));
  const mine = await booked(key, slots[0], ["Ana", "Ivo"]);
  const action = move(mine.item, slots[1], [mine.participants[1]]);
  assert.equal((await act(mine.token, action, (await quote(mine.token, action)).body.token)).status, 201);
  assert.deepEqual(await room(key, slots), [3, 3]);
  assert.equal((await view(mine.token)).body.booking.items.length, 2);
  assert.deepEqual((await view(mine.token)).body.slots.sort(), slots.map(({ id }) => id).sort());
});

test("a price or terms that change after the quote are answered with a fresh one, which is honored", async () => {
  const { key, slots } = await stage(slot(DAYS[0]), slot(DAYS[1], { prices: ticket("45.00") }));
  const mine = await booked(key, slots[0]);
  const action = move(mine.item, slots[1]);
  const stale = await quote(mine.token, action);
  const dearer = await call("PATCH", `/v1/slots/${slots[1].id}`, { key, body: { prices: ticket("50.00") } });
  assert.deepEqual([dearer.status, dearer.body.prices], [200, ticket("50.00")]);
  const changed = await act(mine.token, action, stale.body.token);
  refused(changed, 409, "quote_changed");
  assert.deepEqual([stale.body.charged.amount, changed.body.quote.charged.amount], ["5.00", "10.00"]);
  assert.deepEqual(await room(key, slots), [3, 4]);
  const strict = { ...POLICY, cancel: { days: 3 } };
  assert.equal((await call("PUT", "/v1/policies/tour", { key, body: strict })).status, 200);
  const terms = await act(mine.token, action, changed.body.quote.token);
  refused(terms, 409, "quote_changed");
  assert.equal(terms.body.quote.charged.amount, "10.00", "the same sum under other terms");
  assert.equal((await act(mine.token, action, terms.body.quote.token)).status, 201);
});

test("eight moves at once to the last place: one wins, nothing is oversold", async () => {
  const { key, slots } = await stage(slot(DAYS[0], { capacity: 8 }), slot(DAYS[1], { capacity: 1 }));
  const all = [];
  for (let one = 0; one < 8; one++) all.push(await booked(key, slots[0]));
  assert.deepEqual(await room(key, slots), [0, 1]);
  const quotes = await Promise.all(all.map(({ token, item }) => quote(token, move(item, slots[1]))));
  const answers = await Promise.all(all.map(({ token, item }, one) => act(token, move(item, slots[1]), quotes[one].body.token)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(409)]);
  for (const answer of answers.filter(({ status }) => status === 409)) refused(answer, 409, "slot_full");
  assert.deepEqual(await room(key, slots), [1, 0], "one place is given back, and one taken");
  const items = await Promise.all(all.map(async ({ token }) => (await view(token)).body.booking.items[0].slot.id));
  assert.equal(items.filter((id) => id === slots[1].id).length, 1);
});

test("the operator moves people past every limit, for nothing", async () => {
  const { key, slots } = await stage(slot(DAYS[0]), slot("2026-12-01", { prices: ticket("90.00") }));
  const mine = await booked(key, slots[0]);
  const action = { ...move(mine.item, slots[1]), reason: "operator_request" };
  refused(await quote(mine.token, action), 422, "reason_not_allowed");
  refused(await quote(mine.token, move(mine.item, slots[1])), 409, "too_far");
  const quoted = await call("POST", `/v1/bookings/${mine.id}/quotes`, { key, body: action });
  assert.equal(quoted.body.charged.amount, "0.00");
  const done = await call("POST", `/v1/bookings/${mine.id}/actions`, { key, body: { action, quote: quoted.body.token } });
  assert.deepEqual([done.status, await room(key, slots)], [201, [4, 3]]);
});

test("canceling takes one statement more where a slot is managed", async () => {
  const { key, slots } = await stage(slot(DAYS[0]));
  const mine = await booked(key, slots[0]);
  assert.equal(store(await view(mine.token)), "statements=1 commits=0");
  const quoted = await quote(mine.token);
  assert.equal(store(quoted), "statements=1 commits=0");
  const done = await act(mine.token, ALL, quoted.body.token);
  assert.deepEqual([done.status, store(done)], [201, "statements=8 commits=1"], "both loaded; two of events, who is behind them, the booking, the slot, the row of the refund");
});

test("a booking must be what its slot is", async () => {
  const { key, slots } = await stage(slot(DAYS[0]));
  refused(await book(key, slots[0], ["Ana"], { slot: time(DAYS[1]) }), 422, "malformed", "items[0].slot");
  refused(await book(key, slots[0], ["Ana"], { service: "Cave tour" }), 422, "malformed", "items[0].service");
  refused(await book(key, slots[0], ["Ana"], { slot_id: "018f0000-0000-7000-8000-000000000000" }), 422, "unknown_slot", "items[0].slot_id");
  refused(await book(key, slots[0], ["Ana"], { slot_id: "x" }), 422, "malformed", "items[0].slot_id");
  assert.deepEqual(await room(key, slots), [4]);
});

const WRONG = [
  [[], "slots"],
  [Array.from({ length: 501 }, () => slot(DAYS[0])), "slots"],
  [[slot(DAYS[0], { capacity: 0 })], "slots[0].capacity"],
  [[slot(DAYS[0], { capacity: 10_001 })], "slots[0].capacity"],
  [[slot(DAYS[0], { capacity: -1 })], "slots[0].capacity"],
  [[slot(DAYS[0]), slot(DAYS[0], { ends_at: `${DAYS[0]}T18:00:00Z` })], "slots[1].ends_at"],
  [[slot(DAYS[0], { starts_at: DAYS[0] })], "slots[0].starts_at"],
  [[slot(DAYS[0], { zone: "Europe/Atlantis" })], "slots[0].zone"],
  [[slot(DAYS[0], { service: " " })], "slots[0].service"],
  [[slot(DAYS[0], { service: "x".repeat(121) })], "slots[0].service"],
  [[slot(DAYS[0], { colour: "red" })], "slots[0].colour"],
  [[slot(DAYS[0], { policy: "none" })], "slots[0].policy", "policy_unknown"],
  [[slot(DAYS[0], { prices: [...ticket("1.00"), ...ticket("2.00")] })], "slots[0].prices[1].kind"],
  [[slot(DAYS[0], { prices: ticket("-1.00") })], "slots[0].prices[0].price"],
  [[slot(DAYS[0], { prices: [...ticket("1.00"), { kind: "child", price: { amount: "1", currency: "JPY" } }] })], "slots[0].prices[1].price"],
  [[slot(DAYS[0], { prices: Array.from({ length: 25 }, (_, at) => ({ kind: `k${at}`, price: eur("1.00") })) })], "slots[0].prices"],
];
test("slots that are none: the path of the field, and nothing written", async () => {
  const { key } = await stage(slot(DAYS[0]));
  for (const [slots, path, code = "malformed"] of WRONG) refused(await call("POST", "/v1/slots", { key, body: { slots } }), 422, code, path);
  assert.equal((await call("GET", "/v1/slots", { key })).body.slots.length, 1);
});

test("many slots are opened and listed in parts", async () => {
  const days = Array.from({ length: 500 }, (_, at) => new Date(Date.parse(`${DAYS[0]}T08:00:00Z`) + at * 3_600_000).toISOString());
  const hours = days.map((starts_at) => slot(DAYS[0], { starts_at, ends_at: new Date(Date.parse(starts_at) + 1).toISOString() }));
  const { key } = await stage(...hours);
  assert.equal((await call("POST", "/v1/slots", { key, body: { slots: [slot("2027-01-01")] } })).status, 201);
  const first = await call("GET", "/v1/slots", { key });
  assert.deepEqual([first.body.slots.length, first.body.next], [500, first.body.slots[499].id]);
  const rest = await call("GET", `/v1/slots?after=${first.body.next}`, { key });
  assert.deepEqual([rest.body.slots.map(({ starts_at }) => starts_at), rest.body.next], [["2027-01-01T18:00:00.000Z"], undefined]);
});

test("the pages: a day is chosen, reviewed, confirmed; opening them changes nothing", async () => {
  const { key, slots } = await stage(slot(DAYS[0]), slot(DAYS[1], { prices: ticket("45.50") }));
  const mine = await booked(key, slots[0]);
  const page = (path) => call("GET", `/b/${mine.token}${path}`);
  const at = `/reschedule?item=${mine.item}`;
  assert.match((await page("")).text, new RegExp(`reschedule\\?item=${mine.item}`));
  const month = await page(`${at}&month=2026-08`);
  assert.deepEqual([month.status, store(month)], [200, "statements=2 commits=0"]);
  assert.match(month.text, /aria-label="Saturday 15 August 2026, 1 time"|aria-label="Saturday, 15 August 2026, 1 time"/);
  const day = await page(`${at}&day=${DAYS[1]}`);
  assert.match(day.text, new RegExp(`type="radio" name="slot" value="${slots[1].id}"`));
  assert.match(day.text, /costs €5\.50 more/);
  const review = await page(`${at}&slot=${slots[1].id}`);
  assert.match(review.text, /data-slot="charged">€5\.50</);
  assert.deepEqual(await room(key, slots), [3, 4], "nothing has changed");
  const token = review.text.match(/name="quote" value="([^"]+)"/)[1];
  const body = `item=${mine.item}&slot=${slots[1].id}&quote=${token}`;
  const refusedForm = await call("POST", `/b/${mine.token}/reschedule`, { body: body.replace(token, mine.token), headers: FORM });
  assert.equal(refusedForm.status, 422);
  const done = await call("POST", `/b/${mine.token}/reschedule`, { body, headers: FORM });
  assert.equal(done.status, 303, done.text);
  assert.deepEqual(await room(key, slots), [4, 3]);
  const receipt = await call("GET", done.headers.get("location"));
  assert.match(receipt.text, /data-slot="done-charged">€5\.50</);
  assert.notEqual(done.headers.get("location").split("?")[0], `/b/${mine.token}`, "a link that lasts as long after the new date");
});

test("a page whose slot filled up meanwhile says so, and offers the others", async () => {
  const { key, slots } = await stage(slot(DAYS[0]), slot(DAYS[1], { capacity: 1 }));
  const mine = await booked(key, slots[0]);
  const at = `/b/${mine.token}/reschedule?item=${mine.item}&slot=${slots[1].id}`;
  const token = (await call("GET", at)).text.match(/name="quote" value="([^"]+)"/)[1];
  await booked(key, slots[1]);
  const late = await call("POST", `/b/${mine.token}/reschedule`, { body: `item=${mine.item}&slot=${slots[1].id}&quote=${token}`, headers: FORM });
  assert.equal(late.status, 409);
  assert.match(late.text, /Somebody was faster/);
  assert.equal((await call("GET", at)).status, 409);
});

test("a policy is tried before it is stored", async () => {
  const key = await operator();
  const twisted = { name: "t", windows: [{ code: "a", until: { days: 1 }, percent: "10" }, { code: "b", until: { days: 7 }, percent: "50" }] };
  const found = await call("POST", "/v1/policies/lint", { key, body: { policy: twisted } });
  assert.deepEqual([found.status, found.body.findings.map(({ code }) => code)], [200, ["not_monotone"]]);
  assert.deepEqual((await call("POST", "/v1/policies/lint", { key, body: { policy: { name: "t", windows: [{ code: "a", until: "start" }] } } })).body, { findings: [] });
  const dear = { policy: { name: "t", windows: [{ code: "a", until: "start", fixed: eur("50.00") }] }, sample: { price: eur("40.00"), participants: 1 } };
  assert.deepEqual((await call("POST", "/v1/policies/lint", { key, body: dear })).body.findings.map(({ code }) => code), ["fee_above_price"]);
  refused(await call("POST", "/v1/policies/lint", { key, body: { policy: { name: "t", windows: [{ code: "a", until: "soon" }] } } }), 422, "malformed", "policy.windows[0].until");
  refused(await call("POST", "/v1/policies/tour", { key, body: { policy: twisted } }), 405, "method_not_allowed");
  refused(await call("GET", "/v1/policies/t", { key }), 404, "not_found");
});
