### Was die Regeln sagen, und wie Zeiten gesagt werden. Schlüssel und Angaben sind in en/rules.ftl beschrieben.
###
### $until, $limit und $cancel sind ganze Wendungen: „bis Do., 9. Juli 2026, 22:00 Uhr (Ortszeit Zagreb)“ oder „vor …“. $after ist eine, die
### einen Satz beginnt: „Nach …“ oder „Ab …“. Anrede: Sie.

## Zeiten.

time-at = { $time } Uhr
time-in = { $time } ({ $zone })
time-city = Ortszeit { $city }
time-until = bis { $time }
time-until_before = vor { $time }
time-after = Nach { $time }
time-from = Ab { $time }
time-list_until = Bis { $time }
time-list_before = Vor { $time }

## Wie weit eine Buchung ist.

status-booked = Gebucht
status-partly_canceled = Teilweise storniert
status-canceled = Storniert
payment-unpaid = Nicht bezahlt
payment-partly_paid = Teilweise bezahlt
payment-paid = Bezahlt
payment-overpaid = Guthaben { $amount }

## Schritte einer Gebühr; jeder steht neben seinem Betrag.

fee-kept_lines = Nicht erstattbare Posten
fee-percent = { $percent } von { $of }
fee-fixed = Pauschale
fee-per_participant = { $participants } × { $each }, pro Person
fee-minimum = Angehoben auf den Mindestbetrag von { $min }
fee-maximum = Gesenkt auf den Höchstbetrag von { $max }
fee-price_cap = Höchstens der Preis von { $price }
fee-already_charged = Bereits für eine frühere Stornierung berechnet
fee-not_below_zero = Bereits berechnete Gebühren werden nicht erstattet

## Gründe für einen Betrag: erst die neben einem Betrag, dann ganze Sätze.

reason-shortfall_waived = Erlassen, da weniger bezahlt wurde
reason-gateway_fee_kept = Gebühr des Zahlungsanbieters, wird nicht erstattet
reason-difference_kept = Vom niedrigeren Preis einbehalten, so viel wie eine Stornierung jetzt kosten würde
reason-difference_kept-late = Vom niedrigeren Preis einbehalten, da die letzte Frist zum Stornieren vorbei ist
reason-group_price_lost = Gruppenpreis entfällt: Weniger als { $at_least } bleiben, daher { $tickets } × { $otherwise }
reason-group_price_lost-back = Weniger Tickets zum Preis ohne Gruppe
reason-item_stays = { $service } bleibt gebucht: Eine Stornierung war { $limit } möglich.
reason-item_stays-off = { $service } bleibt gebucht: Eine Stornierung ist hier nicht möglich.
reason-no_fee = Keine Gebühr: Die Stornierung geht von { $operator } aus.
reason-overridden = { $operator } hat entschieden: { $why }
reason-shortfall_billed = { $amount } der Gebühr sind noch nicht bezahlt und bleiben offen.
reason-voucher_bonus = Bonus von { $percent } auf den Gutschein: { $bonus }
reason-limits_after-original = Es gelten weiter die Fristen Ihres ersten Termins: { $service } kann { $cancel } storniert werden.
reason-limits_after-original_off = Es gelten weiter die Regeln Ihres ersten Termins: { $service } kann hier nicht storniert werden.
reason-limits_after-new = Es gelten die Fristen des neuen Termins: { $service } kann { $cancel } storniert werden.
reason-limits_after-new_off = Es gelten die Regeln des neuen Termins: { $service } kann hier nicht storniert werden.
reason-refund_mode-automatic = Die Erstattung wird sofort veranlasst, ohne Prüfung.
reason-refund_mode-approval = { $operator } prüft die Erstattung zuerst; danach wird sie ausgezahlt.
reason-refund_by_hand = Es wird nichts automatisch erstattet. { $operator } regelt { $amount } direkt mit Ihnen.

## Was sich als Nächstes ändert.

next-price = { $after } kostet dieselbe Stornierung { $fee }, erstattet werden { $refund }.
next-price_only = { $after } kostet dieselbe Stornierung { $fee }, erstattet wird nichts.
next-closed = { $after } ist eine Stornierung nicht mehr möglich: { $service }.

## Das Nein der Regeln.

