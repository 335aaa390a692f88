// Every page is for everybody: axe finds nothing, nothing is refused by the content policy, nothing scrolls sideways on a phone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { alive, book, box, browser, open, url } from "./stage.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LOOKS = [
  { name: "390 light", viewport: { width: 390, height: 844 }, colorScheme: "light" },
  { name: "1280 light", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "390 dark", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
  { name: "1280 dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
];

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** No violation of axe's rules, best practices included, and no scrolling sideways. */
async function check(page, what) {
  // Injected by the debugger's own door, which no content policy binds.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  assert.deepEqual(found, [], what);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${what} is ${wide} px too wide`);
}

for (const { name, ...look } of LOOKS) {
  test(`pages are accessible and quiet, ${name}`, async () => {
    const booking = await book();
    const { page, complaints, context } = await open(chromium, look);
    await page.goto(booking.url);
    await alive(page);
    await check(page, "booking");
    await page.getByText("Change a name").click();
    await box(page, "Ana Kovač").check();
    await page.getByRole("button", { name: /^Review: refund/ }).waitFor();
    await check(page, "booking with a choice");
    await page.locator("#live-button").click();
    await page.locator("form.confirm").waitFor();
    await check(page, "review");
    await page.locator("button.danger").click();
    await page.locator(".receipt").waitFor();
    await check(page, "receipt");
    assert.deepEqual(complaints, [], "nothing was refused and nothing failed");
    await page.goto(`${url}/b/nonsense`);
    await check(page, "problem");
    await context.close();
  });
}

test("everything can be done with the keyboard", async () => {
  const booking = await book();
  const { page, context } = await open(chromium);
  await page.goto(booking.url);
  await alive(page);
  const focused = () => page.evaluate(() => document.activeElement?.value ?? document.activeElement?.id);
  const mia = await box(page, "Mia Novak").getAttribute("value");
  for (let presses = 0; presses < 20 && (await focused()) !== mia; presses++) await page.keyboard.press("Tab");
  assert.equal(await focused(), mia);
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: /^Review: refund/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Cancel and refund/ }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".receipt").waitFor();
  await context.close();
});
