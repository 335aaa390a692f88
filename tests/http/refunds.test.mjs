// The refund module over its doors: the worked examples of requirement C, search, statistics.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { act, ALL, AT, BOOKING, call, eur, operator, paid, POLICY, quote, refused } from "./client.mjs";

const enter = ({ key, id }, body, more) => call("POST", `/v1/bookings/${id}/refunds`, { key, body, ...more });
const step = (key, refund, door, body, more) => call("POST", `/v1/refunds/${refund}/${door}`, { key, body: body ?? {}, ...more });
const balance = (answer) => answer.body.totals.balance.amount;
const ID = "018f0000-0000-7000-8000-000000000000";

test("compensation by credit note: entered, made, approved, finalized (worked example 3)", async () => {
  const booked = await paid();
  const entered = await enter(booked, { reason: "compensation_on_return", amount: eur("15.00"), note: "broken paddle" });
  assert.deepEqual([entered.status, entered.body.refund.state, balance(entered)], [201, "requested", "-15.00"]);
  const { id } = entered.body.refund;
  assert.deepEqual([entered.body.booking, entered.body.entered_at, entered.body.settled_at], [booked.id, AT, undefined]);
  const made = await step(booked.key, id, "credit-note");
  assert.deepEqual([made.status, made.body.refund.document, balance(made)], [200, "credit_note_made", "-15.00"]);
  refused(await step(booked.key, id, "finalize"), 409, "credit_note_not_approved");
  refused(await step(booked.key, id, "voucher"), 409, "document_exists");
  assert.equal((await step(booked.key, id, "approve-credit-note")).body.refund.document, "credit_note_approved");
  const later = "2026-06-02T12:00:00.000Z";
  const done = await step(booked.key, id, "finalize", undefined, { at: later });
  assert.deepEqual([done.body.refund.state, balance(done), done.body.settled_at], ["settled", "0.00", later]);
  const shown = await call("GET", `/v1/refunds/${id}`, { key: booked.key });
  assert.deepEqual([shown.status, shown.text], [200, done.text]);
  assert.equal(shown.headers.get("etag"), `"${done.body.version}"`);
});

test("compensation by voucher, which pays another booking (worked example 2)", async () => {
  const booked = await paid();
  const entered = await enter(booked, { reason: "compensation_on_return", amount: eur("15.00"), way: "voucher" });
  assert.deepEqual([entered.body.refund.state, balance(entered)], ["settled", "0.00"]);
  const { code, voucher: { id } } = entered.body.voucher;
  assert.notEqual(code, id);
  const shown = await call("GET", `/v1/vouchers/${code}`, { key: booked.key });
  assert.deepEqual([shown.status, shown.body.usable], [200, eur("15.00")]);
  const other = await call("POST", "/v1/bookings", { key: booked.key, body: BOOKING });
  const pay = (body) => call("POST", `/v1/bookings/${other.body.id}/payments`, { key: booked.key, body });
  refused(await pay({ method: "card", voucher: code }), 422, "malformed", "voucher");
  refused(await pay({ method: "card" }), 422, "malformed", "amount");
  for (const wrong of [ID, id, "", "'"]) refused(await pay({ method: "voucher", voucher: wrong }), 422, "voucher_unknown", "voucher");
  refused(await pay({ method: "voucher", voucher: code, amount: eur("15.01") }), 409, "voucher_too_small");
  const first = await pay({ method: "voucher", voucher: code, amount: eur("5.00") });
  assert.deepEqual([first.status, balance(first)], [201, "104.98"]);
  assert.equal(balance(await pay({ method: "voucher", voucher: code })), "94.98");
  assert.deepEqual((await call("GET", `/v1/vouchers/${code}`, { key: booked.key })).body.usable, eur("0.00"));
  refused(await pay({ method: "voucher", voucher: code }), 409, "voucher_too_small");
});

