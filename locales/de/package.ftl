### Was nur das Paket für den Browser sagt. Was am Anfang von rules.ftl steht, gilt auch hier; $window ist ein Kürzel des Anbieters.

reason-window_applies = Für { $service } gilt die Regel „{ $window }“ { $until }.
reason-price_changes = Der Preis ändert sich von { $old } auf { $new }: { $service }.
reason-refund_mode-never = Nichts wird automatisch erstattet.

## Das Element.

widget-offline = Ihre Buchung ist gerade nicht erreichbar
widget-offline-next = Vielleicht besteht keine Verbindung. Was Sie sehen, kann veraltet sein; geändert wurde dadurch nichts.
widget-unknown = Wir wissen noch nicht, ob das ausgeführt wurde
widget-unknown-next = Die Verbindung brach ab, nachdem Sie bestätigt hatten. Versuchen Sie es noch einmal: Es wird nur einmal ausgeführt, auch bei mehreren Versuchen.
widget-retry = Noch einmal versuchen
widget-working = Einen Moment …
widget-close = Schließen
