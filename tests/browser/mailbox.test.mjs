// The mailbox of one's own machine: what a customer would have read, and the way from it to the booking.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { book, browser, call, NOW, open, url } from "./stage.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TRANSPORT = { sender: { name: "Harbor Tours", address: "tours@example.com" }, transport: { type: "mailbox" } };

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** An operator whose mailbox has the confirmation of a booking. */
async function delivered() {
  const booked = await book({ paid: undefined });
  await call("PUT", "/v1/mail", TRANSPORT, booked);
  const { operator } = await call("GET", `/v1/bookings/${booked.id}`, undefined, booked);
  // The booking was made before mail was set: its payment is the first that is told.
  await call("POST", `/v1/bookings/${booked.id}/payments`, { method: "card", amount: { amount: "109.98", currency: "EUR" } }, booked);
  const ran = await fetch(`${url}/test/operators/${operator.id}/run-due`, { method: "POST", body: "", headers: { "leeway-test-now": NOW } });
  assert.equal(ran.status, 200);
  return { ...booked, mailbox: `${url}/mailbox/${operator.id}` };
}

/** Where the button is in a message of this width. */
async function place(context, html, { width, height }) {
  const page = await context.newPage();
  await page.setViewportSize({ width: Math.round(width) - 2, height: Math.round(height) - 2 });
  await page.setContent(html);
  const box = await page.getByRole("link", { name: "See your booking" }).boundingBox();
  await page.close();
  return box;
}

for (const width of [390, 1280])
  test(`from the list to the message to the booking, at ${width} px`, async () => {
    const { mailbox, url: booking } = await delivered();
    const { page, context, complaints } = await open(chromium, { viewport: { width, height: 1500 } });
    await page.goto(mailbox);
    await page.getByRole("link", { name: /^Payment received for booking HT-1$/ }).click();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the screen");
    // Nothing runs in the frame, not even what a test would: the button is found in a copy of it, and pressed where it is.
    const frame = page.getByTitle("The message");
    await frame.scrollIntoViewIfNeeded();
    const [outer, inner] = [await frame.boundingBox(), await place(context, await frame.getAttribute("srcdoc"), await frame.boundingBox())];
    const opening = context.waitForEvent("page");
    await page.mouse.click(outer.x + inner.x + inner.width / 2, outer.y + inner.y + inner.height / 2);
    const opened = await opening;
    await opened.waitForLoadState();
    assert.equal(opened.url(), booking);
    await opened.getByRole("heading", { name: "Booking HT-1" }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

test("axe finds nothing", async () => {
  const { mailbox } = await delivered();
  const { page, context } = await open(chromium, { bypassCSP: true });
  for (const path of [mailbox, `${mailbox}/1`]) {
    await page.goto(path);
    await page.addScriptTag({ content: AXE });
    const { violations } = await page.evaluate(() => window.axe.run(document, { iframes: false }));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  }
  await context.close();
});
