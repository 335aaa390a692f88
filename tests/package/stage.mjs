// The stage of the package's tests: the packed tarball, installed where an example or a test needs it, and a site of one's own.
//
// npm installs a folder once; while its dependencies stay the same only the package is replaced, so that a second run asks no registry.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const web = join(root, "web-pkg");
const scratch = join(root, "target/xtask/package");
const examples = join(scratch, "examples");

/** What canceling all of the examples' booking comes to, by the rules: what every example has to say. */
export const SAID = /^Costs €\d+\.\d\d, pays back €\d+\.\d\d\.$/;

export const run = (program, args, options = {}) => execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options });

let tarball;
/** The tarball that `npm pack` makes, with the list of what is in it. */
export function packed() {
  if (tarball) return tarball;
  mkdirSync(scratch, { recursive: true });
  const [{ filename, files }] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", scratch], { cwd: web }));
  return (tarball = { path: join(scratch, filename), files: files.map(({ path }) => path) });
}

/** An example's folder with the tarball installed. */
export function example(name) {
  packed();
  const folder = join(examples, name);
  const source = join(web, "examples", name);
  mkdirSync(examples, { recursive: true });
  cpSync(join(web, "examples/booking.json"), join(examples, "booking.json"));
  cpSync(source, folder, { recursive: true });
  install(folder);
  return folder;
}

/** A folder of a test's own, with the tarball and what else the test names installed. */
export function project(name, files) {
  packed();
  const folder = join(examples, name);
  mkdirSync(folder, { recursive: true });
  const manifest = { name, private: true, type: "module", dependencies: { leeway: "file:../../leeway-0.1.0.tgz" } };
  for (const [path, text] of Object.entries({ "package.json": JSON.stringify(manifest), ...files })) writeFileSync(join(folder, path), text);
  install(folder);
  return folder;
}

function install(folder) {
  const wanted = readFileSync(join(folder, "package.json"), "utf8");
  const stamp = join(folder, "node_modules/.stamp");
  const inside = join(folder, "node_modules/leeway");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
    rmSync(inside, { recursive: true, force: true });
    mkdirSync(inside, { recursive: true });
    run("tar", ["-xzf", packed().path, "--strip-components=1", "-C", inside]);
    return;
  }
  rmSync(join(folder, "node_modules"), { recursive: true, force: true });
  rmSync(join(folder, "package-lock.json"), { force: true });
  run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
  writeFileSync(stamp, wanted);
}

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm", ".css": "text/css" };

/** A site on a loopback port of its own that serves a folder, with more headers if wanted. */
export async function site(folder, headers = {}) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://site").pathname));
    const file = join(folder, path.endsWith(sep) ? join(path, "index.html") : path);
    if (!file.startsWith(folder) || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...(typeof headers === "function" ? headers() : headers) });
    response.end(readFileSync(file));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/**
 * The worker behind a port of its own, which tells it what time it is: a page that sent that header would ask another leave than it does
 * outside of tests. `at` is the time; `lose` drops the next answer of a door after the worker gave it.
 */
export async function clocked(worker, at) {
  const door = { at, lose: "" };
  const server = createServer((request, response) => {
    const headers = { ...request.headers, "leeway-test-now": door.at };
    const passed = forward(worker + request.url, { method: request.method, headers }, (answer) => {
      if (door.lose && request.method === "POST" && request.url.endsWith(door.lose)) {
        door.lose = "";
        // Broken off in the middle: a connection that ends before it a browser would try again by itself.
        response.writeHead(answer.statusCode, answer.headers);
        response.write("{", () => answer.resume().on("end", () => request.socket.destroy()));
        return;
      }
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => request.socket.destroy());
    request.pipe(passed);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return Object.assign(door, { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() });
}
