// Every example, with the tarball installed: built and run.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { browser } from "./browser.mjs";
import { example, root, run, SAID, site } from "./stage.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** What a page says, and that nothing in it complains. */
async function said(url) {
  const page = await chromium.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/favicon/.test(message.location().url) && complaints.push(message.text()));
  await page.goto(url);
  await page.waitForFunction(() => /pays back/.test(document.querySelector("#answer")?.textContent ?? ""));
  const text = await page.locator("#answer").textContent();
  await page.close();
  assert.deepEqual(complaints, []);
  return text;
}

test("Node", () => {
  assert.match(run(process.execPath, ["main.mjs"], { cwd: example("node") }).trim(), SAID);
});

test("plain HTML", async () => {
  const { url, close } = await site(dirname(example("plain-html")));
  assert.match(await said(`${url}/plain-html/`), SAID);
  close();
});

for (const name of ["vite-ts", "react"]) {
  test(`${name}, built`, async () => {
    const folder = example(name);
    run("npm", ["run", "build"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    assert.ok(readdirSync(join(folder, "dist/assets")).some((file) => file.endsWith(".wasm")), "the .wasm file is taken along");
    const { url, close } = await site(join(folder, "dist"));
    assert.match(await said(`${url}/`), SAID);
    close();
  });
}

test("vite-ts, while developing", async () => {
  const folder = example("vite-ts");
  const port = await free();
  const vite = spawn(process.execPath, ["node_modules/vite/bin/vite.js", "--port", port, "--strictPort", "--host", "127.0.0.1"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((ready) => vite.stdout.on("data", (text) => /ready in/.test(text) && ready()));
  assert.match(await said(`http://127.0.0.1:${port}/`), SAID);
  vite.kill();
});

test("workerd, bundled by wrangler", async () => {
  const folder = example("workerd");
  // Of an earlier package there may be another .wasm file.
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  run(join(root, "node_modules/.bin/wrangler"), ["deploy", "--dry-run", "--outdir", "dist"], { cwd: folder, env: { ...process.env, WRANGLER_SEND_METRICS: "false" } });
  const wasm = readdirSync(join(folder, "dist")).find((file) => file.endsWith(".wasm"));
  assert.ok(wasm, "the .wasm file is a module of its own");
  const port = await free();
  writeFileSync(join(folder, "config.capnp"), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [(name = "main.js", esModule = embed "dist/main.js"), (name = "${wasm}", wasm = embed "dist/${wasm}")],
    compatibilityDate = "2026-10-01",
  ))],
  sockets = [(name = "http", http = (), service = "main", address = "127.0.0.1:${port}")],
);
`);
  const workerd = spawn(process.env.WORKERD, ["serve", "config.capnp", "--control-fd=3"], { cwd: folder, stdio: ["ignore", "inherit", "inherit", "pipe"] });
  // It says so once it listens.
  await new Promise((ready, failed) => {
    workerd.stdio[3].once("data", ready);
    workerd.once("exit", (code) => failed(new Error(`workerd stopped with ${code}`)));
  });
  assert.match(await (await fetch(`http://127.0.0.1:${port}/`)).text(), SAID);
  workerd.kill();
});

test("each is ten lines to the first quote", () => {
  for (const [name, file] of [["plain-html", "main.js"], ["node", "main.mjs"], ["vite-ts", "main.ts"], ["react", "main.tsx"], ["workerd", "main.mjs"]]) {
    const lines = readFileSync(join(root, "web-pkg/examples", name, file), "utf8").split("\n").filter((line) => line.trim() && !/^\s*(\/\/|\/\*)/.test(line));
    const quoted = lines.findIndex((line) => /= quote\(/.test(line)) + 1;
    assert.ok(quoted > 0 && quoted <= 10, `${name}: line ${quoted}`);
  }
});

/** A port that nobody listens on now. */
function free() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(String(port)));
    });
  });
}
