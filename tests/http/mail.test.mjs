// Mail as it arrives: at real SMTP servers with TLS and an HTTP API, with faults ordered from them; and what an operator sets for it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { act, ALL, AT, BOOKING, call, eur, POLICY, quote, refused } from "./client.mjs";

const { mail } = JSON.parse(process.env.LEEWAY_FAKES);
const SENDER = { name: "Adriatic & Co.", address: "tours@example.com" };
const login = { user: mail.user, password: mail.password };
const smtp = (security, more) => ({ type: "smtp", host: "localhost", port: mail.smtp[security === "none" ? "plain" : security], security, ...more });
const HTTP = { type: "http", url: `${mail.url}/emails`, api_key: mail.api_key };

let customers = 0;

/** An operator whose mail is set, and a customer that no other test has. */
async function house(transport, more = {}) {
  const body = { name: SENDER.name, time_zone: "Europe/Zagreb", currency: "EUR", locale: "en" };
  const { id, api_key: key } = (await call("POST", "/v1/operators", { key: process.env.LEEWAY_ADMIN_KEY, body })).body;
  if (transport) {
    const set = await call("PUT", "/v1/mail", { key, body: { sender: SENDER, transport, ...more } });
    assert.equal(set.status, 200, set.text);
  }
  await call("PUT", "/v1/policies/half", { key, body: POLICY });
  const to = `ana.${(customers += 1)}.${process.pid}@example.org`;
  return { id, key, to };
}

async function book({ key, to }, change = {}) {
  const made = await call("POST", "/v1/bookings", { key, body: { ...BOOKING, customer: { name: "Ana Kovač", email: to, locale: "en-GB" }, ...change } });
  assert.equal(made.status, 201, made.text);
  return { ...made.body, token: made.body.control_url.split("/b/")[1] };
}

/** Works off what is due at an instant. */
async function deliver({ id }, at = AT) {
  const ran = await call("POST", `/test/operators/${id}/run-due`, { at, body: "" });
  assert.equal(ran.status, 200, ran.text);
}

const inbox = async ({ to }) => (await fetch(`${mail.url}/_/messages?to=${encodeURIComponent(to)}`)).json();
const order = async (...faults) => assert.equal((await fetch(`${mail.url}/_/faults`, { method: "PUT", body: JSON.stringify(faults) })).status, 204);
const rows = async ({ key }) => (await call("GET", "/v1/outbox?kind=email", { key })).body.rows;
const later = (minutes) => new Date(Date.parse(AT) + minutes * 60_000).toISOString();
const calendar = ({ attachments }) =>
  attachments.map(({ content_type, parameters, text }) => {
    const value = (name) => text.replaceAll("\r\n ", "").match(new RegExp(`^${name}:(.*)$`, "m"))?.[1].trim();
    return { type: content_type, method: parameters.method, said: value("METHOD"), uid: value("UID"), sequence: Number(value("SEQUENCE")), status: value("STATUS"), url: value("URL") };
  });

for (const security of ["starttls", "tls", "none"])
  test(`a confirmation by SMTP, ${security}`, async () => {
    const at = await house(smtp(security, security === "none" ? {} : login), { reply_to: "desk@example.com" });
    const { control_url, booking } = await book(at);
    await deliver(at);
    const [message, ...more] = await inbox(at);
    assert.deepEqual(more, []);
    assert.deepEqual([message.via, message.envelope], [security === "none" ? "plain" : security, { from: SENDER.address, to: [at.to] }]);
    assert.match(message.subject, /^Booking confirmation LW-/);
    assert.match(JSON.stringify(message.from), /Adriatic & Co\..*tours@example\.com/);
    assert.match(JSON.stringify(message.reply_to), /desk@example\.com/);
    assert.equal(message.headers["auto-submitted"], "auto-generated");
    assert.match(message.message_id, /^<[0-9a-f-]{36}-confirmation@example\.com>$/);
    assert.match(message.text, /Sunset kayak tour\nFri, 14 Aug 2026, 10:00–13:00 \(Zagreb time\)/);
    for (const text of [message.text, message.html]) assert.ok(text.includes(control_url), "the booking-control link (E1)");
    const [entry] = calendar(message);
    assert.deepEqual(
      [entry.type, entry.method, entry.said, entry.uid, entry.url, entry.status],
      ["text/calendar", "REQUEST", "REQUEST", `${booking.items[0].id}@leeway`, control_url, "CONFIRMED"],
    );
  });

