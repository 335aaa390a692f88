### Was nur das Paket für den Browser sagt. Was am Anfang von rules.ftl steht, gilt auch hier; $window ist ein Kürzel des Anbieters.

reason-window_applies = Für { $service } gilt die Regel „{ $window }“ { $until }.
reason-price_changes = Der Preis ändert sich von { $old } auf { $new }: { $service }.
reason-refund_mode-never = Nichts wird automatisch erstattet.
