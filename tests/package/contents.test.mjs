// What is in the tarball, and whether tools that others trust agree that it can be installed and typed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packed, project, root, run } from "./stage.mjs";

const bin = (name) => join(root, "node_modules/.bin", name);
const manifest = JSON.parse(readFileSync(join(root, "web-pkg/package.json"), "utf8"));

test("the tarball holds the package and nothing else", () => {
  const { files } = packed();
  const stray = files.filter((path) => !/^(pkg\/[\w/]+(\.d\.ts|\.js|_bg\.wasm)|package\.json|README\.md|custom-elements\.json)$/.test(path));
  assert.deepEqual(stray, []);
  assert.ok(!files.some((path) => /^pkg\/leeway\.(js|d\.ts)$/.test(path)), "what the package is made of stays at home");
  assert.equal(manifest.scripts, undefined, "nothing runs when it is installed");
  assert.equal(manifest.dependencies, undefined, "nothing else is installed");
  const named = JSON.stringify(manifest.exports).match(/\.\/(pkg|custom)[\w./-]+/g).map((path) => path.slice(2));
  assert.deepEqual(named.filter((path) => !files.includes(path)), [], "what is named is there");
});

test("publint finds nothing", () => {
  const said = run(bin("publint"), ["run", packed().path, "--strict"]);
  assert.match(said, /All good/, said);
});

test("the types are right for whoever imports ES modules", () => {
  // Whoever calls `require`, or resolves as Node 10 did, cannot use an ESM-only package at all.
  const files = ["leeway_bg.wasm", "custom-elements.json"];
  const said = run(bin("attw"), [packed().path, "--profile", "esm-only", "--format", "json", "--exclude-entrypoints", ...files]);
  const { analysis, problems } = JSON.parse(said);
  const entries = Object.keys(manifest.exports).filter((path) => !files.includes(path.slice(2)));
  assert.deepEqual(Object.keys(analysis.entrypoints).sort(), entries.sort(), "every entry but plain files was looked at");
  const esm = Object.values(problems).flat().filter(({ resolutionKind }) => ["bundler", "node16-esm"].includes(resolutionKind));
  assert.deepEqual(esm, []);
});

for (const [name, options] of [
  ["bundler", { module: "esnext", moduleResolution: "bundler" }],
  ["nodenext", { module: "nodenext" }],
]) {
  test(`types say what can be called, resolved as ${name}`, () => {
    const tsconfig = {
      compilerOptions: { target: "es2022", lib: ["es2022", "dom"], types: [], strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, ...options },
      include: ["types.ts"],
    };
    const types = readFileSync(new URL("./fixtures/types.ts", import.meta.url), "utf8");
    const folder = project(`types-${name}`, { "types.ts": types, "tsconfig.json": JSON.stringify(tsconfig) });
    run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--project", folder], { stdio: ["ignore", "inherit", "inherit"] });
  });
}

