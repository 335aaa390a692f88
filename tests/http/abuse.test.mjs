// Abuse of every door: what cannot be sent with a client that knows HTTP is written to a socket. Which doors there are says /openapi.json, so that a
// new one is covered by itself. Only a 4xx comes back, at once, nothing is written, and the worker goes on.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, test } from "node:test";
import { AT, call, objects, operatorWithId, paid, url, version } from "./client.mjs";

const ADMIN_KEY = process.env.LEEWAY_ADMIN_KEY;
const ID = "018f0000-0000-7000-8000-000000000000";
const ANSWER_MS = 10_000;
const PARTS = { kind: "confirmation", locale: "en", name: "half" };
const METHODS = ["get", "post", "put", "patch", "delete"];

let booked, doors, stripe;
before(async () => {
  booked = await paid();
  const set = await call("PUT", "/v1/providers/stripe", { key: booked.key, body: { secret_key: "sk_test_abuse", webhook_secrets: ["whsec_one"] } });
  assert.equal(set.status, 200, set.text);
  stripe = set.body.webhook_url.split("/stripe/")[1];
  const { paths } = (await call("GET", "/openapi.json")).body;
  doors = Object.entries(paths).flatMap(([path, described]) =>
    METHODS.filter((method) => described[method]).map((method) => {
      const { requestBody, security } = described[method];
      const content = Object.keys(requestBody?.content ?? {})[0];
      const named = security?.some(({ adminKey }) => adminKey) ? ADMIN_KEY : security?.some(({ apiKey }) => apiKey) ? booked.key : undefined;
      return { method: method.toUpperCase(), path, content, key: named, optional: requestBody?.required === false };
    }),
  );
  assert.ok(doors.length > 85, `${doors.length} doors`);
});

/** The path of a door, on the booking of the stage. */
const on = ({ path }, token = path.startsWith("/webhooks/") ? stripe : booked.token) =>
  path.replace(/\{(\w+)\}/g, (_, part) => (part === "token" ? token : PARTS[part] ?? (path.startsWith("/v1/bookings/") ? booked.id : ID)));

