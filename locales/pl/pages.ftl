### Co mówią strony oprócz zasad. Uwagi z początku rules.ftl obowiązują i tutaj.

## Każda strona.

page-booking = Rezerwacja { $reference }
page-review = Sprawdź anulowanie
page-review_lead = Nic nie zostało jeszcze anulowane. Sprawdź każdą pozycję przed potwierdzeniem.
page-reschedule = Zmiana terminu
page-move_review = Sprawdź nowy termin
page-move_review_lead = Nic nie zostało jeszcze zmienione. Sprawdź każdą pozycję przed potwierdzeniem.
page-footer = Organizator: { $operator } – zmiany i zwroty odbywają się na warunkach uzgodnionych przy rezerwacji.
page-skip = Przejdź do treści
page-back = Wróć do rezerwacji
page-language = Język

## Sumy rezerwacji.

sum-owed = Cena teraz
sum-owed_canceled = Opłata za anulowanie
sum-paid = Zapłacono
sum-due = Pozostaje do zapłaty
sum-we_owe = Do zwrotu
sum-settled = Pozostaje do zapłaty
sum-promised = W tym zlecony zwrot: { $amount }.

## Zdanie na górze: co obowiązuje teraz i co będzie potem.

lead-free = Bezpłatnie { $until }.
lead-fee = Anulowanie kosztuje teraz { $fee }, a zwrot wynosi { $refund }; obowiązuje { $until }.
lead-fee_all = Anulowanie wszystkiego kosztuje teraz { $fee }, a zwrot wynosi { $refund }; obowiązuje { $until }.
lead-fee_only = Anulowanie kosztuje teraz { $fee }, bez zwrotu; obowiązuje { $until }.
lead-fee_only_all = Anulowanie wszystkiego kosztuje teraz { $fee }, bez zwrotu; obowiązuje { $until }.
lead-by_hand = Można anulować bezpłatnie { $until }. Potem { $operator } rozliczy zwrot bezpośrednio.
lead-canceled = Ta rezerwacja jest anulowana. Nic więcej nie trzeba tu robić.
then-fee = Potem anulowanie kosztuje { $fee }, a zwrot wynosi { $refund }.
then-fee_only = Potem anulowanie kosztuje { $fee }, bez zwrotu.
then-free = Potem anulowanie nic nie kosztuje, ale zwrot odbywa się inaczej.
then-closed = Potem anulowanie nie będzie już możliwe.

## Zasady jako oś czasu.

policy-heading = Do kiedy i za ile
policy-all = Te kwoty dotyczą anulowania wszystkiego; niżej widać je dla dokonanego wyboru.
policy-zone = Wszystkie godziny – { $zone }.
policy-now = Teraz
policy-past = Minęło
policy-free = Bezpłatnie
policy-free_short = Bezpłatnie
policy-costs = Koszt: { $fee }
policy-back = zwrot { $refund }
policy-back_approval = zwrot { $refund } po zatwierdzeniu
policy-back_by_hand = zwrot bezpośredni
policy-back_nothing = bez zwrotu
policy-without = bez: { $service }
policy-closed = Już niemożliwe

## Co zarezerwowano i kto bierze udział.

items-heading = Co obejmuje rezerwacja
items-hint = Zaznacz, co ma zostać anulowane.
items-everything = Wszystko, co można jeszcze anulować
items-whole = Całość, ze wszystkimi osobami i dodatkami
items-only = Anuluj tę pozycję
items-shared = Dla wszystkich
items-included = w cenie
items-cancel_until = Anulowanie możliwe { $until }.
items-move_until = Zmiana terminu możliwa { $until }.
items-move = Zmień termin
items-move_of = Zmień termin: { $service }
rename-heading = Zmień imię i nazwisko
rename-until = Bezpłatnie { $until }.
rename-label = Nowe imię i nazwisko zamiast: { $name }
rename-button = Zapisz

## Panel anulowania.

panel-summary = Podsumowanie
panel-heading = Anulowanie
panel-everything = Anulowanie wszystkiego teraz
panel-note = Nic nie zostanie jeszcze anulowane. Następna strona pokaże każdą kwotę i poprosi o potwierdzenie.

