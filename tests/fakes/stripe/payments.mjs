// PaymentIntents, their charges and what is kept of them. They come out of a session; nobody makes them by hand here.
import { feeOf } from "./amounts.mjs";

function intent(account, session, fields) {
  return account.make("payment_intent", {
    amount: session.amount_total,
    amount_received: 0,
    currency: session.currency,
    last_payment_error: null,
    latest_charge: null,
    metadata: session._intent_metadata,
    _session: session.id,
    ...fields,
  });
}

/** Paid at once. */
export function charge(account, session) {
  const made = intent(account, session, { status: "processing" });
  succeed(account, made);
  return made;
}

function succeed(account, made) {
  const { amount, currency } = made;
  const paid = account.make("charge", {
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    balance_transaction: null,
    captured: true,
    currency,
    disputed: false,
    metadata: made.metadata,
    paid: true,
    payment_intent: made.id,
    refunded: false,
    status: "succeeded",
  });
  // A late fee is noted when a test says so, see `noteFees`.
  if (account.faults.fee(made.id) === "now") noteFee(account, paid);
  Object.assign(made, { status: "succeeded", amount_received: amount, latest_charge: paid.id });
  account.happened("payment_intent.succeeded", made);
  account.happened("charge.succeeded", paid);
}

/** Notes the fees that are late. */
export function noteFees(account) {
  for (const paid of account.all("charge", ({ balance_transaction }) => balance_transaction === null)) {
    noteFee(account, paid);
    account.happened("charge.updated", paid);
  }
}

function noteFee(account, paid) {
  const { id: source, amount, currency } = paid;
  const fee = feeOf(amount, currency);
  const details = [{ amount: fee, application: null, currency, description: "Stripe processing fees", type: "stripe_fee" }];
  const entry = { amount, currency, exchange_rate: null, fee, fee_details: details, net: amount - fee, source, status: "pending", type: "charge" };
  paid.balance_transaction = account.make("balance_transaction", entry).id;
}

/** Complete, but not paid until the bank says so. */
export function settleLater(account, session) {
  const made = intent(account, session, { status: "processing" });
  account.happened("payment_intent.processing", made);
  return made;
}

/** What the bank says of a payment that was under way. */
export function settle(account, session, outcome) {
  const made = account.get("payment_intent", session.payment_intent);
  if (made.status !== "processing") throw new Error(`this payment is ${made.status}`);
  if (outcome === "paid") {
    succeed(account, made);
    session.payment_status = "paid";
    account.happened("checkout.session.async_payment_succeeded", session);
  } else {
    Object.assign(made, { status: "requires_payment_method", last_payment_error: failure("payment_method_provider_decline", "The bank declined.") });
    account.happened("payment_intent.payment_failed", made);
    account.happened("checkout.session.async_payment_failed", session);
  }
}

/** A card that says no leaves the session open. */
export function decline(account, session) {
  const made = intent(account, session, { status: "requires_payment_method", last_payment_error: failure("card_declined", "Your card was declined.") });
  account.happened("payment_intent.payment_failed", made);
}

const failure = (code, message) => ({ code, message, type: code === "card_declined" ? "card_error" : "invalid_request_error" });
