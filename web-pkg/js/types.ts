// The types of what goes in and out. Made from the Rust types by `web-pkg/tests/types.rs`; edit those.

/** What a door answers: a value, or the rules' "no". Malformed calls throw a `TypeError` instead. */
export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** An instant that is asked about: RFC 3339 with a zone, or what `JSON.stringify` writes as such: a `Date`, a `Temporal.Instant`. */
export type At = Instant | Date | { toJSON(): string };

/** The stable code of a refusal. */
export type RefusalCode = Refusal["code"];

/** What a value can be tried for. */
export type What = "booking" | "action" | "selection" | "offers";

/** What is wrong with a value: where, as in `items[0].lines[2].price`, and a sentence about it. The value itself has the path `""`. */
export type Mistake = { path: string; message: string };

/** What a customer may do with a booking, or an operator for one. */
export type Action = {
  "type": "cancel",
  /** What of it. */
  selection: Selection,
  /** Why; customers have one reason only. */
  reason?: CancelReason,
  /** Money, or a voucher in its place. */
  refund_to?: RefundTo,
  /** What the operator decides against the policy. */
  override?: Override | null,
} | {
  "type": "rebook",
  /** What goes where. */
  moves: Array<Move>,
  /** Why; customers have one reason only. */
  reason?: MoveReason,
  /** What the operator decides against the policy. */
  override?: Override | null,
} | {
  "type": "rename",
  /** Who. */
  participant: ParticipantId,
  /** The new name. */
  name: string,
};

/** Who acts. The policy's limits bind customers; operators answer for themselves. */
export type Actor = "customer" | "operator" | "system";

/** What tells a bonus from money. */
export type Bonus = {
  /** The last instant at which it can be redeemed; absent, it does not expire. */
  expires_at?: Instant | null,
};

/** One purchase: one customer, one currency, one reference. */
export type Booking = {
  /** Its id. */
  id: BookingId,
  /** What people call it. */
  reference: Reference,
  /** The currency of every amount in it. */
  currency: Currency,
  /** The number of its events. */
  version: number,
  /** When it was made. */
  made_at: Instant,
  /** Its items, in the order given. */
  items: Array<Item>,
  /** What is owed and owed less, oldest first; only ever added to. */
  plan: Array<Charge>,
  /** Money in, and money back, oldest first; only ever added to. */
  payments: Array<Payment>,
  /** What is to be paid back. */
  refunds: Array<Refund>,
  /** What the operator has to do by hand. */
  tasks: Array<Task>,
  /** Links of a lower generation are revoked. */
  link_generation: number,
};

/** A booking. */
export type BookingId = string;

/** What canceling would do. */
export type CancelQuote = {
  /** The version of the booking that it speaks of. */
  version: number,
  /** When it was worked out. */
  at: Instant,
  /** The last instant at which it binds. */
  valid_until: Instant,
  /** Is nothing of the booking left after it? */
  extent: Extent,
  /** What is canceled, item by item. */
  items: Array<QuotedItem>,
  /** The fees, one for each time a rule was applied. */
  charges: Array<QuotedCharge>,
  /** The price of what is canceled. */
  price: Money,
  /** What those who stay pay more, or (negative) no longer pay more, since a group's price is lost. */
  group_price_lost: Money,
  /** What is charged: the fees, less what is waived of them, plus what is kept for the gateway. */
  fee: Money,
  /** What changes next for the same selection; none where nothing does. */
  next_change: NextChange | null,
  /** Why. */
  explanation: Array<Reason>,
  /** What goes back by itself, or once approved. */
  refund: Money,
  /** How it goes back. */
  refund_mode: RefundMode,
  /** Money, or a voucher in its place. */
  refund_to: RefundTo,
  /** From which payments. */
  split: Array<Share>,
  /** What the voucher would be worth; empty where money goes back. */
  voucher: Array<VoucherPart>,
  /** Where the refund comes from. */
  settlement: Settlement,
  /** The balance after it, before any money moves. Positive: the customer owes. */
  balance_after: Money,
};

/** Why something is canceled. */
export type CancelReason = "customer_cancellation" | "operator_cancellation" | "refused_on_arrival";

