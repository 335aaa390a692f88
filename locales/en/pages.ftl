### What the pages say beside the rules. The notes at the head of rules.ftl hold here too.

## Every page.

page-booking = Booking { $reference }
page-review = Review your cancellation
page-review_lead = Nothing is canceled yet. Please check every line before you confirm.
page-reschedule = Reschedule
page-move_review = Review the new date
page-move_review_lead = Nothing is changed yet. Please check every line before you confirm.
page-footer = Changes and refunds follow the terms that you and { $operator } agreed when you booked.
page-skip = Skip to the content
page-back = Back to the booking
page-language = Language

## Sums of a booking.

sum-owed = Price now
sum-owed_canceled = Charged for canceling
sum-paid = Paid
sum-due = You still owe
sum-we_owe = We owe you
sum-settled = Still to pay
sum-promised = { $amount } of it is requested as a refund.

## The sentence on top: what holds now, and what comes then.

lead-free = Free of charge { $until }.
lead-fee = Canceling now costs { $fee } and pays back { $refund }, { $until }.
lead-fee_all = Canceling everything now costs { $fee } and pays back { $refund }, { $until }.
lead-fee_only = Canceling now costs { $fee } and pays nothing back, { $until }.
lead-fee_only_all = Canceling everything now costs { $fee } and pays nothing back, { $until }.
lead-by_hand = You can cancel free of charge { $until }. { $operator } then settles the refund with you directly.
lead-canceled = This booking is canceled. There is nothing left to do here.
then-fee = After that, canceling costs { $fee } and pays back { $refund }.
then-fee_only = After that, canceling costs { $fee } and pays nothing back.
then-free = After that, canceling costs nothing, but the refund is handled differently.
then-closed = After that, it can no longer be canceled.

## The policy drawn as a timeline.

policy-heading = Until when, and what it costs
policy-all = These amounts are for canceling everything; below you see them for what you choose.
policy-zone = All times are { $zone }.
policy-now = Now
policy-past = Past
policy-free = Free of charge
policy-free_short = Free
policy-costs = Costs { $fee }
policy-back = { $refund } back
policy-back_approval = { $refund } back, once approved
policy-back_by_hand = refund by hand
policy-back_nothing = nothing back
policy-without = without { $service }
policy-closed = No longer possible

## Items and who attends.

items-heading = What you booked
items-hint = Tick what you want to cancel.
items-everything = Everything that can still be canceled
items-whole = All of it, with everyone and everything in it
items-only = Cancel this
items-shared = For everyone
items-included = included
items-cancel_until = Can be canceled { $until }.
items-move_until = Can be moved to another date { $until }.
items-move = Reschedule
items-move_of = Reschedule { $service }
rename-heading = Change a name
rename-until = Free of charge { $until }.
rename-label = New name instead of { $name }
rename-button = Save

## The panel that cancels.

panel-summary = Your booking
panel-heading = Cancel
panel-everything = Canceling everything now
panel-note = Nothing is canceled yet. The next page shows every amount and asks you to confirm.

## Choosing another date.

move-lead = { $service } is booked for { $when }. Choose a new date; you see what it costs before anything changes.
move-who = Who moves
move-everybody = Everyone: { $names }
move-some = { $names }. The others stay.
move-who_change = Move only some of them
move-who_button = Show dates for them
move-month = Dates in { $month }
move-month_none = No date is free in { $month }.
move-before = Earlier
move-next = Later
move-before_to = Earlier: { $month }
move-next_to = Later: { $month }
move-next_free = The next date is in { $month }
move-nothing_free = No later date is open either. { $operator } can tell you when there is one.
move-day_offers = { $count ->
    [one] { $day }, 1 time
   *[other] { $day }, { $count } times
}
move-day = Times on { $day }
move-day_none = No time is free on that day any more.
move-zone = All times are { $zone }.
move-same = no extra cost
move-more = costs { $amount } more
move-less = costs { $amount } less
move-places = { $count ->
    [one] 1 place left
   *[other] { $count } places left
}
move-review = Review the move

## Moving, line by line.

