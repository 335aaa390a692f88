import type { Locale } from "../words.js";

/** English. The build makes the module from the Fluent files. */
declare const locale: Locale;
export default locale;
