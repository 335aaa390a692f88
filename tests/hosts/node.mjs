// Runs prepared vectors on the built browser package: `node tests/hosts/node.mjs PREPARED_JSON`.
// The last line is `ran N`.

import { readFileSync } from "node:fs";
import { run } from "./ask.mjs";
import { load } from "./package.mjs";

const file = process.argv[2];
if (file === undefined) throw new Error("usage: node node.mjs PREPARED_JSON");
const vectors = JSON.parse(readFileSync(file, "utf8"));
const leeway = load();

let failed = 0;
for (const vector of vectors) {
  const found = run(leeway, vector);
  if (found.length === 0) continue;
  failed += 1;
  console.log(`${vector.file}: ${vector.name}\n    ${found.join("\n    ")}`);
}
if (failed > 0) console.log(`${failed} of ${vectors.length} vectors failed`);
console.log(`ran ${vectors.length}`);
process.exitCode = failed > 0 || vectors.length === 0 ? 1 : 0;
