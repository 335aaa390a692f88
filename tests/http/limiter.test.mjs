// One link cannot keep an object busy: a burst, then a trickle.
import assert from "node:assert/strict";
import { test } from "node:test";
import { paid, refused, view } from "./client.mjs";

test("a link has a burst of 120 and 20 a second after that; another link has its own", async () => {
  const [mine, other] = [await paid(), await paid()];
  const at = "2026-06-02T00:00:00.000Z";
  for (let n = 0; n < 120; n++) assert.equal((await view(mine.token, { at })).status, 200, `view ${n}`);
  const answer = await view(mine.token, { at });
  refused(answer, 429, "too_many_requests");
  assert.equal(answer.headers.get("retry-after"), "1");
  assert.equal((await view(other.token, { at })).status, 200);
  assert.equal((await view(mine.token, { at: "2026-06-02T00:00:00.050Z" })).status, 200, "one more after 50 ms");
  refused(await view(mine.token, { at: "2026-06-02T00:00:00.050Z" }), 429, "too_many_requests");
});
