// Links: what a scanner, a stranger or a cut address can do (nothing), and that what is refused wakes no object.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { test } from "node:test";
import { ALL, BOOKING, call, eur, objects, paid, quote, refused, version, view } from "./client.mjs";

const changed = (text, at) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

test("opening a link, in any way a scanner does, changes nothing", async () => {
  const booked = await paid();
  const before = await call("GET", `/v1/bookings/${booked.id}`, { key: booked.key });
  const { participants } = booked.booking.items[0];
  const paths = [`/b/${booked.token}`, `/b/${booked.token}/cancel?all=1`, `/b/${booked.token}/cancel?participant=${participants[0].id}`, `/v1/control/${booked.token}`];
  for (const path of paths)
    for (const method of ["GET", "HEAD"])
      for (const headers of [{}, { purpose: "prefetch" }, { "user-agent": "Mozilla/5.0 (compatible; MailScanner/1.0)" }]) {
        const answer = await call(method, path, { headers });
        assert.equal(answer.status, 200, `${method} ${path}`);
        assert.equal(answer.headers.get("set-cookie"), null);
      }
  for (const door of ["quotes", "actions"])
    for (const method of ["GET", "HEAD"]) assert.equal((await call(method, `/v1/control/${booked.token}/${door}`)).status, 405);
  assert.deepEqual((await call("GET", `/v1/bookings/${booked.id}`, { key: booked.key })).body, before.body);
});

test("a POST without the shown quote changes nothing", async () => {
  const booked = await paid();
  const form = { "content-type": "application/x-www-form-urlencoded" };
  for (const body of ["all=1", "all=1&quote=", `all=1&quote=${booked.token}`, ""])
    assert.equal((await call("POST", `/b/${booked.token}/cancel`, { body, headers: form })).status, 422, body);
  assert.equal(await version(booked), 2);
});

test("every changed, cut or lengthened link is refused and wakes nothing", async () => {
  const { token } = await paid();
  const woken = objects();
  const forged = [];
  for (let at = 0; at < token.length; at++) forged.push(changed(token, at), token.slice(0, at) || "x");
  forged.push(`${token}A`, `${token}AAAA`, `${token}==`, "A".repeat(300), randomUUID(), encodeURIComponent("ü"));
  for (const link of forged) {
    refused(await view(link), 404, "link_unknown");
    const page = await call("GET", `/b/${link}`);
    assert.deepEqual([page.status, page.type], [404, "text/html"], link);
  }
  refused(await quote(changed(token, 70)), 404, "link_unknown");
  assert.deepEqual(objects(), woken);
});

test("a quote's token, an API key and another operator's id are no links", async () => {
  const { key, id, token } = await paid();
  const woken = objects();
  const { token: quoted } = (await quote(token)).body;
  for (const link of [quoted, key, key.slice(4), id]) refused(await view(link), 404, "link_unknown");
  assert.deepEqual(objects(), woken);
});

test("an expired link is refused without waking the object", async () => {
  const { token } = await paid();
  const end = Date.parse("2026-08-14T11:00:00Z") + 90 * 86_400_000;
  assert.equal((await view(token, { at: new Date(end).toISOString() })).status, 200);
  const expired = await view(token, { at: new Date(end + 1000).toISOString() });
  refused(expired, 410, "link_expired");
  assert.ok(byEntry(expired));
  assert.equal((await call("GET", `/b/${token}`, { at: new Date(end + 1000).toISOString() })).status, 410);
});

/** Who answered: an object says what that took of its store, the entry has none. */
const byEntry = (answer) => answer.headers.get("leeway-test-store") === null;

test("revoking stops every link at once, and they wake nothing; the new one works", async () => {
  const booked = await paid();
  const { token: quoted } = (await quote(booked.token)).body;
  const fresh = await call("POST", `/v1/bookings/${booked.id}/links`, { key: booked.key, body: "{}" });
  assert.equal(fresh.status, 201, fresh.text);
  assert.ok(!byEntry(fresh));
  const revoked = await view(booked.token);
  refused(revoked, 410, "link_revoked");
  assert.ok(byEntry(revoked), "the entry refuses by itself");
  refused(await quote(booked.token), 410, "link_revoked");
  refused(await call("POST", `/v1/control/${booked.token}/actions`, { body: { action: ALL, quote: quoted } }), 410, "link_revoked");
  const page = await call("GET", `/b/${booked.token}`);
  assert.deepEqual([page.status, page.type], [410, "text/html"]);
  assert.equal((await view(fresh.body.control_url.split("/b/")[1])).status, 200);
});

/** The same link, signed again with our key to show the booking only. */
function viewOnly(token) {
  const payload = Buffer.from(token, "base64url").subarray(0, -16);
  payload[2] = 1;
  const { current, keys } = JSON.parse(process.env.LEEWAY_LINK_KEYS);
  const purpose = Buffer.from("leeway/link/1");
  const mac = createHmac("sha256", Buffer.from(keys[current], "hex")).update(Buffer.from([0, 0, 0, purpose.length])).update(purpose).update(payload).digest();
  return Buffer.concat([payload, mac.subarray(0, 16)]).toString("base64url");
}

