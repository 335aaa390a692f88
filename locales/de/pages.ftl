### Was die Seiten neben den Regeln sagen. Was am Anfang von rules.ftl steht, gilt auch hier.

## Jede Seite.

page-booking = Buchung { $reference }
page-review = Stornierung prüfen
page-review_lead = Noch ist nichts storniert. Bitte prüfen Sie jede Zeile, bevor Sie bestätigen.
page-reschedule = Termin ändern
page-move_review = Neuen Termin prüfen
page-move_review_lead = Noch ist nichts geändert. Bitte prüfen Sie jede Zeile, bevor Sie bestätigen.
page-footer = Für Änderungen und Erstattungen gilt, was Sie bei der Buchung mit { $operator } vereinbart haben.
page-skip = Zum Inhalt springen
page-back = Zurück zur Buchung
page-language = Sprache

## Summen einer Buchung.

sum-owed = Preis jetzt
sum-owed_canceled = Stornogebühr
sum-paid = Bezahlt
sum-due = Noch offen
sum-we_owe = Ihr Guthaben
sum-settled = Noch zu zahlen
sum-promised = Davon sind { $amount } als Erstattung veranlasst.

## Der Satz ganz oben: was jetzt gilt, und was danach kommt.

lead-free = Kostenlos { $until }.
lead-fee = Eine Stornierung kostet jetzt { $fee }, erstattet werden { $refund }; das gilt { $until }.
lead-fee_all = Alles zu stornieren kostet jetzt { $fee }, erstattet werden { $refund }; das gilt { $until }.
lead-fee_only = Eine Stornierung kostet jetzt { $fee }, erstattet wird nichts; das gilt { $until }.
lead-fee_only_all = Alles zu stornieren kostet jetzt { $fee }, erstattet wird nichts; das gilt { $until }.
lead-by_hand = Sie können { $until } kostenlos stornieren. Die Erstattung regelt { $operator } dann direkt mit Ihnen.
lead-canceled = Diese Buchung ist storniert. Hier bleibt nichts mehr zu tun.
then-fee = Danach kostet eine Stornierung { $fee }, erstattet werden { $refund }.
then-fee_only = Danach kostet eine Stornierung { $fee }, erstattet wird nichts.
then-free = Danach kostet eine Stornierung nichts, aber die Erstattung läuft anders.
then-closed = Danach ist eine Stornierung nicht mehr möglich.

## Die Regeln als Zeitstrahl.

policy-heading = Bis wann, und was es kostet
policy-all = Diese Beträge gelten, wenn Sie alles stornieren; unten sehen Sie sie für Ihre Auswahl.
policy-zone = Alle Zeiten in { $zone }.
policy-now = Jetzt
policy-past = Vorbei
policy-free = Kostenlos
policy-free_short = Kostenlos
policy-costs = Kostet { $fee }
policy-back = { $refund } zurück
policy-back_approval = { $refund } zurück, nach Prüfung
policy-back_by_hand = Erstattung nach Absprache
policy-back_nothing = keine Erstattung
policy-without = ohne { $service }
policy-closed = Nicht mehr möglich

## Was gebucht ist, und wer teilnimmt.

items-heading = Ihre Buchung im Einzelnen
items-hint = Wählen Sie, was Sie stornieren möchten.
items-everything = Alles, was noch storniert werden kann
items-whole = Alles davon, mit allen Personen und Extras
items-only = Diesen Posten stornieren
items-shared = Für alle
items-included = inklusive
items-cancel_until = Stornierung { $until } möglich.
items-move_until = Umbuchung auf einen anderen Termin { $until } möglich.
items-move = Termin ändern
items-move_of = Termin ändern: { $service }
rename-heading = Namen ändern
rename-until = Kostenlos { $until }.
rename-label = Neuer Name statt { $name }
rename-button = Speichern

## Das Feld zum Stornieren.

panel-summary = Ihre Buchung
panel-heading = Stornieren
panel-everything = Alles jetzt stornieren
panel-note = Noch wird nichts storniert. Die nächste Seite zeigt jeden Betrag und bittet um Ihre Bestätigung.

## Einen anderen Termin wählen.

