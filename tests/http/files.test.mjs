// What lies beside the worker: the pages' files and the description of the doors, under the worker's own headers.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { url } from "./client.mjs";

const FILES = [
  ["/openapi.json", "edge/openapi.json", "application/json", "no-store"],
  ["/assets/page.js", "edge/assets/page.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
  ["/assets/page.css", "edge/assets/page.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"],
  ["/assets/icon.svg", "edge/assets/icon.svg", "image/svg+xml", "public, max-age=31536000, immutable"],
  ["/assets/leeway.js", "build/assets/leeway.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
  ["/assets/leeway_bg.wasm", "build/assets/leeway_bg.wasm", "application/wasm", "public, max-age=31536000, immutable"],
];

for (const [path, file, type, cache] of FILES)
  test(`${path} is the file of the tree, with its headers`, async () => {
    const answer = await fetch(`${url}${path}?v=1`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), type);
    assert.equal(answer.headers.get("cache-control"), cache);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), await readFile(file));
    const head = await fetch(`${url}${path}`, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal((await head.arrayBuffer()).byteLength, 0);
  });

test("the folder shows nothing else", async () => {
  for (const path of ["/assets/openapi.json", "/assets/", "/assets/../openapi.json", "/assets/%2e%2e/entry.mjs", "/leeway_bg.wasm", "/page.js"]) {
    const answer = await fetch(`${url}${path}`);
    const expected = path === "/assets/../openapi.json" ? 200 : 404;
    assert.equal(answer.status, expected, path);
    await answer.arrayBuffer();
  }
});