test("the page of a booking shows its voucher's code to whoever has the link, and what is left on it (C13)", async () => {
  const booked = await paid(BOOKING, { ...POLICY, voucher: { bonus: "10", bonus_valid_days: 30 } });
  const page = async (more = "", at = AT) => (await call("GET", `/b/${booked.token}?lang=en${more}`, { at })).text;
  assert.doesNotMatch(await page(), /class="card voucher"/, "there is none");
  const action = { ...ALL, refund_to: "voucher" };
  const { body: receipt } = await act(booked.token, action, (await quote(booked.token, action)).body.token);
  const { vouchers: [{ code }] } = (await call("GET", `/v1/control/${booked.token}`)).body;
  const shows = async (left, sentences, at) => {
    const text = await page("", at);
    assert.ok(text.includes(`>${code}</p>`), text);
    assert.equal(text.match(/data-slot="voucher-left">([^<]+)</)[1], left);
    assert.equal(text.match(/voucher-left.*?<p class="small">([^<]*)</)[1], sentences);
    assert.equal(/To pay with it, give Test &amp; Co\. this code\./.test(text), left !== "€0.00");
  };
  await shows("€60.49", "€5.50 of it is a bonus, which can be used until Wed, 1 Jul 2026, 14:00 (Zagreb time). The rest does not expire.");
  const done = await page(`&done=canceled&act=${receipt.id}`);
  assert.match(done, /Refund paid back: €54\.99 as a voucher\./);
  const other = await call("POST", "/v1/bookings", { key: booked.key, body: BOOKING });
  const spend = (amount, at) => call("POST", `/v1/bookings/${other.body.id}/payments`, { key: booked.key, at, body: { method: "voucher", voucher: code, amount: eur(amount) } });
  assert.equal((await spend("3.00")).status, 201);
  await shows("€57.49", "€2.50 of it is a bonus, which can be used until Wed, 1 Jul 2026, 14:00 (Zagreb time). The rest does not expire.");
  const later = "2026-07-02T12:00:00.000Z";
  await shows("€54.99", "The bonus of €2.50 expired on 1 Jul 2026. The rest does not expire.", later);
  assert.equal((await spend("54.99", later)).status, 201);
  await shows("€0.00", "The bonus of €2.50 expired on 1 Jul 2026. Nothing is left of it.", later);
  const elsewhere = await call("GET", `/b/${other.body.control_url.split("/b/")[1]}`, { at: later });
  assert.doesNotMatch(elsewhere.text, /class="card voucher"/, "it is not the voucher of the booking that it paid");
});

test("money that goes another way than it came is told so on the page (C10)", async () => {
  const booked = await paid();
  const entered = await enter(booked, { reason: "compensation_on_return", amount: eur("15.00"), way: "bank_transfer" });
  assert.equal(entered.status, 201, entered.text);
  const { text } = await call("GET", `/b/${booked.token}?lang=en`);
  assert.match(text, /€15\.00 to your bank account/);
  assert.doesNotMatch(text, /to your card/);
});

test("a canceled booking: the amount is prefilled and a fee has reduced it (worked example 5)", async () => {
  const policy = { name: "never", windows: [{ code: "late", until: "start", fixed: eur("20.00"), refund: "never" }] };
  const booked = await paid({ ...BOOKING, policy: "never" }, policy, "50.00");
  const quoted = await quote(booked.token);
  assert.equal((await act(booked.token, ALL, quoted.body.token)).status, 201);
  const entered = await enter(booked, { reason: "customer_cancellation", way: "bank_transfer" });
  assert.deepEqual([entered.status, entered.body.refund.amount], [201, eur("30.00")]);
  const done = await step(booked.key, entered.body.refund.id, "finalize");
  assert.deepEqual([balance(done), done.body.refund.state], ["0.00", "settled"]);
});

test("approve, decline and void; each once", async () => {
  const policy = { name: "ask", windows: [{ code: "late", until: "start", percent: "50", refund: "approval" }] };
  for (const [door, body, state, left] of [
    ["approve", {}, "requested", "-54.99"],
    ["decline", { why: "no-show" }, "voided", "0.00"],
  ]) {
    const booked = await paid({ ...BOOKING, policy: "ask" }, policy);
    const quoted = await quote(booked.token);
    const receipt = await act(booked.token, ALL, quoted.body.token);
    const [{ id }] = receipt.body.refunds;
    const done = await step(booked.key, id, door, body);
    assert.deepEqual([done.status, done.body.refund.state, balance(done)], [200, state, left], done.text);
    refused(await step(booked.key, id, door, body), 409, "refund_not_open");
  }
  const booked = await paid();
  const entered = await enter(booked, { reason: "compensation_on_return", amount: eur("5.00") });
  refused(await step(booked.key, entered.body.refund.id, "void"), 422, "malformed", "");
  const voided = await step(booked.key, entered.body.refund.id, "void", { why: "typing error" });
  assert.deepEqual([voided.body.refund.state, balance(voided)], ["voided", "0.00"]);
});

