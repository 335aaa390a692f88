// Customers and operators who go on while the worker is killed under them: they book, pay, cancel, take it back, and ask again until they are
// answered. What they are told goes into a file, line by line; whether it is true afterwards the auditor finds out (tests/auditor).
//
// Says `ready` once the operators are there. When its standard input ends, everybody comes to the end of their story; then it waits until the outbox
// is empty, and prints what it saw as one line of JSON. Ends with 1 if the outbox did not empty, or a mail did not come.
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { chance } from "../fakes/stripe/random.mjs";

const { LEEWAY_URL: url, LEEWAY_ADMIN_KEY: adminKey, LEEWAY_TOLD: told, LEEWAY_SEED: seed } = process.env;
const { stripe, mail } = JSON.parse(process.env.LEEWAY_FAKES);
const OPERATORS = 2;
const CUSTOMERS = 8;
/** The outbox has so long to empty once nobody kills any more. */
const EMPTY_MS = 60_000;
/** So long somebody asks again before they give up; a worker that does not come back is an error. */
const PATIENCE_MS = 60_000;
const UNDO_DELAY_S = 1;
/** A refund that a provider has in hand, and a checkout that nobody paid, are looked at again much later: the clock jumps there in the end. */
const LOOKS_MS = 7 * 60 * 60 * 1000;
const JUMPS_MAX = 40;
const FAULTS = { before: 0.03, after: 0.02, gateway: 0.03, lost: 0.03, busy: 0.02, poison: 0.01, refund_pending: 0.15, refund_fails: 0.2, fee_late: 0.1, hook_twice: 0.2, hook_late: 0.5 };
const eur = (amount) => ({ amount, currency: "EUR" });

const counts = { stories: 0, answers: 0, unanswered: 0, given_up: 0 };
/** Addresses and the mails that must have come to them. */
const expected = [];
let stopping = false;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until there is an answer that is one; a customer's browser would, and an operator's system too. */
async function insist(method, path, { body, key, form, headers = {} } = {}) {
  const type = form ? "application/x-www-form-urlencoded" : "application/json";
  const all = { ...(key && { authorization: `Bearer ${key}` }), ...(method !== "GET" && { "content-type": type }), ...headers };
  const text = form ? new URLSearchParams(form).toString() : body && JSON.stringify(body);
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(url + path, { method, headers: all, body: method === "GET" ? undefined : (text ?? ""), redirect: "manual" })
      .then(async (said) => ({ status: said.status, location: said.headers.get("location"), text: await said.text() }))
      .catch(() => undefined);
    if (answer && answer.status < 500 && answer.status !== 429) {
      counts.answers += 1;
      return { ...answer, json: () => JSON.parse(answer.text) };
    }
    counts.unanswered += 1;
    if (Date.now() > until) throw new Error(`${method} ${path}: no answer; the last was ${answer?.status} ${answer?.text.slice(0, 200)}`);
    await pause(50);
  }
}

/** Writes down what somebody was told, before anything else happens. */
const note = (what, booking, more = {}) => appendFileSync(told, `${JSON.stringify({ what, booking, ...more })}\n`);