/** An entry of the plan: positive where the customer owes more, negative where less. */
export type Charge = {
  /** Since when. */
  at: Instant,
  /** How much. */
  amount: Money,
  /** The entry that it takes back, counted from 0: that one's kind, and the opposite of its amount. */
  reverses?: number | null,
} & ({
  "kind": "instalment",
  /** The operator's name for it: deposit, balance. */
  code: Code,
  /** The last instant at which it is paid in time. */
  due: Instant,
} | {
  "kind": "adjustment",
  /** The operator's name for it. */
  code: Code,
} | { "kind": "canceled_lines", } | { "kind": "group_price_lost", } | { "kind": "price_difference", } | { "kind": "cancellation_fee", } | { "kind": "move_fee", } | { "kind": "difference_kept", } | { "kind": "shortfall_waived", } | { "kind": "gateway_fee", } | {
  "kind": "refund_declined",
  /** The entry. */
  refund: RefundId,
} | {
  "kind": "refund",
  /** The entry. */
  refund: RefundId,
});

/** What becomes of the difference when the new slot costs less. */
export type Cheaper = "keep" | "refund" | "voucher";

/**
 * A short name for machines: 1 to 40 of `a–z`, `0–9`, `_` and `-`.
 * Copied, never allocated: every quote names windows and items by such codes.
 */
export type Code = string;

/** A currency of ISO 4217. */
export type Currency = string;

/** The document of an entry: at most one, and none without an entry. */
export type Document = "voucher" | "credit_note_made" | "credit_note_approved";

/** One amount that is to be paid. */
export type Due = {
  /** The operator's name for it; for a fee, an extra or a dearer slot, the kind of that entry. */
  code: Code,
  /** The last instant at which it is paid in time. */
  due: Instant,
  /** How much, less what the plan was lowered by since. */
  amount: Money,
  /** How much of that is paid. */
  paid: Money,
  /** How it stands. */
  state: DueState,
};

/** How a due stands. */
export type DueState = "paid" | "overdue" | "next" | "later";

/** How much of an item is meant. */
export type Extent = "whole" | "part";

/** One part of a fee. */
export type FeeLine = {
  /** By how much it moved the fee. */
  amount: Money,
} & ({ "code": "kept_lines", "params": Record<symbol, never> } | {
  "code": "percent", "params": {
    /** How many per cent. */
    percent: Percent,
    /** Of how much. */
    of: Money,
  }
} | { "code": "fixed", "params": Record<symbol, never> } | {
  "code": "per_participant", "params": {
    /** For one. */
    each: Money,
    /** How many. */
    participants: number,
  }
} | {
  "code": "minimum", "params": {
    /** The minimum. */
    min: Money,
  }
} | {
  "code": "maximum", "params": {
    /** The maximum. */
    max: Money,
  }
} | {
  "code": "price_cap", "params": {
    /** The price. */
    price: Money,
  }
} | { "code": "already_charged", "params": Record<symbol, never> } | { "code": "not_below_zero", "params": Record<symbol, never> });

/** Who bears what the payment gateway took. */
export type GatewayFee = "absorbed" | "kept";

/** A price that holds for a group only. */
export type GroupPrice = {
  /** So many must attend. */
  at_least: number,
  /** Lines of this kind have the group's price. */
  kind: Code,
  /** What one of them costs where fewer attend. */
  otherwise: Money,
};

/**
 * A point in time, to the millisecond.
 * On the wire always `2026-03-28T09:00:00.000Z`. Any RFC 3339 text with a zone is read; finer digits are cut.
 */
export type Instant = string;

/** One dated slot of one service in a booking. */
export type Item = {
  /** Its id. */
  id: ItemId,
  /** What is offered. */
  service: string,
  /** When. */
  slot: Slot,
  /** What the customer may do with it. */
  terms: Terms,
  /** Who attends; may be nobody by name, as when a boat is chartered. */
  participants: Array<Participant>,
  /** What it costs. */
  lines: Array<Line>,
  /** Is it still booked? */
  standing?: Standing,
  /** The fees of its cancellations, oldest first; without those of cancellations that were taken back. */
  charged?: Array<Money>,
  /** The window in which it was last charged; where that window's rule counts per booking, its items share the fee. */
  charged_in?: Code | null,
  /** The price of a group, where the tickets have one. */
  group?: GroupPrice | null,
  /** How often it was moved. */
  moves?: number,
};

/** An item: one dated slot in a booking. */
export type ItemId = string;

/** What may be done with an item. */
export type ItemOptions = {
  /** The item. */
  item: ItemId,
  /** Cancel it, or participants of it. */
  cancel: Permission,
  /** Move it. */
  rebook: Permission,
  /** Rename its participants. */
  rename: Permission,
  /** The last instant at which canceling pays anything back. */
  refund_until: Instant,
};