test("extras and rebates", async () => {
  const booked = await paid();
  const adjust = (body) => call("POST", `/v1/bookings/${booked.id}/adjustments`, { key: booked.key, body });
  const extra = await adjust({ code: "photos", amount: eur("12.00") });
  assert.deepEqual([extra.status, balance(extra)], [201, "12.00"]);
  assert.equal(balance(await adjust({ code: "sorry", amount: eur("-20.00") })), "-8.00");
  refused(await adjust({ code: "sorry", amount: eur("-200.00") }), 409, "rebate_above_plan");
  refused(await adjust({ code: "No Code", amount: eur("1.00") }), 422, "malformed", "code");
  const back = await enter(booked, { reason: "overpayment", amount: eur("8.00"), way: "cash" });
  assert.equal(balance(await step(booked.key, back.body.refund.id, "finalize")), "0.00");
});

test("entries and steps that say what none can", async () => {
  const booked = await paid();
  refused(await enter(booked, { reason: "sorrow" }), 422, "malformed", "reason");
  refused(await enter(booked, { reason: "overpayment" }), 422, "amount_needed");
  refused(await enter(booked, { reason: "overpayment", amount: eur("1.00") }), 409, "refund_too_high");
  refused(await enter(booked, { reason: "customer_cancellation", amount: eur("1.00") }), 409, "not_canceled");
  refused(await enter({ ...booked, id: ID }, { reason: "overpayment" }), 404, "booking_unknown");
  refused(await step(booked.key, ID, "approve"), 404, "unknown_refund");
  refused(await step(booked.key, "x", "approve"), 404, "not_found");
  refused(await call("GET", `/v1/refunds/${ID}`, { key: booked.key }), 404, "unknown_refund");
  refused(await call("GET", `/v1/vouchers/${ID}`, { key: booked.key }), 404, "voucher_unknown");
  const entered = await enter(booked, { reason: "compensation_on_return", amount: eur("5.00") });
  const { id } = entered.body.refund;
  refused(await step(booked.key, id, "approve", { now: true }), 422, "malformed", "now");
  refused(await step(booked.key, id, "approve"), 409, "refund_not_open");
  refused(await step(booked.key, id, "route", { way: "pigeon" }), 422, "malformed", "way");
  assert.equal((await call("POST", `/v1/refunds/${id}/finalize`, { key: booked.key, headers: { "content-length": "0" } })).status, 200);
});

test("another operator's refund is not there", async () => {
  const booked = await paid();
  const entered = await enter(booked, { reason: "compensation_on_return", amount: eur("5.00") });
  const stranger = await operator();
  refused(await call("GET", `/v1/refunds/${entered.body.refund.id}`, { key: stranger }), 404, "unknown_refund");
  assert.deepEqual((await call("GET", "/v1/refunds", { key: stranger })).body, { refunds: [] });
});

test("one key makes one entry", async () => {
  const booked = await paid();
  const headers = { "idempotency-key": "r-1" };
  const body = { reason: "compensation_on_return", amount: eur("5.00") };
  const [first, again] = [await enter(booked, body, { headers }), await enter(booked, body, { headers })];
  assert.deepEqual([again.status, again.text], [201, first.text]);
  assert.equal((await call("GET", `/v1/bookings/${booked.id}/refunds`, { key: booked.key })).body.refunds.length, 1);
});

