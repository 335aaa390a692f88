// API keys: what each role opens, who may make and withdraw one, and what the trail says of whoever acted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { act, ALL, AT, BOOKING, call, eur, operator, paid, POLICY, quote, refused } from "./client.mjs";

const newKey = (key, body, more) => call("POST", "/v1/keys", { key, body, ...more });
const ID = "018f0000-0000-7000-8000-000000000000";

/** One key of each role. */
async function keys(admin) {
  const made = { admin };
  for (const role of ["read", "agent", "finance"]) {
    const answer = await newKey(admin, { name: `The ${role} key`, role });
    assert.deepEqual([answer.status, answer.body.key.role], [201, role], answer.text);
    made[role] = answer.body.api_key;
  }
  return made;
}

// Each door with the least role that opens it: a key below is refused, whatever the body says.
const DOORS = [
  ["GET", "/v1/bookings", "read"],
  ["GET", `/v1/bookings/${ID}`, "read"],
  ["GET", "/v1/slots", "read"],
  ["GET", "/v1/policies", "read"],
  ["POST", "/v1/policies/lint", "read"],
  ["POST", "/v1/policies/half/what-if", "read"],
  ["POST", `/v1/bookings/${ID}/quotes`, "read"],
  ["GET", "/v1/refunds", "read"],
  ["GET", "/v1/refunds/statistics", "read"],
  ["GET", `/v1/vouchers/${ID}`, "read"],
  ["POST", "/v1/bookings", "agent"],
  ["POST", "/v1/slots", "agent"],
  ["PATCH", `/v1/slots/${ID}`, "agent"],
  ["POST", `/v1/bookings/${ID}/actions`, "agent"],
  ["POST", `/v1/bookings/${ID}/payments`, "agent"],
  ["POST", `/v1/bookings/${ID}/links`, "agent"],
  ["POST", `/v1/bookings/${ID}/undo`, "agent"],
  ["POST", `/v1/bookings/${ID}/payment-links`, "agent"],
  ["POST", "/v1/payment-links", "agent"],
  ["DELETE", `/v1/payment-links/${ID}`, "agent"],
  ["GET", `/v1/bookings/${ID}/events`, "agent"],
  ["POST", `/v1/bookings/${ID}/adjustments`, "finance"],
  ["POST", `/v1/bookings/${ID}/refunds`, "finance"],
  ...["approve", "decline", "void", "route", "voucher", "credit-note", "approve-credit-note", "finalize"].map((step) => ["POST", `/v1/refunds/${ID}/${step}`, "finance"]),
  ["POST", "/v1/outbox/1/retry", "finance"],
  ["PUT", "/v1/policies/half", "admin"],
  ["PUT", "/v1/settings", "admin"],
  ["PUT", "/v1/providers/stripe", "admin"],
  ["POST", "/v1/webhooks", "admin"],
  ["POST", `/v1/webhooks/${ID}/test`, "admin"],
  ["DELETE", `/v1/bookings/${ID}/personal`, "admin"],
  ["GET", "/v1/keys", "admin"],
  ["POST", "/v1/keys", "admin"],
  ["DELETE", `/v1/keys/${ID}`, "admin"],
];

test("each door opens to its role and those above, and to none below", async () => {
  const made = await keys(await operator());
  const roles = ["read", "agent", "finance", "admin"];
  for (const [method, path, needed] of DOORS)
    for (const role of roles) {
      const answer = await call(method, path, { key: made[role], body: ["GET", "DELETE"].includes(method) ? undefined : "{" });
      const may = roles.indexOf(role) >= roles.indexOf(needed);
      assert.equal(answer.status === 403, !may, `${role} at ${method} ${path}: ${answer.text}`);
      if (!may) {
        refused(answer, 403, "role_too_low");
        assert.deepEqual(answer.body.params, { needed, role });
      }
    }
});

test("deciding against the policy takes the role finance", async () => {
  const booked = await paid();
  const made = await keys(booked.key);
  const action = { ...ALL, override: { fee: eur("0.00"), why: "regular guest" } };
  const path = `/v1/bookings/${booked.id}`;
  const quoted = await call("POST", `${path}/quotes`, { key: made.read, body: action });
  const commit = (key) => call("POST", `${path}/actions`, { key, body: { action, quote: quoted.body.token } });
  refused(await commit(made.agent), 403, "role_too_low");
  assert.equal((await commit(made.finance)).status, 201);
});

