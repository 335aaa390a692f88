// Another date: from the booking's page over month, day and review to the receipt, with JavaScript and without, for everybody.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { book, browser, MOVABLE, open, viewOf, WALKS } from "./stage.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

const booked = () => book({ policy: MOVABLE, slots: WALKS });

/** No violation of axe's rules, and no scrolling sideways. Without JavaScript the page cannot be asked: then it is only looked at. */
async function check(page, what) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`), [], what);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${what} is too wide`);
}

/** The whole way to the dearer evening; `seen` looks at every page. */
async function toTheEvening(page, booking, seen) {
  await page.goto(booking.url);
  await seen("booking");
  await page.getByRole("link", { name: "Reschedule Harbor walk" }).click();
  await page.getByRole("heading", { name: "Dates in July 2026" }).waitFor();
  await seen("month");
  await page.getByRole("link", { name: /15 July 2026, 2 times$/ }).click();
  await page.getByRole("heading", { name: /^Times on .*15 July 2026$/ }).waitFor();
  await seen("day");
  await page.getByRole("radio", { name: /^19:00.21:00/ }).check();
  await page.getByRole("button", { name: "Review the move" }).click();
  await page.getByRole("heading", { name: "Review the new date" }).waitFor();
  await seen("review");
  // Three tickets of 33.33 become 40.00 each; the insurance keeps its price; 5.00 for moving.
  assert.equal(await page.locator('[data-slot="old-price"]').textContent(), "€109.98");
  assert.equal(await page.locator('[data-slot="new-price"]').textContent(), "€129.99");
  assert.equal(await page.locator('[data-slot="charged"]').textContent(), "€25.01");
  await page.getByText("€25.01 is due after this.").waitFor();
  await page.getByText(/The limits of your first date stay: Harbor walk can be canceled until .*10 Jul 2026/).waitFor();
  assert.equal((await viewOf(booking)).booking.items[0].slot.starts_at, "2026-07-10T08:00:00.000Z", "a review moves nothing");
  await page.getByRole("button", { name: /^Move to .*15 Jul 2026/ }).click();
  await page.locator(".receipt").waitFor();
  await seen("receipt");
}

for (const [name, look] of [
  ["390", { viewport: { width: 390, height: 844 } }],
  ["1280 dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" }],
])
  test(`to another date, ${name}`, async () => {
    const booking = await booked();
    const { page, complaints, context } = await open(chromium, look);
    await toTheEvening(page, booking, (what) => check(page, what));
    const receipt = page.locator(".receipt");
    assert.equal(await receipt.locator('[data-slot="done-charged"]').textContent(), "€25.01");
    await receipt.getByText(/^Harbor walk: Ana Kovač, Ivo Babić, Mia Novak to .*15 Jul 2026/).waitFor();
    await page.getByText("Another price on the new date").waitFor();
    const view = await viewOf(booking);
    assert.deepEqual([view.booking.items[0].slot.starts_at, view.totals.balance.amount], ["2026-07-15T17:00:00.000Z", "25.01"]);
    const { version } = view;
    await page.reload();
    await page.locator(".receipt").waitFor();
    assert.equal((await viewOf(booking)).version, version, "a reload changes nothing");
    assert.deepEqual(complaints, []);
    await context.close();
  });

test("to another date without JavaScript, one of three, in another month", async () => {
  const booking = await booked();
  const { page, context } = await open(chromium, { javaScriptEnabled: false });
  await page.goto(booking.url);
  await page.getByRole("link", { name: "Reschedule Harbor walk" }).click();
  await page.getByText("Move only some of them").click();
  await page.getByRole("checkbox", { name: "Ana Kovač" }).uncheck();
  await page.getByRole("checkbox", { name: "Ivo Babić" }).uncheck();
  await page.getByRole("button", { name: "Show dates for them" }).click();
  await page.getByText("Mia Novak. The others stay.").waitFor();
  await page.getByRole("link", { name: "Later: August 2026" }).click();
  await page.getByRole("link", { name: /3 August 2026, 1 time$/ }).click();
  await page.getByText("4 places left").waitFor();
  await page.getByRole("button", { name: "Review the move" }).click();
  await page.getByRole("button", { name: /^Move to .*3 Aug 2026/ }).click();
  await page.locator(".receipt").waitFor();
  const { items } = (await viewOf(booking)).booking;
  assert.deepEqual(items.map(({ slot, participants }) => [slot.starts_at, participants.filter(({ standing }) => standing === undefined || standing === "booked").length]), [["2026-07-10T08:00:00.000Z", 2], ["2026-08-03T08:00:00.000Z", 1]]);
  await context.close();
});

test("a month without a date leads to the next that has one", async () => {
  const booking = await book({ policy: MOVABLE, slots: [WALKS[0], WALKS[3]] });
  const { page, context } = await open(chromium);
  await page.goto(booking.url);
  await page.getByRole("link", { name: "Reschedule Harbor walk" }).click();
  await page.getByText("No date is free in July 2026.").waitFor();
  await page.getByRole("link", { name: "The next date is in August 2026" }).click();
  await page.getByRole("link", { name: /3 August 2026/ }).waitFor();
  await context.close();
});

test("past the limit there is no way to another date, and the page says until when there was", async () => {
  const booking = await booked();
  const { page, context } = await open(chromium, { at: "2026-07-09T08:00:00.001Z" });
  await page.goto(booking.url);
  await page.getByText(/^This could be moved until .*9 Jul 2026/).waitFor();
  assert.equal(await page.getByRole("link", { name: /Reschedule/ }).count(), 0);
  await context.close();
});
