// The whole chain as a customer lives it, with a real mail server in it: the link comes by mail, is paid, is answered by mail and in the calendar; the
// cancellation and the refund likewise, and a refund that fails weeks later is the operator's to read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_MS, fakes, Shop, UNDO_MS } from "./stage.mjs";

const { mail } = fakes;
const DESK = "desk@harbor.example";
const CUSTOMER = "ana.chain@example.org";

const inbox = async (to) => (await fetch(`${mail.url}/_/messages?to=${encodeURIComponent(to)}`)).json();
const calendar = ({ attachments }) => attachments.map(({ parameters, text }) => [parameters.method, Number(text.match(/^SEQUENCE:(\d+)/m)[1])]);

test("link, mail, checkout, webhook, paid page, cancellation, refund, settled, and word of each", async () => {
  const shop = await Shop.open();
  const transport = { type: "smtp", host: "localhost", port: mail.smtp.starttls, security: "starttls", user: mail.user, password: mail.password };
  await shop.ok("PUT", "/v1/mail", { sender: { name: "Harbor Tours", address: "tours@harbor.example" }, reply_to: DESK, transport });
  const booking = await shop.book({ customer: { name: "Ana Kovač", email: CUSTOMER, locale: "en-GB" } });
  await shop.ok("POST", `/v1/bookings/${booking.id}/payment-links`, { ask: { type: "balance" }, note: "See you on Friday", email: true });
  /** Works off what is due, and answers the mails that have come since the last time. */
  let read = 0;
  const mails = async () => {
    await shop.work();
    const all = await inbox(CUSTOMER);
    return all.slice(read, (read = all.length));
  };

  const asked = await mails();
  assert.deepEqual(asked.map(({ subject }) => subject.split(" LW-")[0]).sort(), ["Booking confirmation", "Payment of €109.98 to Harbor Tours"]);
  const letter = asked.find(({ subject }) => subject.startsWith("Payment of"));
  assert.match(letter.text, /See you on Friday/);
  const link = letter.text.match(/https?:\/\/\S+\/p\/\S+/)[0];
  const back = await shop.pay(await shop.checkout(new URL(link).pathname));
  await shop.deliver();
  const [paid, ...noMore] = await mails();
  assert.deepEqual([paid.subject.split(" LW-")[0], noMore], ["Payment received for booking", []]);
  assert.match(paid.text, /€109\.98/);
  assert.match((await shop.page(back)).text, /€109\.98/);

  assert.equal((await shop.cancel(booking)).status, 201);
  const [canceled] = await mails();
  assert.equal(canceled.subject.split(" LW-")[0], "Cancellation of booking");
  assert.match(canceled.text, /50% of €109\.98: €54\.99/);
  const [[confirmedBy, first], [canceledBy, last]] = [...asked.flatMap(calendar), ...calendar(canceled)];
  assert.deepEqual([confirmedBy, canceledBy, last > first], ["REQUEST", "CANCEL", true]);

  await shop.later(UNDO_MS);
  await shop.deliver();
  const [sent, ...nothing] = await mails();
  assert.deepEqual([sent.subject.split(" LW-")[0], nothing], ["Refund of €54.99 for booking", []]);
  assert.equal((await shop.booking(booking)).booking.refunds[0].state, "settled");

  await shop.later(21 * DAY_MS);
  const [{ id }] = await shop.bank("GET", "refunds");
  await shop.bank("POST", "refund", { refund: id, status: "failed" });
  await shop.deliver({ copies: 3 });
  assert.deepEqual(await mails(), [], "it is the operator's to mend");
  const desk = await inbox(DESK);
  assert.deepEqual(desk.map(({ subject }) => subject.split(" LW-")[0]), ["Refund failed: €54.99 for booking"]);
  assert.deepEqual(await shop.outbox(), []);
});
