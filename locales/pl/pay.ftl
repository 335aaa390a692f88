### Strona płatności i to, co z niej wynika.

pay-title = Płatność: { $operator }
pay-for = Czego dotyczy
pay-now = Do zapłaty teraz
pay-amount = Kwota
pay-left = Pozostanie do zapłaty
pay-by-card = Płatność odbywa się na bezpiecznej stronie operatora płatności; potem następuje powrót tutaj. Wcześniej nic nie zostanie pobrane.
pay-reference = W tytule płatności podaj numer { $reference }.
pay-button = Zapłać { $amount }
pay-promise = Zapłacę w ten sposób
pay-link = Zapłać { $amount }
pay-nothing = Nic nie pozostało do zapłaty: ta rezerwacja jest rozliczona.
pay-booking-canceled = Ta rezerwacja jest anulowana. Nic nie trzeba tu płacić.
pay-above-balance = Do zapłaty pozostało tylko { $amount }. Poproś o nowy link.
pay-below-minimum = Kwot niższych niż { $amount } nie można zapłacić kartą.
pay-not-now = Teraz nie można tu zapłacić.
pay-done = Dziękujemy: zapłacono { $amount }.
pay-promised = Dziękujemy. Czekamy na płatność.
pay-promised-next = Poniżej widać, jak zapłacić. Kwota będzie zapłacona z chwilą wpływu.
pay-changed = Dlatego nic nie pobrano. Poniżej jest aktualna kwota.
pay-back = Nic nie zapłacono
pay-failed = Płatność nie doszła do skutku
pay-back-next = Nic nie pobrano. Można spróbować ponownie w dowolnej chwili.
pay-waiting = Czekamy na odpowiedź banku
pay-waiting-next = Jeśli płatność właśnie została zlecona, za chwilę pojawi się tu potwierdzenie. Nie płać ponownie; { $operator } dowie się, gdy tylko pieniądze dotrą.

## Cofnięcie anulowania, zanim wyjdzie zwrot.
undo-offer = Zmiana planów? Anulowanie można cofnąć { $limit }.
undo-button = Cofnij anulowanie
undo-done = Anulowanie zostało cofnięte. Rezerwacja jest taka jak przedtem.

## Problemy.

problem-provider-unreachable = Operator płatności nie odpowiada
problem-provider-unreachable-next = Nic nie pobrano. Spróbuj ponownie za kilka minut.
problem-provider-refused = Teraz nie można zapłacić kartą
problem-provider-refused-next = Nic nie pobrano. Odpowiedz na wiadomość o rezerwacji, aby ktoś mógł pomóc.
problem-payment-pending = Inna płatność jest w toku
problem-payment-pending-next = Bank przetwarza już płatność za tę rezerwację. Przed kolejną próbą poczekaj na jego odpowiedź.
