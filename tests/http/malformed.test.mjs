// Bad input: a 4xx with a code and the field's path, and nothing written.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { ALL, AT, BOOKING, call, eur, paid, POLICY, quote, refused, url, version } from "./client.mjs";

let booked;
before(async () => (booked = await paid()));
after(async () => assert.equal(await version(booked), 2, "nothing was written"));

/** A deep copy of the booking with one place changed: `items.0.slot.zone`. */
function changed(path, value) {
  const copy = structuredClone(BOOKING);
  const keys = path.split(".");
  const last = keys.pop();
  const holder = keys.reduce((at, key) => at[key], copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

const CASES = [
  ["colour", "red", "colour"],
  ["items.0.colour", "red", "items[0].colour"],
  ["currency", 7, "currency"],
  ["currency", "EURO", "currency"],
  ["customer.email", "nobody", "customer.email"],
  ["customer.name", "", "customer.name"],
  ["customer.locale", "../..", "customer.locale"],
  ["items", [], undefined, "nothing_selected"],
  ["items", {}, "items"],
  ["items.0.slot.starts_at", "2026-08-14T08:00:00", "items[0].slot.starts_at"],
  ["items.0.slot.starts_at", "2026-08-14", "items[0].slot.starts_at"],
  ["items.0.slot.starts_at", 1_786_694_400_000, "items[0].slot.starts_at"],
  ["items.0.slot.ends_at", "2026-08-14T07:00:00Z", "items[0].slot.ends_at"],
  ["items.0.slot.zone", "Europe/Atlantis", "items[0].slot.zone"],
  ["items.0.slot.zone", undefined, "items[0].slot"],
  ["items.0.participants.1.price", eur("-1.00"), "items[0].participants[1].price"],
  ["items.0.participants.1.price", eur("1.001"), "items[0].participants[1].price"],
  ["items.0.participants.1.price", eur("1,00"), "items[0].participants[1].price.amount"],
  ["items.0.participants.1.price", eur("1e3"), "items[0].participants[1].price.amount"],
  ["items.0.participants.1.price", eur("90071992547409.92"), "items[0].participants[1].price"],
  ["items.0.participants.1.price", { amount: 33.33, currency: "EUR" }, "items[0].participants[1].price.amount"],
  ["items.0.participants.1.price", { amount: "33.33", currency: "USD" }, "items[0].participants[1].price"],
  ["items.0.participants.1.name", "\u0000", "items[0].participants[1].name"],
  ["items.0.add_ons.0.participant", 3, "items[0].add_ons[0].participant"],
  ["items.0.add_ons.0.kind", "Travel insurance", "items[0].add_ons[0].kind"],
  ["plan", [{ code: "all", due: "2026-07-01T00:00:00Z", amount: eur("1.00") }], undefined, "plan_is_not_the_price"],
  ["plan", [{ code: "all", due: "2026-07-01T00:00:00Z", amount: { amount: "1", currency: "JPY" } }], "plan[0].amount"],
  ["policy", "none", "policy", "policy_unknown"],
];
for (const [place, value, path, code = "malformed"] of CASES)
  test(`a booking whose ${place} is ${JSON.stringify(value)}`, async () => {
    const answer = await call("POST", "/v1/bookings", { key: booked.key, body: changed(place, value) });
    refused(answer, 422, code, path);
  });

test("amounts that add up beyond the range", async () => {
  const most = structuredClone(BOOKING);
  for (const participant of most.items[0].participants) participant.price = eur("90071992547409.91");
  refused(await call("POST", "/v1/bookings", { key: booked.key, body: most }), 422, "malformed", "items");
});

const ID = "018f0000-0000-7000-8000-000000000000";
const ACTIONS = [
  [{ type: "fly" }, "malformed", "type"],
  [{ type: "cancel" }, "malformed", ""],
  [{ type: "cancel", selection: { all: false } }, "malformed", "selection"],
  [{ type: "cancel", selection: { all: true, items: [ID] } }, "malformed", "selection"],
  [{ type: "cancel", selection: { items: ["x"] } }, "malformed", "selection.items[0]"],
  [{ type: "cancel", selection: { items: Array.from({ length: 501 }, () => ID) } }, "malformed", "selection"],
  [{ type: "cancel", selection: { all: true }, refund: eur("999.00") }, "malformed", "refund"],
  [{ type: "cancel", selection: {} }, "nothing_selected"],
  [{ type: "cancel", selection: { items: [ID] } }, "unknown_item"],
  [{ type: "cancel", selection: { participants: [ID] } }, "unknown_participant"],
  [{ type: "rename", participant: ID, name: "Ana" }, "unknown_participant"],
  ["{", "malformed", ""],
  ["", "malformed", ""],
  ["[]", "malformed"],
  ["[".repeat(10_000), "malformed"],
  [`{"type":"cancel","selection":{"all":true}} `.repeat(2), "malformed", ""],
];
for (const [action, code, path] of ACTIONS)
  test(`an action ${JSON.stringify(action).slice(0, 80)}`, async () => refused(await quote(booked.token, action), 422, code, path));

test("another booking's participant is unknown", async () => {
  const other = await paid();
  refused(await quote(booked.token, { type: "cancel", selection: { participants: [other.booking.items[0].participants[0].id] } }), 422, "unknown_participant");
});

test("a commit without its quote", async () => {
  refused(await call("POST", `/v1/control/${booked.token}/actions`, { body: { action: ALL } }), 422, "malformed", "");
  refused(await call("POST", `/v1/control/${booked.token}/actions`, { body: { action: ALL, quote: 7 } }), 422, "malformed", "quote");
});

test("payments that are none", async () => {
  const pay = (body) => call("POST", `/v1/bookings/${booked.id}/payments`, { key: booked.key, body });
  refused(await pay({ method: "card", amount: eur("0.00") }), 422, "amount_not_positive");
  refused(await pay({ method: "card", amount: eur("-5.00") }), 422, "amount_not_positive");
  refused(await pay({ method: "card", amount: { amount: "5.00", currency: "USD" } }), 422, "wrong_currency");
  refused(await pay({ method: "shells", amount: eur("5.00") }), 422, "malformed", "method");
  refused(await pay({ method: "card", amount: eur("5.00"), gateway_fee: eur("6.00") }), 422, "gateway_fee_too_high");
});

test("policies that say what a policy cannot", async () => {
  const put = (policy) => call("PUT", `/v1/policies/${policy.name}`, { key: booked.key, body: policy });
  const window = (more) => ({ ...POLICY, windows: [{ code: "a", until: "start", ...more }] });
  refused(await put(window({ percent: "101" })), 422, "malformed", "windows[0].percent");
  refused(await put(window({ until: { hours: 1, days: 1 } })), 422, "malformed", "windows[0].until");
  refused(await put(window({ fixed: eur("1.00"), min: { amount: "1", currency: "JPY" } })), 422, "malformed");
  refused(await put({ ...POLICY, name: "other name" }), 422, "malformed", "name");
  refused(await call("PUT", "/v1/policies/other", { key: booked.key, body: POLICY }), 422, "malformed", "name");
  const mixed = { ...BOOKING, policy: "yen" };
  assert.equal((await put({ name: "yen", windows: [{ code: "a", until: "start", fixed: { amount: "500", currency: "JPY" } }] })).status, 201);
  refused(await call("POST", "/v1/bookings", { key: booked.key, body: mixed }), 422, "malformed", "currency");
});

test("a body of 5 MB is refused by its length", async () => {
  const body = " ".repeat(5 * 1024 * 1024);
  refused(await call("POST", `/v1/control/${booked.token}/quotes`, { body }), 413, "too_large");
  refused(await call("POST", "/v1/bookings", { key: booked.key, body }), 413, "too_large");
});

test("unknown doors and methods", async () => {
  refused(await call("GET", "/nothing"), 404, "not_found");
  refused(await call("DELETE", `/v1/control/${booked.token}`), 405, "method_not_allowed");
  const answer = await call("POST", `/v1/control/${booked.token}`, { body: "{}" });
  assert.deepEqual([answer.status, answer.headers.get("allow")], [405, "GET, HEAD, OPTIONS"]);
});

/** Raw bytes to the worker; the first line of what it answers. */
function raw(bytes) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = "";
    socket.setTimeout(5_000, () => socket.destroy(new Error("no answer")));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      socket.end();
    });
    socket.on("close", () => resolve(text.split("\r\n")[0]));
    socket.on("error", reject);
  });
}

