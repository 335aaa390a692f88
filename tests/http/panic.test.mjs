// A bug of ours that panics: whoever hit it is told so, and nobody else notices.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, paid, refused } from "./client.mjs";

test("a panic is answered, loses nothing, and the next request finds a new instance", async () => {
  const booked = await paid();
  const path = `/v1/bookings/${booked.id}`;
  const commands = `/test/bookings/${booked.id}/commands`;
  const before = await call("GET", path, { key: booked.key });
  for (let round = 0; round < 3; round++) {
    refused(await call("POST", commands, { key: booked.key, body: { type: "panic" } }), 500, "internal");
    assert.deepEqual((await call("GET", path, { key: booked.key })).body, before.body);
  }
});

test("requests that are under way when it happens are answered", async () => {
  const [hit, other] = [await paid(), await paid()];
  const reads = Array.from({ length: 10 }, () => call("GET", `/v1/bookings/${other.id}`, { key: other.key }));
  const panic = call("POST", `/test/bookings/${hit.id}/commands`, { key: hit.key, body: { type: "panic" } });
  const answers = await Promise.all([panic, ...reads]);
  assert.equal(answers[0].status, 500);
  for (const { status } of answers.slice(1)) assert.ok(status === 200 || status === 500, `${status}`);
  assert.equal((await call("GET", `/v1/bookings/${other.id}`, { key: other.key })).status, 200);
});
