### What only the browser package says. The notes at the head of rules.ftl hold here too; $window is an operator's code.

reason-window_applies = For { $service }, the rule “{ $window }” holds { $until }.
reason-price_changes = The price of { $service } changes from { $old } to { $new }.
reason-refund_mode-never = Nothing goes back automatically.
