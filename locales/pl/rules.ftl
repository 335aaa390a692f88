### Co mówią zasady i jak podawany jest czas. Klucze i dane opisano w en/rules.ftl.
###
### $until, $limit i $cancel to całe zwroty: „do czw., 9 lip 2026, 22:00 (czas lokalny: Zagrzeb)” albo „przed …”. $after rozpoczyna zdanie:
### „Po …” albo „Od …”. Odbiorcy nie nazywamy; piszemy bezosobowo albo w trybie rozkazującym.

## Czas.

time-at = { $time }
time-in = { $time } ({ $zone })
time-city = czas lokalny: { $city }
time-until = do { $time }
time-until_before = przed { $time }
time-after = Po { $time }
time-from = Od { $time }
time-list_until = Do { $time }
time-list_before = Przed { $time }

## Na jakim etapie jest rezerwacja.

status-booked = Zarezerwowano
status-partly_canceled = Częściowo anulowano
status-canceled = Anulowano
payment-unpaid = Nieopłacona
payment-partly_paid = Częściowo opłacona
payment-paid = Opłacona
payment-overpaid = Nadpłata: { $amount }

## Składniki opłaty; każdy stoi obok swojej kwoty.

fee-kept_lines = Pozycje bezzwrotne
fee-percent = { $percent } z { $of }
fee-fixed = Opłata stała
fee-per_participant = { $participants } × { $each }, za każdą osobę
fee-minimum = Podwyższono do minimum: { $min }
fee-maximum = Obniżono do maksimum: { $max }
fee-price_cap = Nie więcej niż cena: { $price }
fee-already_charged = Naliczono już za wcześniejsze anulowanie
fee-not_below_zero = Wcześniej naliczone opłaty nie są zwracane

## Powody takiej kwoty: najpierw te obok kwoty, potem całe zdania.

reason-shortfall_waived = Umorzono, bo wpłacono mniej
reason-gateway_fee_kept = Prowizja operatora płatności, nie podlega zwrotowi
reason-difference_kept = Zatrzymano z niższej ceny tyle, ile kosztowałoby teraz anulowanie
reason-difference_kept-late = Zatrzymano z niższej ceny, bo ostatni termin anulowania już minął
reason-group_price_lost = Bez ceny grupowej: zostaje mniej niż { $at_least }, więc { $tickets } × { $otherwise }
reason-group_price_lost-back = Mniej biletów w cenie bez zniżki grupowej
reason-item_stays = { $service } – rezerwacja pozostaje: anulowanie było możliwe { $limit }.
reason-item_stays-off = { $service } – rezerwacja pozostaje: tutaj nie można jej anulować.
reason-no_fee = Anuluje { $operator }, więc bez opłaty.
reason-overridden = Decyzja organizatora ({ $operator }): { $why }
reason-shortfall_billed = Z opłaty nie wpłacono jeszcze { $amount }; ta kwota pozostaje do zapłaty.
reason-voucher_bonus = Bonus { $percent } do vouchera: { $bonus }
reason-limits_after-original = Nadal obowiązują zasady pierwotnego terminu. { $service }: anulowanie możliwe { $cancel }.
reason-limits_after-original_off = Nadal obowiązują zasady pierwotnego terminu. { $service }: tutaj nie można anulować.
reason-limits_after-new = Obowiązują zasady nowego terminu. { $service }: anulowanie możliwe { $cancel }.
reason-limits_after-new_off = Obowiązują zasady nowego terminu. { $service }: tutaj nie można anulować.
reason-refund_mode-automatic = Zwrot zlecamy od razu, bez zatwierdzania.
reason-refund_mode-approval = Zwrot najpierw zatwierdza { $operator }, potem następuje wypłata.
reason-refund_by_hand = Automatycznego zwrotu nie będzie. { $operator } rozliczy kwotę { $amount } bezpośrednio.

## Co zmieni się następne.

next-price = { $after } to samo kosztuje { $fee }, a zwrot wynosi { $refund }.
next-price_only = { $after } to samo kosztuje { $fee }, bez zwrotu.
next-closed = { $after } nie można już anulować: { $service }.

## Odmowa.