test("a key that only reads is not given the customer's link", async () => {
  const booked = await paid();
  const made = await keys(booked.key);
  const seen = async (key) => (await call("GET", `/v1/bookings/${booked.id}`, { key })).body.control_url !== undefined;
  assert.deepEqual([await seen(made.read), await seen(made.agent)], [false, true]);
});

test("a key is shown once, listed without itself, and withdrawn at once", async () => {
  const admin = await operator();
  const made = await newKey(admin, { name: "Front desk", role: "agent" }, { at: "2026-06-01T12:00:01.000Z" });
  const { api_key, key } = made.body;
  const listed = await call("GET", "/v1/keys", { key: admin });
  assert.deepEqual(listed.body.keys.map(({ name, role }) => [name, role]), [["First key", "admin"], ["Front desk", "agent"]]);
  assert.ok(!listed.text.includes(api_key) && !listed.text.includes(admin));
  assert.equal((await call("GET", "/v1/bookings", { key: api_key })).status, 200);
  const gone = await call("DELETE", `/v1/keys/${key.id}`, { key: admin });
  assert.deepEqual([gone.status, gone.text], [204, ""]);
  refused(await call("GET", "/v1/bookings", { key: api_key }), 401, "unauthorized");
  assert.equal((await call("DELETE", `/v1/keys/${key.id}`, { key: admin })).status, 204, "it stays withdrawn");
  refused(await call("DELETE", `/v1/keys/${ID}`, { key: admin }), 404, "key_unknown");
});

test("a key works up to the instant at which it expires", async () => {
  const admin = await operator();
  const expires_at = "2026-06-02T00:00:00.000Z";
  const { api_key } = (await newKey(admin, { name: "Season", role: "read", expires_at })).body;
  const last = await call("GET", "/v1/bookings", { key: api_key, at: "2026-06-01T23:59:59.999Z" });
  assert.equal(last.status, 200);
  refused(await call("GET", "/v1/bookings", { key: api_key, at: expires_at }), 401, "unauthorized");
});

test("somebody who can make keys is always left", async () => {
  const admin = await operator();
  const own = (await call("GET", "/v1/keys", { key: admin })).body.keys[0].id;
  refused(await call("DELETE", `/v1/keys/${own}`, { key: admin }), 409, "last_admin_key");
  const other = await newKey(admin, { name: "For a week", role: "admin", expires_at: "2026-06-08T00:00:00Z" });
  refused(await call("DELETE", `/v1/keys/${own}`, { key: other.body.api_key }), 409, "last_admin_key");
  const lasting = await newKey(admin, { name: "Owner", role: "admin" });
  assert.equal((await call("DELETE", `/v1/keys/${own}`, { key: lasting.body.api_key })).status, 204);
});

test("keys that are none", async () => {
  const admin = await operator();
  refused(await newKey(admin, { name: "", role: "read" }), 422, "malformed", "name");
  refused(await newKey(admin, { name: "x".repeat(81), role: "read" }), 422, "malformed", "name");
  refused(await newKey(admin, { name: "x", role: "owner" }), 422, "malformed", "role");
  refused(await newKey(admin, { name: "x", role: "read", expires_at: AT }), 422, "malformed", "expires_at");
  refused(await newKey(admin, { name: "x", role: "read" }, { headers: { "idempotency-key": "k" } }), 422, "malformed", "Idempotency-Key");
  assert.equal((await call("GET", "/v1/keys", { key: admin })).body.keys.length, 1);
});

const trail = (key, id, query = "") => call("GET", `/v1/bookings/${id}/events${query}`, { key });

