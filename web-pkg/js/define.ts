// Defines `<leeway-booking>`, once.

import { LeewayBooking } from "./element.js";

export * from "./element.js";

// On a server there are none.
if (globalThis.customElements && !customElements.get("leeway-booking")) customElements.define("leeway-booking", LeewayBooking);
