// Pages of other sites use the control doors where the operator allows their site, and nowhere else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL, call, objects, paid, quote, refused, view } from "./client.mjs";

const SHOP = "https://shop.example.com";
const allow = (key, allowed_origins) => call("PUT", "/v1/settings", { key, body: { allowed_origins } });
const preflight = (token, origin, door = "/quotes") =>
  call("OPTIONS", `/v1/control/${token}${door}`, {
    headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
  });
const told = ({ headers }) => headers.get("access-control-allow-origin");

test("no site is allowed unless the operator says so", async () => {
  const { token } = await paid();
  refused(await preflight(token, SHOP), 403, "origin_not_allowed");
  const shown = await view(token, { headers: { origin: SHOP } });
  assert.deepEqual([shown.status, told(shown)], [200, null], "whoever has the link is answered; another site's page cannot read it");
});

test("an allowed site may ask, quote and act", async () => {
  const { key, token } = await paid();
  assert.equal((await allow(key, ["http://localhost:5173", SHOP])).status, 200);
  for (const door of ["", "/quotes", "/actions", "/undo", "/slots"]) {
    const answer = await preflight(token, SHOP, door);
    assert.deepEqual([answer.status, told(answer), answer.text], [204, SHOP, ""], door);
    assert.deepEqual(
      ["methods", "headers", "max-age"].map((name) => answer.headers.get(`access-control-allow-${name}`) ?? answer.headers.get(`access-control-${name}`)),
      ["GET, POST", "content-type", "86400"],
    );
    assert.equal(answer.headers.get("access-control-allow-credentials"), null, "no cookie is ever read");
    assert.match(answer.headers.get("vary"), /origin/i);
  }
  const headers = { origin: SHOP };
  assert.equal(told(await view(token, { headers })), SHOP);
  const quoted = await quote(token, ALL, { headers });
  assert.equal(told(quoted), SHOP);
  const acted = await call("POST", `/v1/control/${token}/actions`, { body: { action: ALL, quote: quoted.body.token }, headers });
  assert.deepEqual([acted.status, told(acted)], [201, SHOP]);
  const again = await quote(token, ALL, { headers });
  refused(again, 409, "nothing_to_cancel");
  assert.equal(told(again), SHOP, "a no can be read too");
  assert.equal(told(await view(token)), null, "whoever is no page needs no leave");
});

test("sites are compared to the letter, and leave is taken back", async () => {
  const { key, token } = await paid();
  await allow(key, [SHOP]);
  for (const origin of ["https://shop.example.com.evil.org", "http://shop.example.com", "https://shop.example.com:8443", "https://SHOP.example.com", "null"]) {
    refused(await preflight(token, origin), 403, "origin_not_allowed");
    assert.equal(told(await view(token, { headers: { origin } })), null, origin);
  }
  await allow(key, []);
  refused(await preflight(token, SHOP), 403, "origin_not_allowed");
  assert.equal(told(await view(token, { headers: { origin: SHOP } })), null);
  refused(await allow(key, ["*"]), 422, "malformed", "allowed_origins[0]");
});

test("one operator's sites are no other's", async () => {
  const [mine, theirs] = [await paid(), await paid()];
  await allow(mine.key, [SHOP]);
  assert.equal(told(await view(theirs.token, { headers: { origin: SHOP } })), null);
});

test("a forged link wakes nothing, and says to every page that it is none", async () => {
  const before = objects();
  for (const method of ["GET", "OPTIONS"]) {
    const answer = await call(method, "/v1/control/nonsense", { headers: { origin: SHOP } });
    refused(answer, 404, "link_unknown");
    assert.equal(told(answer), "*", "nothing of a booking is in it");
  }
  assert.deepEqual(objects(), before);
});

test("other doors ask no browser's leave", async () => {
  for (const path of ["/v1/bookings", "/v1/operators", "/healthz", "/b/nonsense"]) {
    const answer = await call("OPTIONS", path, { headers: { origin: SHOP } });
    assert.deepEqual([answer.status, told(answer)], [405, null], path);
  }
});