test("the trail: who did what, when, from where, and what they were told (F6)", async () => {
  const booked = await paid();
  const made = await keys(booked.key);
  const from = (address) => ({ headers: { "cf-connecting-ip": address } });
  const quoted = await quote(booked.token, { type: "cancel", selection: { participants: [booked.booking.items[0].participants[0].id] } });
  const action = { type: "cancel", selection: { participants: [booked.booking.items[0].participants[0].id] } };
  assert.equal((await act(booked.token, action, quoted.body.token, from("2001:db8::7"))).status, 201);
  const entry = { reason: "compensation_on_return", amount: eur("1.00"), note: "late bus" };
  assert.equal((await call("POST", `/v1/bookings/${booked.id}/refunds`, { key: made.finance, body: entry, ...from("192.0.2.1") })).status, 201);
  const answer = await trail(made.agent, booked.id);
  const told = answer.body.events.map(({ seq, actor, by, address, event }) => [seq, event.kind, actor, by?.name ?? by?.type, address]);
  assert.deepEqual(told, [
    [1, "booking_made", "operator", "First key", undefined],
    [2, "payment_recorded", "operator", "First key", undefined],
    [3, "canceled", "customer", "link", "2001:db8::7"],
    [4, "refund_entered", "customer", "link", "2001:db8::7"],
    [5, "refund_entered", "operator", "The finance key", "192.0.2.1"],
  ]);
  const [, , canceled, promised] = answer.body.events;
  assert.equal(canceled.command, promised.command);
  const { token, ...shown } = quoted.body;
  assert.deepEqual(canceled.quote, shown, "the explanation is the one that was shown");
  assert.ok(canceled.quote.explanation.some(({ code }) => code === "window_applies"));
  const first = await trail(made.agent, booked.id, "?limit=3");
  const rest = await trail(made.agent, booked.id, `?limit=3&cursor=${first.body.next}`);
  assert.deepEqual([...first.body.events, ...rest.body.events], answer.body.events);
  assert.equal(rest.body.next, undefined);
  refused(await trail(made.agent, ID), 404, "booking_unknown");
});

test("an address that is none is not taken down", async () => {
  const booked = await paid();
  const body = { method: "cash", amount: eur("1.00") };
  await call("POST", `/v1/bookings/${booked.id}/payments`, { key: booked.key, body, headers: { "cf-connecting-ip": "<script>" } });
  const { events } = (await trail(booked.key, booked.id)).body;
  assert.deepEqual([events.at(-1).event.kind, events.at(-1).address], ["payment_recorded", undefined]);
});

test("erasing takes names and addresses, and leaves the log", async () => {
  const booked = await paid();
  const name = { "idempotency-key": "with a name in it", "cf-connecting-ip": "192.0.2.9" };
  await call("POST", `/v1/bookings/${booked.id}/payments`, { key: booked.key, body: { method: "cash", amount: eur("1.00") }, headers: name });
  await call("POST", `/v1/bookings/${booked.id}/refunds`, { key: booked.key, body: { reason: "overpayment", amount: eur("1.00") } });
  const before = (await trail(booked.key, booked.id)).body.events;
  const erased = await call("DELETE", `/v1/bookings/${booked.id}/personal`, { key: booked.key });
  assert.deepEqual([erased.status, erased.text], [204, ""]);
  const after = (await trail(booked.key, booked.id)).body.events;
  assert.deepEqual(after, before.map(({ address, ...rest }) => rest));
  for (const path of [`/v1/bookings/${booked.id}`, "/v1/bookings", "/v1/refunds", `/v1/control/${booked.token}`, `/b/${booked.token}`]) {
    const { status, text } = await call("GET", path, { key: booked.key });
    assert.equal(status, 200, path);
    assert.ok(!/Kovač|ana@example|Ivo|Maja|192\.0\.2\.9/.test(text), path);
  }
  for (const path of ["/v1/bookings?q=kovac", "/v1/refunds?q=ana@example.com"]) assert.ok(!(await call("GET", path, { key: booked.key })).text.includes(booked.id), path);
  const [listed] = (await call("GET", "/v1/bookings", { key: booked.key })).body.bookings;
  assert.deepEqual([listed.id, listed.name, listed.email], [booked.id, undefined, undefined]);
});

