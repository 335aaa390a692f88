// A customer's way in a real browser: the bill, the provider's own page, back to a page that tells the truth, then the cancellation and the money.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { alive, browser, open } from "../browser/stage.mjs";
import { Shop, UNDO_MS, url } from "./stage.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

test("from the bill through the provider's page to the refund", async () => {
  const shop = await Shop.open();
  const booking = await shop.book({ customer: { name: "Ana Kovač", email: "ana@example.com", locale: "en-GB" } });
  const bill = await shop.ok("POST", `/v1/bookings/${booking.id}/payment-links`, { ask: { type: "balance" }, note: "See you on Friday" });
  const { page, complaints, context } = await open(chromium, { at: shop.at });
  await page.goto(bill.url);
  await page.getByText("See you on Friday").waitFor();
  await page.getByRole("button", { name: /€109\.98/ }).click();

  await page.getByRole("heading", { name: "Checkout" }).waitFor();
  await page.getByRole("link", { name: "Back" }).click();
  await page.waitForURL(/\/canceled/);
  await page.getByRole("button", { name: /€109\.98/ }).click();
  await page.getByRole("button", { name: "Pay", exact: true }).click();
  await page.waitForURL(/\/done/);
  const before = await page.locator("main").textContent();

  await shop.deliver();
  await shop.work();
  await page.reload();
  assert.notEqual(await page.locator("main").textContent(), before, "now it is known");
  assert.equal(await page.getByRole("button", { name: /€109\.98/ }).count(), 0, "nothing is left to pay");

  await page.goto(`${url}/b/${booking.token}`);
  await alive(page);
  await page.getByText("Paid", { exact: true }).first().waitFor();
  assert.equal((await shop.cancel(booking)).status, 201);
  await page.reload();
  await page.getByText("Canceled", { exact: true }).first().waitFor();
  await shop.later(UNDO_MS);
  await shop.work();
  await shop.deliver();
  const { booking: ended, totals } = await shop.booking(booking);
  assert.deepEqual([ended.refunds[0].state, totals.balance.amount], ["settled", "0.00"]);
  assert.deepEqual(complaints, []);
  await context.close();
});
