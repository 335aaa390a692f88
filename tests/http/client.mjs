// A client of the doors for tests: public doors only, and the header with which a test build lets a request set the clock.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";

export const url = process.env.LEEWAY_URL;
const adminKey = process.env.LEEWAY_ADMIN_KEY;
const data = process.env.LEEWAY_DATA;

/** A slot far enough ahead for every window; `at` is when the test plays. */
export const AT = "2026-06-01T12:00:00.000Z";
export const START = "2026-08-14T08:00:00.000Z";

export const eur = (amount) => ({ amount, currency: "EUR" });

/** One request; the answer with its JSON, where it is JSON. */
export async function call(method, path, { body, key, at = AT, headers = {}, redirect = "manual" } = {}) {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const all = { "leeway-test-now": at, ...(key && { authorization: `Bearer ${key}` }), ...(text !== undefined && { "content-type": "application/json" }), ...headers };
  const answer = await fetch(url + path, { method, body: text, headers: all, redirect });
  const type = answer.headers.get("content-type")?.split(";")[0];
  const raw = await answer.text();
  return { status: answer.status, type, headers: answer.headers, text: raw, body: raw && type?.endsWith("json") ? JSON.parse(raw) : undefined };
}

/** A fresh operator: its id and its key. */
export async function operatorWithId(name = "Test & Co.") {
  const made = await call("POST", "/v1/operators", { key: adminKey, body: { name, time_zone: "Europe/Zagreb", currency: "EUR", locale: "en" } });
  assert.equal(made.status, 201, made.text);
  return { id: made.body.id, key: made.body.api_key };
}

export const operator = async (name) => (await operatorWithId(name)).key;

export const POLICY = {
  name: "half",
  rename: { hours: 2 },
  windows: [
    { code: "early", until: { days: 30, at: "18:00" }, percent: "50", refund: "automatic" },
    { code: "late", until: "start", percent: "80", refund: "automatic" },
  ],
};

/** Worked example 10: three guests at 33.33, insurance of 9.99 bound to the second. */
export const BOOKING = {
  policy: "half",
  currency: "EUR",
  customer: { name: "Ana Kovač", email: "ana@example.com", locale: "hr-HR" },
  items: [
    {
      service: "Sunset kayak tour",
      slot: { starts_at: START, ends_at: "2026-08-14T11:00:00Z", zone: "Europe/Zagreb" },
      participants: ["Ana", "Ivo", "Maja"].map((name) => ({ name, price: eur("33.33") })),
      add_ons: [{ kind: "insurance", participant: 1, price: eur("9.99") }],
    },
  ],
};

/** A paid booking of a fresh operator. */
export async function paid(booking = BOOKING, policy = POLICY, amount = "109.98") {
  const key = await operator();
  const policed = await call("PUT", `/v1/policies/${policy.name}`, { key, body: policy });
  assert.equal(policed.status, 201, policed.text);
  const made = await call("POST", "/v1/bookings", { key, body: booking });
  assert.equal(made.status, 201, made.text);
  const { id, control_url } = made.body;
  const payment = await call("POST", `/v1/bookings/${id}/payments`, { key, body: { method: "card", amount: { amount, currency: booking.currency } } });
  assert.equal(payment.status, 201, payment.text);
  return { key, id, token: control_url.split("/b/")[1], booking: payment.body.booking };
}

export const ALL = { type: "cancel", selection: { all: true } };
export const quote = (token, action = ALL, more) => call("POST", `/v1/control/${token}/quotes`, { body: action, ...more });
export const act = (token, action, quoted, more) => call("POST", `/v1/control/${token}/actions`, { body: { action, quote: quoted }, ...more });
export const view = (token, more) => call("GET", `/v1/control/${token}`, more);
/** How many events a booking has, seen by its operator. */
export const version = async ({ key, id }) => (await call("GET", `/v1/bookings/${id}`, { key })).body.version;

export function refused(answer, status, code, path) {
  assert.deepEqual([answer.status, answer.type, answer.body?.code], [status, "application/problem+json", code], answer.text);
  if (path !== undefined) assert.equal(answer.body.path, path, answer.text);
}

/** The operators' objects that have ever been woken: each has a file of its own. */
export function objects() {
  return readdirSync(data, { recursive: true }).filter((name) => /[0-9a-f]{64}\.sqlite$/.test(name)).sort();
}