test("a command for another version of the booking is not carried out", async () => {
  const booked = await paid();
  const path = `/v1/bookings/${booked.id}`;
  const tag = (await call("GET", path, { key: booked.key })).headers.get("etag");
  const pay = (match) => call("POST", `${path}/payments`, { key: booked.key, body: { method: "cash", amount: eur("1.00") }, headers: { "if-match": match } });
  for (const other of ['"1"', '"3"', `W/${tag}`, "2", '""', "x"]) {
    const answer = await pay(other);
    refused(answer, 412, "version_changed", "If-Match");
    assert.deepEqual(answer.body.params, { version: 2 });
  }
  const done = await pay(`"1", ${tag}`);
  assert.deepEqual([done.status, done.headers.get("etag")], [201, '"3"']);
  assert.equal((await pay("*")).status, 201);
  const action = ALL;
  const quoted = await call("POST", `${path}/quotes`, { key: booked.key, body: action });
  const commit = (match) => call("POST", `${path}/actions`, { key: booked.key, body: { action, quote: quoted.body.token }, headers: { "if-match": match } });
  refused(await commit('"2"'), 412, "version_changed");
  const acted = await commit('"4"');
  assert.equal(acted.status, 201);
  const [refund] = acted.body.refunds;
  refused(await call("POST", `/v1/refunds/${refund.id}/finalize`, { key: booked.key, headers: { "if-match": '"4"' } }), 412, "version_changed");
});

test("an answer is remembered for a day", async () => {
  const booked = await paid();
  const pay = (at, amount = "1.00") => call("POST", `/v1/bookings/${booked.id}/payments`, { key: booked.key, at, body: { method: "cash", amount: eur(amount) }, headers: { "idempotency-key": "p" } });
  const first = await pay("2026-06-01T12:00:00.000Z");
  assert.equal((await pay("2026-06-02T11:59:59.999Z")).text, first.text);
  refused(await pay("2026-06-02T11:59:59.999Z", "2.00"), 422, "idempotency_key_reused", "Idempotency-Key");
  const second = await pay("2026-06-02T12:00:00.000Z", "2.00");
  assert.deepEqual([second.status, second.body.version], [201, first.body.version + 1], "the key is free again");
});

test("what was refused is judged anew under the same key", async () => {
  const booked = await paid();
  const enter = () => call("POST", `/v1/bookings/${booked.id}/refunds`, { key: booked.key, body: { reason: "overpayment", amount: eur("1.00") }, headers: { "idempotency-key": "o" } });
  refused(await enter(), 409, "refund_too_high");
  await call("POST", `/v1/bookings/${booked.id}/payments`, { key: booked.key, body: { method: "cash", amount: eur("1.00") } });
  assert.equal((await enter()).status, 201);
});

test("policies are listed, and tried on the past", async () => {
  const key = await operator();
  for (const name of ["zz", "half"]) await call("PUT", `/v1/policies/${name}`, { key, body: { ...POLICY, name } });
  const listed = await call("GET", "/v1/policies", { key });
  assert.deepEqual(listed.body.policies.map(({ name }) => name), ["half", "zz"]);
  const cancel = async (at) => {
    const made = await call("POST", "/v1/bookings", { key, body: BOOKING });
    await call("POST", `/v1/bookings/${made.body.id}/payments`, { key, body: { method: "card", amount: eur("109.98") } });
    const token = made.body.control_url.split("/b/")[1];
    const action = { type: "cancel", selection: { participants: [made.body.booking.items[0].participants[0].id] } };
    const quoted = await quote(token, action, { at });
    assert.equal((await act(token, action, quoted.body.token, { at })).status, 201);
  };
  await cancel("2026-06-02T12:00:00.000Z"); // 50 % of 33.33
  await cancel("2026-08-01T12:00:00.000Z"); // 80 %
  const ask = (body, name = "half") => call("POST", `/v1/policies/${name}/what-if`, { key, body });
  const as_it_is = await ask({});
  const [sums] = as_it_is.body.currencies;
  assert.deepEqual([as_it_is.body.bookings, as_it_is.body.more, sums.count, sums.old], [2, false, 2, sums.new]);
  assert.equal(sums.old.charged.amount, "43.33");
  const free = { name: "half", windows: [{ code: "free", until: { days: 20, at: "18:00" } }] };
  const august = await ask({ policy: free, from: "2026-07-01T00:00:00Z" });
  assert.deepEqual(august.body.currencies.map(({ count, old, new: other }) => [count, old.charged.amount, other.charged.amount]), [[1, "26.66", "33.33"]]);
  assert.deepEqual((await ask({ to: "2026-01-01T00:00:00Z" })).body.currencies, []);
  refused(await ask({}, "none"), 404, "not_found");
  refused(await ask({ policy: { name: "x", windows: 7 } }), 422, "malformed", "policy.windows");
});
