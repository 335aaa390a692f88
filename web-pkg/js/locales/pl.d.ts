import type { Locale } from "../words.js";

/** Polish. The build makes the module from the Fluent files. */
declare const locale: Locale;
export default locale;
