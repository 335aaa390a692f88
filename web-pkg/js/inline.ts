// Hosts that cannot load a second file: the WebAssembly is in the script, a third larger.

import bytes from "leeway-bytes";
import { load, type Source } from "./rules.js";

export * from "./rules.js";

/** Loads the rules; call it once and wait for it before anything else. Called again it does nothing more. */
export function init(source?: Source | Promise<Source>): Promise<void> {
  return load(() => source ?? (bytes as BufferSource));
}

export default init;
