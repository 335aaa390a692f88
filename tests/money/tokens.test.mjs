// Forged links at the doors: none is let in, and none wakes an object. That none of a million is accepted is a test beside the code, edge/src/access/forgeries.rs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Shop } from "./stage.mjs";

const FORGED = 4_000;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The nth forgery of a token: a bit turned, an end cut or grown, a letter changed. */
function forgery(token, nth) {
  const at = Math.floor(nth / 4);
  switch (nth % 4) {
    case 0: {
      const bytes = Buffer.from(token, "base64url");
      bytes[at % bytes.length] ^= 1 << (Math.floor(at / bytes.length) % 8);
      return bytes.toString("base64url");
    }
    case 1:
      return token.slice(0, 1 + (at % (token.length - 1)));
    case 2:
      return token + LETTERS[at % 64].repeat(1 + Math.floor(at / 64));
    default: {
      const [place, step] = [at % token.length, 1 + (Math.floor(at / token.length) % 63)];
      return token.slice(0, place) + LETTERS[(LETTERS.indexOf(token[place]) + step) % 64] + token.slice(place + 1);
    }
  }
}

test("no forged payment or control link is let in, and none wakes an object", async () => {
  const shop = await Shop.open();
  const booking = await shop.book();
  const { url } = await shop.ok("POST", `/v1/bookings/${booking.id}/payment-links`, { ask: { type: "balance" } });
  const pay = new URL(url).pathname.slice("/p/".length);
  const reached = async () => {
    const answer = await shop.page(`/p/${pay}`);
    assert.equal(answer.status, 200);
    return Number(answer.headers.get("leeway-test-requests"));
  };
  const before = await reached();
  assert.equal(await reached(), before + 1, "a genuine link does reach it");
  const doors = [
    (nth) => ["GET", `/p/${forgery(pay, nth)}`],
    (nth) => ["POST", `/p/${forgery(pay, nth)}`],
    (nth) => ["GET", `/p/${forgery(booking.token, nth)}`],
    (nth) => ["GET", `/b/${forgery(booking.token, nth)}`],
    (nth) => ["GET", `/p/${forgery(pay, nth)}/done`],
  ];
  for (let start = 0; start < FORGED; start += 100) {
    const asked = Array.from({ length: 100 }, (_, step) => doors[step % doors.length](start + step));
    const answers = await Promise.all(asked.map(([method, path]) => shop.ask(method, path, method === "POST" ? "amount=109.98+EUR" : undefined)));
    answers.forEach(({ status, headers }, index) => {
      assert.equal(status, 404, asked[index].join(" "));
      assert.equal(headers.get("leeway-test-requests"), null, "answered by an object");
    });
  }
  assert.equal(await reached(), before + 2);
});
