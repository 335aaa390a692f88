// Bookings as a list: what it can be narrowed by, in which order, and where it goes on.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { BOOKING, call, eur, operator, POLICY, refused } from "./client.mjs";

const slot = (day) => ({ starts_at: `2026-08-${day}T08:00:00Z`, ends_at: `2026-08-${day}T11:00:00Z`, zone: "Europe/Zagreb" });
const WANTED = [
  ["A", "Ana Kovač", "ana@example.com", "Sunset kayak tour", "20"],
  ["B", "Žarko Đurić", "zarko@example.net", "Cave \"blue\" dive", "18"],
  ["C", "Ana-Marija Li", "am.li@example.org", "Sunset kayak tour", "19"],
  ["D", "Bo Li", "bo@example.org", "Sunset kayak", "18"],
];
let key;
const ids = {};
before(async () => {
  key = await operator();
  await call("PUT", "/v1/policies/half", { key, body: POLICY });
  for (const [reference, name, email, service, day] of WANTED) {
    const [item] = BOOKING.items;
    const made = await call("POST", "/v1/bookings", { key, body: { ...BOOKING, reference, customer: { name, email }, items: [{ ...item, service, slot: slot(day) }] } });
    assert.equal(made.status, 201, made.text);
    ids[reference] = made.body.id;
  }
  await call("POST", `/v1/bookings/${ids.A}/payments`, { key, body: { method: "cash", amount: eur("109.98") } });
  const action = { type: "cancel", selection: { all: true }, reason: "operator_cancellation" };
  const quoted = await call("POST", `/v1/bookings/${ids.B}/quotes`, { key, body: action });
  assert.equal((await call("POST", `/v1/bookings/${ids.B}/actions`, { key, body: { action, quote: quoted.body.token } })).status, 201);
});

const list = async (query) => {
  const answer = await call("GET", `/v1/bookings${query}`, { key });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};
const found = async (query) => (await list(query)).bookings.map((booking) => booking.reference).join("");

for (const [query, expected] of [
  ["", "DCBA"],
  ["?order=start", "BDCA"],
  ["?status=canceled", "B"],
  ["?status=booked&order=start", "DCA"],
  ["?payment_status=paid", "BA"],
  ["?payment_status=unpaid&payment_status=paid", "DCBA"],
  ["?service=Sunset+kayak+tour", "CA"],
  ["?service=Sunset+kayak", "D"],
  ["?service=Cave+%22blue%22+dive", "B"],
  ["?service=sunset", ""],
  ["?from=2026-08-18T08:00:00Z&to=2026-08-19T08:00:00Z", "DB"],
  ["?q=ana", "CA"],
  ["?q=li", "DC"],
  ["?q=durić", ""],
  ["?q=Đurić", "B"],
  ["?q=kovac", "A"],
  ["?q=example.org+li", "DC"],
  ["?q=li&order=start&status=booked", "DC"],
  // What more than two have is searched for in another way.
  ["?q=exam", "DCBA"],
  ["?q=example&order=start", "BDCA"],
  ["?q=exampl&status=booked", "DCA"],
  ["?q=example&status=booked&order=start", "DCA"],
  ["?q=example&service=Sunset+kayak+tour&payment_status=unpaid", "C"],
  ["?q=example&from=2026-08-18T08:00:00Z&to=2026-08-19T08:00:00Z", "DB"],
  ["?q=example&from=2026-08-18T08:00:01Z&order=start", "CA"],
  ["?q=example.org&from=2026-08-18T08:00:01Z&order=start", "C"],
  ["?q=exampler", ""],
])
  test(`list ${query}`, async () => assert.equal(await found(query), expected));

test("an entry says what the booking's own door says", async () => {
  const [entry] = (await list("?q=kovac")).bookings;
  const { body } = await call("GET", `/v1/bookings/${entry.id}`, { key });
  for (const member of ["id", "reference", "version", "status", "payment_status"]) assert.deepEqual(entry[member], body[member], member);
  assert.deepEqual(entry.balance, body.totals.balance);
  assert.deepEqual([entry.name, entry.email, entry.services, entry.starts_at], ["Ana Kovač", "ana@example.com", ["Sunset kayak tour"], "2026-08-20T08:00:00.000Z"]);
  assert.equal(entry.made_at, body.booking.made_at);
});

for (const query of ["newest", "start", "newest&q=example", "start&q=example", "newest&q=example&from=2026-08-18T08:00:01Z", "start&q=li"])
  test(`pages of one, in the order ${query}, are the whole list`, async () => {
    const whole = await found(`?order=${query}`);
    let [seen, next] = ["", ""];
    do {
      const page = await list(`?order=${query}&limit=1${next && `&cursor=${next}`}`);
      seen += page.bookings.map((booking) => booking.reference).join("");
      next = page.next;
    } while (next);
    assert.equal(seen, whole);
  });

for (const [query, path] of [["?status=gone", "status"], ["?order=price", "order"], ["?limit=1000", "limit"], ["?cursor=AAAA", "cursor"], ["?q=", "q"]])
  test(`no list ${query}`, async () => refused(await call("GET", `/v1/bookings${query}`, { key }), 422, "malformed", path));
