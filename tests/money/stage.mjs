// The stage of the money tests: an operator with an account at the fake provider, a clock that the test moves for both of them, and what customers
// do in a browser without a script.
import assert from "node:assert/strict";
import { basename } from "node:path";
import { ALL, call, eur, POLICY, BOOKING, act, quote, url } from "../http/client.mjs";

export { ALL, BOOKING, POLICY, act, call, eur, quote, url };

export const fakes = JSON.parse(process.env.LEEWAY_FAKES);
const adminKey = process.env.LEEWAY_ADMIN_KEY;
/** When every story begins. */
const BEGINNING = "2026-06-01T12:00:00.000Z";
/** Long enough for every refund to leave. */
export const UNDO_MS = 60_000;
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** Names of accounts begin with the program's: the fake is there for all files. */
const [file] = basename(process.argv[1]).split(".");
let shops = 0;

/** An operator whose money goes through the fake. */
export class Shop {
  /** `{ secrets, policy, held }`: webhooks are held until the test delivers them, unless `held` is "no". */
  static async open({ secrets = ["whsec_one"], policy = POLICY } = {}) {
    const shop = new Shop();
    shop.account = `${file}_${(shops += 1)}`;
    shop.now_ms = Date.parse(BEGINNING);
    const operator = { name: "Harbor Tours", time_zone: "Europe/Zagreb", currency: "EUR", locale: "en" };
    const { id, api_key } = await shop.ok("POST", "/v1/operators", operator, { key: adminKey });
    Object.assign(shop, { id, key: api_key });
    await shop.ok("PUT", `/v1/policies/${policy.name}`, policy);
    shop.policy = policy.name;
    await shop.stripe(secrets);
    return shop;
  }

  /** Sets the account at the provider, and the provider's webhooks to come here, signed with `signed_by`. */
  async stripe(webhook_secrets, signed_by = webhook_secrets) {
    const { webhook_url } = await this.ok("PUT", "/v1/providers/stripe", { secret_key: `sk_test_${this.account}`, webhook_secrets });
    await this.bank("PUT", "hook", { url: webhook_url, secrets: signed_by, clock_header: "leeway-test-now" });
    await this.bank("PUT", "clock", { now: this.at });
    this.webhook_url = webhook_url;
  }

  get at() {
    return new Date(this.now_ms).toISOString();
  }

  /** Time passes, here and at the provider; nothing that is due is done. */
  async later(ms) {
    this.now_ms += ms;
    await this.bank("PUT", "clock", { now: this.at });
  }

  /** What is due now is done; how many rows were tried. */
  async work() {
    return (await this.ok("POST", `/test/operators/${this.id}/run-due`)).tried;
  }

  /** A request to the worker, at the shop's time. */
  ask(method, path, body, more = {}) {
    return call(method, path, { body, at: this.at, ...(path.startsWith("/v1/") && !path.startsWith("/v1/control") && { key: this.key }), ...more });
  }

  /** The same, and it must go well. */
  async ok(method, path, body, more) {
    const answer = await this.ask(method, path, body, more);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  /** A door of the fake's. */
  async bank(method, door, body) {
    const answer = await fetch(`${fakes.stripe.url}/_/${this.account}/${door}`, { method, ...(body && { body: JSON.stringify(body) }) });
    const said = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(said));
    return said;
  }

  /** Sends the webhooks that are held; all of them must be taken. */
  async deliver(how = {}) {
    const sent = await this.bank("POST", "deliver", how);
    for (const { type, status } of sent) assert.equal(status, 200, type);
    return sent.map(({ type }) => type);
  }

  faults(...orders) {
    return this.bank("PUT", "faults", { orders: orders.map(([fault, at = "-"]) => ({ fault, at })) });
  }

  /** A booking of 109.98 that nothing is paid of. */
  async book(more = {}) {
    const { id, control_url } = await this.ok("POST", "/v1/bookings", { ...BOOKING, policy: this.policy, ...more });
    return { id, token: control_url.split("/b/")[1] };
  }

  async booking({ id }) {
    return this.ok("GET", `/v1/bookings/${id}`);
  }

  /** What a customer sees who opens a page. */
  page(path) {
    return this.ask("GET", path);
  }

  /** A customer opens a bill and presses its button: the provider's answer page, `{ session, url }`. */
  async checkout(path) {
    const answer = await this.press(path);
    assert.equal(answer.status, 303, answer.text);
    const address = answer.headers.get("location");
    assert.ok(address.startsWith(`${fakes.stripe.url}/pay/`), address);
    return { url: address, session: address.split("/pay/")[1] };
  }

  /** The button of a bill, as its form says it. */
  async press(path) {
    const page = await this.page(path);
    const amount = page.text.match(/name="amount" value="([^"]+)"/)?.[1];
    assert.ok(amount, `no button: ${page.status} ${page.text}`);
    return this.ask("POST", path, new URLSearchParams({ amount }).toString(), { headers: { "content-type": "application/x-www-form-urlencoded" } });
  }

  /** A customer pays at the provider; the address to which it leads back. */
  async pay({ url: address }, card = "ok") {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ card }), redirect: "manual" });
    await answer.arrayBuffer();
    return answer.headers.get("location")?.replace(url, "");
  }

  /** A booking that was paid by card, and is known to be. */
  async paid(more) {
    const booking = await this.book(more);
    const back = await this.pay(await this.checkout(`/p/${booking.token}`));
    await this.deliver();
    await this.work();
    return { ...booking, back };
  }

  /** A customer cancels all of it: the answer of the action. */
  async cancel({ token }, action = ALL) {
    const quoted = await quote(token, action, { at: this.at });
    assert.equal(quoted.status, 200, quoted.text);
    return act(token, action, quoted.body.token, { at: this.at });
  }

  /** Somebody pays a part of a charge back in the provider's own pages. */
  async elsewhere(charge, amount) {
    const headers = { authorization: `Bearer sk_test_${this.account}` };
    const answer = await fetch(`${fakes.stripe.url}/v1/refunds`, { method: "POST", headers, body: new URLSearchParams({ charge, amount }) });
    assert.equal(answer.status, 200, await answer.text());
    await this.deliver();
  }

  /** The rows of the outbox that are not done. */
  async outbox() {
    const { rows } = await this.ok("GET", "/v1/outbox?limit=200");
    return rows.filter(({ state }) => state === "waiting" || state === "tried" || state === "dead");
  }
}

/** The sum of amounts such as 38.33, in hundredths. */
export const cents = (amount) => Math.round(Number(amount) * 100);
