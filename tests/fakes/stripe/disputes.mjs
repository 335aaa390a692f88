// Disputes: a customer's bank takes a payment back, until the account has answered.

const WEEK_S = 7 * 24 * 60 * 60;

export function open(account, paid, { amount = paid.amount, reason = "fraudulent" } = {}) {
  const evidence = { due_by: account.clock.now() + WEEK_S, has_evidence: false, past_due: false, submission_count: 0 };
  const fields = { amount, charge: paid.id, currency: paid.currency, evidence_details: evidence, is_charge_refundable: false, metadata: {}, payment_intent: paid.payment_intent, reason, status: "needs_response" };
  const made = account.make("dispute", fields);
  Object.assign(paid, { disputed: true, _dispute: made.id });
  account.happened("charge.dispute.created", made);
  return made;
}

/** `under_review`, `won` or `lost`. */
export function move(account, dispute, status) {
  dispute.status = status;
  account.happened(["won", "lost"].includes(status) ? "charge.dispute.closed" : "charge.dispute.updated", dispute);
  return dispute;
}