test("a voucher is spent by a code, which only a link that may change the booking shows (C13)", async () => {
  const { key, token, id } = await paid();
  const entered = await call("POST", `/v1/bookings/${id}/refunds`, { key, body: { reason: "compensation_on_return", amount: eur("15.00"), way: "voucher" } });
  const { code, voucher } = entered.body.voucher;
  const other = (await call("POST", "/v1/bookings", { key, body: BOOKING })).body;
  const spent = await call("POST", `/v1/bookings/${other.id}/payments`, { key, body: { method: "voucher", voucher: code, amount: eur("5.00") } });
  assert.equal(spent.status, 201, spent.text);
  const elsewhere = await call("GET", `/v1/control/${other.control_url.split("/b/")[1]}`);
  assert.ok(elsewhere.text.includes(voucher.id) && !elsewhere.text.includes(code), "the booking that it paid says which, and not how");
  assert.deepEqual((await view(token)).body.vouchers.map((shown) => [shown.code, shown.voucher.id]), [[code, voucher.id]]);
  const reads = await call("POST", "/v1/keys", { key, body: { name: "Reads", role: "read" } });
  const looking = { key: reads.body.api_key };
  for (const [path, more] of [[`/v1/control/${viewOnly(token)}`], [`/b/${viewOnly(token)}`], [`/v1/bookings/${id}`, looking], [`/v1/refunds/${voucher.refund}`, looking]]) {
    const { status, text } = await call("GET", path, more);
    assert.equal(status, 200, text);
    assert.ok(!text.includes(code), path);
  }
  assert.match((await call("GET", `/b/${token}`)).text, new RegExp(code));
});

test("a link that only shows the booking offers no change, and makes none", async () => {
  const booked = await paid();
  const only = viewOnly(booked.token);
  assert.equal((await view(only)).status, 200);
  const page = await call("GET", `/b/${only}`);
  assert.equal(page.status, 200);
  assert.doesNotMatch(page.text, /<form|reschedule/);
  assert.match((await call("GET", `/b/${booked.token}`)).text, /<form/);
  const { id } = booked.booking.items[0];
  refused(await quote(only), 403, "out_of_scope");
  refused(await call("GET", `/v1/control/${only}/slots?item=${id}&month=2026-08`), 403, "out_of_scope");
  for (const path of ["cancel?all=1", `reschedule?item=${id}`]) assert.equal((await call("GET", `/b/${only}/${path}`)).status, 403, path);
  assert.equal(await version(booked), 2);
});

test("one operator's key opens nothing of another's", async () => {
  const [mine, other] = [await paid(), await paid()];
  refused(await call("GET", `/v1/bookings/${other.id}`, { key: mine.key }), 404, "booking_unknown");
  refused(await call("GET", `/v1/bookings/${mine.id}`), 401, "unauthorized");
  const woken = objects();
  for (let at = 4; at < mine.key.length; at++) refused(await call("GET", `/v1/bookings/${mine.id}`, { key: changed(mine.key, at) }), 401, "unauthorized");
  refused(await call("POST", "/v1/operators", { key: mine.key, body: {} }), 401, "unauthorized");
  assert.deepEqual(objects(), woken);
});

test("every answer says that it is not to be kept, indexed or framed", async () => {
  const { token } = await paid();
  for (const path of [`/b/${token}`, `/b/${changed(token, 5)}`, `/v1/control/${token}`, "/nothing"]) {
    const { headers, type } = await call("GET", path);
    assert.equal(headers.get("referrer-policy"), "no-referrer", path);
    assert.equal(headers.get("cache-control"), "no-store", path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.match(headers.get("x-robots-tag"), /noindex/, path);
    if (type === "text/html") assert.match(headers.get("content-security-policy"), /default-src 'none'.*frame-ancestors 'none'/, path);
  }
});

test("a page that could not be made is there in every language, at the same place", async () => {
  const booked = await paid();
  const [forged, only] = [changed(booked.token, 5), viewOnly(booked.token)];
  const at = "2027-06-01T12:00:00.000Z";
  const form = { method: "POST", body: "x=1", headers: { "content-type": "application/x-www-form-urlencoded" } };
  const pages = [
    { path: `/b/${forged}`, status: 404, again: `/b/${forged}?lang=` },
    { path: `/b/${forged}/cancel?all=1&lang=pl`, status: 404, again: `/b/${forged}/cancel?all=1&amp;lang=` },
    { path: `/b/${booked.token}?lang=de`, status: 410, at, again: `/b/${booked.token}?lang=` },
    { path: `/b/${only}/cancel?all=1`, status: 403, again: `/b/${only}/cancel?all=1&amp;lang=` },
    { path: `/p/${forged}?lang=en`, status: 404, again: `/p/${forged}?lang=` },
    { path: `/b/${booked.token}/undo`, status: 405, again: `/b/${booked.token}/undo?lang=` },
    { path: `/b/${booked.token}/rename?lang=de`, status: 422, ...form, again: `/b/${booked.token}?lang=` },
    { path: `/b/${booked.token}/reschedule?item=${booked.id}&month=x&lang=pl`, status: 422, again: `/b/${booked.token}/reschedule?item=${booked.id}&amp;month=x&amp;lang=` },
  ];
  for (const { path, status, again, method = "GET", ...more } of pages) {
    const page = await call(method, path, more);
    assert.deepEqual([page.status, page.type], [status, "text/html"], path);
    const asked = path.match(/lang=(\w\w)/)?.[1] ?? "en";
    assert.match(page.text, new RegExp(`<html lang="${asked}"`), path);
    const led = [...page.text.matchAll(/<a href="([^"]*)" lang="(\w\w)"/g)].map(([, href, language]) => [href, language]);
    assert.deepEqual(led, ["en", "pl", "de"].filter((one) => one !== asked).map((one) => [again + one, one]), path);
    for (const [href, language] of led) {
      const other = await call("GET", href.replaceAll("&amp;", "&"), { at: more.at });
      assert.match(other.text, new RegExp(`<html lang="${language}"`), href);
      if (method === "GET") assert.equal(other.status, status, href);
    }
  }
});
