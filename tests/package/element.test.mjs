// `<leeway-booking>` from the tarball, on a site of its own, against a worker that allows that site: by pointer and by keyboard, without a
// connection, in light and dark, narrow and wide.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { book, call, eur, GUESTS, HALF, money, MOVABLE, NOW, quoteOf, url as worker, viewOf } from "../browser/stage.mjs";
import { browser } from "./browser.mjs";
import { clocked, project, root, site } from "./stage.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const csp = (worker) => `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' ${worker}; base-uri 'none'; require-trusted-types-for 'script'`;
const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A shop</title><link rel="stylesheet" href="page.css">
<script type="module" src="page.js"></script></head><body><main><h1>Your booking</h1><leeway-booking></leeway-booking></main></body></html>`;
const SCRIPT = `
import "./node_modules/leeway/pkg/define.js";
const element = document.querySelector("leeway-booking");
globalThis.heard = [];
for (const name of ["loaded", "quoted", "committed", "undone", "refused"]) {
  document.addEventListener("leeway-" + name, ({ type, detail }) => heard.push({ type, detail: JSON.parse(JSON.stringify(detail)) }));
}
const asked = new URLSearchParams(location.search);
if (asked.get("lang")) element.lang = asked.get("lang");
element.src = asked.get("src");
`;
const STYLE = `:root { color-scheme: light dark; } body { margin: 0 auto; max-width: 72rem; padding: 1rem; } @media (max-width: 30rem) { body { padding: 0; } }`;

let chromium;
let served;
let clock;
before(async () => {
  clock = await clocked(worker, NOW);
  const folder = project("element-page", { "index.html": PAGE, "page.js": SCRIPT, "page.css": STYLE });
  served = await site(folder, { "content-security-policy": csp(clock.url) });
  chromium = await browser();
});
after(async () => {
  await chromium.close();
  served.close();
  clock.close();
});

/** A booking whose operator allows the site. */
async function allowed(options) {
  const booking = await book(options);
  await call("PUT", "/v1/settings", { allowed_origins: [served.url] }, { key: booking.key });
  return { ...booking, link: `${clock.url}/v1/control/${booking.token}` };
}

/** The page with the element, as its reader meets it. */
async function shown({ link }, { lang = "", ...look } = {}) {
  clock.at = NOW;
  const context = await chromium.newContext({ viewport: { width: 1280, height: 900 }, ...look });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/favicon/.test(message.location().url) && complaints.push(message.text()));
  await page.goto(`${served.url}/?lang=${lang}&src=${encodeURIComponent(link)}`);
  const heard = (type) => page.evaluate((type) => heard.filter((one) => one.type === type).map(({ detail }) => detail), type);
  return { page, context, complaints, heard };
}

const box = (page, name) => page.getByRole("checkbox", { name, exact: true });
const review = (page) => page.getByRole("button", { name: /^Review/ });
const dialog = (page) => page.getByRole("dialog");
const picture = async (page, name) => {
  const folder = join(root, "target/xtask/package/pictures");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

test("what it shows is what happens, by pointer", async () => {
  const booking = await allowed();
  const { page, complaints, heard } = await shown(booking);
  await box(page, "Ana Kovač").check();
  const guest = (await viewOf(booking)).booking.items[0].participants[0].id;
  const promised = await quoteOf(booking, { participants: [guest] });
  const quote = page.locator('leeway-booking [part="quote"]');
  await quote.getByText(money(promised.refund)).waitFor();
  await quote.getByText(money(promised.fee)).first().waitFor();
  const [quoted] = (await heard("leeway-quoted")).slice(-1);
  assert.deepEqual([quoted.bound, quoted.quote.refund, quoted.quote.fee], [false, promised.refund, promised.fee]);
  await page.getByRole("button", { name: `Review: refund ${money(promised.refund)}` }).click();
  await dialog(page).getByText(money(promised.refund)).first().waitFor();
  await dialog(page).getByRole("button", { name: /^Cancel and refund/ }).click();
  await page.getByText(`Charged: ${money(promised.fee)} · Refund: ${money(promised.refund)}`).waitFor();
  const view = await viewOf(booking);
  assert.deepEqual([view.status, view.totals.promised], ["partly_canceled", promised.refund]);
  assert.equal((await heard("leeway-committed")).length, 1);
  assert.equal((await heard("leeway-loaded")).length, 2);
  assert.deepEqual(complaints, []);
});

test("everything can be done with the keyboard", async () => {
  const booking = await allowed();
  const { page } = await shown(booking);
  await box(page, "Mia Novak").waitFor();
  const focused = () =>
    page.evaluate(() => {
      const inner = document.activeElement?.shadowRoot?.activeElement;
      return inner?.closest("label")?.textContent ?? inner?.textContent ?? "";
    });
  const tab = async (wanted) => {
    for (let presses = 0; presses < 30 && !wanted.test(await focused()); presses += 1) await page.keyboard.press("Tab");
    assert.match(await focused(), wanted);
  };
  await tab(/^Mia Novak$/);
  await page.keyboard.press("Space");
  await tab(/^Review: refund/);
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  assert.equal(await focused(), "Review your cancellation", "the dialog is read from its heading on");
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await tab(/^Review: refund/);
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await tab(/^Cancel and refund/);
  await page.keyboard.press("Enter");
  await page.getByText("Canceled", { exact: true }).first().waitFor();
  assert.equal((await viewOf(booking)).status, "partly_canceled");
});

test("ticking a whole ticks its parts, and the other way round", async () => {
  const { page } = await shown(await allowed());
  const [all, whole] = [box(page, "Everything that can still be canceled"), box(page, "All of it, with everyone and everything in it")];
  await all.check();
  for (const name of ["Ana Kovač", "Ivo Babić", "Mia Novak"]) assert.ok(await box(page, name).isChecked());
  await box(page, "Ivo Babić").uncheck();
  assert.deepEqual([await all.isChecked(), await whole.isChecked()], [false, false]);
  assert.ok(await all.evaluate((input) => input.indeterminate));
  await box(page, "Ivo Babić").check();
  assert.deepEqual([await all.isChecked(), await whole.isChecked()], [true, true]);
});

test("a quote that no longer holds is replaced, and nothing is done", async () => {
  const booking = await allowed();
  const { page } = await shown(booking);
  await box(page, "Ana Kovač").check();
  await review(page).click();
  await dialog(page).waitFor();
  const before = (await viewOf(booking)).version;
  // Nine days later the last window holds.
  clock.at = "2026-07-10T07:00:00.000Z";
  await dialog(page).getByRole("button", { name: /^Cancel and refund/ }).click();
  await dialog(page).getByText("Something changed since you looked").waitFor();
  assert.equal((await viewOf(booking)).version, before);
  await dialog(page).getByRole("button", { name: "Cancel without a refund" }).click();
  await page.getByText("Nothing is paid back.").waitFor();
});

test("without a connection it says so, and tries again on request", async () => {
  const booking = await allowed();
  const { page, context } = await shown(booking);
  await box(page, "Ana Kovač").check();
  await context.setOffline(true);
  await review(page).click();
  await page.getByText("Your booking cannot be reached right now").waitFor();
  assert.ok(await box(page, "Ana Kovač").isChecked(), "what is shown stays");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Your booking cannot be reached right now").waitFor({ state: "detached" });
  const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent ?? "");
  await page.waitForFunction(() => /^Review: refund/.test(document.activeElement?.shadowRoot?.activeElement?.textContent ?? ""));
  assert.deepEqual([await box(page, "Ana Kovač").isChecked(), await box(page, "Ivo Babić").isChecked()], [true, false], "what was chosen still is");
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  await page.keyboard.press("Escape");
  for (const chosen of ["Everything that can still be canceled", "All of it, with everyone and everything in it"]) {
    await box(page, chosen).check();
    await context.setOffline(true);
    await review(page).click();
    await page.getByText("Your booking cannot be reached right now").waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Try again");
    await context.setOffline(false);
    await page.keyboard.press("Enter");
    await page.getByText("Your booking cannot be reached right now").waitFor({ state: "detached" });
    await page.waitForFunction(() => /^Review: refund/.test(document.activeElement?.shadowRoot?.activeElement?.textContent ?? ""));
    assert.ok(await box(page, chosen).isChecked(), chosen);
    assert.ok(await box(page, "Mia Novak").isChecked(), chosen);
  }
});

test("where nothing can be canceled any more, whoever tries again is on the booking", async () => {
  const { page, context } = await shown(await allowed());
  await box(page, "Ana Kovač").waitFor();
  await context.setOffline(true);
  await page.evaluate(() => document.querySelector("leeway-booking").refresh());
  await page.getByText("Your booking cannot be reached right now").waitFor();
  await context.setOffline(false);
  clock.at = "2026-07-20T07:00:00.000Z";
  await page.getByRole("button", { name: "Try again" }).press("Enter");
  await page.getByText("Your booking cannot be reached right now").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.className === "body");
  assert.equal(await review(page).count(), 0);
});

test("an answer that got lost is no guess: the same again is done once", async () => {
  const booking = await allowed();
  const { page } = await shown(booking);
  await box(page, "Ana Kovač").check();
  await review(page).click();
  await dialog(page).waitFor();
  // The worker does it; the answer never arrives.
  clock.lose = "/actions";
  await dialog(page).getByRole("button", { name: /^Cancel and refund/ }).click();
  await dialog(page).getByText("We do not know yet whether this was done").waitFor();
  const done = (await viewOf(booking)).version;
  await dialog(page).getByRole("button", { name: "Try again" }).click();
  await page.getByText("Canceled", { exact: true }).first().waitFor();
  assert.equal((await viewOf(booking)).version, done, "it was done once");
});

test("a cancellation is taken back, and so it is where the answer got lost", async () => {
  const booking = await allowed();
  const { page, heard, complaints } = await shown(booking);
  for (const lost of ["", "/undo"]) {
    await box(page, "Ana Kovač").check();
    await review(page).click();
    await dialog(page).getByRole("button", { name: /^Cancel and refund/ }).click();
    await page.getByText(/^Changed your mind\? You can take this back (until|before) .*2026/).waitFor();
    assert.equal((await viewOf(booking)).status, "partly_canceled");
    clock.lose = lost;
    await page.getByRole("button", { name: "Take it back" }).click();
    if (lost) {
      // The worker did it; asked again, it says that there is nothing to take back any more, and the booking shows why.
      await page.getByText("We do not know yet whether this was done").waitFor();
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("Perhaps that was done already").waitFor();
    } else {
      await page.getByText("The cancellation is taken back. Your booking is as it was.").waitFor();
    }
    assert.equal((await viewOf(booking)).status, "booked");
    await box(page, "Ana Kovač").waitFor();
  }
  assert.equal((await heard("leeway-undone")).length, 1);
  assert.deepEqual(complaints.filter((said) => !/409|Failed to load/.test(said)), []);
});

test("another date is chosen on the worker's own page", async () => {
  const booking = await allowed({ policy: MOVABLE });
  const { page, context } = await shown(booking);
  await page.getByRole("link", { name: /^Reschedule / }).first().waitFor();
  await check(page, "1280-movable");
  const [opened] = await Promise.all([context.waitForEvent("page"), page.getByRole("link", { name: /^Reschedule / }).first().click()]);
  await opened.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(new URL(opened.url()).pathname, `/b/${booking.token}/reschedule`);
  assert.equal(await opened.evaluate(() => document.referrer), "");
});

test("a name whose answer got lost is no guess", async () => {
  const booking = await allowed();
  const { page } = await shown(booking);
  await page.getByText("Change a name").click();
  await page.getByLabel("New name instead of Ana Kovač").fill("Iva");
  clock.lose = "/actions";
  await page.getByRole("button", { name: "Save" }).first().click();
  await page.getByText("We do not know yet whether this was done").waitFor();
  const done = (await viewOf(booking)).version;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("The name is changed.").waitFor();
  assert.equal((await viewOf(booking)).version, done, "it was done once");
});

test("whoever stops asking sees what the worker says now", async () => {
  const booking = await allowed();
  const { page } = await shown(booking);
  await box(page, "Ana Kovač").check();
  await review(page).click();
  await dialog(page).waitFor();
  clock.lose = "/actions";
  await dialog(page).getByRole("button", { name: /^Cancel and refund/ }).click();
  await dialog(page).getByText("We do not know yet whether this was done").waitFor();
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await page.getByText("Partly canceled").waitFor();
});

test("what was heard of one booking is nothing about another", async () => {
  const { page, heard } = await shown(await allowed());
  await box(page, "Ana Kovač").waitFor();
  assert.equal((await heard("leeway-loaded")).length, 1, "asked for once");
  for (const link of ["http://127.0.0.1:9/v1/control/x", "http://[", "javascript:alert(1)"]) {
    await page.evaluate((link) => document.querySelector("leeway-booking").setAttribute("src", link), link);
    await page.getByText("Your booking cannot be reached right now").waitFor();
    assert.equal(await page.getByRole("checkbox").count(), 0, link);
  }
});

test("out of reach from the start", async () => {
  const booking = await allowed();
  const { page, context, heard } = await shown({ link: "http://127.0.0.1:9/v1/control/x" });
  await page.getByText("Your booking cannot be reached right now").waitFor();
  assert.equal(await page.getByRole("checkbox").count(), 0);
  assert.deepEqual(await heard("leeway-loaded"), []);
  await page.evaluate((link) => document.querySelector("leeway-booking").setAttribute("src", link), booking.link);
  await box(page, "Ana Kovač").waitFor();
  await context.close();
});

test("a link that is none, and a site that is not allowed", async () => {
  const nobodys = await shown({ link: `${clock.url}/v1/control/nonsense` });
  await nobodys.page.getByText("This link does not lead to a booking").waitFor();
  assert.deepEqual(await nobodys.heard("leeway-refused"), [{ action: null, code: "link_unknown", params: {} }]);
  const foreign = await book();
  const refused = await shown({ link: `${clock.url}/v1/control/${foreign.token}` });
  await refused.page.getByText("Your booking cannot be reached right now").waitFor();
});

test("names are changed in place, and are never markup", async () => {
  const booking = await allowed();
  const { page } = await shown(booking);
  await page.getByText("Change a name").click();
  await page.getByLabel("New name instead of Ana Kovač").fill('<img src=x onerror="alert(1)">');
  await page.getByRole("button", { name: "Save" }).first().click();
  await page.getByText("The name is changed.").waitFor();
  await box(page, '<img src=x onerror="alert(1)">').waitFor();
  assert.equal(await page.locator("leeway-booking img").count(), 0);
});

test("Polish, German and an English of another region", async () => {
  const booking = await allowed();
  for (const [lang, said] of [["pl", /^Rezerwacja HT-1$/], ["de", /^Buchung HT-1$/], ["en-US", /^Booking HT-1$/]]) {
    const { page, complaints, context } = await shown(booking, { lang });
    await page.getByRole("heading", { name: said }).waitFor();
    await page.getByRole("checkbox").nth(2).check();
    await page.locator('leeway-booking [part="amounts"]').first().waitFor();
    const text = await page.locator("leeway-booking").evaluate((element) => element.shadowRoot.textContent);
    assert.doesNotMatch(text, /undefined|\{|\$|null/, lang);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

const LOOKS = [
  { name: "390-light", viewport: { width: 390, height: 844 }, colorScheme: "light" },
  { name: "1280-light", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "390-dark", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
  { name: "1280-dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
];
const SECOND = { service: "Old town by bicycle", slot: { starts_at: "2026-07-12T15:00:00Z", ends_at: "2026-07-12T18:00:00Z", zone: "Europe/Zagreb" }, participants: [{ name: "Ana Kovač", price: eur("25.00") }] };

for (const { name, ...look } of LOOKS) {
  test(`it is accessible and quiet, ${name}`, async () => {
    const booking = await allowed({ policy: HALF, items: [GUESTS, SECOND], paid: "134.98" });
    const { page, complaints } = await shown(booking, look);
    await box(page, "Mia Novak").waitFor();
    await check(page, `${name}-booking`);
    await box(page, "Mia Novak").check();
    await review(page).waitFor();
    await check(page, `${name}-choice`);
    await review(page).click();
    await dialog(page).waitFor();
    await check(page, `${name}-review`);
    await dialog(page).getByRole("button", { name: /^Cancel and refund/ }).click();
    await page.getByText("Charged:").waitFor();
    await check(page, `${name}-done`);
    assert.deepEqual(complaints, []);
  });
}

/** No violation of axe's rules, best practices included, no scrolling sideways; a picture is kept for whoever wants to look. */
async function check(page, what) {
  await picture(page, what);
  // Injected by the debugger's own door, which no content policy binds.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.flat().join(" ")} ${node.failureSummary}`).join(", ")}`);
  assert.deepEqual(found, [], what);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${what} is ${wide} px too wide`);
}

