// The stage of the browser tests: a browser, an operator of one's own, a booking, and a clock that the test sets.

import { chromium } from "playwright-core";

const URL_OF_WORKER = process.env.LEEWAY_URL;
const ADMIN_KEY = process.env.LEEWAY_ADMIN_KEY;
if (!URL_OF_WORKER || !ADMIN_KEY) throw new Error("LEEWAY_URL and LEEWAY_ADMIN_KEY are set by `cargo xtask test browser`");

/** The instant at which every story begins. */
export const NOW = "2026-07-01T10:00:00.000Z";
export const url = URL_OF_WORKER;

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

/** A headless browser; `await using` is not in Node 20, so close it in `after`. */
export const browser = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...FLAGS, "--disable-component-update", "--disable-sync"] });

/** Calls a door; throws unless it answers with a 2xx status. */
export async function call(method, path, body, { key, at = NOW } = {}) {
  const headers = { "content-type": "application/json", "leeway-test-now": at };
  if (key) headers.authorization = `Bearer ${key}`;
  const answer = await fetch(url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

export const eur = (amount) => ({ amount, currency: "EUR" });

/** Worked example 10: half of the price until a day before. */
export const HALF = {
  name: "half",
  cancel: "start",
  refund: "start",
  rebook: null,
  rename: { hours: 2 },
  windows: [
    { code: "half", until: { hours: 24 }, percent: "50", refund: "automatic" },
    { code: "last", until: "start", percent: "100", refund: "never" },
  ],
};

/** Three guests, an insurance bound to the second. */
export const GUESTS = {
  service: "Harbor walk",
  slot: { starts_at: "2026-07-10T08:00:00Z", ends_at: "2026-07-10T10:00:00Z", zone: "Europe/Zagreb" },
  participants: ["Ana Kovač", "Ivo Babić", "Mia Novak"].map((name) => ({ name, price: eur("33.33") })),
  add_ons: [{ kind: "insurance", label: "Travel insurance", participant: 1, price: eur("9.99") }],
};

/** An operator of one's own with a booking: its `control_url`, `path` and `token`, and the operator's `key`. */
export async function book({ policy = HALF, items = [GUESTS], paid = "109.98", slots = [], more = {} } = {}) {
  const operator = { name: "Harbor Tours", time_zone: "Europe/Zagreb", currency: "EUR", locale: "en" };
  const { api_key: key } = await call("POST", "/v1/operators", operator, { key: ADMIN_KEY });
  await call("PUT", `/v1/policies/${policy.name}`, policy, { key });
  if (slots.length > 0) {
    // The first one is that of the first item.
    const opened = await call("POST", "/v1/slots", { slots: slots.map((slot) => ({ policy: policy.name, ...slot })) }, { key });
    items = [{ ...items[0], slot_id: opened.slots[0].id }, ...items.slice(1)];
  }
  const customer = { name: "Ana Kovač", email: "ana@example.com", locale: "en-GB" };
  const request = { policy: policy.name, reference: "HT-1", currency: "EUR", customer, items, ...more };
  const { id, control_url } = await call("POST", "/v1/bookings", request, { key });
  if (paid) await call("POST", `/v1/bookings/${id}/payments`, { method: "card", amount: eur(paid) }, { key });
  const path = control_url.slice(control_url.indexOf("/b/"));
  return { id, key, path, url: url + path, token: path.slice("/b/".length) };
}

/** Can be moved until a day before, for 5.00; canceled free of charge until three days before. */
export const MOVABLE = {
  name: "movable",
  rebook: { hours: 24 },
  moves: { fee: { fixed: eur("5.00") }, most: 3, within_days: 30, cheaper: "refund" },
  windows: [
    { code: "free", until: { days: 3 } },
    { code: "half", until: "start", percent: "50" },
  ],
};

/** Slots of the harbor walk: that of `GUESTS`, two on a later day (the second dearer), and one in the next month. */
export const WALKS = ["2026-07-10T08:00", "2026-07-15T08:00", "2026-07-15T17:00", "2026-08-03T08:00"].map((start, at) => ({
  service: GUESTS.service,
  starts_at: `${start}:00Z`,
  ends_at: new Date(Date.parse(`${start}:00Z`) + 7_200_000).toISOString(),
  zone: "Europe/Zagreb",
  capacity: at === 3 ? 4 : 8,
  prices: at === 2 ? [{ kind: "ticket", price: eur("40.00") }] : [],
}));

/** What the rules say over HTTP. */
export const quoteOf = ({ token }, selection, at = NOW) =>
  call("POST", `/v1/control/${token}/quotes`, { type: "cancel", selection }, { at });

export const viewOf = ({ token }, at = NOW) => call("GET", `/v1/control/${token}`, undefined, { at });

/** A page whose complaints (errors, refused content) are collected. */
export async function open(browser, { at = NOW, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.setExtraHTTPHeaders({ "leeway-test-now": at });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  return { page, context, complaints };
}

/** Waits until the page is alive. */
export const alive = (page) => page.locator("html[data-live]").waitFor();

export const box = (page, name) => page.getByRole("checkbox", { name, exact: true });

/** Amounts as the pages write them for this stage's customer. */
export const money = ({ amount, currency }) => new Intl.NumberFormat("en-GB", { style: "currency", currency }).format(amount);
