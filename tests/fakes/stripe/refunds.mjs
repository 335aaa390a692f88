// Refunds: never more than was paid, pending or done at once, and one that was done can still fail weeks later.
import { checkForm } from "./amounts.mjs";
import { ApiError, invalid, missing } from "./errors.mjs";
import { integer, metadata, oneOf, only } from "./params.mjs";

const NAMES = ["payment_intent", "charge", "amount", "metadata", "reason", "expand", "refund_application_fee", "reverse_transfer"];
const REASONS = ["duplicate", "fraudulent", "requested_by_customer"];

export function create(account, params) {
  only(params, NAMES);
  const paid = chargeOf(account, params);
  const left = paid.amount - paid.amount_refunded;
  if (paid._dispute && account.get("dispute", paid._dispute).status !== "won") {
    throw invalid(`Charge ${paid.id} has been charged back; cannot issue a refund.`, undefined, "charge_disputed");
  }
  if (left === 0) throw invalid(`Charge ${paid.id} has already been refunded.`, undefined, "charge_already_refunded");
  const amount = params.amount === undefined ? left : integer(params.amount, "amount");
  if (amount < 1) throw invalid("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer");
  checkForm(amount, paid.currency, "amount");
  if (amount > left) throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, "amount");
  const plan = account.faults.refund(paid.id, params.metadata);
  const made = account.make("refund", {
    amount,
    balance_transaction: null,
    charge: paid.id,
    currency: paid.currency,
    metadata: metadata(params.metadata),
    payment_intent: paid.payment_intent,
    reason: params.reason === undefined ? null : oneOf(params.reason, REASONS, "reason"),
    status: "pending",
  });
  take(account, paid, amount);
  account.happened("refund.created", made);
  account.happened("charge.refunded", paid);
  if (plan === "done") succeed(account, made);
  return made;
}

function chargeOf(account, { payment_intent, charge }) {
  if (payment_intent !== undefined && charge !== undefined) throw invalid("You may only specify one of these parameters: charge, payment_intent.");
  if (charge !== undefined) return account.get("charge", charge, "charge");
  if (payment_intent === undefined) throw missing("payment_intent");
  const intent = account.get("payment_intent", payment_intent, "payment_intent");
  if (intent.status !== "succeeded") {
    throw new ApiError(400, "invalid_request_error", `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, { code: "payment_intent_unexpected_state", param: "payment_intent" });
  }
  return account.get("charge", intent.latest_charge);
}

function take(account, paid, amount) {
  paid.amount_refunded += amount;
  paid.refunded = paid.amount_refunded === paid.amount;
}

function succeed(account, refund) {
  refund.status = "succeeded";
  account.happened("refund.updated", refund);
  account.happened("charge.refund.updated", refund);
}

/** What becomes of a refund: `succeeded`, or `failed` with a reason, from wherever it stands but from failure. */
export function move(account, refund, status, reason = "lost_or_stolen_card") {
  if (refund.status === "failed" || refund.status === status) throw new Error(`this refund is ${refund.status}`);
  if (status === "succeeded") return succeed(account, refund);
  const paid = account.get("charge", refund.charge);
  take(account, paid, -refund.amount);
  Object.assign(refund, { status: "failed", failure_reason: reason });
  account.happened("refund.failed", refund);
  account.happened("refund.updated", refund);
  account.happened("charge.refund.updated", refund);
}
