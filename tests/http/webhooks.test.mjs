// The operator's systems are told what happens: a real server listens, and the official library of the specification judges what it hears.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { AT, BOOKING, call, eur, operator, operatorWithId, POLICY, refused } from "./client.mjs";

const servers = [];
after(() => Promise.all(servers.map((server) => new Promise((done) => server.close(done)))));

/** A server that answers what `answer` says, and remembers what it heard. */
async function listener(answer = () => 204) {
  const heard = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer(heard.length), { connection: "close" }).end("x".repeat(100_000));
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  servers.push(server);
  return { url: `http://127.0.0.1:${server.address().port}/hook`, heard };
}

/** The library looks at the platform's clock, so these stories play now. */
const now_ms = Date.now();
const now = (later_ms = 0) => new Date(now_ms + later_ms).toISOString();

async function shop() {
  const { id, key } = await operatorWithId();
  const ask = (method, path, body, at = now()) => call(method, path, { key, body, at });
  assert.equal((await ask("PUT", `/v1/policies/${POLICY.name}`, POLICY)).status, 201);
  const work = async (at = now()) => (await call("POST", `/test/operators/${id}/run-due`, { at })).body.tried;
  const listen = async (url, more = {}) => {
    const made = await ask("POST", "/v1/webhooks", { url, ...more });
    assert.equal(made.status, 201, made.text);
    return made.body;
  };
  // Next year's slot: the stories of the other tests are in the past of this one.
  const year = new Date(now_ms).getUTCFullYear() + 1;
  const slot = { starts_at: `${year}-08-14T08:00:00Z`, ends_at: `${year}-08-14T11:00:00Z`, zone: "Europe/Zagreb" };
  const booking = { ...BOOKING, items: [{ ...BOOKING.items[0], slot }] };
  const book = async () => {
    const made = await ask("POST", "/v1/bookings", booking);
    assert.equal(made.status, 201, made.text);
    return made.body;
  };
  const pay = (id) => ask("POST", `/v1/bookings/${id}/payments`, { method: "cash", amount: eur("10.00") });
  return { ask, work, listen, book, pay };
}

const typesOf = (heard) => heard.map(({ body }) => JSON.parse(body).type);

test("each event of a booking is one message, signed, in order", async () => {
  const { ask, work, listen, book, pay } = await shop();
  const { url, heard } = await listener();
  const { secret, id: endpoint } = await listen(url);
  const { id, reference } = await book();
  await pay(id);
  assert.equal(heard.length, 0, "what happens outside waits for the alarm");
  assert.equal(await work(), 2);
  assert.deepEqual(typesOf(heard), ["booking.booking_made", "booking.payment_recorded"]);
  for (const { headers, body } of heard) assert.doesNotThrow(() => new Webhook(secret).verify(body, headers));
  assert.throws(() => new Webhook(secret).verify(heard[0].body.replace(reference, "LW-999999"), heard[0].headers));
  const { data } = JSON.parse(heard[1].body);
  assert.deepEqual([data.booking, data.reference, data.version, data.payment_status, data.totals.paid], [id, reference, 2, "partly_paid", eur("10.00")]);
  assert.equal(data.event.kind, "payment_recorded");
  assert.ok(!heard.some(({ body }) => body.includes("Ana")), "personal data stays here");
  assert.equal(await work(), 0);
  const listed = await ask("GET", "/v1/webhooks");
  assert.deepEqual(listed.body.endpoints.map(({ id, url, secret }) => [id, url, secret]), [[endpoint, url, undefined]], "a secret is shown once");
});

test("only what was asked for", async () => {
  const { work, listen, book, pay } = await shop();
  const { url, heard } = await listener();
  await listen(url, { events: ["booking.payment_recorded"] });
  await pay((await book()).id);
  assert.equal(await work(), 1);
  assert.deepEqual(typesOf(heard), ["booking.payment_recorded"]);
});

test("a message that is not taken comes again, with its id, before those after it", async () => {
  const { ask, work, listen, book, pay } = await shop();
  const { url, heard } = await listener((count) => (count <= 2 ? 500 : 200));
  await listen(url);
  await pay((await book()).id);
  assert.equal(await work(), 1, "the second waits for the first");
  assert.equal(await work(), 0, "not at once");
  const { body } = await ask("GET", "/v1/outbox?kind=webhook");
  assert.deepEqual(body.rows.map(({ state, attempts, last_error }) => [state, attempts, last_error]), [["tried", 1, "answered 500"], ["waiting", 0, null]]);
  assert.equal(await work(now(2_000)), 1);
  assert.equal(await work(now(7_000)), 2);
  assert.deepEqual(typesOf(heard), ["booking.booking_made", "booking.booking_made", "booking.booking_made", "booking.payment_recorded"]);
  assert.equal(new Set(heard.slice(0, 3).map(({ headers }) => headers["webhook-id"])).size, 1);
});

test("who is gone is told nothing more, until asked for again", async () => {
  const { ask, work, listen, book, pay } = await shop();
  const { url, heard } = await listener((count) => (count === 1 ? 410 : 200));
  const { id } = await listen(url);
  const booked = await book();
  await pay(booked.id);
  await work();
  assert.equal(heard.length, 1);
  const { body } = await ask("GET", `/v1/webhooks/${id}`);
  assert.equal(body.disabled_why, "it answered 410 Gone");
  const rows = await ask("GET", "/v1/outbox?kind=webhook");
  assert.deepEqual(rows.body.rows.map(({ state }) => state), ["done", "dropped"]);
  assert.equal((await ask("POST", `/v1/webhooks/${id}/enable`)).body.disabled_at, null);
  await pay(booked.id);
  await work();
  assert.equal(heard.length, 2);
});

