// The built browser package, as Node loads it. Not the browser's way: there `init()` fetches the .wasm file.

import { existsSync, readFileSync } from "node:fs";
import * as leeway from "../../web-pkg/pkg/rules.js";

/** Loads the rules; answers the package's functions. */
export function load() {
  const wasm = new URL("../../web-pkg/pkg/leeway_bg.wasm", import.meta.url);
  if (!existsSync(wasm)) throw new Error(`there is no ${wasm.pathname}: \`cargo xtask build\` makes it`);
  leeway.initSync(readFileSync(wasm));
  return leeway;
}
