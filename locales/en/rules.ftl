### What the rules say, and how times are said. Pages, mails and the browser package use these sentences.
###
### A key is a group and, for what has a code in `core`, that code; a third part tells variants of one code apart.
### Amounts, dates and percentages arrive written for the reader. Counts arrive as numbers.
### $until, $limit and $cancel are a whole phrase, made by `time-until` or `time-until_before`; $after is one made by `time-after` or
### `time-from`, and begins a sentence. $operator is the business, $service what was booked.

## Times. A last instant that ends a minute is told by the minute that begins right after it.

time-at = { $time }
time-in = { $time } ({ $zone })
time-city = { $city } time
time-until = until { $time }
time-until_before = until just before { $time }
time-after = After { $time }
time-from = From { $time }
time-list_until = Until { $time }
time-list_before = Before { $time }

## How far a booking has come.

status-booked = Booked
status-partly_canceled = Partly canceled
status-canceled = Canceled
payment-unpaid = Unpaid
payment-partly_paid = Partly paid
payment-paid = Paid
payment-overpaid = We owe you { $amount }

## Steps of a fee; each stands beside its amount.

fee-kept_lines = Lines that are never refunded
fee-percent = { $percent } of { $of }
fee-fixed = Fixed fee
fee-per_participant = { $participants } × { $each }, for each participant
fee-minimum = Raised to the minimum of { $min }
fee-maximum = Lowered to the maximum of { $max }
fee-price_cap = Never more than the price of { $price }
fee-already_charged = Already charged for an earlier cancellation
fee-not_below_zero = Earlier charges are not paid back

## Reasons that an amount comes out as it does: first those beside an amount, then sentences.

reason-shortfall_waived = Waived, since less has been paid
reason-gateway_fee_kept = The payment provider’s fee, not refunded
reason-difference_kept = Kept of the lower price, as canceling that much now would cost
reason-difference_kept-late = Kept of the lower price, since the last window to cancel is past
reason-group_price_lost = Group price lost: fewer than { $at_least } stay, so { $tickets } × { $otherwise }
reason-group_price_lost-back = Fewer tickets pay the price without a group
reason-item_stays = { $service } stays booked: it could be canceled { $limit }.
reason-item_stays-off = { $service } stays booked: it cannot be canceled here.
reason-no_fee = No fee: { $operator } asked for this.
reason-overridden = { $operator } decided: { $why }
reason-shortfall_billed = { $amount } of the fee has not been paid yet and stays due.
reason-voucher_bonus = Bonus of { $percent } on the voucher: { $bonus }
reason-limits_after-original = The limits of your first date stay: { $service } can be canceled { $cancel }.
reason-limits_after-original_off = The rules of your first date stay: { $service } cannot be canceled here.
reason-limits_after-new = The limits of the new date hold: { $service } can be canceled { $cancel }.
reason-limits_after-new_off = The rules of the new date hold: { $service } cannot be canceled here.
reason-refund_mode-automatic = It is requested at once; nobody has to approve it.
reason-refund_mode-approval = { $operator } approves the refund first; then it is paid back.
reason-refund_by_hand = Nothing goes back automatically. { $operator } settles { $amount } with you directly.

## What changes next.

next-price = { $after }, the same costs { $fee } and pays back { $refund }.
next-price_only = { $after }, the same costs { $fee } and pays nothing back.
next-closed = { $after }, { $service } can no longer be canceled.

## The rules' no.

refusal-switched_off = This cannot be changed here. { $operator } can help you with it.
refusal-past_limit-cancel = This could be canceled { $limit }.
refusal-past_limit-rebook = This could be moved { $limit }.
refusal-past_limit-rename = Names could be changed { $limit }.
refusal-item_canceled = This is canceled already.
refusal-participant_canceled = This person is canceled already.
refusal-nothing_selected = Nothing is chosen.
refusal-nothing_to_cancel = Nothing is left to cancel.
refusal-text_not_valid = { $most ->
    [one] A name has 1 letter.
   *[other] A name has 1 to { $most } letters.
}
refusal-slot_full = Too few places are left on that date. Somebody was faster; please choose another one.
refusal-slot_closed = That date is no longer open. Please choose another one.
refusal-slot_started = That date has begun already. Please choose another one.
refusal-unknown_slot = That date is no longer offered. Please choose another one.
refusal-same_slot = That is the date it is booked for.
refusal-too_far = That date is too far from the first one.
refusal-too_many_moves = { $most ->
    [one] This cannot be moved again: it was moved once.
   *[other] This cannot be moved again: it was moved { $most } times.
}
refusal-booking_canceled = This booking is canceled.
refusal-nothing_due = Nothing is due.
refusal-amount_above_balance = At most { $most } is due.
refusal-below_minimum_charge = At least { $minimum } can be charged to a card.
refusal-leaves_below_minimum = At least { $minimum } can be charged to a card, and only { $left } would be left.
refusal-voucher_too_small = The voucher is worth { $most } now, which is not enough.
refusal-nothing_to_undo = There is no cancellation to take back. Perhaps that was done already; your booking shows what holds now.
refusal-not_your_own = This was canceled by { $operator }, so only they can take it back. Please get in touch with them.
refusal-undo_too_late = The cancellation could be taken back { $until }. It stands now; please ask { $operator } if you want to come after all.
refusal-refund_under_way = The refund is on its way already, so the cancellation can no longer be taken back. Please ask { $operator } if you want to come after all.
refusal-undo_overtaken = Something was changed since, so the cancellation can no longer be taken back. { $operator } can help you with it.
refusal-unknown = That is not part of this booking.
refusal-other = The rules of this booking do not allow it.

## How money came, and how it goes back.

received-card = Paid by card
received-cash = Paid in cash
received-bank_transfer = Paid by bank transfer
received-voucher = Paid with a voucher
back-card = { $amount } to your card
back-cash = { $amount } in cash
back-bank_transfer = { $amount } to your bank account
back-voucher = { $amount } as a voucher

## How far a refund has come.

refund-awaiting_approval = Refund, waiting for approval by { $operator }
refund-requested = Refund requested
refund-submitted = Refund on its way
refund-settled = Refund paid back
refund-failed = Refund failed; { $operator } sees to it
refund-voided = Refund withdrawn

## What a choice costs, while one chooses.

live-prompt = Choose what to cancel, and see here at once what it costs and pays back.
live-selection = If you cancel this now
live-fee = You are charged
live-refund = You get back
live-due = You still owe then
live-by_hand = Settled by hand
live-review = Review the cancellation
live-review_refund = Review: refund { $refund }
live-review_nothing = Review: no refund
live-review_by_hand = Review: refund by hand