test("a booking's whole life, in order, each explained as it was then", async () => {
  const at = await house(smtp("starttls", login));
  const { id, token, booking } = await book(at);
  await call("POST", `/v1/bookings/${id}/payments`, { key: at.key, body: { method: "card", amount: eur("109.98") } });
  const [first, second] = booking.items[0].participants;
  const one = { type: "cancel", selection: { participants: [first.id, second.id] } };
  await act(token, one, (await quote(token, one)).body.token);
  await act(token, ALL, (await quote(token)).body.token);
  const refund = (await call("GET", `/v1/bookings/${id}/refunds`, { key: at.key })).body.refunds.find(({ amount }) => amount.amount === "38.32");
  const paid = await call("POST", `/v1/refunds/${refund.id}/finalize`, { key: at.key, body: {} });
  assert.equal(paid.status, 200, paid.text);
  await deliver(at);
  const messages = await inbox(at);
  const subjects = messages.map(({ subject }) => subject.split(" LW-")[0]);
  assert.deepEqual(subjects, [
    "Booking confirmation",
    "Payment received for booking",
    "Cancellation of booking",
    "Cancellation of booking",
    "Refund of €38.32 for booking",
  ]);
  assert.match(messages[2].text, /50% of €76\.65: €38\.33/);
  assert.match(messages[2].text, /€38\.32 to your card, from the payment of 1 Jun 2026\nRefund: €38\.32\nRefund requested/);
  assert.match(messages[4].text, /€38\.32 to your card/);
  const entries = messages.flatMap(calendar);
  assert.deepEqual(
    entries.map(({ said, status }) => [said, status]),
    [["REQUEST", "CONFIRMED"], ["REQUEST", "CONFIRMED"], ["CANCEL", "CANCELLED"]],
  );
  assert.equal(new Set(entries.map(({ uid }) => uid)).size, 1, "one entry in the calendar");
  assert.ok(entries.every(({ sequence }, index) => index === 0 || sequence > entries[index - 1].sequence));
});

test("in the customer's language, else the operator's", async () => {
  const at = await house(smtp("none"));
  for (const locale of ["de-AT", "pl-PL", "hr-HR"]) await book(at, { customer: { name: "Ana", email: at.to, locale } });
  await deliver(at);
  const said = (await inbox(at)).map(({ subject, html }) => [subject.split(" ")[0], html.match(/lang="(..)"/)[1]]);
  assert.deepEqual(said.sort(), [["Booking", "en"], ["Buchungsbestätigung", "de"], ["Potwierdzenie", "pl"]]);
});

test("what has to be paid beforehand asks for it (D5)", async () => {
  const at = await house(smtp("none"));
  await call("PUT", "/v1/policies/first", { key: at.key, body: { ...POLICY, name: "first", prepayment: true } });
  await book(at, { policy: "first" });
  await deliver(at);
  assert.match((await inbox(at))[0].subject, /^Booking confirmation LW-.* – payment required$/);
});

test("a server that says later is asked again, and gets one message", async () => {
  const at = await house(smtp("starttls", login));
  await order({ at: "rcpt", way: "answer", code: 451, text: "greylisted" });
  await book(at);
  await deliver(at);
  assert.deepEqual(await inbox(at), []);
  const [row] = await rows(at);
  assert.deepEqual([row.state, row.attempts, row.last_error], ["tried", 1, "451 greylisted"]);
  await deliver(at, later(1));
  assert.equal((await inbox(at)).length, 1);
  assert.equal((await rows(at))[0].state, "done");
});

test("a recipient that does not exist is for a person to see, and can be tried again", async () => {
  const at = await house(smtp("tls", login));
  await order({ at: "rcpt", way: "answer", code: 550, text: "no such user" });
  await book(at);
  await deliver(at);
  const [row] = await rows(at);
  assert.deepEqual([row.state, row.last_error], ["dead", "550 no such user"]);
  const retried = await call("POST", `/v1/outbox/${row.id}/retry`, { key: at.key, body: "", at: later(5) });
  assert.equal(retried.status, 200, retried.text);
  await deliver(at, later(6));
  assert.equal((await inbox(at)).length, 1);
});

test("a connection that breaks before the end is tried again", async () => {
  const at = await house(smtp("starttls", login));
  await order({ at: "connect", way: "hang_up" }, { at: "auth", way: "hang_up" }, { at: "mid", way: "hang_up" });
  await book(at);
  for (const minutes of [0, 1, 2, 3]) await deliver(at, later(minutes));
  assert.equal((await inbox(at)).length, 1);
});

