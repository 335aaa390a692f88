// The dates of a booking for a calendar: under its control link, and in mails. Python's icalendar is the judge of what is in them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { act, ALL, AT, BOOKING, call, operator, paid, POLICY, quote, refused } from "./client.mjs";

const { mail } = JSON.parse(process.env.LEEWAY_FAKES);
const SMTP = { type: "smtp", host: "localhost", port: mail.smtp.plain, security: "none" };

const file = (token, more) => call("GET", `/v1/control/${token}/calendar.ics`, more);
/** Folded lines are whole again. */
const lines = ({ text }) => text.replaceAll("\r\n ", "").split("\r\n");
const value = (answer, name) => lines(answer).find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1);

test("one entry for each item, with the way to change it (E1)", async () => {
  const booked = await paid();
  const answer = await file(booked.token);
  assert.deepEqual([answer.status, answer.type], [200, "text/calendar"]);
  assert.equal(answer.headers.get("content-disposition"), 'attachment; filename="booking.ics"');
  assert.equal(value(answer, "UID"), `${booked.booking.items[0].id}@leeway`);
  assert.deepEqual([value(answer, "DTSTART"), value(answer, "DTEND"), value(answer, "STATUS")], ["20260814T080000Z", "20260814T110000Z", "CONFIRMED"]);
  assert.equal(value(answer, "SUMMARY"), "Sunset kayak tour");
  const url = `${process.env.LEEWAY_URL}/b/${booked.token}`;
  assert.equal(value(answer, "URL"), url);
  assert.ok(value(answer, "DESCRIPTION").endsWith(url));
  assert.match(value(answer, "DESCRIPTION"), /Ana\\, Ivo\\, Maja/);
});

test("canceled, the entry is the same one, later, and says so (F5)", async () => {
  const booked = await paid();
  const before = await file(booked.token);
  await act(booked.token, ALL, (await quote(booked.token)).body.token);
  const after = await file(booked.token);
  assert.equal(value(after, "UID"), value(before, "UID"));
  assert.ok(Number(value(after, "SEQUENCE")) > Number(value(before, "SEQUENCE")));
  assert.equal(value(after, "STATUS"), "CANCELLED");
});

test("only who has the link gets the dates", async () => {
  const { token, key, id } = await paid();
  refused(await file(`${token.slice(0, -1)}${token.at(-1) === "A" ? "B" : "A"}`), 404, "link_unknown");
  refused(await file(token, { at: "2027-06-01T12:00:00Z" }), 410, "link_expired");
  refused(await call("POST", `/v1/control/${token}/calendar.ics`, { body: {} }), 405, "method_not_allowed");
  await call("POST", `/v1/bookings/${id}/links`, { key, body: "" });
  refused(await file(token, { at: AT }), 410, "link_revoked");
});

test("an independent parser reads every file, at its address and in a mail", async () => {
  const key = await operator("Adriatic & Co.; “Tours”, Split");
  await call("PUT", "/v1/policies/half", { key, body: POLICY });
  await call("PUT", "/v1/mail", { key, body: { sender: { name: 'Adriatic "&" Co.', address: "tours@example.com" }, transport: SMTP } });
  const to = `calendar.${process.pid}@example.org`;
  const service = `Zażółć; gęślą, jaźń \\ ${"😀".repeat(30)}`;
  const customer = { name: 'Ana "A" Kovač', email: to, locale: "pl" };
  const made = await call("POST", "/v1/bookings", { key, body: { ...BOOKING, customer, items: [{ ...BOOKING.items[0], service }, BOOKING.items[0]] } });
  assert.equal(made.status, 201, made.text);
  const token = made.body.control_url.split("/b/")[1];
  const first = { type: "cancel", selection: { items: [made.body.booking.items[0].id] } };
  await act(token, first, (await quote(token, first)).body.token);
  assert.equal((await call("POST", `/test/operators/${made.body.operator.id}/run-due`, { body: "" })).status, 200);
  const messages = await (await fetch(`${mail.url}/_/messages?to=${encodeURIComponent(to)}`)).json();
  const files = [(await file(token)).text, ...messages.flatMap(({ attachments }) => attachments.map(({ text }) => text))];
  const read = parse(files);
  assert.deepEqual(read.map(({ method, entries }) => [method, entries.length]), [["", 2], ["REQUEST", 1], ["REQUEST", 1], ["CANCEL", 1]]);
  const [published, request, , cancel] = read.map(({ entries }) => entries[0]);
  for (const entry of [published, request, cancel]) {
    assert.equal(entry.uid, `${made.body.booking.items[0].id}@leeway`);
    assert.equal(entry.summary, service);
    assert.equal(entry.url, made.body.control_url);
    assert.ok(entry.description.endsWith(`\n${made.body.control_url}`));
    assert.deepEqual([entry.starts_at, entry.ends_at], ["2026-08-14T08:00:00+00:00", "2026-08-14T11:00:00+00:00"]);
  }
  assert.deepEqual([request.status, cancel.status, published.status], ["CONFIRMED", "CANCELLED", "CANCELLED"]);
  assert.ok(cancel.sequence > request.sequence);
  assert.deepEqual(request.organizer, [{ address: "mailto:tours@example.com", CN: "Adriatic '&' Co." }]);
  assert.deepEqual(request.attendees, [{ address: `mailto:${to}`, PARTSTAT: "ACCEPTED", RSVP: "FALSE", CN: "Ana 'A' Kovač" }]);
});

/** What Python's icalendar reads in each file. */
function parse(files) {
  const folder = mkdtempSync(join(tmpdir(), "leeway-calendar-"));
  try {
    const paths = files.map((text, index) => join(folder, `${index}.ics`));
    paths.forEach((path, index) => writeFileSync(path, files[index]));
    return JSON.parse(execFileSync(process.env.LEEWAY_PYTHON, ["tests/calendar/check.py", ...paths], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
