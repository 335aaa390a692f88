// The main job: from the link in the mail to the receipt, with JavaScript and without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { alive, book, box, browser, eur, NOW, open, quoteOf, viewOf } from "./stage.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** From the review on it is the same for everybody. */
async function confirmAndReload(page, booking) {
  await page.getByRole("heading", { name: "Review your cancellation" }).waitFor();
  assert.equal(await page.locator('[data-slot="fee"]').textContent(), "€38.33");
  assert.equal(await page.locator('[data-slot="refund"]').textContent(), "€38.32");
  await page.getByText("50% of €76.65").waitFor();
  await page.getByText("These amounts hold until 12:15 (Zagreb time).").waitFor();
  assert.equal((await viewOf(booking)).status, "booked", "a review changes nothing");

  await page.getByRole("button", { name: "Cancel and refund €38.32" }).click();
  await checkReceipt(page);
  const { version } = await viewOf(booking);
  await page.reload();
  await checkReceipt(page);
  const view = await viewOf(booking);
  assert.equal(view.version, version, "a reload changes nothing");
  assert.equal(view.status, "partly_canceled");
  assert.deepEqual(view.totals.promised, eur("38.32"));
  assert.deepEqual(view.booking.refunds.map((refund) => refund.amount), [eur("38.32")]);
}

async function checkReceipt(page) {
  const receipt = page.locator(".receipt");
  await receipt.getByText("Harbor walk: Ana Kovač, Ivo Babić").waitFor();
  assert.equal(await receipt.locator('[data-slot="done-fee"]').textContent(), "€38.33");
  assert.equal(await receipt.locator('[data-slot="done-refund"]').textContent(), "€38.32");
  await receipt.getByText("Refund requested: €38.32 to your card.").waitFor();
  await page.getByText("Partly canceled", { exact: true }).waitFor();
  assert.equal(await page.locator(".person.gone").count(), 2);
}

test("two of three guests, with JavaScript (worked example 10)", async () => {
  const booking = await book();
  const { page, complaints, context } = await open(chromium);
  await page.goto(booking.url);
  await alive(page);
  await page.getByText("Choose what to cancel").waitFor();
  assert.ok(await page.locator("#live-button").isDisabled());

  await box(page, "Ana Kovač").check();
  await box(page, "Ivo Babić").check();
  await page.getByRole("button", { name: "Review: refund €38.32" }).waitFor();
  assert.equal(await page.locator('#live [data-slot="fee"]').textContent(), "€38.33");
  assert.equal(await page.locator('#live [data-slot="refund"]').textContent(), "€38.32");
  await page.locator("#live-steps").getByText("50% of €76.65").waitFor();

  await page.locator("#live-button").click();
  await confirmAndReload(page, booking);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the same without JavaScript", async () => {
  const booking = await book();
  const { page, context } = await open(chromium, { javaScriptEnabled: false });
  await page.goto(booking.url);
  await page.getByText("Canceling everything now costs €54.99 and pays back €54.99").first().waitFor();
  await box(page, "Ana Kovač").check();
  await box(page, "Ivo Babić").check();
  await page.getByRole("button", { name: "Review the cancellation" }).click();
  await confirmAndReload(page, booking);
  await context.close();
});

test("without JavaScript a form without a choice says so", async () => {
  const booking = await book();
  const { page, context } = await open(chromium, { javaScriptEnabled: false });
  await page.goto(booking.url);
  await page.getByRole("button", { name: "Review the cancellation" }).click();
  await page.getByRole("alert").getByText("Nothing chosen yet").waitFor();
  await context.close();
});

test("a name is changed from the page", async () => {
  const booking = await book();
  const { page, complaints, context } = await open(chromium);
  await page.goto(booking.url);
  await page.getByText("Change a name").click();
  await page.getByLabel("New name instead of Mia Novak").fill("Pia Novak");
  await page.locator("form", { has: page.getByLabel("New name instead of Mia Novak") }).getByRole("button").click();
  await page.getByText("The name is changed.").waitFor();
  await box(page, "Pia Novak").waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("what is past its limit is disabled and says until when it was possible", async () => {
  const late = { ...GUESTS_LATE };
  const booking = await book({ policy: CLOSED, items: [late, { ...late, service: "Boat trip", slot: LATER }] , paid: "66.66" });
  const { page, complaints, context } = await open(chromium, { at: "2026-07-10T07:00:00.000Z" });
  await page.goto(booking.url);
  await alive(page);
  assert.ok(await box(page, "Ana Kovač").first().isDisabled());
  await page.getByText("This could be canceled until Thu, 9 Jul 2026, 22:00 (Zagreb time).").waitFor();
  await page.getByRole("checkbox", { name: "Ana Kovač" }).nth(1).check();
  await page.getByRole("button", { name: "Review: refund €33.33" }).click();
  await page.getByRole("button", { name: "Cancel and refund €33.33" }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a choice that closes while one looks is refused with its reason", async () => {
  const booking = await book({ policy: CLOSED, items: [GUESTS_LATE], paid: "33.33" });
  const { page, context } = await open(chromium);
  await page.goto(booking.url);
  await alive(page);
  await page.locator("#live-button").click();
  await page.getByRole("heading", { name: "Review your cancellation" }).waitFor();
  await context.setExtraHTTPHeaders({ "leeway-test-now": "2026-07-09T20:00:00.001Z" });
  await page.getByRole("button", { name: /^Cancel and refund/ }).click();
  await page.getByRole("alert").getByText("This could be canceled until Thu, 9 Jul 2026, 22:00 (Zagreb time).").waitFor();
  assert.equal((await viewOf(booking)).status, "booked");
  await context.close();
});

test("the page asks again when a window passes", async () => {
  const booking = await book();
  const at = "2026-07-09T07:59:30.000Z";
  const { page, complaints, context } = await open(chromium, { at });
  await page.clock.install({ time: new Date(at) });
  await page.goto(booking.url);
  await alive(page);
  await box(page, "Mia Novak").check();
  await page.getByRole("button", { name: "Review: refund €16.67" }).or(page.getByRole("button", { name: "Review: refund €16.66" })).waitFor();
  await context.setExtraHTTPHeaders({ "leeway-test-now": "2026-07-09T08:00:05.000Z" });
  await page.clock.fastForward(40_000);
  await page.getByRole("button", { name: "Review: no refund" }).waitFor();
  const { fee } = await quoteOf(booking, { participants: [await idOf(booking, 2)] }, "2026-07-09T08:00:05.000Z");
  assert.deepEqual(fee, eur("33.33"));
  assert.ok(await box(page, "Mia Novak").isChecked(), "the choice is kept");
  assert.deepEqual(complaints, []);
  await context.close();
});

const idOf = async (booking, index) => (await viewOf(booking, NOW)).booking.items[0].participants[index].id;

const CLOSED = {
  name: "closed",
  cancel: { hours: 12 },
  refund: { hours: 12 },
  rebook: null,
  rename: null,
  windows: [{ code: "free", until: { hours: 12 }, refund: "automatic" }],
};
const GUESTS_LATE = {
  service: "Harbor walk",
  slot: { starts_at: "2026-07-10T08:00:00Z", ends_at: "2026-07-10T10:00:00Z", zone: "Europe/Zagreb" },
  participants: [{ name: "Ana Kovač", price: eur("33.33") }],
};
const LATER = { starts_at: "2026-07-20T08:00:00Z", ends_at: "2026-07-20T10:00:00Z", zone: "Europe/Zagreb" };