const request = (line, ...headers) => [line, "host: x", `leeway-test-now: ${AT}`, ...headers, "connection: close", "", ""].join("\r\n");
const RAW = [
  ["a header that is not ASCII", () => Buffer.from(request(`GET /v1/control/${booked.token} HTTP/1.1`, "x-name: Žučko"), "utf8"), /^HTTP\/1\.1 200/],
  ["a bearer that is not ASCII", () => Buffer.from(request(`GET /v1/bookings/${booked.id} HTTP/1.1`, "authorization: Bearer žž"), "utf8"), /^HTTP\/1\.1 4/],
  ["a path of 60 kB", () => request(`GET /v1/control/${"A".repeat(60_000)} HTTP/1.1`), /^HTTP\/1\.1 4/],
  ["a body without its length", () => `${request(`POST /v1/control/${booked.token}/quotes HTTP/1.1`, "transfer-encoding: chunked")}2\r\n{}\r\n0\r\n\r\n`, /^HTTP\/1\.1 411/],
  ["a length that is none", () => request(`POST /v1/control/${booked.token}/quotes HTTP/1.1`, "content-length: many"), /^HTTP\/1\.1 4/],
  ["escapes in the path", () => request("GET /b/%00%ff%c0%80 HTTP/1.1"), /^HTTP\/1\.1 404/],
];
for (const [name, bytes, expected] of RAW) test(`raw: ${name}`, async () => assert.match(await raw(bytes()), expected));