## Wybór innego terminu.

move-lead = { $service } – termin rezerwacji: { $when }. Wybierz nowy termin; koszt będzie widoczny, zanim cokolwiek się zmieni.
move-who = Kogo dotyczy zmiana
move-everybody = Wszyscy: { $names }
move-some = { $names }. Pozostałe osoby bez zmian.
move-who_change = Zmień termin tylko niektórym osobom
move-who_button = Pokaż terminy dla wybranych osób
move-month = Terminy: { $month }
move-month_none = Brak wolnych terminów: { $month }.
move-before = Wcześniej
move-next = Później
move-before_to = Wcześniej: { $month }
move-next_to = Później: { $month }
move-next_free = Najbliższy wolny termin: { $month }
move-nothing_free = Później też nie ma wolnych terminów. { $operator } udzieli informacji o nowych.
move-day_offers = { $count ->
    [one] { $day }, 1 godzina do wyboru
    [few] { $day }, { $count } godziny do wyboru
   *[many] { $day }, { $count } godzin do wyboru
}
move-day = Godziny: { $day }
move-day_none = Tego dnia nie ma już wolnych godzin.
move-zone = Wszystkie godziny – { $zone }.
move-same = bez dopłaty
move-more = dopłata { $amount }
move-less = { $amount } mniej
move-places = { $count ->
    [one] zostało 1 miejsce
    [few] zostały { $count } miejsca
   *[many] zostało { $count } miejsc
}
move-review = Sprawdź zmianę terminu

## Zmiana terminu, pozycja po pozycji.

moved-what = Czego dotyczy zmiana
moved-from = Stary
moved-to = Nowy
moved-costs = Koszt
moved-old = Cena w dotychczasowym terminie
moved-new = Cena w nowym terminie
moved-same = Cena bez zmian: { $price }.
moved-difference = Różnica ceny
moved-fee = Opłata za zmianę terminu: { $step }
moved-sum = Do zapłaty za zmianę
moved-sum_less = Rezerwacja tańsza o
moved-free = Zmiana terminu jest bezpłatna.
moved-then = Dopłata albo zwrot
moved-due = Po zmianie pozostaje do zapłaty { $amount }.
moved-limits = Anulowanie po zmianie terminu
moved-payment_first = Ta usługa wymaga przedpłaty, a nic jeszcze nie wpłacono.
moved-no_place = Miejsce jest zarezerwowane dopiero po potwierdzeniu; wcześniej może je zająć ktoś inny.
moved-confirm = Zmień na { $when }
moved-keep = Zachowaj dotychczasowy termin
moved-done = Termin zmieniono
moved-done_to = { $what }, nowy termin: { $when }
moved-done_free = Cena bez zmian.
moved-done_dearer = Dopłata
moved-done_cheaper = Taniej o
moved-changed = Dlatego terminu nie zmieniono. Poniżej aktualny koszt. Sprawdź go jeszcze raz.

## Skąd wzięła się cena.

price-heading = Z czego składa się cena
price-booked = Cena przy rezerwacji
price-canceled_lines = Anulowano
price-group_price_lost = Utrata ceny grupowej
price-difference = Inna cena w nowym terminie
price-cancellation_fee = Opłata za anulowanie
price-move_fee = Opłata za zmianę terminu
price-difference_kept = Zatrzymano z niższej ceny
price-shortfall_waived = Umorzono, bo wpłacono mniej
price-gateway_fee = Prowizja operatora płatności, nie podlega zwrotowi
price-refund_declined = Odmowa zwrotu: { $operator }
price-refund = Odliczono z tytułu zwrotu

## Plan płatności.

due-paid = zapłacono
due-overdue = zaległa od { $due }
due-next = następna, do { $due }
due-later = do { $due }
due-partly = z tego zapłacono { $paid }

## Dotychczasowe płatności i zwroty.

money-heading = Płatności i zwroty
money-plan = Terminy płatności
money-paid_back = Zwrócono
money-came_back = Zwrot nie dotarł, kwota wróciła
money-none = Brak płatności.
money-by_hand = Ten zwrot rozlicza bezpośrednio { $operator }

