import type { Locale } from "../words.js";

/** German. The build makes the module from the Fluent files. */
declare const locale: Locale;
export default locale;
