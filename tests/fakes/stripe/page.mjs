// The page that a customer pays on: what it is for, how much, a button for each kind of card, and a way back. No script.
import * as sessions from "./sessions.mjs";

const MESSAGES = {
  declined: "Your card was declined.",
  expired: "This checkout has expired. Nothing was paid.",
  complete: "This checkout is complete. Nothing more is to be paid.",
};
const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** `GET` shows the page; `POST` with `card` presses the button. */
export function answer(world, request, body) {
  const id = new URL(request.url, world.base).pathname.slice("/pay/".length);
  const [account, session] = world.session(id) ?? [];
  if (!session) return { status: 404, html: layout("Not found", "<p>There is no such checkout.</p>") };
  sessions.expireDue(account);
  if (request.method === "GET") return shown(session, session.status === "open" ? undefined : session.status);
  const { outcome } = pressed(account, session, new URLSearchParams(body).get("card") ?? "ok");
  if (outcome === "paid" || outcome === "processing") {
    return { status: 303, headers: { location: session.success_url.replaceAll("{CHECKOUT_SESSION_ID}", session.id) } };
  }
  return shown(session, outcome);
}

/** Presses a button, and notes it. */
export function pressed(account, session, card) {
  const said = sessions.pay(account, session, card);
  account.note({ kind: "pressed", session: session.id, card, ...said });
  return said;
}

function shown(session, state) {
  const status = { undefined: 200, declined: 402 }[state] ?? 410;
  const total = `${session.amount_total} ${session.currency.toUpperCase()}`;
  const lines = session._line_items.data.map(({ description, amount_total }) => `<li>${escaped(description)}: ${amount_total}</li>`).join("");
  const back = session.cancel_url ? `<p><a href="${escaped(session.cancel_url)}">Back</a></p>` : "";
  const button = (card, name) => `<button name="card" value="${card}">${name}</button>`;
  const form = `<form method="post">${button("ok", "Pay")} ${button("declined", "Pay with a card that is declined")} ${button("async", "Pay by bank")}</form>`;
  const message = state ? `<p role="alert">${MESSAGES[state]}</p>` : "";
  const open = state === undefined || state === "declined";
  return { status, html: layout("Checkout", `${message}<ul>${lines}</ul><p>Total: ${total}</p>${open ? form + back : ""}`) };
}

const layout = (title, content) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>${title}</title><main><h1>${title}</h1>${content}</main></html>`;
