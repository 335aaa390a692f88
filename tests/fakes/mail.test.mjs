// The mail catcher against a client that is not ours, npm's nodemailer: what it sends is what is read, and a fault is what it reports.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createTransport } from "nodemailer";
import { startMail } from "./mail.mjs";

const INVITE = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n";
const LETTER = {
  from: "Harbor Tours <bookings@harbor.example>",
  to: "Ana Kovač <ana@example.com>",
  replyTo: "office@harbor.example",
  subject: "Ihre Buchung ist bestätigt – Zażółć",
  text: "Grüße\n.a line that begins with a dot",
  html: "<p>Grüße</p>",
  attachments: [{ filename: "booking.ics", content: INVITE, contentType: "text/calendar; method=CANCEL; charset=utf-8" }],
};

let mail;
before(async () => (mail = await startMail()));
after(() => mail.close());
beforeEach(() => fetch(`${mail.url}/_/messages`, { method: "DELETE" }));

const messages = async (query = "") => (await fetch(`${mail.url}/_/messages${query}`)).json();
const order = async (...faults) => {
  const answer = await fetch(`${mail.url}/_/faults`, { method: "PUT", body: JSON.stringify(faults) });
  assert.equal(answer.status, 204);
};
const client = (via, more = {}) =>
  createTransport({
    host: "localhost",
    port: mail.smtp[via],
    secure: via === "tls",
    requireTLS: via === "starttls",
    tls: { ca: mail.certificate },
    ...(via !== "plain" && { auth: { user: mail.user, pass: mail.password } }),
    socketTimeout: 500,
    ...more,
  });
const send = (via, more) => client(via, more).sendMail(LETTER);
const post = (body, headers = {}) =>
  fetch(`${mail.url}/emails`, {
    method: "POST",
    headers: { authorization: `Bearer ${mail.api_key}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

for (const via of ["starttls", "tls", "plain"]) {
  test(`what is sent by ${via} is what is read`, async () => {
    await send(via);
    const [got, ...more] = await messages("?to=ana@example.com");
    assert.equal(more.length, 0);
    assert.deepEqual([got.via, got.user, got.subject, got.from, got.to, got.reply_to], [via, via === "plain" ? undefined : "leeway", LETTER.subject, [LETTER.from], [LETTER.to], [LETTER.replyTo]]);
    assert.deepEqual([got.text.trim(), got.html.trim(), got.envelope.from], [LETTER.text, LETTER.html, "bookings@harbor.example"]);
    assert.deepEqual([got.attachments[0].content_type, got.attachments[0].parameters.method, got.attachments[0].text], ["text/calendar", "CANCEL", INVITE]);
  });
}

test("both ways to sign in; a wrong password and a missing one are refused", async () => {
  for (const authMethod of ["PLAIN", "LOGIN"]) await send("tls", { authMethod });
  assert.equal((await messages()).length, 2);
  await assert.rejects(send("tls", { auth: { user: mail.user, pass: "wrong" } }), { responseCode: 535 });
  await assert.rejects(send("starttls", { auth: undefined }), { responseCode: 530 });
  assert.equal((await messages()).length, 2);
});

test("nobody trusts the certificate who was not given it", async () => {
  await assert.rejects(send("tls", { tls: {} }), /certificate|self-signed/);
});

test("refusals strike where they are ordered, once", async () => {
  for (const at of ["connect", "auth", "mail", "rcpt", "end"]) {
    for (const code of [451, 550]) {
      await order({ at, way: "answer", code });
      await assert.rejects(send("tls"), ({ responseCode, rejectedErrors }) => (rejectedErrors?.[0].responseCode ?? responseCode) === code, `${at} ${code}`);
    }
  }
  assert.equal((await messages()).length, 0);
  await send("tls");
  assert.equal((await messages()).length, 1);
});

test("a connection that is cut before the end leaves nothing, one cut after it leaves the message", async () => {
  await order({ at: "mid", way: "hang_up" });
  await assert.rejects(send("starttls"));
  assert.equal((await messages()).length, 0);
  for (const way of ["hang_up", "silence"]) {
    await order({ at: "end", way });
    await assert.rejects(send("starttls"));
  }
  assert.equal((await messages()).length, 2);
});

test("whoever waits is told as soon as it comes", async () => {
  const waiting = fetch(`${mail.url}/_/wait?to=ana@example.com&within_ms=60000`);
  await send("plain");
  assert.equal((await (await waiting).json()).length, 1);
  assert.deepEqual(await (await fetch(`${mail.url}/_/wait?to=nobody@example.com&within_ms=1`)).json(), []);
});

test("the HTTP API keeps a message once for an idempotency key", async () => {
  const body = { from: LETTER.from, to: ["ana@example.com"], subject: "s", text: "t", attachments: [{ filename: "a.ics", content: Buffer.from(INVITE).toString("base64"), content_type: "text/calendar; method=CANCEL" }] };
  const key = { "idempotency-key": "outbox-1" };
  const [first, again] = [await post(body, key), await post(body, key)];
  assert.deepEqual([first.status, await first.json()], [again.status, await again.json()]);
  const [got, ...more] = await messages();
  assert.deepEqual([more.length, got.via, got.idempotency_key, got.attachments[0].text, got.attachments[0].parameters.method], [0, "http", "outbox-1", INVITE, "CANCEL"]);
  assert.equal((await post({ ...body, subject: "other" }, key)).status, 409);
});

test("the HTTP API refuses what Resend refuses", async () => {
  const body = { from: LETTER.from, to: "ana@example.com", subject: "s", text: "t" };
  const refused = async (answer, status, name) => assert.deepEqual([answer.status, (await answer.json()).name], [status, name]);
  await refused(await post(body, { authorization: "Bearer no" }), 403, "invalid_api_key");
  await refused(await post({ ...body, to: "not an address" }), 422, "validation_error");
  await refused(await post({ ...body, subject: undefined }), 422, "missing_required_field");
  await order({ at: "http", way: "answer", code: 429 }, { at: "http_end", way: "hang_up" });
  assert.equal((await post(body)).status, 429);
  await assert.rejects(post(body));
  assert.equal((await messages()).length, 1);
});