moved-what = What moves
moved-from = From
moved-to = To
moved-costs = What it costs
moved-old = Price on the old date
moved-new = Price on the new date
moved-same = The price stays { $price }.
moved-difference = Price difference
moved-fee = Fee for moving: { $step }
moved-sum = It costs you
moved-sum_less = Your booking costs less by
moved-free = Moving is free of charge.
moved-then = What is due or goes back
moved-due = { $amount } is due after this.
moved-limits = Canceling after the move
moved-payment_first = This service needs to be paid beforehand, and nothing has been paid yet.
moved-no_place = The place is yours once you confirm; until then somebody else may take it.
moved-confirm = Move to { $when }
moved-keep = Keep the old date
moved-done = Moved
moved-done_to = { $what } to { $when }
moved-done_free = The price stays the same.
moved-done_dearer = Costs more
moved-done_cheaper = Costs less
moved-changed = So nothing was moved. Below is what it costs as it is now. Please check it again.

## How the price came about.

price-heading = How the price came about
price-booked = Price as booked
price-canceled_lines = Canceled
price-group_price_lost = Group price lost
price-difference = Another price on the new date
price-cancellation_fee = Fee for canceling
price-move_fee = Fee for moving
price-difference_kept = Kept of a lower price
price-shortfall_waived = Waived, since less had been paid
price-gateway_fee = The payment provider’s fee, not refunded
price-refund_declined = Refund declined by { $operator }
price-refund = Taken off for a refund

## The plan.

due-paid = paid
due-overdue = overdue since { $due }
due-next = next, until { $due }
due-later = until { $due }
due-partly = { $paid } of it is paid

## Payments and refunds so far.

money-heading = Payments and refunds
money-plan = What is due when
money-paid_back = Paid back to you
money-came_back = A refund that came back
money-none = No payments yet.
money-by_hand = { $operator } settles this refund with you directly

## A voucher that a refund made.

voucher-heading = Your voucher
voucher-code = Voucher code
voucher-left = Left to spend
voucher-worth = The voucher is worth { $amount }.
voucher-bonus = { $amount } of it is a bonus, which can be used { $until }.
voucher-bonus_past = The bonus of { $amount } expired on { $date }.
voucher-lasts = It does not expire.
voucher-lasts_rest = The rest does not expire.
voucher-spent = Nothing is left of it.
voucher-how = To pay with it, give { $operator } this code.

## Canceling, line by line.

quote-what = What is canceled
quote-price = Price of what is canceled
quote-fee = What it costs
quote-fee_sum = You are charged
quote-fee_none = No fee: at this time canceling is free of charge.
quote-back = What you get back
quote-refund = Refund
quote-voucher_code = Voucher code: { $code }
quote-share = { $back }, from the payment of { $date }
quote-back_nothing = Nothing is paid back.
quote-stays_due = { $amount } stays due after this.
quote-stays_nothing = Nothing is left to pay after this.
quote-holds = These amounts hold { $until }.
confirm-refund = Cancel and refund { $refund }
confirm-approval = Cancel and ask for { $refund } back
confirm-by_hand = Cancel, refund by hand
confirm-due = Cancel, { $amount } stays due
confirm-nothing = Cancel without a refund
confirm-free = Cancel free of charge
confirm-keep = Keep my booking

## Notices at the top.

done-heading = Canceled
done-charged = Charged
done-refund = Refund
done-no_refund = Nothing is paid back.
done-renamed = The name is changed.
changed-heading = Something changed since you looked
changed-text = So nothing was canceled. Below are the amounts as they are now: { $fee } is charged, { $refund } goes back. Please check them again.
choose-heading = Nothing chosen yet
choose-text = Tick at least one box below, then review the cancellation.
refused-heading = This is not possible

## Problems: what is wrong, and what to do next.

problem-link_unknown = This link does not lead to a booking
problem-link_unknown-next = Perhaps a part of it got lost. Please open the whole link from your booking email, or copy it once more.
problem-link_expired = This link has expired
problem-link_expired-next = Links work for some time after the last date of a booking. If you still need something, please answer your booking email.
problem-link_revoked = This link has been replaced
problem-link_revoked-next = Please use the link in the newest email about your booking.
problem-out_of_scope = This link only shows the booking
problem-out_of_scope-next = Please use the link from your booking email to change something.
problem-too_many_requests = That was a little fast
problem-too_many_requests-next = Please wait a moment and load the page again. Nothing was changed.
problem-malformed = The form did not arrive as we know it
problem-malformed-next = Nothing was changed. Please go back, load the page again and try once more.
problem-not_found = There is nothing here
problem-not_found-next = Please open the link from your booking email.
problem-internal = Something went wrong on our side
problem-internal-next = Please try again in a minute. If you had just confirmed something, open your booking first: it shows what has happened.
problem-refused = This is not possible
problem-refused-next = Nothing was changed. Please go back to your booking: it shows what you can do.
problem-code = Code: { $code }