test("one that breaks after the end comes twice, as the same message to the byte", async () => {
  const at = await house(smtp("starttls", login));
  await order({ at: "end", way: "hang_up" });
  await book(at);
  await deliver(at);
  assert.match((await rows(at))[0].last_error, /^perhaps it was taken: /);
  await deliver(at, later(1));
  const [one, two, ...more] = await inbox(at);
  assert.deepEqual(more, []);
  assert.equal(one.message_id, two.message_id);
  assert.equal(one.raw, two.raw);
});

test("a wrong password is ours to mend: nothing is lost", async () => {
  const at = await house(smtp("starttls", { ...login, password: "wrong" }));
  await book(at);
  await deliver(at);
  const [row] = await rows(at);
  assert.deepEqual([row.state, /^535 /.test(row.last_error)], ["tried", true]);
  await call("PUT", "/v1/mail", { key: at.key, body: { sender: SENDER, transport: smtp("starttls", login) } });
  await deliver(at, later(2));
  assert.equal((await inbox(at)).length, 1);
});

test("a certificate for another host is not taken", async () => {
  const at = await house({ ...smtp("starttls", login), host: "127.0.0.1.nip.invalid" });
  await book(at);
  await deliver(at);
  assert.equal((await rows(at))[0].state, "tried");
  assert.deepEqual(await inbox(at), []);
});

test("by an HTTP API, once, whatever the answer does", async () => {
  const at = await house(HTTP);
  await order({ at: "http_end", way: "answer", code: 500 });
  const { control_url } = await book(at);
  await deliver(at);
  assert.equal((await rows(at))[0].state, "tried");
  await deliver(at, later(1));
  assert.equal((await rows(at))[0].state, "done");
  const [message, ...more] = await inbox(at);
  assert.deepEqual(more, []);
  assert.match(message.idempotency_key, /-confirmation$/);
  assert.equal(message.message_id, `<${message.idempotency_key}@example.com>`);
  assert.ok(message.html.includes(control_url));
  assert.equal(calendar(message)[0].method, "REQUEST");
  await order({ at: "http", way: "answer", code: 422, text: "bad recipient" });
  await book(at);
  await deliver(at, later(2));
  const [row] = (await rows(at)).slice(-1);
  assert.deepEqual([row.state, row.last_error], ["dead", "422 bad recipient"]);
});

test("a payment link is mailed, with or without a booking (E2)", async () => {
  const at = await house(smtp("none"));
  const { id } = await book(at);
  await call("PUT", "/v1/providers/manual", { key: at.key, body: { instructions: "IBAN HR12" } });
  const asked = await call("POST", `/v1/bookings/${id}/payment-links`, { key: at.key, body: { ask: { type: "balance" }, note: "See you!", email: true } });
  assert.equal(asked.status, 201, asked.text);
  const private_tour = {
    title: "Private sunset tour",
    policy: "half",
    amount: eur("300.00"),
    customer: { name: "Ana", email: at.to, locale: "en" },
    slot: BOOKING.items[0].slot,
    email: true,
  };
  const tour = await call("POST", "/v1/payment-links", { key: at.key, body: private_tour });
  assert.equal(tour.status, 201, tour.text);
  await deliver(at);
  // A booking's messages are in order, those of two bookings are not.
  const links = (await inbox(at)).filter(({ subject }) => subject.startsWith("Payment of")).sort((a, b) => (a.subject < b.subject ? -1 : 1));
  assert.deepEqual(links.map(({ subject }) => subject), ["Payment of €109.98 to Adriatic & Co.", "Payment of €300.00 to Adriatic & Co."]);
  assert.ok(links[0].text.includes(asked.body.url) && links[0].text.includes("See you!"));
  assert.ok(links[1].text.includes(tour.body.url) && !links[1].text.includes("/b/"));
});

test("one message now, to see whether it works", async () => {
  const at = await house(smtp("starttls", login));
  const send = (body) => call("POST", "/v1/mail/test", { key: at.key, body });
  const sent = await send({ to: at.to });
  assert.deepEqual([sent.status, sent.body], [200, { outcome: "sent" }]);
  assert.equal((await inbox(at)).length, 1);
  await order({ at: "rcpt", way: "answer", code: 550, text: "no such user" });
  assert.deepEqual((await send({ to: at.to })).body, { outcome: "refused", why: "550 no such user" });
  refused(await send({ to: "nobody" }), 422, "malformed", "to");
  refused(await call("POST", "/v1/mail/test", { body: {} }), 401, "unauthorized");
});