move-lead = { $service } ist gebucht für { $when }. Wählen Sie einen neuen Termin; Sie sehen, was es kostet, bevor sich etwas ändert.
move-who = Wer umbucht
move-everybody = Alle: { $names }
move-some = { $names }. Die anderen bleiben.
move-who_change = Nur für einige umbuchen
move-who_button = Termine dafür zeigen
move-month = Termine im { $month }
move-month_none = Im { $month } ist kein Termin frei.
move-before = Früher
move-next = Später
move-before_to = Früher: { $month }
move-next_to = Später: { $month }
move-next_free = Der nächste freie Termin ist im { $month }
move-nothing_free = Auch später ist kein Termin frei. { $operator } kann Ihnen sagen, wann es wieder einen gibt.
move-day_offers = { $count ->
    [one] { $day }, 1 Uhrzeit
   *[other] { $day }, { $count } Uhrzeiten
}
move-day = Uhrzeiten: { $day }
move-day_none = An diesem Tag ist nichts mehr frei.
move-zone = Alle Zeiten in { $zone }.
move-same = ohne Aufpreis
move-more = { $amount } mehr
move-less = { $amount } weniger
move-places = { $count ->
    [one] noch 1 Platz
   *[other] noch { $count } Plätze
}
move-review = Umbuchung prüfen

## Umbuchen, Zeile für Zeile.

moved-what = Was umgebucht wird
moved-from = Bisher
moved-to = Neu
moved-costs = Was es kostet
moved-old = Preis am bisherigen Termin
moved-new = Preis am neuen Termin
moved-same = Der Preis bleibt bei { $price }.
moved-difference = Preisunterschied
moved-fee = Umbuchungsgebühr: { $step }
moved-sum = Das kostet Sie
moved-sum_less = Ihre Buchung wird günstiger um
moved-free = Die Umbuchung ist kostenlos.
moved-then = Was noch zu zahlen ist oder erstattet wird
moved-due = Danach sind { $amount } offen.
moved-limits = Stornieren nach der Umbuchung
moved-payment_first = Diese Leistung ist im Voraus zu bezahlen, und es ist noch nichts bezahlt.
moved-no_place = Der Platz gehört Ihnen, sobald Sie bestätigen; bis dahin kann ihn jemand anders nehmen.
moved-confirm = Umbuchen auf { $when }
moved-keep = Bisherigen Termin behalten
moved-done = Umgebucht
moved-done_to = { $what } auf { $when }
moved-done_free = Der Preis bleibt gleich.
moved-done_dearer = Kostet mehr
moved-done_cheaper = Kostet weniger
moved-changed = Deshalb wurde nichts umgebucht. Unten steht, was es jetzt kostet. Bitte prüfen Sie es noch einmal.

## Wie der Preis zustande kommt.

price-heading = So kommt der Preis zustande
price-booked = Preis wie gebucht
price-canceled_lines = Storniert
price-group_price_lost = Gruppenpreis entfallen
price-difference = Anderer Preis am neuen Termin
price-cancellation_fee = Stornogebühr
price-move_fee = Umbuchungsgebühr
price-difference_kept = Von einem niedrigeren Preis einbehalten
price-shortfall_waived = Erlassen, da weniger bezahlt war
price-gateway_fee = Gebühr des Zahlungsanbieters, wird nicht erstattet
price-refund_declined = Erstattung von { $operator } abgelehnt
price-refund = Für eine Erstattung abgezogen

## Der Zahlungsplan.

due-paid = bezahlt
due-overdue = überfällig seit { $due }
due-next = als Nächstes, bis { $due }
due-later = bis { $due }
due-partly = davon { $paid } bezahlt

## Zahlungen und Erstattungen bisher.

money-heading = Zahlungen und Erstattungen
money-plan = Was wann fällig ist
money-paid_back = An Sie zurückgezahlt
money-came_back = Eine Erstattung kam zurück
money-none = Noch keine Zahlungen.
money-by_hand = { $operator } regelt diese Erstattung direkt mit Ihnen

## Ein Gutschein, den eine Erstattung ergab.