// Six entries of three customers, in the calendar of Zagreb: the last instant of June in UTC is in July there.
const ENTRIES = [
  ["Ana Kovač", "ana@example.com", { reason: "compensation_on_return", amount: eur("1.00"), note: "broken paddle" }, "2026-06-10T10:00:00.000Z"],
  ["Ana Kovač", "ana@example.com", { reason: "compensation_at_base", amount: eur("2.00") }, "2026-06-20T10:00:00.000Z"],
  ["Žarko Đurić", "zarko@example.net", { reason: "compensation_on_return", amount: eur("4.00"), way: "cash" }, "2026-06-30T22:30:00.000Z"],
  ["Žarko Đurić", "zarko@example.net", { reason: "compensation_on_return", amount: eur("8.00"), way: "voucher" }, "2026-07-01T10:00:00.000Z"],
  ["Bo Li", "bo@example.org", { reason: "compensation_on_return", amount: eur("16.00"), note: "storm" }, "2026-07-02T10:00:00.000Z"],
  ["Bo Li", "bo@example.org", { reason: "compensation_at_base", amount: eur("32.00") }, "2026-07-02T10:00:00.000Z"],
];
let searched;
before(async () => {
  const key = await operator();
  await call("PUT", "/v1/policies/half", { key, body: POLICY });
  for (const [name, email, entry, at] of ENTRIES) {
    const made = await call("POST", "/v1/bookings", { key, body: { ...BOOKING, customer: { name, email } } });
    const { id } = made.body;
    await call("POST", `/v1/bookings/${id}/payments`, { key, body: { method: "card", amount: eur("109.98") } });
    assert.equal((await enter({ key, id }, entry, { at })).status, 201);
  }
  searched = key;
});
const search = async (query) => {
  const answer = await call("GET", `/v1/refunds${query}`, { key: searched });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};
const amounts = async (query) => (await search(query)).refunds.map((refund) => Number(refund.amount.amount)).join(" ");

for (const [query, expected] of [
  ["", "32 16 8 4 2 1"],
  ["?reason=compensation_at_base", "32 2"],
  ["?state=settled", "32 8 2"],
  ["?state=requested&state=settled", "32 16 8 4 2 1"],
  ["?way=cash", "32 4 2"],
  ["?way=as_paid", "16 1"],
  ["?method=card", "16 8 4 1"],
  ["?method=voucher", ""],
  ["?from=2026-06-20T10:00:00Z&to=2026-07-01T10:00:00Z", "4 2"],
  ["?q=kovac", "2 1"],
  ["?q=Žarko", "8 4"],
  ["?q=zarko@example.net", "8 4"],
  ["?q=ana+paddle", "1"],
  ["?q=bo", "32 16"],
  ["?q=storm+paddle", ""],
  ["?q=LW-000005", "16"],
  ["?q=storm&state=settled", ""],
  ["?q=NOT", ""],
  ["?q=B", ""],
])
  test(`search ${query}`, async () => assert.equal(await amounts(query), expected));

test("a list goes on after its last entry, whatever came since", async () => {
  const first = await search("?limit=4");
  assert.equal(first.refunds.length, 4);
  const last = await search(`?limit=4&cursor=${first.next}`);
  assert.deepEqual([last.refunds.map((refund) => refund.amount.amount), last.next], [["2.00", "1.00"], undefined]);
  assert.equal((await search("?limit=6")).next, undefined);
});

for (const [query, path] of [["?state=gone", "state"], ["?reason=", "reason"], ["?limit=0", "limit"], ["?limit=201", "limit"], ["?limit=x", "limit"], ["?cursor=x", "cursor"], ["?q=%22", "q"], ["?from=yesterday", "from"], ["?from=2026-06-20T10:00:00Z&to=2026-06-20T10:00:00Z", "to"]])
  test(`no search ${query}`, async () => refused(await call("GET", `/v1/refunds${query}`, { key: searched }), 422, "malformed", path));

test("statistics: what the entries come to, by everything they have in common", async () => {
  const answer = await call("GET", "/v1/refunds/statistics?from=2026-06-01T00:00:00Z&to=2027-01-01T00:00:00Z", { key: searched });
  const [sums, ...others] = answer.body.currencies;
  assert.deepEqual(others, []);
  const told = (list) => Object.fromEntries(list.map(({ is, count, amount }) => [is, [count, amount.amount]]));
  assert.deepEqual([sums.all.count, sums.all.amount], [6, eur("63.00")]);
  assert.deepEqual(told(sums.by_reason), { compensation_at_base: [2, "34.00"], compensation_on_return: [4, "29.00"] });
  assert.deepEqual(told(sums.by_state), { requested: [3, "21.00"], settled: [3, "42.00"] });
  assert.deepEqual(told(sums.by_way), { as_paid: [2, "17.00"], cash: [3, "38.00"], voucher: [1, "8.00"] });
  assert.deepEqual(told(sums.by_month), { "2026-06": [2, "3.00"], "2026-07": [4, "60.00"] });
  const june = await call("GET", "/v1/refunds/statistics?to=2026-06-30T22:00:00Z", { key: searched });
  assert.deepEqual(june.body.currencies[0].all, { count: 2, amount: eur("3.00") });
});
