### Co mówi tylko pakiet dla przeglądarki. Uwagi z początku rules.ftl obowiązują i tutaj; $window to kod organizatora.

reason-window_applies = { $service }: zasada „{ $window }” obowiązuje { $until }.
reason-price_changes = { $service }: cena zmienia się z { $old } na { $new }.
reason-refund_mode-never = Automatycznego zwrotu nie będzie.
