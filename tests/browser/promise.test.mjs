// What the page shows is what happens: stale quotes, double presses, the live preview against the server's word, links that lead nowhere.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { alive, book, box, browser, call, eur, money, NOW, open, quoteOf, url, viewOf } from "./stage.mjs";

let chromium;
before(async () => (chromium = await browser()));
after(() => chromium.close());

const chosen = async (page, booking, names) => {
  await page.goto(booking.url);
  await alive(page);
  for (const name of names) await box(page, name).check();
  await page.locator("#live-button").click();
  await page.getByRole("heading", { name: "Review your cancellation" }).waitFor();
};

test("a stale quote is shown anew, and then holds", async () => {
  const booking = await book({ paid: "50.00" });
  const { page, context } = await open(chromium);
  await chosen(page, booking, ["Ana Kovač", "Ivo Babić"]);
  await page.getByRole("button", { name: "Cancel, €21.66 stays due" }).waitFor();
  await call("POST", `/v1/bookings/${booking.id}/payments`, { method: "cash", amount: eur("59.98") }, { key: booking.key });

  await page.locator("button.danger").click();
  const alert = page.getByRole("alert");
  await alert.getByText("Something changed since you looked").waitFor();
  await alert.getByText("€38.33 is charged, €38.32 goes back").waitFor();
  assert.equal((await viewOf(booking)).status, "booked", "nothing was canceled");

  await page.getByRole("button", { name: "Cancel and refund €38.32" }).click();
  await page.locator(".receipt").waitFor();
  assert.deepEqual((await viewOf(booking)).totals.promised, eur("38.32"));
  await context.close();
});

test("what another tab canceled is refused in words", async () => {
  const booking = await book();
  const { page, context } = await open(chromium);
  await chosen(page, booking, ["Mia Novak"]);
  const other = await context.newPage();
  await chosen(other, booking, ["Mia Novak"]);
  await other.locator("button.danger").click();
  await other.locator(".receipt").waitFor();
  await page.locator("button.danger").click();
  await page.getByRole("alert").getByText("This person is canceled already.").waitFor();
  assert.equal((await viewOf(booking)).booking.refunds.length, 1);
  await context.close();
});

test("pressing the button twice cancels once", async () => {
  const booking = await book();
  const { page, context } = await open(chromium);
  await chosen(page, booking, ["Ana Kovač"]);
  const form = await page.locator("form.confirm").evaluate((form) => new URLSearchParams(new FormData(form)).toString());
  const press = () =>
    fetch(`${booking.url}/cancel`, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/x-www-form-urlencoded", "leeway-test-now": NOW },
      body: form,
    });
  const answers = await Promise.all([press(), press()]);
  assert.deepEqual(answers.map((answer) => answer.status), [303, 303]);
  assert.equal(answers[0].headers.get("location"), answers[1].headers.get("location"));
  const { version, booking: after } = await viewOf(booking);
  assert.equal(after.refunds.length, 1);
  await page.locator("button.danger").click();
  await page.locator(".receipt").getByText("Harbor walk: Ana Kovač").waitFor();
  assert.equal((await viewOf(booking)).version, version);
  await context.close();
});

test("the live preview says what the server says", async () => {
  const policy = {
    name: "tiers",
    keep: ["booking_fee"],
    shortfall: "waive",
    gateway_fee: "kept",
    cancel: "start",
    refund: "start",
    rebook: null,
    rename: null,
    windows: [{ code: "tier", until: "start", percent: "12.5", fixed: eur("2.50"), per_participant: eur("1.25"), min: eur("9.00"), refund: "approval" }],
  };
  const guests = ["Ana Kovač", "Ivo Babić", "Mia Novak"].map((name, index) => ({ name, price: eur(["33.33", "0.01", "480.00"][index]) }));
  const slot = { starts_at: "2026-07-10T08:00:00Z", ends_at: "2026-07-10T10:00:00Z", zone: "Europe/Zagreb" };
  const items = [
    { service: "Harbor walk", slot, participants: guests, add_ons: [{ kind: "booking_fee", price: eur("20.00") }] },
    { service: "Boat", slot: { ...slot, zone: "Asia/Tokyo" }, add_ons: [{ kind: "charter", price: eur("1500.00") }] },
  ];
  const booking = await book({ policy, items, paid: null });
  const paid = { method: "card", amount: eur("2033.34"), gateway_fee: eur("31.05") };
  await call("POST", `/v1/bookings/${booking.id}/payments`, paid, { key: booking.key });
  const [walk, boat] = (await viewOf(booking)).booking.items;
  const [ana, ivo, mia] = walk.participants.map((one) => one.id);
  const { page, complaints, context } = await open(chromium);

  const selections = [
    [{ participants: [ana] }, [ana]],
    [{ participants: [ivo] }, [ivo]],
    [{ participants: [ana, mia] }, [ana, mia]],
    [{ items: [walk.id] }, [ana, ivo, mia]],
    [{ items: [boat.id] }, [boat.id]],
    [{ items: [boat.id], participants: [ivo] }, [boat.id, ivo]],
    [{ all: true }, [ana, ivo, mia, boat.id]],
  ];
  for (const [selection, ids] of selections) {
    await page.goto(booking.url);
    await alive(page);
    for (const id of ids) await page.locator(`input[type="checkbox"][value="${id}"]`).check();
    const quote = await quoteOf(booking, selection);
    const seen = (slot) => page.locator(`#live [data-slot="${slot}"]`).textContent();
    assert.equal(await seen("fee"), money(quote.fee), JSON.stringify(selection));
    assert.equal(await seen("refund"), money(quote.refund), JSON.stringify(selection));
    const lines = quote.charges.flatMap((charge) => charge.lines.map((line) => line.amount));
    const kept = quote.explanation.filter((reason) => reason.code === "gateway_fee_kept").map((reason) => reason.params.amount);
    const shown = await page.locator("#live-steps .amount").allTextContents();
    assert.deepEqual(shown, [...lines, ...kept].map(money), JSON.stringify(selection));
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test("without the browser package the page is the plain form", async () => {
  const booking = await book();
  const { page, context } = await open(chromium);
  await page.route("**/assets/leeway_bg.wasm*", (route) => route.abort());
  await page.goto(booking.url);
  await box(page, "Mia Novak").check();
  await page.getByRole("button", { name: "Review the cancellation" }).click();
  await page.getByRole("heading", { name: "Review your cancellation" }).waitFor();
  await context.close();
});

test("links that lead nowhere get a kind page", async () => {
  const booking = await book();
  const { page, context } = await open(chromium);
  const forged = booking.url.slice(0, -1) + (booking.url.endsWith("A") ? "B" : "A");
  for (const [address, status, heading] of [
    [forged, 404, "This link does not lead to a booking"],
    [`${url}/b/nonsense`, 404, "This link does not lead to a booking"],
  ]) {
    const answer = await page.goto(address);
    assert.equal(answer.status(), status);
    await page.getByRole("heading", { name: heading }).waitFor();
  }
  await context.setExtraHTTPHeaders({ "leeway-test-now": "2027-07-01T10:00:00.000Z" });
  assert.equal((await page.goto(booking.url)).status(), 410);
  await page.getByRole("heading", { name: "This link has expired" }).waitFor();
  await context.setExtraHTTPHeaders({ "leeway-test-now": NOW });
  await call("POST", `/v1/bookings/${booking.id}/links`, {}, { key: booking.key });
  assert.equal((await page.goto(booking.url)).status(), 410);
  await page.getByRole("heading", { name: "This link has been replaced" }).waitFor();
  await context.close();
});
