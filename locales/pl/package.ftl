### Co mówi tylko pakiet dla przeglądarki. Uwagi z początku rules.ftl obowiązują i tutaj; $window to kod organizatora.

reason-window_applies = { $service }: zasada „{ $window }” obowiązuje { $until }.
reason-price_changes = { $service }: cena zmienia się z { $old } na { $new }.
reason-refund_mode-never = Automatycznego zwrotu nie będzie.

## Element.

widget-offline = Nie można teraz połączyć się z tą rezerwacją
widget-offline-next = Być może nie ma połączenia. Widoczne dane mogą być nieaktualne; nic nie zostało przez to zmienione.
widget-unknown = Nie wiadomo jeszcze, czy operacja została wykonana
widget-unknown-next = Połączenie zostało przerwane po potwierdzeniu. Spróbuj ponownie: operacja zostanie wykonana tylko raz, niezależnie od liczby prób.
widget-retry = Spróbuj ponownie
widget-working = Chwileczkę…
widget-close = Zamknij
