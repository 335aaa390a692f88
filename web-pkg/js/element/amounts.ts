// What a quote says, line by line: as it is chosen, and before it is confirmed.

import type { CancelQuote, Money, QuotedCharge, Reason } from "../types.js";
import { h, step, sum } from "./dom.js";
import { isOwed, isSome, type Teller } from "./teller.js";

/** The reasons that stand beside an amount. */
function beside(teller: Teller, reason: Reason): [string, Money] | null {
  switch (reason.code) {
    // Waived: shown as what it takes off.
    case "shortfall_waived":
      return [teller.explain(reason), { ...reason.params.amount, amount: `-${reason.params.amount.amount}` }];
    case "gateway_fee_kept":
    case "group_price_lost":
      return [teller.explain(reason), reason.params.amount];
    default:
      return null;
  }
}

/** How a fee came about. */
export function steps(teller: Teller, { charges, explanation }: CancelQuote): HTMLElement[] {
  const lines = charges.flatMap((charge: QuotedCharge) => charge.lines).map((line) => step(teller.explain(line), teller.money(line.amount)));
  const adjusted = explanation.map((reason) => beside(teller, reason)).filter((one) => one !== null);
  return [...lines, ...adjusted.map(([said, amount]) => step(said, teller.money(amount)))];
}

/** What the operator settles by hand, if anything. */
export const byHand = ({ explanation }: CancelQuote): Money | null => explanation.find((reason) => reason.code === "refund_by_hand")?.params.amount ?? null;

/** What one is charged, gets back, and still owes. */
export function sums(teller: Teller, quote: CancelQuote): HTMLElement {
  const hand = byHand(quote);
  return h(
    "dl",
    { class: "sums", part: "amounts" },
    sum(teller.say("live-fee"), teller.money(quote.fee)),
    hand && sum(teller.say("live-by_hand"), teller.money(hand)),
    sum(teller.say("live-refund"), teller.money(quote.refund), "total refund"),
    isOwed(quote.balance_after) && sum(teller.say("live-due"), teller.money(quote.balance_after), "due"),
  );
}

/** What the button that asks for a review says. */
export function reviewLabel(teller: Teller, quote: CancelQuote): string {
  if (isOwed(quote.refund)) return teller.say("live-review_refund", { refund: quote.refund });
  return teller.say(byHand(quote) ? "live-review_by_hand" : "live-review_nothing");
}

/** What the button that cancels says. */
export function confirmLabel(teller: Teller, { refund, refund_mode, balance_after, fee, ...quote }: CancelQuote): string {
  if (isOwed(refund)) return teller.say(refund_mode === "approval" ? "confirm-approval" : "confirm-refund", { refund });
  if (byHand({ refund, refund_mode, balance_after, fee, ...quote })) return teller.say("confirm-by_hand");
  if (isOwed(balance_after)) return teller.say("confirm-due", { amount: balance_after });
  return teller.say(isSome(fee) ? "confirm-nothing" : "confirm-free");
}

/** The sentences about how the refund comes back, and what else the rules say. */
export function notes(teller: Teller, quote: CancelQuote): HTMLElement[] {
  const told = quote.explanation.filter(({ code }) => ["item_stays", "no_fee", "overridden", "shortfall_billed", "voucher_bonus", "refund_by_hand"].includes(code));
  const mode = quote.explanation.find((reason) => reason.code === "refund_mode" && reason.params.mode !== "never");
  const all = isOwed(quote.refund) && mode ? [...told, mode] : told;
  return all.map((reason) => h("p", { class: reason.code === "item_stays" ? "note" : "small" }, teller.explain(reason)));
}