/** What is kept of a refund for the gateway, and the figures behind it: `took` × `gone` ÷ `received`, less `kept_before`. */
export type KeptForGateway = {
  /** How much. */
  amount: Money,
  /** What the gateway took of all payments. */
  took: Money,
  /** All payments. */
  received: Money,
  /** What has gone back of them, this refund included. */
  gone: Money,
  /** What was kept of earlier refunds. */
  kept_before: Money,
};

/** The price of every line of a kind. */
export type KindPrice = {
  /** The kind. */
  kind: Code,
  /** What one line of it costs. */
  price: Money,
};

/** One price: of a ticket, a charter, a fee, an add-on. */
export type Line = {
  /** Its id. */
  id: LineId,
  /** What kind of thing it is; a policy names the kinds that are never refunded. */
  kind: Code,
  /** The participant it is bound to; else it is bound to the item. */
  participant?: ParticipantId | null,
  /** Its price. */
  price: Money,
  /** Is it still booked? */
  standing?: Standing,
};

/** A line: one price. */
export type LineId = string;

/** Which message follows a move. */
export type Message = "payment_required" | "booking_change";

/** How money comes and goes. */
export type Method = "card" | "cash" | "bank_transfer" | "voucher";

/**
 * An amount of one currency.
 * On the wire `{"amount":"123.45","currency":"EUR"}`; the text always has all the digits of the currency.
 * |minor units| ≤ 2^53 − 1. A sum of two currencies, or beyond the range, is an error and never wraps.
 */
export type Money = { amount: string, currency: Currency, };

/** One move: an item with everybody in it, or some of its participants, to another slot. */
export type Move = {
  /** The item. */
  item: ItemId,
  /** Who moves; empty: everybody. */
  participants?: Array<ParticipantId>,
  /** Where to. */
  slot: SlotId,
};

/** Whose limits hold for canceling after a move. */
export type MoveLimits = "original" | "new";

/** Why something is moved. */
export type MoveReason = "customer_request" | "operator_request";

/** The rules of moving, frozen: how far is said by instants. */
export type MoveTerms = {
  /** What a move costs, worked out on the price of what moves. */
  fee: Rule,
  /** The most moves of the item; absent, any number. */
  most?: number | null,
  /** The first start that it can move to; absent, any. */
  earliest?: Instant | null,
  /** The last start that it can move to; absent, any. */
  latest?: Instant | null,
  /** What becomes of a lower price. */
  cheaper: Cheaper,
  /** Whose limits hold afterwards. */
  limits: MoveLimits,
};

/** What changes next, and when. */
export type NextChange = {
  "then": "price",
  /** The last instant at which the quote's amounts hold. */
  after: Instant,
  /** The fee then. */
  fee: Money,
  /** The refund then. */
  refund: Money,
} | {
  "then": "closed",
  /** The last instant. */
  after: Instant,
  /** Where and in which zone that is read. */
  place: Place,
};

/** A slot that something can be moved to, as it was looked up: where there is room, at what price, under which terms. */
export type Offer = {
  /** The slot. */
  slot: Slot,
  /** What is offered in it. */
  service: string,
  /** How many places are free. */
  room: number,
  /** What lines cost in it, by their kind; others keep their price. */
  prices?: Array<KindPrice>,
  /** The policy, frozen for this slot. */
  terms: Terms,
};

/** What may be done with a booking. */
export type Options = {
  /** When that was asked. */
  at: Instant,
  /** Cancel everything that may still be canceled. */
  cancel: Permission,
  /** All that the customer still owes; nothing where nothing is due. */
  due: Money,
  /** When that is to be paid. */
  payment: Schedule,
  /** Item by item. */
  items: Array<ItemOptions>,
};

/**
 * What an operator decides against the policy: another window, or another fee. The limits do not bind then. Who did it is recorded with the
 * event, why in it.
 */
export type Override = {
  /** This fee in all, whatever the rules say. */
  fee?: Money | null,
  /** As if this window held; canceling only. */
  window?: Code | null,
  /** Why. */
  why: string,
};

/** Somebody who attends. The name lies beside the log. */
export type Participant = {
  /** The id. */
  id: ParticipantId,
  /** Does this one still attend? */
  standing?: Standing,
};

/** A participant of one item. */
export type ParticipantId = string;

