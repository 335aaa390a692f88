// Every page in every language: what it says (tests/fixtures/pages, to be read by people), that it is accessible and fits, and that the
// language is kept from page to page. LEEWAY_WRITE=1 writes the fixtures anew, LEEWAY_SHOTS=folder takes pictures.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { alive, book, box, browser, call, eur, HALF, MOVABLE, open, url, WALKS } from "./stage.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = process.env.LEEWAY_SHOTS;
const LANGUAGES = { en: "en-GB", pl: "pl-PL", de: "de-DE" };

/** One window of every kind: free, then by steps, with something kept and something to approve. */
const STEPS = {
  ...MOVABLE,
  name: "steps",
  keep: ["insurance"],
  gateway_fee: "kept",
  rename: { hours: 2 },
  windows: [
    { code: "free", until: { days: 20 } },
    { code: "half", until: { days: 5 }, percent: "12.5", fixed: eur("2.50"), per_participant: eur("1.25"), min: eur("9.00"), refund: "approval" },
    { code: "last", until: "start", percent: "100", refund: "never" },
  ],
};

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** A booking that was canceled for a voucher with a bonus. */
async function vouched(language) {
  const customer = { name: "Ana Kovač", email: "ana@example.com", locale: LANGUAGES[language] };
  const booking = await book({ policy: { ...HALF, voucher: { bonus: "10", bonus_valid_days: 365 } }, more: { customer } });
  const action = { type: "cancel", selection: { all: true }, refund_to: "voucher" };
  const { token } = await call("POST", `/v1/control/${booking.token}/quotes`, action);
  await call("POST", `/v1/control/${booking.token}/actions`, { action, quote: token });
  return booking;
}

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

/** Looks at a page: nothing of axe's, nothing too wide; answers what it says. */
async function seen(page, what, { language, width, told }) {
  assert.equal(await page.locator("html").getAttribute("lang"), language, what);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`), [], what);
  if (SHOTS) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}/${language}-${width}-${what.replaceAll(" ", "-")}.png`, fullPage: true });
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${what} in ${language} is ${wide} px too wide`);
  told.push(`# ${what}\n\n${await page.evaluate(() => document.body.innerText)}`);
}

/** From the booking to both receipts, and to what is not possible. */
async function tour(page, booking, look) {
  const at = (what) => seen(page, what, look);
  await page.goto(booking.url);
  await alive(page);
  await at("booking");
  await page.locator("details.rename summary").first().click();
  await box(page, "Ivo Babić").check();
  await page.locator("#live-steps li").first().waitFor({ state: "attached" });
  await at("choice");
  await page.locator("#live-button").click();
  await page.locator("form.confirm").waitFor();
  await at("review");
  await page.locator("button.danger").click();
  await page.locator(".receipt").waitFor();
  await at("receipt");
  await page.locator('a[href*="/reschedule?item="]').first().click();
  await page.locator("table.month").waitFor();
  await at("reschedule");
  await page.locator("table.month a").first().click();
  await page.locator("#times").waitFor();
  await at("times");
  await page.locator('input[name="slot"]').last().check();
  await page.locator("form.times button").click();
  await page.locator("form.confirm").waitFor();
  await at("move review");
  await page.locator("button.go").click();
  await page.locator(".receipt").waitFor();
  await at("moved");
  await page.goto(`${url}/b/nonsense`);
  await at("problem");
  const { url: bill } = await call("POST", `/v1/bookings/${booking.id}/payment-links`, { ask: { type: "balance" } }, { key: booking.key });
  await page.goto(bill);
  await at("bill");
  const { path } = await vouched(look.language);
  await page.goto(url + path);
  await at("voucher");
  look.told.push(look.told.pop().replace(UUID, "‹code›"));
  const other = await page.context().browser().newContext({ javaScriptEnabled: false, extraHTTPHeaders: { "leeway-test-now": "2026-07-01T10:00:00.000Z" } });
  const plain = await other.newPage();
  await plain.goto(`${booking.url}/cancel`);
  assert.equal(await plain.locator("html").getAttribute("lang"), look.language);
  look.told.push(`# nothing chosen\n\n${await plain.locator('[role="alert"]').innerText()}`);
  await other.close();
}

