// The tests' own doors to an account, `/_/{account}/…`: faults, clock, journal, webhooks, and what the world does without being asked.
import * as disputes from "./disputes.mjs";
import { pressed } from "./page.mjs";
import * as payments from "./payments.mjs";
import * as refunds from "./refunds.mjs";
import * as sessions from "./sessions.mjs";

const DOORS = {
  "PUT faults": (account, body) => account.faults.set(body),
  "PUT hook": (account, body) => account.hook.set(body),
  "PUT clock": (account, { now }) => account.clock.set(now),
  "POST clock": (account, { advance_ms }) => {
    account.clock.advance(advance_ms);
    sessions.expireDue(account);
  },
  "GET journal": (account) => account.journal.of(account.name),
  "GET sessions": (account) => account.all("checkout.session").map((entry) => account.shown(entry)),
  "GET charges": (account) => account.all("charge").map((entry) => account.shown(entry)),
  "GET refunds": (account) => account.all("refund").map((entry) => account.shown(entry)),
  "GET held": (account) => account.hook.held(),
  "POST pay": (account, { session, card = "ok" }) => pressed(account, account.get("checkout.session", session), card),
  "POST settle": (account, { session, outcome }) => payments.settle(account, account.get("checkout.session", session), outcome),
  "POST fees": (account) => payments.noteFees(account),
  "POST refund": (account, { refund, status, reason }) => refunds.move(account, account.get("refund", refund), status, reason),
  "POST settle-refunds": (account) => {
    const pending = account.all("refund", ({ status }) => status === "pending").reverse();
    for (const refund of pending) refunds.move(account, refund, account.faults.refundEnds(refund.id));
    return pending.map(({ id, status }) => ({ id, status }));
  },
  "POST dispute": (account, { charge, ...more }) => account.shown(disputes.open(account, account.get("charge", charge), more)),
  "POST dispute-move": (account, { dispute, status }) => account.shown(disputes.move(account, account.get("dispute", dispute), status)),
  "POST deliver": (account, body) => account.hook.deliver(body),
  "POST lose": (account) => account.hook.lose(),
  "GET holding": (account) => account.holding(),
  "POST release": (account) => account.release(),
};

export async function answer(world, request, body) {
  const [, , name, door] = new URL(request.url, world.base).pathname.split("/");
  const act = DOORS[`${request.method} ${door}`];
  if (!act) return { status: 404, json: { error: `no door ${request.method} ${door}` } };
  try {
    return { json: (await act(world.account(name), body ? JSON.parse(body) : {})) ?? {} };
  } catch (error) {
    return { status: 400, json: { error: String(error.message) } };
  }
}
