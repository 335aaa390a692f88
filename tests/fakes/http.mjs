// What the fakes' HTTP servers have in common: a body with a limit, JSON answers, a free loopback port. No routing: each fake has its own doors.
import { createServer } from "node:http";

const BODY_BYTES_MAX = 1_000_000;

/** A server on a free loopback port; `answer(request, body)` gives `{ status, headers?, json?, text?, html? }` or undefined, which hangs up. */
export async function listen(answer) {
  const server = createServer(async (request, response) => {
    try {
      const said = await answer(request, await bodyOf(request));
      if (said === undefined) return void request.socket.destroy();
      send(response, said);
    } catch (error) {
      send(response, { status: 500, json: { fault_of_the_fake: String(error.stack) } });
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => closed(server) };
}

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error("the body is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response, { status = 200, headers = {}, json, html, text = "" }) {
  const type = json !== undefined ? "application/json" : html !== undefined ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
  response.writeHead(status, { "content-type": type, ...headers }).end(json !== undefined ? JSON.stringify(json) : (html ?? text));
}

function closed(server) {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}
