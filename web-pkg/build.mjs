// Makes the npm package around what wasm-bindgen made: `node web-pkg/build.mjs`, which `cargo xtask build` runs once `pkg` holds
// `leeway.js`, `leeway.d.ts` and `leeway_bg.wasm`.
//
// Every host's file imports `./rules.js`, so that the rules are loaded once in a page whoever asks for them. What is bundled is what is ours
// and Fluent's resolver; locales are read here, so that no reader of Fluent is shipped.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FluentResource } from "@fluent/bundle";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const pkg = join(here, "pkg");
const source = (name) => join(here, "js", name);

/** Files of the package that others of it import, and so are never taken into one. */
const SHARED = /^\.\/(rules|words|web|element)\.js$|^\.\/locales\/\w+\.js$/;
const LANGUAGES = ["en", "pl", "de"];
/** Sentences that codes are told by, and names; `words.ts` and `speak.mjs` put their keys together. */
const TOLD = /^(fee|reason|next|refusal|time|city|code)-/;

const apart = {
  name: "apart",
  setup(build) {
    build.onResolve({ filter: SHARED }, ({ path, kind }) => (kind === "entry-point" ? undefined : { path, external: true }));
    build.onResolve({ filter: /^\.\.\/(rules|words|web)\.js$/ }, ({ path }) => ({ path: path.slice(1), external: true }));
    build.onResolve({ filter: /^leeway-bytes$/ }, () => ({ path: join(pkg, "leeway_bg.wasm"), namespace: "bytes" }));
    build.onLoad({ filter: /./, namespace: "bytes" }, ({ path }) => ({ contents: readFileSync(path), loader: "binary" }));
    build.onResolve({ filter: /_bg\.wasm$/ }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await packed(path), loader: "text" }));
  },
};

/** A style sheet without what only people read. */
async function packed(path) {
  const { outputFiles } = await build({ entryPoints: [path], minify: true, write: false, target: "es2022", logLevel: "error" });
  return outputFiles[0].text.trim();
}

const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  outdir: pkg,
  external: ["node:*"],
  alias: { "leeway-glue": join(pkg, "leeway.js") },
  plugins: [apart],
  logLevel: "error",
};

const entries = ["rules", "web", "node", "workerd", "inline", "words", "element", "define"];
await build({ ...common, entryPoints: entries.map((name) => source(`${name}.ts`)) });
declarations();
for (const language of LANGUAGES) locale(language);

function declarations() {
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  execFileSync(process.execPath, [tsc, "--project", source("tsconfig.json")], { stdio: "inherit" });
}

/** The sentences of a language that the package says, as a module. */
function locale(language) {
  const read = (name) => new FluentResource(readFileSync(join(here, "../locales", language, `${name}.ftl`), "utf8")).body;
  const said = spoken();
  const body = ["rules", "names", "package", "pages", "pay"].flatMap(read).filter(({ id }) => TOLD.test(id) || said.has(id) || said.has(id.replace(/-next$/, "")));
  const slim = {};
  for (const { id, value } of body) {
    const [group, ...name] = id.split("-");
    (slim[group] ??= {})[name.join("-")] = written(value);
  }
  mkdirSync(join(pkg, "locales"), { recursive: true });
  const file = (extension) => join(pkg, "locales", `${language}.${extension}`);
  writeFileSync(file("js"), `export default ${JSON.stringify({ locale: language, body: slim })};\n`);
  copyFileSync(source(`locales/${language}.d.ts`), file("d.ts"));
}

/**
 * A sentence as `words.ts` takes it apart again: `until {time}`, or where its words follow a count `{ count: { one: …, other: … } }`, the usual words last.
 */
function written(value) {
  const parts = [value].flat();
  const [{ type, selector, variants, star }] = parts;
  if (type === "select" && parts.length === 1 && selector.type === "var" && star === variants.length - 1) {
    return { [selector.name]: Object.fromEntries(variants.map(({ key, value }) => [key.value, written(value)])) };
  }
  return parts.map(place).join("");
}

function place(part) {
  if (part.type === "var") return `{${part.name}}`;
  if (typeof part === "string" && !/[{}]/.test(part)) return part;
  throw new Error(`the package has no form for ${JSON.stringify(part)}`);
}

/** What looks like the key of a sentence in the element's source. */
function spoken() {
  const files = ["element.ts", ...readdirSync(source("element")).map((name) => `element/${name}`)].filter((name) => name.endsWith(".ts"));
  const text = files.map((name) => readFileSync(source(name), "utf8")).join("\n");
  return new Set(text.match(/(?<=")[a-z]+-[a-z_]+(-[a-z_]+)*(?=")/g));
}