refusal-switched_off = Das lässt sich hier nicht ändern. { $operator } hilft Ihnen gerne weiter.
refusal-past_limit-cancel = Eine Stornierung war { $limit } möglich.
refusal-past_limit-rebook = Eine Umbuchung war { $limit } möglich.
refusal-past_limit-rename = Namen konnten { $limit } geändert werden.
refusal-item_canceled = Das ist bereits storniert.
refusal-participant_canceled = Für diese Person ist bereits storniert.
refusal-nothing_selected = Es ist nichts ausgewählt.
refusal-nothing_to_cancel = Es gibt nichts mehr zu stornieren.
refusal-text_not_valid = { $most ->
    [one] Ein Name hat 1 Zeichen.
   *[other] Ein Name hat 1 bis { $most } Zeichen.
}
refusal-slot_full = An diesem Termin sind zu wenige Plätze frei. Jemand war schneller; bitte wählen Sie einen anderen.
refusal-slot_closed = Dieser Termin ist nicht mehr buchbar. Bitte wählen Sie einen anderen.
refusal-slot_started = Dieser Termin hat bereits begonnen. Bitte wählen Sie einen anderen.
refusal-unknown_slot = Dieser Termin wird nicht mehr angeboten. Bitte wählen Sie einen anderen.
refusal-same_slot = Das ist der Termin, der bereits gebucht ist.
refusal-too_far = Dieser Termin liegt zu weit vom ersten entfernt.
refusal-too_many_moves = { $most ->
    [one] Eine weitere Umbuchung ist nicht möglich: Es wurde schon einmal umgebucht.
   *[other] Eine weitere Umbuchung ist nicht möglich: Es wurde schon { $most } Mal umgebucht.
}
refusal-booking_canceled = Diese Buchung ist storniert.
refusal-nothing_due = Es ist nichts zu zahlen.
refusal-amount_above_balance = Höchstens { $most } sind zu zahlen.
refusal-below_minimum_charge = Mit Karte lassen sich mindestens { $minimum } zahlen.
refusal-leaves_below_minimum = Mit Karte lassen sich mindestens { $minimum } zahlen, und es blieben nur { $left } übrig.
refusal-voucher_too_small = Der Gutschein ist jetzt { $most } wert, das reicht nicht.
refusal-nothing_to_undo = Es gibt keine Stornierung, die sich zurücknehmen lässt. Vielleicht ist das schon geschehen; Ihre Buchung zeigt, was jetzt gilt.
refusal-not_your_own = Das hat { $operator } storniert; nur dort lässt es sich zurücknehmen. Bitte fragen Sie dort nach.
refusal-undo_too_late = Die Stornierung konnte { $until } zurückgenommen werden. Jetzt ist sie gültig; { $operator } hilft Ihnen gerne weiter.
refusal-refund_under_way = Die Erstattung ist schon unterwegs, deshalb lässt sich die Stornierung nicht mehr zurücknehmen. { $operator } hilft Ihnen gerne weiter.
refusal-undo_overtaken = Seitdem wurde etwas geändert, deshalb lässt sich die Stornierung nicht mehr zurücknehmen. { $operator } hilft Ihnen gerne weiter.
refusal-unknown = Das gehört nicht zu dieser Buchung.
refusal-other = Die Regeln dieser Buchung lassen das nicht zu.

## Wie Geld kam, und wie es zurückgeht.

received-card = Mit Karte bezahlt
received-cash = Bar bezahlt
received-bank_transfer = Per Überweisung bezahlt
received-voucher = Mit Gutschein bezahlt
back-card = { $amount } auf Ihre Karte
back-cash = { $amount } in bar
back-bank_transfer = { $amount } auf Ihr Bankkonto
back-voucher = { $amount } als Gutschein

## Wie weit eine Erstattung ist.

refund-awaiting_approval = Erstattung, wird von { $operator } geprüft
refund-requested = Erstattung veranlasst
refund-submitted = Erstattung unterwegs
refund-settled = Erstattung ausgezahlt
refund-failed = Erstattung fehlgeschlagen; { $operator } kümmert sich darum
refund-voided = Erstattung zurückgezogen

## Was eine Auswahl kostet, während man wählt.

live-prompt = Wählen Sie, was Sie stornieren möchten: Hier sehen Sie sofort, was es kostet und was Sie zurückbekommen.
live-selection = Wenn Sie das jetzt stornieren
live-fee = Berechnet werden
live-refund = Sie bekommen zurück
live-due = Danach noch offen
live-by_hand = Wird direkt mit Ihnen geregelt
live-review = Stornierung prüfen
live-review_refund = Prüfen: { $refund } zurück
live-review_nothing = Prüfen: keine Erstattung
live-review_by_hand = Prüfen: Erstattung nach Absprache