/** Money in, money back, or money back that bounced. */
export type Payment = { "kind": "received" } & Received | {
  "kind": "paid_back",
  /** The entry. */
  refund: RefundId,
  /** The payment that it was taken from. */
  payment: PaymentId,
  /** When. */
  at: Instant,
  /** How much (negative). */
  amount: Money,
} | {
  "kind": "reversed",
  /** The entry. */
  refund: RefundId,
  /** The payment that it was taken from. */
  payment: PaymentId,
  /** When. */
  at: Instant,
  /** How much (positive). */
  amount: Money,
};

/** A payment. */
export type PaymentId = string;

/** What a rule is worked out on, and where its fixed amounts, minimum and maximum count once. */
export type Per = "item" | "booking";

/** A percentage from 0 to 100 with at most four digits after the point; on the wire a text, `"12.5"`. */
export type Percent = string;

/**
 * Whether something may be done.
 * On the wire `{"allowed":true,"until":…}` or `{"allowed":false,"refusal":{…}}`.
 */
export type Permission = { "allowed": true, "until": Instant } | { "allowed": false, "refusal": Refusal };

/** An item and the zone in which its instants are read. */
export type Place = {
  /** The item. */
  item: ItemId,
  /** Its slot's zone. */
  zone: Zone,
};

/** What an action would do. */
export type Quote = { "type": "cancel" } & CancelQuote | { "type": "rebook" } & RebookQuote | { "type": "rename" } & RenameQuote;

/** One rule applied once. */
export type QuotedCharge = {
  /** What it was worked out on. */
  per: Per,
  /** To what. */
  items: Array<ItemId>,
  /** The window that holds. */
  window: Code,
  /** Its last instant. */
  until: Instant,
  /** The steps; they add up to the fee. */
  lines: Array<FeeLine>,
  /** The fee. */
  fee: Money,
};

/** One rule applied once. */
export type QuotedFee = {
  /** What it was worked out on. */
  per: Per,
  /** To what. */
  items: Array<ItemId>,
  /** The steps; they add up to the fee. */
  lines: Array<FeeLine>,
  /** The fee. */
  fee: Money,
};

/** What of one item is canceled. */
export type QuotedItem = {
  /** The item. */
  item: ItemId,
  /** All that is left of it, or a part? */
  extent: Extent,
  /** Who no longer attends. */
  participants: Array<ParticipantId>,
  /** Which lines are no longer due. */
  lines: Array<LineId>,
  /** Their price. */
  price: Money,
  /** The item's share of the fees. */
  fee: Money,
};

/** What of one item moves. */
export type QuotedMove = {
  /** The item. */
  item: ItemId,
  /** All that is left of it, or a part, which becomes an item of its own? */
  extent: Extent,
  /** Who moves. */
  participants: Array<ParticipantId>,
  /** Which lines move. */
  lines: Array<LineId>,
  /** Where to. */
  slot: Slot,
  /** The price of what moves. */
  old_price: Money,
  /** Its price in the new slot. */
  new_price: Money,
};

/** Why the money comes out as it does. */
export type Reason = {
  "code": "window_applies", "params": {
    /** The item. */
    item: ItemId,
    /** The window. */
    window: Code,
    /** Its last instant. */
    until: Instant,
  }
} | {
  "code": "item_stays", "params": {
    /** The item. */
    item: ItemId,
    /** The last instant at which it could be canceled; absent where that is switched off. */
    limit: Instant | null,
  }
} | { "code": "no_fee", "params": Record<symbol, never> } | {
  "code": "overridden", "params": {
    /** This window, whatever the time. */
    window: Code | null,
    /** This fee in all. */
    fee: Money | null,
    /** What the policy's fee would have been; absent where its limit is past. */
    by_policy: Money | null,
    /** Why. */
    why: string,
  }
} | {
  "code": "group_price_lost", "params": {
    /** The item. */
    item: ItemId,
    /** What they pay more than before. */
    amount: Money,
    /** So many would have to attend. */
    at_least: number,
    /** What each of these tickets costs without the group. */
    otherwise: Money,
    /** How many tickets that is. */
    tickets: number,
    /** What these tickets cost with the group, none of them more than without it. */
    with_group: Money,
    /** What was paid more before: `tickets` × `otherwise`, less `with_group`, less this is the amount. */
    before: Money,
  }
} | {
  "code": "shortfall_waived", "params": {
    /** How much. */
    amount: Money,
  }
} | {
  "code": "shortfall_billed", "params": {
    /** How much. */
    amount: Money,
  }
} | { "code": "gateway_fee_kept", "params": KeptForGateway } | {
  "code": "price_changes", "params": {
    /** The item. */
    item: ItemId,
    /** The price of what moves. */
    old: Money,
    /** Its price in the new slot. */
    new: Money,
  }
} | {
  "code": "difference_kept", "params": {
    /** The item. */
    item: ItemId,
    /** The window whose rule is applied to the difference; absent after the last one. */
    window: Code | null,
    /** The percentage of that rule; absent, none of it is kept, or after the last window all. */
    percent: Percent | null,
    /** The maximum of that rule. */
    max: Money | null,
    /** How much is kept. */
    amount: Money,
  }
} | {
  "code": "limits_after", "params": {
    /** The item. */
    item: ItemId,
    /** The first slot's, or the new one's. */
    limits: MoveLimits,
    /** The last instant to cancel; absent where that is switched off. */
    cancel: Instant | null,
  }
} | {
  "code": "voucher_bonus", "params": {
    /** How many per cent. */
    percent: Percent,
    /** Of how much: what had not been paid by voucher. */
    of: Money,
    /** How much. */
    bonus: Money,
    /** The last instant at which the bonus can be redeemed; absent, it does not expire. */
    expires_at: Instant | null,
  }
} | {
  "code": "refund_mode", "params": {
    /** The strictest of the windows' modes. */
    mode: RefundMode,
  }
} | {
  "code": "refund_by_hand", "params": {
    /** How much. */
    amount: Money,
  }
};