## Voucher, który powstał przy zwrocie.

voucher-heading = Voucher
voucher-code = Kod vouchera
voucher-left = Do wykorzystania
voucher-worth = Wartość vouchera: { $amount }.
voucher-bonus = W tym bonus { $amount }, który można wykorzystać { $until }.
voucher-bonus_past = Bonus { $amount } stracił ważność { $date }.
voucher-lasts = Voucher jest bezterminowy.
voucher-lasts_rest = Reszta jest bezterminowa.
voucher-spent = Nie ma już na nim środków.
voucher-how = Aby zapłacić voucherem, wystarczy podać jego kod organizatorowi ({ $operator }).

## Anulowanie, pozycja po pozycji.

quote-what = Co zostanie anulowane
quote-price = Cena anulowanych pozycji
quote-fee = Koszt
quote-fee_sum = Opłata
quote-fee_none = Bez opłaty: w tej chwili anulowanie jest bezpłatne.
quote-back = Zwrot pieniędzy
quote-refund = Zwrot
quote-voucher_code = Kod vouchera: { $code }
quote-share = { $back }, z płatności z dnia { $date }
quote-back_nothing = Zwrotu nie będzie.
quote-stays_due = Po anulowaniu pozostaje do zapłaty { $amount }.
quote-stays_nothing = Po anulowaniu nie pozostaje nic do zapłaty.
quote-holds = Te kwoty obowiązują { $until }.
confirm-refund = Anuluj, zwrot { $refund }
confirm-approval = Anuluj i poproś o zwrot { $refund }
confirm-by_hand = Anuluj, zwrot bezpośredni
confirm-due = Anuluj, do zapłaty { $amount }
confirm-nothing = Anuluj bez zwrotu
confirm-free = Anuluj bezpłatnie
confirm-keep = Zachowaj rezerwację

## Komunikaty na górze.

done-heading = Anulowano
done-charged = Naliczona opłata
done-refund = Zwrot
done-no_refund = Zwrotu nie będzie.
done-renamed = Imię i nazwisko zostały zmienione.
changed-heading = Tymczasem coś się zmieniło
changed-text = Dlatego nic nie anulowano. Poniżej aktualne kwoty: opłata { $fee }, zwrot { $refund }. Sprawdź je jeszcze raz.
choose-heading = Nic nie wybrano
choose-text = Zaznacz poniżej co najmniej jedno pole, a potem sprawdź anulowanie.
refused-heading = To nie jest możliwe

## Problemy: co jest nie tak i co dalej.

problem-link_unknown = Ten link nie prowadzi do żadnej rezerwacji
problem-link_unknown-next = Być może zgubiła się jego część. Otwórz cały link z wiadomości o rezerwacji albo skopiuj go jeszcze raz.
problem-link_expired = Ten link wygasł
problem-link_expired-next = Linki działają jeszcze jakiś czas po ostatnim terminie rezerwacji. W razie potrzeby odpowiedz na wiadomość o rezerwacji.
problem-link_revoked = Ten link został zastąpiony
problem-link_revoked-next = Użyj linku z najnowszej wiadomości o rezerwacji.
problem-out_of_scope = Ten link tylko pokazuje rezerwację
problem-out_of_scope-next = Aby coś zmienić, użyj linku z wiadomości o rezerwacji.
problem-too_many_requests = To było trochę za szybko
problem-too_many_requests-next = Poczekaj chwilę i odśwież stronę. Nic nie zostało zmienione.
problem-malformed = Nie udało się odczytać formularza
problem-malformed-next = Nic nie zostało zmienione. Wróć, odśwież stronę i spróbuj jeszcze raz.
problem-not_found = Nie ma takiej strony
problem-not_found-next = Otwórz link z wiadomości o rezerwacji.
problem-internal = Wystąpił błąd po naszej stronie
problem-internal-next = Spróbuj ponownie za minutę. Jeśli przed chwilą coś potwierdzono, najpierw otwórz rezerwację: widać w niej, co się stało.
problem-refused = To nie jest możliwe
problem-refused-next = Nic nie zostało zmienione. Wróć do rezerwacji: widać w niej, co można zrobić.
problem-code = Kod: { $code }