test("custom-elements.json tells what there is", async () => {
  const { modules } = JSON.parse(readFileSync(join(root, "web-pkg/custom-elements.json"), "utf8"));
  const { attributes, cssParts, cssProperties, events, slots, tagName } = modules[0].declarations[0];
  const sources = ["element.ts", ...["amounts", "choosing", "dom", "policy", "review"].map((name) => `element/${name}.ts`)];
  const source = sources.map((name) => readFileSync(join(root, "web-pkg/js", name), "utf8")).join("\n");
  const style = readFileSync(join(root, "web-pkg/js/element/style.css"), "utf8");
  const names = (list) => list.map(({ name }) => name).sort();
  const unique = (list) => [...new Set(list)].sort();
  const { page } = await shown(await allowed());
  const observed = await page.evaluate((tag) => customElements.get(tag).observedAttributes, tagName);
  assert.deepEqual(names(attributes), observed.sort());
  assert.deepEqual(names(cssParts), unique([...source.matchAll(/part: "([\w -]+)"/g)].flatMap(([, parts]) => parts.split(" "))));
  assert.deepEqual(names(cssProperties), unique([...style.matchAll(/var\((--leeway-[\w-]+)/g)].map(([, name]) => name)));
  assert.deepEqual(names(events), unique([...source.matchAll(/#emit\("(leeway-\w+)"/g)].map(([, name]) => name)));
  assert.deepEqual(names(slots), unique([...source.matchAll(/h\("slot", \{ name: "(\w+)"/g)].map(([, name]) => name)));
});
