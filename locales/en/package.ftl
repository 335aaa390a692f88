### What only the browser package says. The notes at the head of rules.ftl hold here too; $window is an operator's code.

reason-window_applies = For { $service }, the rule “{ $window }” holds { $until }.
reason-price_changes = The price of { $service } changes from { $old } to { $new }.
reason-refund_mode-never = Nothing goes back automatically.

## The element.

widget-offline = Your booking cannot be reached right now
widget-offline-next = Perhaps there is no connection. What you see may be old; nothing was changed by this.
widget-unknown = We do not know yet whether this was done
widget-unknown-next = The connection broke off after you confirmed. Try again: it is done once, however often you try.
widget-retry = Try again
widget-working = One moment…
widget-close = Close
