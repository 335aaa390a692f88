### Co mówi tylko pakiet dla przeglądarki. Uwagi z początku rules.ftl obowiązują i tutaj; $window to kod organizatora.

reason-window_applies = { $service }: zasada „{ $window }” obowiązuje { $until }.
reason-price_changes = { $service }: cena zmienia się z { $old } na { $new }.
reason-refund_mode-never = Automatycznego zwrotu nie będzie.

## Element.

widget-offline = Nie można teraz połączyć się z tą rezerwacją
widget-offline_next = Być może nie ma połączenia. To, co widzisz, może być nieaktualne; nic się przez to nie zmieniło.
widget-unknown = Nie wiemy jeszcze, czy to się powiodło
widget-unknown_next = Połączenie zostało przerwane po potwierdzeniu. Spróbuj ponownie: stanie się to raz, niezależnie od liczby prób.
widget-retry = Spróbuj ponownie
widget-working = Chwileczkę …
widget-close = Zamknij
