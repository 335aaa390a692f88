### Die Seite einer Rechnung und was daraus wird.

pay-title = Zahlung an { $operator }
pay-for = Wofür
pay-now = Jetzt zu zahlen
pay-amount = Betrag
pay-left = Danach noch offen
pay-by-card = Sie zahlen auf der sicheren Seite unseres Zahlungsanbieters und kommen dann hierher zurück. Vorher wird nichts abgebucht.
pay-reference = Bitte geben Sie bei der Zahlung die Nummer { $reference } an.
pay-button = { $amount } zahlen
pay-promise = Ich zahle auf diesem Weg
pay-link = { $amount } zahlen
pay-nothing = Es ist nichts offen: Diese Buchung ist bezahlt.
pay-booking-canceled = Diese Buchung ist storniert. Hier ist nichts zu zahlen.
pay-above-balance = Es sind nur noch { $amount } offen. Bitte lassen Sie sich einen neuen Link geben.
pay-below-minimum = Beträge unter { $amount } können nicht mit Karte bezahlt werden.
pay-not-now = Das kann hier gerade nicht bezahlt werden.
pay-done = Vielen Dank: { $amount } sind bezahlt.
pay-promised = Vielen Dank. Ihre Zahlung wird erwartet.
pay-promised-next = Unten steht, wie Sie zahlen. Der Betrag gilt als bezahlt, sobald er eingegangen ist.
pay-changed = Deshalb wurde nichts abgebucht. Unten steht der Betrag, wie er jetzt ist.
pay-back = Es wurde nichts bezahlt
pay-failed = Die Zahlung ist fehlgeschlagen
pay-back-next = Es wurde nichts abgebucht. Sie können es jederzeit noch einmal versuchen.
pay-waiting = Wir warten auf Ihre Bank
pay-waiting-next = Wenn Sie gerade bezahlt haben, steht es gleich hier. Bitte zahlen Sie nicht noch einmal; { $operator } erfährt es, sobald das Geld da ist.

## Eine Stornierung zurücknehmen, bevor ihre Erstattung hinausgeht.
undo-offer = Doch anders entschieden? Sie können die Stornierung { $limit } zurücknehmen.
undo-button = Stornierung zurücknehmen
undo-done = Die Stornierung ist zurückgenommen. Ihre Buchung ist wie vorher.

## Probleme.

problem-provider-unreachable = Unser Zahlungsanbieter antwortet nicht
problem-provider-unreachable-next = Es wurde nichts abgebucht. Bitte versuchen Sie es in ein paar Minuten noch einmal.
problem-provider-refused = Das kann gerade nicht mit Karte bezahlt werden
problem-provider-refused-next = Es wurde nichts abgebucht. Bitte antworten Sie auf Ihre Buchungs-E-Mail, damit Ihnen jemand helfen kann.
problem-payment-pending = Eine andere Zahlung läuft schon
problem-payment-pending-next = Ihre Bank hat bereits eine Zahlung für diese Buchung in Arbeit. Bitte warten Sie auf ihre Antwort, bevor Sie noch einmal zahlen.