async function bank(account, method, door, body) {
  const answer = await fetch(`${stripe.url}/_/${account}/${door}`, { method, ...(body && { body: JSON.stringify(body) }) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

async function open(nth) {
  const account = `kill_${nth}`;
  const made = await insist("POST", "/v1/operators", { key: adminKey, body: { name: "Harbor Tours", time_zone: "Europe/Zagreb", currency: "EUR", locale: "en" } });
  assert.equal(made.status, 201, made.text);
  const { id, api_key: key } = made.json();
  const policy = { name: "half", rename: { hours: 2 }, windows: [{ code: "early", until: { days: 30 }, percent: "50", refund: "automatic" }, { code: "late", until: "start", percent: "80", refund: "automatic" }] };
  await insist("PUT", "/v1/policies/half", { key, body: policy });
  await insist("PUT", "/v1/settings", { key, body: { undo_delay_s: UNDO_DELAY_S } });
  const set = await insist("PUT", "/v1/providers/stripe", { key, body: { secret_key: `sk_test_${account}`, webhook_secrets: ["whsec_kill"] } });
  assert.equal(set.status, 200, set.text);
  const transport = { type: "smtp", host: "localhost", port: mail.smtp.tls, security: "tls", user: mail.user, password: mail.password };
  const mailed = await insist("PUT", "/v1/mail", { key, body: { sender: { name: "Harbor Tours", address: "tours@example.com" }, transport } });
  assert.equal(mailed.status, 200, mailed.text);
  await bank(account, "PUT", "hook", { url: set.json().webhook_url, secrets: ["whsec_kill"], mode: "live", late_most_ms: 1_500 });
  await bank(account, "PUT", "faults", { seed, rates: FAULTS });
  return { id, key, account };
}

/** One booking's story, chosen by the seed. */
class Story {
  constructor(operator, name) {
    Object.assign(this, { operator, name, key: operator.key, address: `${name}@example.org` });
  }

  is(what, rate) {
    return chance(seed, this.name, what) < rate;
  }

  async tell() {
    await this.book();
    if (this.is("cash", 0.2)) await this.cash();
    else if (this.is("card", 0.85)) await this.card();
    if (this.is("rename", 0.3)) await this.rename();
    if (this.is("cancel", 0.8)) await this.cancel();
  }

  async book() {
    const starts = Date.now() + 60 * 24 * 3_600_000;
    const slot = { starts_at: new Date(starts).toISOString(), ends_at: new Date(starts + 7_200_000).toISOString(), zone: "Europe/Zagreb" };
    const participants = ["Ana", "Ivo", "Maja"].map((name) => ({ name, price: eur("33.33") }));
    const body = { policy: "half", currency: "EUR", customer: { name: "Ana Kovač", email: this.address, locale: "en-GB" }, items: [{ service: "Kayak", slot, participants }] };
    const made = await insist("POST", "/v1/bookings", { key: this.key, body, headers: { "idempotency-key": `${this.name}-book` } });
    assert.equal(made.status, 201, made.text);
    const { id, control_url } = made.json();
    this.id = id;
    this.token = control_url.split("/b/")[1];
    note("booked", id);
    expected.push([this.address, "Booking confirmation"]);
  }

  async cash() {
    const paid = await insist("POST", `/v1/bookings/${this.id}/payments`, { key: this.key, body: { method: "cash", amount: eur("50.00") }, headers: { "idempotency-key": `${this.name}-cash` } });
    assert.equal(paid.status, 201, paid.text);
    const { payments } = paid.json().booking;
    note("cash", this.id, { payment: payments.find(({ method }) => method === "cash").id, amount: eur("50.00") });
  }

  /** To the checkout, perhaps with two browsers; and back, where the page says what came of it. */
  async card() {
    const path = `/p/${this.token}`;
    const presses = await Promise.all(Array.from({ length: this.is("twice", 0.3) ? 2 : 1 }, () => this.press(path)));
    const at = presses.map((answer) => answer?.location).find(Boolean);
    if (!at) return;
    if (this.is("leaves", 0.1)) return;
    const paid = await fetch(at, { method: "POST", body: new URLSearchParams({ card: "ok" }), redirect: "manual" });
    await paid.arrayBuffer();
    if (paid.status !== 303) return;
    for (let looks = 0; looks < 20 && !(await this.isPaid()); looks += 1) await pause(150);
  }

  async press(path) {
    const page = await insist("GET", path);
    const amount = page.text.match(/name="amount" value="([^"]+)"/)?.[1];
    return amount && insist("POST", path, { form: { amount } });
  }

  async isPaid() {
    const view = await insist("GET", `/v1/control/${this.token}`);
    const card = view.status === 200 && view.json().booking.payments.some(({ method }) => method === "card");
    if (card) note("paid", this.id);
    return card;
  }

  async rename() {
    const { booking } = (await insist("GET", `/v1/control/${this.token}`)).json();
    const action = { type: "rename", participant: booking.items[0].participants[0].id, name: "Željka" };
    const done = await this.act(action);
    if (done) note("renamed", this.id, { nth: 1 });
  }

  async cancel() {
    const done = await this.act({ type: "cancel", selection: { all: true } });
    if (!done) return;
    note("canceled", this.id, { fee: done.fee });
    expected.push([this.address, "Cancellation of booking"]);
    if (!this.is("undo", 0.3)) return;
    const undone = await insist("POST", `/v1/control/${this.token}/undo`, { body: { command: done.id } });
    if (undone.status < 300) note("undone", this.id);
  }

  /** Quotes and acts until it is done, or refused for good. The same quote is the same act, however often it is sent. */
  async act(action) {
    for (let tries = 0; tries < 20; tries += 1) {
      const quoted = await insist("POST", `/v1/control/${this.token}/quotes`, { body: action });
      if (quoted.status !== 200) return undefined;
      const done = await insist("POST", `/v1/control/${this.token}/actions`, { body: { action, quote: quoted.json().token } });
      if (done.status < 300) return done.json();
      if (done.status !== 409) return undefined;
    }
    counts.given_up += 1;
    return undefined;
  }
}

async function customer(operators, nth) {
  for (let story = 1; !stopping; story += 1) {
    await new Story(operators[nth % operators.length], `c${nth}-${story}`).tell();
    counts.stories += 1;
  }
}

async function rows({ key }) {
  const found = [];
  for (const state of ["waiting", "tried", "dead"]) found.push(...(await insist("GET", `/v1/outbox?state=${state}&limit=200`, { key })).json().rows);
  return found;
}

/**
 * Is this only a look that comes later? A checkout that nobody paid is looked at again after minutes, a refund that the provider has in hand after
 * hours; a row that is being tried is leased for half a minute, and one that failed is tried again sooner than these.
 */
function isLook({ due_at, last_error }) {
  const left_ms = Date.parse(due_at ?? 0) - Date.now();
  return left_ms > (last_error ? 100_000 : 35_000);
}

/**
 * Waits until every row has been seen gone, or put off to a later look. One look at all of them at once would not do: where there are many, one of them
 * is always just due.
 */
async function emptied(operators) {
  const began = Date.now();
  const cleared = new Set();
  for (;;) {
    const open = (await Promise.all(operators.map(rows))).flat();
    for (const row of open.filter(isLook)) cleared.add(`${row.booking} ${row.id}`);
    const left = open.filter((row) => !cleared.has(`${row.booking} ${row.id}`));
    const took = Date.now() - began;
    if (left.length === 0 || took > EMPTY_MS) return { took, left };
    await pause(250);
  }
}

/** The looks that come later come now: the clock of the tests jumps there, and further, until nothing is left or no jump helps any more. */
async function jump(operators) {
  for (const operator of operators) {
    const { id, account } = operator;
    await bank(account, "PUT", "faults", {});
    await bank(account, "POST", "settle-refunds");
    await bank(account, "POST", "fees");
    for (let jumps = 1; jumps <= JUMPS_MAX && (await rows(operator)).length > 0; jumps += 1) {
      const at = new Date(Date.now() + jumps * LOOKS_MS).toISOString();
      await bank(account, "PUT", "clock", { now: at });
      const { tried } = (await insist("POST", `/test/operators/${id}/run-due`, { headers: { "leeway-test-now": at } })).json();
      // The platform's last alarm still works: it is waited for.
      if (tried === 0) await pause(1_000);
    }
  }
}

/** Mails that did not come. One that came twice, because nobody knew whether it had, is the same mail: it says so in its Message-ID. */
async function missing() {
  const came = await (await fetch(`${mail.url}/_/messages`)).json();
  const ids = (to, subject) => new Set(came.filter(({ envelope, subject: said }) => envelope.to.includes(to) && said.startsWith(subject)).map(({ message_id }) => message_id));
  counts.mails = came.length;
  return expected.map(([to, subject]) => ({ to, subject, different: ids(to, subject).size })).filter(({ different }) => different !== 1);
}

const operators = await Promise.all(Array.from({ length: OPERATORS }, (_, nth) => open(nth)));
process.stdout.write("ready\n");
const customers = Promise.all(Array.from({ length: CUSTOMERS }, (_, nth) => customer(operators, nth)));
process.stdin.resume().on("end", () => (stopping = true));
await customers;
const { took, left } = await emptied(operators);
await jump(operators);
const unmailed = await missing();
process.stdout.write(`${JSON.stringify({ ...counts, outbox_emptied_ms: took, outbox_left: left, unmailed })}\n`);
process.exit(left.length + unmailed.length === 0 ? 0 : 1);