refusal-switched_off = Tutaj nie można tego zmienić. { $operator } udzieli pomocy.
refusal-past_limit-cancel = Anulowanie było możliwe { $limit }.
refusal-past_limit-rebook = Zmiana terminu była możliwa { $limit }.
refusal-past_limit-rename = Zmiana imienia i nazwiska była możliwa { $limit }.
refusal-item_canceled = To już anulowano.
refusal-participant_canceled = Udział tej osoby już anulowano.
refusal-nothing_selected = Nic nie wybrano.
refusal-nothing_to_cancel = Nie ma już czego anulować.
refusal-text_not_valid = { $most ->
    [one] Imię i nazwisko może mieć 1 znak.
    [few] Imię i nazwisko może mieć od 1 do { $most } znaków.
   *[many] Imię i nazwisko może mieć od 1 do { $most } znaków.
}
refusal-slot_full = W tym terminie jest za mało miejsc. Ktoś był szybszy; wybierz inny termin.
refusal-slot_closed = Ten termin nie jest już dostępny. Wybierz inny.
refusal-slot_started = Ten termin już się rozpoczął. Wybierz inny.
refusal-unknown_slot = Tego terminu nie ma już w ofercie. Wybierz inny.
refusal-same_slot = To jest termin tej rezerwacji.
refusal-too_far = Ten termin jest zbyt odległy od pierwszego.
refusal-too_many_moves = { $most ->
    [one] Terminu nie można zmienić ponownie: zmieniono go już raz.
    [few] Terminu nie można zmienić ponownie: zmieniono go już { $most } razy.
   *[many] Terminu nie można zmienić ponownie: zmieniono go już { $most } razy.
}
refusal-booking_canceled = Ta rezerwacja jest anulowana.
refusal-nothing_due = Nie ma nic do zapłaty.
refusal-amount_above_balance = Do zapłaty jest najwyżej { $most }.
refusal-below_minimum_charge = Kartą można zapłacić co najmniej { $minimum }.
refusal-leaves_below_minimum = Kartą można zapłacić co najmniej { $minimum }, a zostałoby tylko { $left }.
refusal-voucher_too_small = Wartość vouchera to teraz { $most }, to za mało.
refusal-nothing_to_undo = Nie ma anulowania, które można cofnąć. Być może już je cofnięto; aktualny stan widać w rezerwacji.
refusal-not_your_own = Anulowania dokonał organizator, więc tylko { $operator } może je cofnąć. W tej sprawie prosimy o kontakt.
refusal-undo_too_late = Anulowanie można było cofnąć { $until }. Teraz jest wiążące; w razie zmiany planów { $operator } udzieli pomocy.
refusal-refund_under_way = Zwrot jest już w drodze, więc anulowania nie można cofnąć. W razie zmiany planów { $operator } udzieli pomocy.
refusal-undo_overtaken = Od tego czasu coś się zmieniło, więc anulowania nie można już cofnąć. { $operator } udzieli pomocy.
refusal-unknown = To nie należy do tej rezerwacji.
refusal-other = Zasady tej rezerwacji na to nie pozwalają.

## Jak wpłynęły pieniądze i jak wracają.

received-card = Zapłacono kartą
received-cash = Zapłacono gotówką
received-bank_transfer = Zapłacono przelewem
received-voucher = Zapłacono voucherem
back-card = { $amount } na kartę
back-cash = { $amount } gotówką
back-bank_transfer = { $amount } na konto bankowe
back-voucher = { $amount } w formie vouchera

## Na jakim etapie jest zwrot.

refund-awaiting_approval = Zwrot czeka na zatwierdzenie ({ $operator })
refund-requested = Zwrot zlecony
refund-submitted = Zwrot w drodze
refund-settled = Zwrot wypłacony
refund-failed = Zwrot nie powiódł się; sprawą zajmuje się { $operator }
refund-voided = Zwrot wycofany

## Ile kosztuje wybór, jeszcze w trakcie wybierania.

live-prompt = Wybierz, co anulować: tutaj od razu widać koszt i kwotę zwrotu.
live-selection = W razie anulowania teraz
live-fee = Opłata
live-refund = Zwrot
live-due = Pozostanie do zapłaty
live-by_hand = Do rozliczenia bezpośrednio
live-review = Sprawdź anulowanie
live-review_refund = Sprawdź: zwrot { $refund }
live-review_nothing = Sprawdź: bez zwrotu
live-review_by_hand = Sprawdź: zwrot bezpośredni