/** What moving would do. */
export type RebookQuote = {
  /** The version of the booking that it speaks of. */
  version: number,
  /** When it was worked out. */
  at: Instant,
  /** The last instant at which it binds, as long as the places are free. */
  valid_until: Instant,
  /** What moves, move by move. */
  moves: Array<QuotedMove>,
  /** The fees, one for each time a rule was applied. */
  fees: Array<QuotedFee>,
  /** The new prices less the old ones. */
  difference: Money,
  /** What is kept of a lower price. */
  kept: Money,
  /** What those who stay pay more, or (negative) no longer pay more, since a group's price is lost. */
  group_price_lost: Money,
  /** What the moves cost. */
  fee: Money,
  /** What the booking costs more in all, or (negative) less: difference, what is kept, group prices, fee, gateway fee. */
  charged: Money,
  /** Which message follows. */
  message: Message,
  /** Why. */
  explanation: Array<Reason>,
  /** What goes back by itself, or once approved. */
  refund: Money,
  /** How it goes back. */
  refund_mode: RefundMode,
  /** Money, or a voucher in its place. */
  refund_to: RefundTo,
  /** From which payments. */
  split: Array<Share>,
  /** What the voucher would be worth; empty where money goes back. */
  voucher: Array<VoucherPart>,
  /** Where the refund comes from. */
  settlement: Settlement,
  /** The balance after it, before any money moves. Positive: the customer owes. */
  balance_after: Money,
};

/** Money that came in. */
export type Received = {
  /** Its id. */
  id: PaymentId,
  /** How it came. */
  method: Method,
  /** When. */
  at: Instant,
  /** How much. */
  amount: Money,
  /** What the gateway took of it. */
  gateway_fee?: Money | null,
  /** What it took from a voucher, where that is one of ours. */
  voucher?: Redeemed | null,
};

/** What a payment took from a voucher: it goes back as it came. */
export type Redeemed = {
  /** Which. */
  voucher: VoucherId,
  /** What was taken of its parts; they add up to the payment. */
  parts: Array<VoucherPart>,
};

/** What people call a booking: 1 to 40 characters without spaces at the ends. */
export type Reference = string;

/** A refund entry. */
export type Refund = {
  /** Its id: that of the command that made it. */
  id: RefundId,
  /** Why. */
  reason: RefundReason,
  /** How far it has come. */
  state: RefundState,
  /** How much. */
  amount: Money,
  /** From which payments. */
  split: Array<Share>,
  /** Which way it goes back. */
  way?: Way,
  /** The bonus that was promised with a voucher. */
  offer?: VoucherOffer | null,
  /** Its document. */
  document?: Document | null,
  /** The operator's note. */
  note?: string,
};

/** A refund entry. */
export type RefundId = string;

/** How money comes back. Of several modes in one cancellation the strictest holds: never, approval, automatic. */
export type RefundMode = "automatic" | "approval" | "never";

/** Why money goes back. */
export type RefundReason = "overpayment" | "compensation_on_return" | "compensation_at_base" | "reallocation" | "customer_cancellation" | "operator_cancellation" | "refused_on_arrival";

