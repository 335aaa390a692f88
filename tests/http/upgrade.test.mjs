// A store that an older version left behind opens with today's worker: everything is still there, and views, quotes, lists and searches say the same.
// Stores are made through today's doors; each is then written again as the migrations up to the k-th lay it out, with as much of every row as there
// were columns for. Which migrations there are is read from the source.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const edge = fileURLToPath(new URL("../../edge", import.meta.url));
const laidOut = process.env.LEEWAY_DATA;
const scratch = join(laidOut, "upgrade");
const READY_TRIES = 1000;
const POLL_MS = 10;

const store = readFileSync(join(edge, "src/store.rs"), "utf8");
const MIGRATIONS = [...store.matchAll(/script!\("([^"]+\.sql)"\)/g)].map(([, file]) => `migrations/${file}`);
const scripts = MIGRATIONS.map((file) => readFileSync(join(edge, file), "utf8"));

/** A loopback port that nobody listens on now. */
async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
// What the other tests' client and shop talk to.
process.env.LEEWAY_URL = url;
const { act, ALL, AT, BOOKING, call, eur, POLICY, quote } = await import("./client.mjs");
const { fakes, Shop, UNDO_MS } = await import("../money/stage.mjs");

const after_ms = (ms) => new Date(Date.parse(AT) + ms).toISOString();
/** When old stores are looked at, and go on. */
const LATER = after_ms(7_200_000);

const running = new Set();
const servers = [];
after(() => {
  for (const child of running) child.kill("SIGKILL");
  for (const server of servers) server.close();
});

/** Runs workerd on a folder while `work` lasts; then it is killed, as machines are. */
async function withWorkerd(folder, { config, cwd, at, ready, env = {}, more = [] }, work) {
  const objects = join(folder, "objects");
  mkdirSync(objects, { recursive: true });
  const log = openSync(join(folder, "worker.log"), "a");
  const args = ["serve", `--directory-path=objects=${objects}`, `--socket-addr=http=127.0.0.1:${at}`, ...more, config];
  const child = spawn(process.env.WORKERD, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", log, log] });
  running.add(child);
  const ended = new Promise((done) => child.on("exit", done));
  try {
    const answers = () => fetch(`http://127.0.0.1:${at}${ready}`).then((answer) => answer.arrayBuffer().then(() => answer.ok), () => false);
    for (let tries = 0; !(await answers()); tries += 1) {
      assert.ok(tries < READY_TRIES && child.exitCode === null, `workerd does not answer: see ${folder}/worker.log`);
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
    return await work();
  } finally {
    child.kill("SIGKILL");
    await ended;
    running.delete(child);
  }
}

/** Today's worker on a folder, at the same address each time. */
function withWorker(folder, work) {
  const env = { ADMIN_KEY: process.env.LEEWAY_ADMIN_KEY, LINK_KEYS: process.env.LEEWAY_LINK_KEYS, LOG: "errors", MAILBOX: "offered", PUBLIC_URL: url, STRIPE_URL: fakes.stripe.url };
  const more = [`--directory-path=assets=${join(laidOut, "assets")}`];
  return withWorkerd(folder, { config: "config.capnp", cwd: laidOut, at: port, ready: "/healthz", env, more }, work);
}

/** SQLite itself on a folder: `work` is given a function that runs statements in an operator's store and answers their rows. */
async function withSql(folder, work) {
  const at = await freePort();
  const run = async (operator, statements) => {
    const answer = await fetch(`http://127.0.0.1:${at}/${operator}`, { method: "POST", body: JSON.stringify(statements) });
    const said = await answer.text();
    assert.equal(answer.status, 200, said);
    return JSON.parse(said);
  };
  return withWorkerd(folder, { config: "old_store.capnp", cwd: here, at, ready: "/" }, () => work(run));
}

const named = (name) => `"${name}"`;

/** The tables with their columns, but for those of full-text search and those that are worked out. */
async function tables(run, operator) {
  const [list] = await run(operator, [["PRAGMA table_list"]]);
  const own = list.filter(({ type, name }) => type === "table" && !name.startsWith("sqlite_") && !name.startsWith("_cf_")).map(({ name }) => name).sort();
  const columns = await run(operator, own.map((name) => [`PRAGMA table_info(${named(name)})`]));
  return new Map(own.map((name, nth) => [name, columns[nth].map((column) => column.name)]));
}

/** All rows of these tables, with these columns of them, in an order of their own. */
async function rows(run, operator, columnsOf) {
  const wanted = [...columnsOf];
  const found = await run(operator, wanted.map(([name, columns]) => [`SELECT ${columns.map(named)} FROM ${named(name)} ORDER BY ${columns.map((_, nth) => nth + 1)}`]));
  return new Map(wanted.map(([name], nth) => [name, found[nth]]));
}

/** What only the worker itself makes: its versions have to be those of the scripts. */
const VERSIONS = "schema_version";

/** Columns that an older layout has in a table which no longer does: each is `value` in the row of `to` whose `key` is the row's `id`. */
const MOVED = [
  { table: "people", id: "booking_number", column: "booking", to: "bookings", key: "number", value: "id" },
  { table: "bookings", id: "number", column: "personal", to: "people", key: "booking_number", value: "personal" },
  { table: "acts", id: "number", column: "booking", to: "events", key: "number", value: "stream" },
  { table: "acts", id: "number", column: "command_id", to: "events", key: "number", value: "command_id" },
];

/** What a later layout may number anew. */
const NUMBERED = { acts: "number" };

/** Everything in an operator's store, as today's worker left it; what has moved is in both places. */
async function whole(run, operator) {
  const [[{ sql }]] = await run(operator, [["SELECT sql FROM sqlite_schema WHERE name = ?", VERSIONS]]);
  const columnsOf = await tables(run, operator);
  columnsOf.delete(VERSIONS);
  const found = await rows(run, operator, columnsOf);
  for (const { table, id, column, to, key, value } of MOVED) {
    if (columnsOf.get(table).includes(column)) continue;
    const values = new Map(found.get(to).map((row) => [row[key], row[value]]));
    for (const row of found.get(table)) row[column] = values.get(row[id]);
  }
  return { versions: sql, rows: found };
}

/** Writes a store as the first `k` migrations lay it out; answers the columns that there were. */
async function writeOld(run, operator, { versions, rows }, k) {
  const numbers = scripts.slice(0, k).map((_, nth) => [`INSERT INTO ${VERSIONS} VALUES (?)`, nth + 1]);
  await run(operator, [[versions], ...scripts.slice(0, k).map((script) => [script]), ...numbers]);
  const columnsOf = await tables(run, operator);
  columnsOf.delete(VERSIONS);
  // Bookings first, and whose they are: what is searched for in a refund is written with its row.
  const first = ["bookings", "people"].filter((name) => columnsOf.has(name));
  const order = [...first, ...[...columnsOf.keys()].filter((name) => !first.includes(name))];
  const inserts = order.flatMap((name) => {
    const columns = columnsOf.get(name).filter((column) => rows.get(name)?.some((row) => column in row));
    const sql = `INSERT INTO ${named(name)} (${columns.map(named)}) VALUES (${columns.map(() => "?")})`;
    return (rows.get(name) ?? []).map((row) => [sql, ...columns.map((column) => row[column])]);
  });
  await run(operator, inserts);
  return columnsOf;
}

/** An operator that has neither a provider nor mail; `ok` is a request of theirs that must go well. */
async function plain(name, policy = POLICY) {
  const made = await call("POST", "/v1/operators", { key: process.env.LEEWAY_ADMIN_KEY, body: { name, time_zone: "Europe/Zagreb", currency: "EUR", locale: "en" } });
  assert.equal(made.status, 201, made.text);
  const { id, api_key: key } = made.body;
  // A minute passes between any two requests: what came first is told by its time.
  let now_ms = Date.parse(AT);
  const ok = async (method, path, body, more) => {
    now_ms += 60_000;
    const answer = await call(method, path, { key, body, at: new Date(now_ms).toISOString(), ...more });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  await ok("PUT", `/v1/policies/${policy.name}`, policy);
  const book = async (change = {}, amount = "109.98") => {
    const { id, reference, control_url } = await ok("POST", "/v1/bookings", { ...BOOKING, ...change });
    if (amount) await ok("POST", `/v1/bookings/${id}/payments`, { method: "cash", amount: eur(amount) }, { headers: { "idempotency-key": id } });
    return { id, reference, token: control_url.split("/b/")[1] };
  };
  return { id, key, ok, book };
}

async function cancel({ token }, action = ALL, at = LATER) {
  const quoted = await quote(token, action, { at });
  assert.equal((await act(token, action, quoted.body.token, { at })).status, 201, quoted.text);
}

/** A server of the operator's, which is down until it is told to be up. */
async function listener() {
  const heard = { up: false, messages: [] };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (heard.up) heard.messages.push(JSON.parse(Buffer.concat(chunks)));
      response.writeHead(heard.up ? 204 : 503, { connection: "close" }).end();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  servers.push(server);
  return Object.assign(heard, { url: `http://127.0.0.1:${server.address().port}/hook` });
}

const runDue = async ({ id }, at) => assert.equal((await call("POST", `/test/operators/${id}/run-due`, { at, body: "" })).status, 200);

/** Operators, each with what there can have been once a table was there; `goesOn` is what is still to happen in an old store. */
const STORIES = [
  {
    name: "money by hand",
    needs: "bookings",
    async make() {
      const shop = await plain("By Hand & Co.");
      const bookings = [await shop.book(), await shop.book({ customer: { name: "Žofia Nowak", email: "zofia@example.com", locale: "pl-PL" } }), await shop.book({}, null)];
      const [{ participants }] = (await shop.ok("GET", `/v1/bookings/${bookings[0].id}`)).booking.items;
      await cancel(bookings[0], { type: "cancel", selection: { participants: [participants[0].id] } }, after_ms(600_000));
      await shop.ok("POST", `/v1/bookings/${bookings[1].id}/refunds`, { reason: "compensation_on_return", amount: eur("15.00"), note: "broken paddle" }, { at: after_ms(660_000) });
      return { ...shop, bookings };
    },
    async goesOn({ bookings, ok, key }) {
      // Who used the key before it had a name of its own, and who repeats a request that was answered then.
      assert.equal((await ok("GET", "/v1/keys")).keys.length, 1);
      const [{ id }] = bookings;
      const again = await call("POST", `/v1/bookings/${id}/payments`, { key, body: { method: "cash", amount: eur("109.98") }, headers: { "idempotency-key": id } });
      assert.equal(again.status, 201, again.text);
      assert.equal((await ok("GET", `/v1/bookings/${id}`)).totals.paid.amount, "109.98", "not paid twice");
      await cancel(bookings[1]);
      assert.equal((await ok("GET", `/v1/bookings/${bookings[1].id}`)).booking.items[0].participants.length, 3);
      assert.equal((await ok("GET", "/v1/refunds")).refunds.length, 3);
      const { reference } = await ok("POST", "/v1/bookings", BOOKING);
      assert.equal(reference, "LW-000004");
    },
  },
  {
    name: "slots and a voucher",
    needs: "vouchers",
    async make() {
      const shop = await plain("Slots & Co.");
      const [{ service, slot, ...item }] = BOOKING.items;
      const { slots } = await shop.ok("POST", "/v1/slots", { slots: [{ service, ...slot, capacity: 5, policy: POLICY.name }] });
      const bookings = [await shop.book({ items: [{ service, slot, ...item, slot_id: slots[0].id }] })];
      const { voucher } = await shop.ok("POST", `/v1/bookings/${bookings[0].id}/refunds`, { reason: "compensation_on_return", amount: eur("15.00"), way: "voucher" });
      return { ...shop, bookings, looks: [`/v1/slots/${slots[0].id}`, `/v1/vouchers/${voucher.voucher.id}`], slot: slots[0].id };
    },
    async goesOn({ bookings, ok, slot }) {
      assert.equal((await ok("GET", `/v1/slots/${slot}`)).room, 2);
      await cancel(bookings[0]);
      assert.equal((await ok("GET", `/v1/slots/${slot}`)).room, 5, "places are free again");
    },
  },
  {
    name: "a card, and a refund that is to leave",
    needs: "checkouts",
    async make() {
      const shop = await Shop.open();
      const booking = await shop.paid();
      assert.equal((await shop.cancel(booking)).status, 201);
      return { id: shop.id, key: shop.key, shop, bookings: [booking], ok: (...request) => shop.ok(...request) };
    },
    async goesOn({ shop, bookings }) {
      shop.now_ms = Date.parse(AT);
      await shop.later(UNDO_MS);
      await shop.work();
      const { booking } = await shop.booking(bookings[0]);
      assert.deepEqual(booking.refunds.map(({ state }) => state), ["settled"], "what was in the outbox is done");
    },
  },
  {
    name: "a system that was down",
    needs: "webhook_endpoints",
    async make() {
      const shop = await plain("Heard & Co.");
      const heard = await listener();
      await shop.ok("POST", "/v1/webhooks", { url: heard.url });
      const bookings = [await shop.book()];
      await runDue(shop, after_ms(300_000));
      return { ...shop, bookings, heard };
    },
    async goesOn(shop) {
      Object.assign(shop.heard, { up: true, messages: [] });
      await runDue(shop, LATER);
      shop.heard.up = false;
      assert.deepEqual(shop.heard.messages.map(({ type }) => type), ["booking.booking_made", "booking.payment_recorded"]);
    },
  },
  {
    name: "mail that has not left",
    needs: "mailbox",
    async make() {
      const shop = await plain("Letters & Co.");
      await shop.ok("PUT", "/v1/mail", { sender: { name: "Letters & Co.", address: "tours@example.com" }, transport: { type: "mailbox" } });
      await shop.ok("PUT", "/v1/templates/confirmation/en", { subject: "[REFERENCE]", body: "Hi [CUSTOMER_NAME] [BOOKING_CONTROL_URL]" });
      return { ...shop, bookings: [await shop.book()], looks: ["/v1/templates/confirmation/en"] };
    },
    async goesOn(shop) {
      await runDue(shop, LATER);
      const { text } = await call("GET", `/mailbox/${shop.id}`);
      assert.match(text, new RegExp(shop.bookings[0].reference), "a message that waited has left, by the operator's own template");
    },
  },
];

/** What an operator and the customers see: the same request, the same words. */
async function seen({ key, bookings, looks = [] }) {
  const asOperator = ["/v1/bookings", "/v1/bookings?order=start", "/v1/bookings?q=nowak", "/v1/bookings?q=kov", "/v1/refunds", "/v1/refunds?q=paddle", "/v1/refunds/statistics", ...looks];
  for (const { id } of bookings) asOperator.push(`/v1/bookings/${id}`, `/v1/bookings/${id}/refunds`);
  const said = [];
  const note = (what, { status, text }) => said.push(`${what}: ${status} ${text}`);
  for (const path of asOperator) note(path, await call("GET", path, { key, at: LATER }));
  for (const { token } of bookings) {
    for (const path of [`/v1/control/${token}`, `/b/${token}`, `/b/${token}?lang=pl`]) note(path, await call("GET", path, { at: LATER }));
    const { status, body } = await quote(token, ALL, { at: LATER });
    // No two tokens are the same.
    note(`quote ${token}`, { status, text: JSON.stringify({ ...body, token: typeof body.token }) });
  }
  return said;
}

const told = [];
before(async () => {
  assert.deepEqual(MIGRATIONS.map((file) => file.split("/")[1]), readdirSync(join(edge, "migrations")).sort(), "every file is run, in order");
  const folder = join(scratch, "today");
  await withWorker(folder, async () => {
    for (const story of STORIES) told.push({ ...story, made: await story.make() });
  });
  // Before vouchers had codes they were spent by their ids.
  await withSql(folder, async (run) => {
    for (const { made } of told) await run(made.id, [["UPDATE vouchers SET code = id"]]);
  });
  await withWorker(folder, async () => {
    for (const one of told) one.seen = await seen(one.made);
  });
  await withSql(folder, async (run) => {
    for (const one of told) one.store = await whole(run, one.made.id);
  });
});

/** A folder with the stores that there can have been after `k` migrations. */
async function old(name, k) {
  const folder = join(scratch, `${name}-${k}`);
  const stores = [];
  await withSql(folder, async (run) => {
    for (const one of told) {
      if (!scripts.slice(0, k).some((script) => script.includes(`CREATE TABLE ${one.needs} `))) continue;
      stores.push({ ...one, columnsOf: await writeOld(run, one.made.id, one.store, k) });
    }
  });
  return { folder, stores };
}

for (const [nth, file] of MIGRATIONS.entries()) {
  const k = nth + 1;
  test(`a store as ${file} left it`, async () => {
    const { folder, stores } = await old("looked-at", k);
    assert.ok(stores.length > 0);
    const untouched = join(scratch, `going-on-${k}`);
    cpSync(folder, untouched, { recursive: true });
    await withWorker(folder, async () => {
      for (const { name, made, seen: before } of stores) assert.deepEqual(await seen(made), before, name);
    });
    await withSql(folder, async (run) => {
      for (const { name, made, store, columnsOf } of stores) {
        const [versions] = await run(made.id, [[`SELECT version FROM ${VERSIONS} ORDER BY version`]]);
        assert.deepEqual(versions.map(({ version }) => version), scripts.map((_, number) => number + 1));
        const { rows: left } = await whole(run, made.id);
        for (const [table, all] of columnsOf) {
          const columns = all.filter((column) => column !== NUMBERED[table]);
          const sorted = (list = []) => list.map((row) => JSON.stringify(columns.map((column) => row[column]))).sort();
          assert.deepEqual(sorted(left.get(table)), sorted(store.rows.get(table)), `${name}: ${table}`);
        }
      }
    });
    await withWorker(untouched, async () => {
      for (const { goesOn, made } of stores) await goesOn(made);
    });
  });
}
