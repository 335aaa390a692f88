// Cloudflare's workers: WebAssembly is compiled when a worker is deployed, so the module is imported.

import compiled from "./leeway_bg.wasm";
import { load, type Source } from "./rules.js";

export * from "./rules.js";

/** Loads the rules; call it once and wait for it before anything else. Called again it does nothing more. */
export function init(source?: Source | Promise<Source>): Promise<void> {
  return load(() => source ?? compiled);
}

export default init;