/** How far a refund has come. Follows from its shares, once it is approved. */
export type RefundState = "awaiting_approval" | "requested" | "submitted" | "settled" | "failed" | "voided";

/** Money, or a voucher in its place. */
export type RefundTo = "money" | "voucher";

/**
 * Why the rules do not allow something.
 * On the wire `{"code":"past_limit","params":{…}}`.
 */
export type Refusal = { "code": "already_made", "params": Record<symbol, never> } | { "code": "not_made", "params": Record<symbol, never> } | {
  "code": "unknown_item", "params": {
    /** As named. */
    item: ItemId,
  }
} | {
  "code": "unknown_participant", "params": {
    /** As named. */
    participant: ParticipantId,
  }
} | {
  "code": "unknown_refund", "params": {
    /** As named. */
    refund: RefundId,
  }
} | {
  "code": "item_canceled", "params": {
    /** The item. */
    item: ItemId,
  }
} | {
  "code": "participant_canceled", "params": {
    /** The participant. */
    participant: ParticipantId,
  }
} | { "code": "nothing_selected", "params": Record<symbol, never> } | { "code": "nothing_to_cancel", "params": Record<symbol, never> } | {
  "code": "switched_off", "params": {
    /** What. */
    verb: Verb,
    /** For which item. */
    item: ItemId,
  }
} | {
  "code": "past_limit", "params": {
    /** What. */
    verb: Verb,
    /** For which item. */
    item: ItemId,
    /** The last instant. */
    limit: Instant,
    /** In whose local time people read it. */
    zone: Zone,
  }
} | { "code": "reason_not_allowed", "params": Record<symbol, never> } | {
  "code": "not_arrived_yet", "params": {
    /** 24 hours before the start. */
    from: Instant,
  }
} | { "code": "wrong_currency", "params": Record<symbol, never> } | { "code": "amount_out_of_range", "params": Record<symbol, never> } | { "code": "amount_not_positive", "params": Record<symbol, never> } | { "code": "gateway_fee_too_high", "params": Record<symbol, never> } | {
  "code": "payment_known", "params": {
    /** The payment. */
    payment: PaymentId,
  }
} | {
  "code": "gateway_fee_known", "params": {
    /** The payment. */
    payment: PaymentId,
    /** The fee that is known. */
    fee: Money,
  }
} | {
  "code": "plan_is_not_the_price", "params": {
    /** The sum of the instalments. */
    plan: Money,
    /** The sum of the lines. */
    price: Money,
  }
} | {
  "code": "refund_too_high", "params": {
    /** The most that can go back. */
    most: Money,
  }
} | {
  "code": "amount_needed", "params": {
    /** The reason. */
    reason: RefundReason,
  }
} | { "code": "not_canceled", "params": Record<symbol, never> } | {
  "code": "refund_not_open", "params": {
    /** Its state. */
    state: RefundState,
  }
} | {
  "code": "unknown_payment", "params": {
    /** As named. */
    payment: PaymentId,
  }
} | { "code": "document_exists", "params": Record<symbol, never> } | {
  "code": "no_credit_note", "params": {
    /** The entry's state. */
    state: RefundState,
  }
} | { "code": "credit_note_not_approved", "params": Record<symbol, never> } | {
  "code": "way_not_possible", "params": {
    /** The way. */
    way: Way,
  }
} | {
  "code": "rebate_above_plan", "params": {
    /** What the plan comes to. */
    most: Money,
  }
} | { "code": "booking_canceled", "params": Record<symbol, never> } | { "code": "nothing_due", "params": Record<symbol, never> } | {
  "code": "amount_above_balance", "params": {
    /** What is due. */
    most: Money,
  }
} | {
  "code": "below_minimum_charge", "params": {
    /** The least. */
    minimum: Money,
  }
} | {
  "code": "leaves_below_minimum", "params": {
    /** What would be left. */
    left: Money,
    /** The least. */
    minimum: Money,
  }
} | {
  "code": "voucher_too_small", "params": {
    /** What can be redeemed of it. */
    most: Money,
  }
} | {
  "code": "no_voucher_offered", "params": {
    /** For which item. */
    item: ItemId,
  }
} | { "code": "nothing_overridden", "params": Record<symbol, never> } | {
  "code": "unknown_window", "params": {
    /** As named. */
    window: Code,
  }
} | {
  "code": "fee_above_price", "params": {
    /** The price. */
    price: Money,
  }
} | {
  "code": "unknown_slot", "params": {
    /** As named. */
    slot: SlotId,
  }
} | {
  "code": "same_slot", "params": {
    /** The item. */
    item: ItemId,
  }
} | {
  "code": "moved_twice", "params": {
    /** The item. */
    item: ItemId,
  }
} | {
  "code": "other_service", "params": {
    /** The item. */
    item: ItemId,
  }
} | {
  "code": "slot_started", "params": {
    /** The slot. */
    slot: SlotId,
    /** When. */
    starts_at: Instant,
  }
} | {
  "code": "too_many_moves", "params": {
    /** The item. */
    item: ItemId,
    /** How often. */
    most: number,
  }
} | {
  "code": "too_far", "params": {
    /** The item. */
    item: ItemId,
    /** The first start that it can move to. */
    earliest: Instant | null,
    /** The last start that it can move to. */
    latest: Instant | null,
  }
} | {
  "code": "slot_full", "params": {
    /** The slot. */
    slot: SlotId,
    /** How many places are free. */
    room: number,
  }
} | {
  "code": "slot_closed", "params": {
    /** The slot. */
    slot: SlotId,
  }
} | {
  "code": "capacity_below_taken", "params": {
    /** How many. */
    taken: number,
  }
} | { "code": "nothing_to_undo", "params": Record<symbol, never> } | { "code": "not_your_own", "params": Record<symbol, never> } | {
  "code": "undo_too_late", "params": {
    /** The last instant. */
    until: Instant,
  }
} | {
  "code": "refund_under_way", "params": {
    /** The entry. */
    refund: RefundId,
  }
} | { "code": "undo_overtaken", "params": Record<symbol, never> } | {
  "code": "too_many", "params": {
    /** How many. */
    most: number,
  }
} | {
  "code": "text_not_valid", "params": {
    /** The longest, in characters. */
    most: number,
  }
};