/** Writes to a socket; the status that comes back, or "closed" where the connection was. Bytes without an end are written until then. */
function raw(bytes, endless) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = "";
    const done = () => resolve(Number(text.match(/^HTTP\/1\.1 (\d{3})/)?.[1]) || "closed");
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes);
      if (endless) feed();
    });
    const feed = () => {
      while (!socket.destroyed && !text && socket.write(endless));
    };
    socket.on("drain", () => endless && feed());
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer in ${ANSWER_MS} ms`)));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      socket.destroy();
    });
    socket.on("close", done);
    // Who stops reading closes the connection while bytes are still on their way.
    socket.on("error", (error) => (["ECONNRESET", "EPIPE"].includes(error.code) ? done() : reject(error)));
  });
}

/** Some bodies may be absent: then nothing is wrong with sending none. */
const mayBeEmpty = ({ optional }, name) => optional && name.startsWith("nothing");

let nth = 0;
/** A link has a burst and then a pace: every request comes a second after the one before. */
const at = () => new Date(Date.parse(AT) + (nth += 1) * 1_000).toISOString();
const head = ({ method, key, content }, path, ...more) => {
  const lines = [`${method} ${path} HTTP/1.1`, "host: x", `leeway-test-now: ${at()}`, ...(key ? [`authorization: Bearer ${key}`] : [])];
  if (content) lines.push(`content-type: ${content}`);
  return [...lines, ...more, "connection: close", "", ""].join("\r\n");
};

const deep = (open, close) => `${open.repeat(100_000)}${close.repeat(100_000)}`;
const sized = (door, body) => head(door, on(door), `content-length: ${body.length}`) + body;
const withBody = ({ content }) => content !== undefined;
/** Those that do nothing without a body that is right. */
const idle = (door) => withBody(door) || door.method === "GET";
/** Each: its name, for which doors, what is sent, what may come back, and what is sent on and on. */
const ABUSES = [
  ["a URL of 70 kB", idle, (door) => head(door, `${on(door)}?q=${"A".repeat(70_000)}`, ...(withBody(door) ? ["content-length: 2"] : [])) + (withBody(door) ? "{}" : "")],
  ["a part of the path that is 70 kB", ({ path }) => path.includes("{"), (door) => head(door, door.path.replace(/\{\w+\}/g, "A".repeat(70_000)), "content-length: 0")],
  ["5 MB", withBody, (door) => head(door, on(door), `content-length: ${5 * 1024 * 1024}`), "x".repeat(65_536)],
  ["a body that does not end", withBody, (door) => head(door, on(door), "transfer-encoding: chunked"), `8000\r\n${"x".repeat(0x8000)}\r\n`],
  ["arrays, 10^5 deep", withBody, (door) => sized(door, deep("[", "]"))],
  ["objects, 10^5 deep", withBody, (door) => sized(door, `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`)],
  ["arrays that are not closed", withBody, (door) => sized(door, "[".repeat(20_000))],
  ["bytes that are no text", withBody, (door) => sized(door, "\xff\xfe\x00{")],
  ["nothing where something is due", withBody, (door) => sized(door, "")],
];

for (const [name, fits, bytes, endless] of ABUSES)
  test(`${name}: a 4xx from every door`, async () => {
    for (const door of doors.filter((door) => fits(door) && !mayBeEmpty(door, name))) {
      const status = await raw(Buffer.from(bytes(door), "latin1"), endless);
      // Where nothing is wrong with it: a query is read by few doors. A bill whose form says nothing it knows is shown again.
      const harmless = name.startsWith("a URL") || door.path === "/p/{token}";
      const fine = status === "closed" ? Boolean(endless) : harmless ? status < 500 : status >= 400 && status < 500;
      assert.ok(fine, `${door.method} ${door.path}: ${status}`);
    }
  });

const ODD = ["x-name: \u017du\u010dko \xff", "cookie: \xf0\x9f\x8f\x84", "accept-language: \xff\xfe;q=\xe9", "if-match: \xff", "idempotency-key: \u017d\u017d", "stripe-signature: t=\xff,v1=\xff"];
test("headers that are not ASCII: no door answers with a 5xx", async () => {
  for (const door of doors.filter(idle)) {
    for (const odd of ODD) {
      // Half of a body, so that nothing is done whatever the header says.
      const body = door.content ? "{" : "";
      const status = await raw(Buffer.from(head(door, on(door), odd, `content-length: ${body.length}`) + body, "utf8"));
      assert.ok(status < 500, `${door.method} ${door.path} ${odd}: ${status}`);
    }
  }
});

test("a link that was forged, cut, made longer, or is of another purpose opens no door and wakes nobody", async () => {
  const bill = await call("POST", "/v1/payment-links", { key: booked.key, body: { title: "Cruise", policy: "half", amount: { amount: "9.00", currency: "EUR" }, customer: { name: "Ivo", email: "ivo@example.com" }, slot: { starts_at: "2026-08-14T08:00:00Z", ends_at: "2026-08-14T11:00:00Z", zone: "Europe/Zagreb" } } });
  assert.equal(bill.status, 201, bill.text);
  const before = objects();
  for (const door of doors.filter(({ path }) => path.includes("{token}"))) {
    const good = door.path.startsWith("/webhooks/") ? stripe : door.path.startsWith("/p/") ? bill.body.url.split("/p/")[1] : booked.token;
    const last = good.endsWith("A") ? "B" : "A";
    const foreign = door.path.startsWith("/webhooks/") ? booked.token : door.path.startsWith("/p/") ? booked.key : bill.body.url.split("/p/")[1];
    for (const token of [good.slice(0, -1), `${good}A`, good.slice(0, -1) + last, `B${good.slice(1)}`, good.toLowerCase(), foreign, "x", "%00", "%ff%fe", "..%2f"]) {
      const body = door.content ? "a=1" : "";
      const status = await raw(Buffer.from(head(door, on(door, token), `content-length: ${body.length}`) + body, "latin1"));
      assert.ok(status >= 400 && status < 500, `${door.method} ${door.path} ${token}: ${status}`);
    }
  }
  assert.deepEqual(objects(), before);
});

test("a link that has expired or was revoked opens no door", async () => {
  const other = await paid();
  const ended = "2027-08-14T08:00:00.000Z";
  const linked = doors.filter(({ path }) => path.includes("{token}") && !path.startsWith("/webhooks/"));
  const ask = async (door, when) => (await call(door.method, on(door, other.token), { at: when, ...(door.content && { body: "a=1", headers: { "content-type": door.content } }) })).status;
  for (const door of linked) assert.ok([404, 410].includes(await ask(door, ended)), `expired: ${door.method} ${door.path}`);
  assert.equal((await call("POST", `/v1/bookings/${other.id}/links`, { key: other.key })).status, 201);
  for (const door of linked) assert.ok([404, 410].includes(await ask(door, at())), `revoked: ${door.method} ${door.path}`);
});

test("a key of another operator, or none, opens no door on this one's", async () => {
  const stranger = (await operatorWithId()).key;
  for (const door of doors.filter(({ path, key }) => key && path.startsWith("/v1/bookings/{id}"))) {
    const body = door.content ? "{}" : undefined;
    assert.equal((await call(door.method, on(door), { body })).status, 401, `${door.method} ${door.path}`);
    const status = (await call(door.method, on(door), { key: stranger, body })).status;
    assert.ok(status === 404 || status === 422, `${door.method} ${door.path}: ${status}`);
  }
  assert.equal(await version(booked), 2, "nothing was written");
});