for (const [language, locale] of Object.entries(LANGUAGES)) {
  for (const width of [390, 1280])
    test(`pages in ${language}, ${width} px`, async () => {
      const customer = { name: "Ana Kovač", email: "ana@example.com", locale };
      const booking = await book({ policy: STEPS, slots: WALKS, paid: "80.00", more: { customer } });
      const { page, complaints, context } = await open(chromium, { viewport: { width, height: 900 }, locale });
      const told = [];
      await tour(page, booking, { language, width, told });
      assert.deepEqual(complaints.filter((complaint) => !complaint.includes("404")), [], "only the broken link is not found");
      await context.close();
      if (width !== 1280) return;
      const file = new URL(`../fixtures/pages/${language}.txt`, import.meta.url);
      const text = `${told.join("\n\n")}\n`;
      if (process.env.LEEWAY_WRITE) writeFileSync(file, text);
      assert.equal(text, readFileSync(file, "utf8"), "LEEWAY_WRITE=1 writes it anew; read it before it goes in");
    });
}

test("another language is asked for and kept, with JavaScript and without", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const booking = await book({ policy: STEPS, slots: WALKS });
    const { page, complaints, context } = await open(chromium, { javaScriptEnabled });
    const lang = () => page.locator("html").getAttribute("lang");
    await page.goto(booking.url);
    assert.equal(await lang(), "en");
    await page.getByRole("link", { name: "Deutsch" }).click();
    await page.getByRole("heading", { name: "Buchung HT-1" }).waitFor();
    await box(page, "Mia Novak").check();
    await page.locator("#live-button").click();
    await page.getByRole("heading", { name: "Stornierung prüfen" }).waitFor();
    await page.getByRole("link", { name: "Polski" }).click();
    await page.getByRole("heading", { name: "Sprawdź anulowanie" }).waitFor();
    await page.getByText("Mia Novak").waitFor();
    await page.locator("button.danger").click();
    await page.locator(".receipt").getByRole("heading", { name: "Anulowano" }).waitFor();
    await page.getByRole("link", { name: "Zmień termin: Harbor walk" }).click();
    await page.locator("table.month a").first().click();
    await page.locator('input[name="slot"]').first().check();
    await page.getByRole("button", { name: "Sprawdź zmianę terminu" }).click();
    await page.getByRole("heading", { name: "Sprawdź nowy termin" }).waitFor();
    await page.getByRole("link", { name: "Wróć do rezerwacji" }).or(page.getByRole("link", { name: /Zmiana terminu/ })).first().click();
    assert.equal(await lang(), "pl");
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test("the page asks for itself again in its own language", async () => {
  const booking = await book();
  const at = "2026-07-09T07:59:30.000Z";
  const { page, context } = await open(chromium, { at });
  await page.clock.install({ time: new Date(at) });
  await page.goto(`${booking.url}?lang=de`);
  await alive(page);
  await context.setExtraHTTPHeaders({ "leeway-test-now": "2026-07-09T08:00:05.000Z" });
  await page.clock.fastForward(40_000);
  await page.locator("#lead").getByText("Alles zu stornieren kostet jetzt 109,98 €").waitFor();
  await context.close();
});

test("who is not known reads the browser's language", async () => {
  for (const [header, language] of [["pl-PL,pl;q=0.9,en;q=0.8", "pl"], ["hr,de;q=0.5", "de"], ["hr", "en"]]) {
    const answer = await fetch(`${url}/b/nonsense`, { headers: { "accept-language": header } });
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), new RegExp(`<html lang="${language}"`));
  }
  assert.match(await (await fetch(`${url}/b/nonsense?lang=de`, { headers: { "accept-language": "pl" } })).text(), /<html lang="de"/);
});