/** What renaming would do. */
export type RenameQuote = {
  /** The version of the booking that it speaks of. */
  version: number,
  /** When it was worked out. */
  at: Instant,
  /** The last instant at which it binds. */
  valid_until: Instant,
  /** Who. */
  participant: ParticipantId,
};

/**
 * What canceling costs. An absent part costs nothing.
 * Applied in this order: lines that are kept; percent of the rest; fixed; per participant; minimum and maximum of that sum; capped at the
 * price; rounded once, half away from zero.
 */
export type Rule = {
  /** Of the lines that are not kept. */
  percent?: Percent | null,
  /** Once. */
  fixed?: Money | null,
  /** For each participant who is canceled. */
  per_participant?: Money | null,
  /** At least this, kept lines included. */
  min?: Money | null,
  /** At most this, kept lines included. */
  max?: Money | null,
  /** What the rule is worked out on. */
  per?: Per,
};

/** How the plan stands at an instant. */
export type Schedule = {
  /** What is to be paid, the earliest first. */
  dues: Array<Due>,
  /** What should have been paid by now. */
  overdue: Money,
  /** What is to be paid now: all that is overdue, or else the next due. Nothing where everything is paid. */
  due_now: Money,
  /** The last instant at which that is paid in time; none where nothing is due, or it is too late. */
  due_until: Instant | null,
  /** What was paid beyond all of it. */
  overpaid: Money,
};

/** A stretch of time in which canceling the same selection costs the same. It begins where the one before it ends. */
export type Segment = {
  /** Its last instant. */
  until: Instant,
  /** What is charged. */
  fee: Money,
  /** What goes back. */
  refund: Money,
  /** How it goes back. */
  refund_mode: RefundMode,
};

/**
 * What of a booking is meant.
 * On the wire `{"all":true}`, or `{"items":[…],"participants":[…]}`. The order of ids, and an id named twice, mean nothing.
 */
export type Selection = { "all": true } | { "items"?: Array<ItemId>, "participants"?: Array<ParticipantId> };

/**
 * Where a refund comes from: `paid` less `promised` less `owed` is what is free to go back, `by_hand` included; never more than `paid` less
 * `promised`.
 */
export type Settlement = {
  /** What was owed before it; of a booking of which nothing is left, only fees. */
  before: Money,
  /** What is owed after it: `before`, less the price of what is canceled where something is left, and what is charged. */
  owed: Money,
  /** Money in, less money back. */
  paid: Money,
  /** Refunds that were entered before and are not back yet. */
  promised: Money,
  /** What only goes back by hand. */
  by_hand: Money,
};

