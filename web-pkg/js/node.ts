// Node, Deno and Bun: the .wasm file lies beside this one and is read.

import { load, type Source } from "./rules.js";

export * from "./rules.js";

/**
 * Loads the rules; call it once and wait for it before anything else. Called again it does nothing more, after a failure it tries again.
 *
 * @param source Where the .wasm file is, if not beside this module.
 */
export function init(source?: Source | Promise<Source>): Promise<void> {
  return load(async () => source ?? (await import("node:fs/promises")).readFile(new URL("./leeway_bg.wasm", import.meta.url)));
}

export default init;