voucher-heading = Ihr Gutschein
voucher-code = Gutscheincode
voucher-left = Restwert
voucher-worth = Der Gutschein ist { $amount } wert.
voucher-bonus = Davon sind { $amount } ein Bonus, der { $until } eingelöst werden kann.
voucher-bonus_past = Der Bonus von { $amount } ist am { $date } verfallen.
voucher-lasts = Er verfällt nicht.
voucher-lasts_rest = Der Rest verfällt nicht.
voucher-spent = Es ist kein Guthaben mehr darauf.
voucher-how = Um damit zu bezahlen, nennen Sie { $operator } diesen Code.

## Stornieren, Zeile für Zeile.

quote-what = Was storniert wird
quote-price = Preis des Stornierten
quote-fee = Was es kostet
quote-fee_sum = Berechnet werden
quote-fee_none = Keine Gebühr: Zu diesem Zeitpunkt ist die Stornierung kostenlos.
quote-back = Was Sie zurückbekommen
quote-refund = Erstattung
quote-voucher_code = Gutscheincode: { $code }
quote-share = { $back }, aus der Zahlung vom { $date }
quote-back_nothing = Es wird nichts erstattet.
quote-stays_due = Danach bleiben { $amount } offen.
quote-stays_nothing = Danach ist nichts mehr zu zahlen.
quote-holds = Diese Beträge gelten { $until }.
confirm-refund = Stornieren, { $refund } zurück
confirm-approval = Stornieren und Erstattung von { $refund } beantragen
confirm-by_hand = Stornieren, Erstattung nach Absprache
confirm-due = Stornieren, { $amount } bleiben offen
confirm-nothing = Ohne Erstattung stornieren
confirm-free = Kostenlos stornieren
confirm-keep = Buchung behalten

## Hinweise ganz oben.

done-heading = Storniert
done-charged = Berechnet
done-refund = Erstattung
done-no_refund = Es wird nichts erstattet.
done-renamed = Der Name ist geändert.
changed-heading = Inzwischen hat sich etwas geändert
changed-text = Deshalb wurde nichts storniert. Unten stehen die aktuellen Beträge: Berechnet werden { $fee }, erstattet werden { $refund }. Bitte prüfen Sie sie noch einmal.
choose-heading = Noch nichts ausgewählt
choose-text = Kreuzen Sie unten mindestens ein Feld an und prüfen Sie dann die Stornierung.
refused-heading = Das ist nicht möglich

## Probleme: was nicht stimmt, und was nun zu tun ist.

problem-link_unknown = Dieser Link führt zu keiner Buchung
problem-link_unknown-next = Vielleicht ging ein Teil davon verloren. Bitte öffnen Sie den ganzen Link aus Ihrer Buchungs-E-Mail, oder kopieren Sie ihn noch einmal.
problem-link_expired = Dieser Link ist abgelaufen
problem-link_expired-next = Links gelten noch eine Weile nach dem letzten Termin einer Buchung. Wenn Sie noch etwas brauchen, antworten Sie bitte auf Ihre Buchungs-E-Mail.
problem-link_revoked = Dieser Link wurde ersetzt
problem-link_revoked-next = Bitte verwenden Sie den Link aus der neuesten E-Mail zu Ihrer Buchung.
problem-out_of_scope = Dieser Link zeigt die Buchung nur
problem-out_of_scope-next = Um etwas zu ändern, verwenden Sie bitte den Link aus Ihrer Buchungs-E-Mail.
problem-too_many_requests = Das war etwas zu schnell
problem-too_many_requests-next = Bitte warten Sie einen Moment und laden Sie die Seite neu. Es wurde nichts geändert.
problem-malformed = Das Formular konnte nicht gelesen werden
problem-malformed-next = Es wurde nichts geändert. Bitte gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
problem-not_found = Diese Seite gibt es nicht
problem-not_found-next = Bitte öffnen Sie den Link aus Ihrer Buchungs-E-Mail.
problem-internal = Bei uns ist etwas schiefgegangen
problem-internal-next = Bitte versuchen Sie es in einer Minute noch einmal. Falls Sie gerade etwas bestätigt haben, öffnen Sie zuerst Ihre Buchung: Sie zeigt, was geschehen ist.
problem-refused = Das ist nicht möglich
problem-refused-next = Es wurde nichts geändert. Bitte gehen Sie zurück zu Ihrer Buchung: Sie zeigt, was Sie tun können.
problem-code = Code: { $code }