/** A file's bytes; none where an object has gone to sleep meanwhile, and what it kept beside its data with it. */
function stillThere(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return "";
  }
}

test("secrets come in and never go out", async () => {
  const secret = `pass-${process.pid}-word`;
  const at = await house(smtp("starttls", { user: "me", password: secret }));
  const shown = await call("GET", "/v1/mail", { key: at.key });
  assert.deepEqual(shown.body, { sender: SENDER, transport: smtp("starttls", { user: "me" }) });
  // Without one, the one that is set stays.
  const changed = await call("PUT", "/v1/mail", { key: at.key, body: { sender: { ...SENDER, name: "New" }, transport: smtp("starttls", { user: "me" }) } });
  assert.deepEqual([changed.status, changed.body.sender.name], [200, "New"]);
  const moved = { sender: SENDER, transport: { ...smtp("starttls", { user: "me" }), host: "mail.evil.example" } };
  refused(await call("PUT", "/v1/mail", { key: at.key, body: moved }), 422, "malformed", "transport.password");
  for (const name of readdirSync(process.env.LEEWAY_DATA, { recursive: true }).filter((name) => name.includes(".sqlite"))) {
    assert.ok(!stillThere(join(process.env.LEEWAY_DATA, name)).includes(secret), name);
  }
});

test("what cannot be set", async () => {
  const { key } = await house();
  const put = (transport, sender = SENDER) => call("PUT", "/v1/mail", { key, body: { sender, transport } });
  refused(await put({ type: "pigeon" }), 422, "malformed", "transport.type");
  refused(await put(smtp("none", { host: "mail.example.com" })), 422, "malformed", "transport.security");
  refused(await put({ ...HTTP, url: "http://mail.example.com/" }), 422, "malformed", "transport.url");
  refused(await put({ type: "binding" }), 422, "malformed", "transport.type");
  refused(await put(HTTP, { name: "x", address: "x@y\r\nBcc: a@b.c" }), 422, "malformed", "sender.address");
  refused(await put(HTTP, { name: "x\r\nBcc: a@b.c", address: "x@y.z" }), 422, "malformed", "sender.name");
  refused(await call("GET", "/v1/mail", { key }), 404, "mail_not_set");
  refused(await call("POST", "/v1/mail/test", { key, body: {} }), 404, "mail_not_set");
});

test("where no mail is set nothing waits, and given up it is sent no more", async () => {
  const at = await house();
  const { id } = await book(at);
  assert.deepEqual(await rows(at), []);
  refused(await call("POST", `/v1/bookings/${id}/payment-links`, { key: at.key, body: { ask: { type: "balance" }, email: true } }), 404, "mail_not_set", "email");
  await call("PUT", "/v1/mail", { key: at.key, body: { sender: SENDER, transport: smtp("none") } });
  await book(at);
  assert.equal((await call("DELETE", "/v1/mail", { key: at.key })).status, 204);
  await deliver(at);
  assert.deepEqual((await rows(at)).map(({ state, last_error }) => [state, last_error]), [["dropped", "mail is not set"]]);
  assert.deepEqual(await inbox(at), []);
});

test("a name is no way into a header", async () => {
  const at = await house(smtp("none"));
  const name = 'Ana "<x@evil.example>" Ž\u2028Bcc: all@example.com';
  await book(at, { customer: { name, email: at.to, locale: "en" } });
  await deliver(at);
  const [message] = await inbox(at);
  assert.deepEqual(message.envelope.to, [at.to]);
  assert.equal(message.headers.bcc, undefined);
  assert.match(message.text, /Ana "<x@evil\.example>" Ž/);
});

test("the mailbox of one's own machine", async () => {
  const at = await house({ type: "mailbox" });
  const { control_url } = await book(at);
  await deliver(at);
  const list = await call("GET", `/mailbox/${at.id}`);
  assert.equal(list.status, 200);
  const [, path] = list.text.match(/href="(\/mailbox\/[0-9a-f-]+\/\d+)"/);
  const page = await call("GET", path);
  assert.match(page.text, /<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  assert.ok(page.text.includes(control_url) && page.text.includes("BEGIN:VCALENDAR"));
  assert.match(page.headers.get("content-security-policy"), /default-src 'none'/);
  refused(await call("GET", `/mailbox/${at.id}/999`), 404, "not_found");
  refused(await call("GET", "/mailbox/nobody"), 404, "not_found");
});