/** What goes back of one payment. */
export type Share = {
  /** The payment. */
  payment: PaymentId,
  /** How it came. */
  method: Method,
  /** How much. */
  amount: Money,
  /** What of it goes back to a voucher; empty where no voucher of ours paid it. */
  parts?: Array<VoucherPart>,
  /** How far it has come. */
  state?: ShareState,
  /** How often it was tried before. A provider's word about an earlier attempt is no word about this one. */
  attempt?: number,
};

/** How far a share has come. */
export type ShareState = "open" | "submitted" | "settled" | "failed";

/** What happens when less than the fee has been paid. */
export type Shortfall = "waive" | "bill";

/** One dated run of a service. */
export type Slot = {
  /** Its id. */
  id: SlotId,
  /** When it starts. */
  starts_at: Instant,
  /** When it ends. */
  ends_at: Instant,
  /** Whose local time counts. */
  zone: Zone,
};

/** A slot of a service. */
export type SlotId = string;

/** Booked, or given up by one side or the other. */
export type Standing = "booked" | "canceled" | "withdrawn";

/** What the operator has to do by hand. */
export type Task = {
  "code": "refund_by_hand",
  /** All that the operator owes by hand. */
  amount: Money,
};

/** What a customer may do with one item, until exactly when, and what it costs. */
export type Terms = {
  /** The policy that was frozen. */
  policy: Code,
  /** Kinds of line that are never refunded. */
  keep?: Array<Code>,
  /** What happens when less than the fee has been paid. */
  shortfall: Shortfall,
  /** Who bears what the gateway took. */
  gateway_fee: GatewayFee,
  /** The last instant to cancel; absent where that is switched off. */
  cancel: Instant | null,
  /** The last instant at which canceling pays anything back. */
  refund: Instant,
  /** The last instant to move; absent where that is switched off. */
  rebook: Instant | null,
  /** What moving costs, how often and how far. */
  moves?: MoveTerms,
  /** The last instant to rename; absent where that is switched off. */
  rename: Instant | null,
  /** A voucher in place of money, where it is offered. */
  voucher?: VoucherOffer | null,
  /** Does the service need to be paid beforehand? */
  prepayment?: boolean,
  /** Earliest first, without a hole up to the cancel limit. */
  windows: Array<Window>,
};

/** The sums of a booking. */
export type Totals = {
  /** What it costs: the plan, or the fees once it is canceled. */
  owed: Money,
  /** Money in, less money back. */
  paid: Money,
  /** Refunds that are entered and not paid back yet. */
  promised: Money,
  /** Owed less paid. Positive: the customer owes. Negative: the operator does. */
  balance: Money,
};

/** What a policy can switch off, or limit in time. */
export type Verb = "cancel" | "rebook" | "rename";

/** A voucher: that of the refund entry which it belongs to. No secret: a voucher is spent by its code, which lies beside the log. */
export type VoucherId = string;

/** A voucher in place of money, at the customer's choice. The bonus part can expire, the paid part cannot. */
export type VoucherOffer = {
  /** What it is worth more than the money. */
  bonus: Percent,
  /** For so many days of 24 hours; absent, the bonus does not expire. */
  bonus_valid_days?: number | null,
};

/** A part of a voucher's worth: paid for, which never expires, or a bonus, which can. */
export type VoucherPart = {
  /** How much. */
  amount: Money,
  /** Present where the part is a bonus. */
  bonus?: Bonus | null,
};

/** Which way money goes back. */
export type Way = "as_paid" | "voucher" | "credit_note" | "bank_transfer" | "cash";

/** A stretch of time with one rule; `until` is its last instant. It begins where the window before it ends. */
export type Window = {
  /** Its name. */
  code: Code,
  /** Its last instant. */
  until: Instant,
  /** How money comes back. */
  refund: RefundMode,
  /** Of the lines that are not kept. */
  percent?: Percent | null,
  /** Once. */
  fixed?: Money | null,
  /** For each participant who is canceled. */
  per_participant?: Money | null,
  /** At least this, kept lines included. */
  min?: Money | null,
  /** At most this, kept lines included. */
  max?: Money | null,
  /** What the rule is worked out on. */
  per?: Per,
};

/**
 * The name of a zone of the IANA database, such as `Europe/Zagreb`.
 * Without the feature `tz` only its form is checked: the browser shows it and never computes with it.
 */
export type Zone = string;
