### The page of a bill, and what it leads to.

pay-title = Pay { $operator }
pay-for = What it is for
pay-now = To pay now
pay-amount = Amount
pay-left = Still due after this
pay-by-card = You pay on the secure page of our payment provider and come back here. Nothing is charged before that.
pay-reference = Please give the reference { $reference } with your payment.
pay-button = Pay { $amount }
pay-promise = I will pay like this
pay-link = Pay { $amount }
pay-nothing = Nothing is due: this booking is settled.
pay-booking-canceled = This booking is canceled. Nothing is to be paid here.
pay-above-balance = Only { $amount } is still due. Please ask for a new link.
pay-below-minimum = Amounts below { $amount } cannot be paid by card.
pay-not-now = This cannot be paid here now.
pay-done = Thank you: { $amount } is paid.
pay-promised = Thank you. Your payment is expected.
pay-promised-next = Below you see how to pay. It counts as paid when it has arrived.
pay-changed = So nothing was charged. Below is the amount as it is now.
pay-back = Nothing was paid
pay-failed = The payment did not go through
pay-back-next = Nothing was charged. You can try again whenever you like.
pay-waiting = Waiting for your bank’s word
pay-waiting-next = If you have just paid, this page will say so in a moment. Please do not pay again; { $operator } is told as soon as the money is there.

## Undoing a cancellation before its refund has left.
undo-offer = Changed your mind? You can take this back { $limit }.
undo-button = Take it back
undo-done = The cancellation is taken back. Your booking is as it was.

## Problems.

problem-provider-unreachable = Our payment provider does not answer
problem-provider-unreachable-next = Nothing was charged. Please try again in a few minutes.
problem-provider-refused = This cannot be paid by card right now
problem-provider-refused-next = Nothing was charged. Please answer your booking email, so that somebody can help you.
problem-payment-pending = Another payment is under way
problem-payment-pending-next = Your bank has a payment of this booking in hand. Please wait for its word before you pay again.