test("what was given up is shown, and tried again when asked", async () => {
  const { ask, work, listen, book } = await shop();
  let up = false;
  const { url, heard } = await listener(() => (up ? 200 : 503));
  await listen(url);
  await book();
  for (let day = 0; day < 30; day += 1) await work(now(day * 86_400_000));
  const dead = await ask("GET", "/v1/outbox?state=dead");
  assert.deepEqual(dead.body.rows.map(({ attempts, last_error }) => [attempts, last_error]), [[24, "answered 503"]]);
  assert.equal(heard.length, 24);
  up = true;
  const { id } = dead.body.rows[0];
  assert.equal((await ask("POST", `/v1/outbox/${id}/retry`)).body.state, "waiting");
  refused(await ask("POST", `/v1/outbox/${id}/retry`), 409, "row_not_dead");
  refused(await ask("POST", "/v1/outbox/999999/retry"), 404, "row_unknown");
  assert.equal(await work(), 1);
  assert.deepEqual((await ask("GET", "/v1/outbox?state=dead")).body.rows, []);
});

test("a secret that is rolled signs beside the new one for a day", async () => {
  const { ask, work, listen, book, pay } = await shop();
  const { url, heard } = await listener();
  const { id, secret: old } = await listen(url);
  const { secret: fresh } = (await ask("POST", `/v1/webhooks/${id}/roll`)).body;
  const booked = await book();
  await work();
  for (const secret of [old, fresh]) assert.doesNotThrow(() => new Webhook(secret).verify(heard[0].body, heard[0].headers));
  await pay(booked.id);
  await work(now(86_400_001));
  assert.equal(heard[1].headers["webhook-signature"].split(" ").length, 1);
});

test("what is shown once is not kept to be shown again", async () => {
  const key = await operator();
  const headers = { "idempotency-key": "w-1" };
  const body = { url: "https://hooks.example.com/x" };
  refused(await call("POST", "/v1/webhooks", { key, body, headers }), 422, "malformed", "Idempotency-Key");
  assert.deepEqual((await call("GET", "/v1/webhooks", { key })).body.endpoints, [], "nothing was made");
  const { id } = (await call("POST", "/v1/webhooks", { key, body })).body;
  refused(await call("POST", `/v1/webhooks/${id}/roll`, { key, headers }), 422, "malformed", "Idempotency-Key");
  assert.equal((await call("POST", `/v1/webhooks/${id}/enable`, { key, headers })).status, 200);
});

test("the outbox shows ids, and nothing that acts", async () => {
  const { ask, listen } = await shop();
  await listen("http://127.0.0.1:9/hook");
  assert.equal((await ask("PUT", "/v1/mail", { sender: { name: "T", address: "t@example.com" }, transport: { type: "http", url: "http://127.0.0.1:9/emails", api_key: "re_key" } })).status, 200);
  assert.equal((await ask("PUT", `/v1/policies/${POLICY.name}`, POLICY)).status, 200);
  const { id, control_url } = (await ask("POST", "/v1/bookings", BOOKING, AT)).body;
  const bill = await ask("POST", `/v1/bookings/${id}/payment-links`, { ask: { type: "balance" }, email: true }, AT);
  assert.equal(bill.status, 201, bill.text);
  const { rows } = (await ask("GET", "/v1/outbox")).body;
  assert.deepEqual([...new Set(rows.map(({ kind }) => kind))].sort(), ["email", "webhook"]);
  const said = JSON.stringify(rows);
  for (const secret of [control_url.split("/b/")[1], bill.body.url.split("/p/")[1], "re_key", "ana@example.com", "whsec_"]) assert.ok(!said.includes(secret), secret);
});

test("an endpoint is tried on request", async () => {
  const { ask, listen } = await shop();
  const up = await listener();
  const made = await listen(up.url);
  assert.deepEqual((await ask("POST", `/v1/webhooks/${made.id}/test`)).body, { delivered: true, detail: null });
  assert.doesNotThrow(() => new Webhook(made.secret).verify(up.heard[0].body, up.heard[0].headers));
  const down = await listen((await listener(() => 404)).url);
  assert.deepEqual((await ask("POST", `/v1/webhooks/${down.id}/test`)).body, { delivered: false, detail: "answered 404" });
  assert.equal((await ask("DELETE", `/v1/webhooks/${down.id}`)).status, 204);
  refused(await ask("POST", `/v1/webhooks/${down.id}/test`), 404, "endpoint_unknown");
});

test("nobody is sent into a private network", async () => {
  const { ask } = await shop();
  for (const url of ["https://127.0.0.1/x", "https://localhost", "https://[::1]/", "https://169.254.169.254/latest/meta-data", "http://example.com", "https://user@example.com", "https://db.internal", "x"]) {
    refused(await ask("POST", "/v1/webhooks", { url }), 422, "malformed", "url");
  }
  refused(await ask("POST", "/v1/webhooks", { url: "https://example.com", events: ["booking.lost"] }), 422, "malformed", "events[0]");
});
