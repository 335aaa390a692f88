// Makes the page of a booking alive: shows at once what a choice costs and pays back, and keeps "now" moving.
//
// It asks the same compiled rules as the server and has no rule and no sum of its own; the sentences and the ways in which amounts and
// dates are written come with the page. If anything here fails, the page stays the plain form that it was.

const $ = (id) => document.getElementById(id);
/** How often "now" moves, in milliseconds. */
const TICK_MS = 20_000;

let data = JSON.parse($("data").textContent);
let loadedAt = Date.now();
const form = $("cancel-form");
const only = "one" in form.dataset;
const boxes = () => [...document.querySelectorAll('input[type="checkbox"][form="cancel-form"]')];
const { default: init, open } = await import(`./leeway.js?v=${data.version}`);
await init({ module_or_path: new URL(`./leeway_bg.wasm?v=${data.version}`, import.meta.url) });
/** The booking, read once: a question about it then costs microseconds. */
let rules = open(data.booking);

/** The server's clock: the reader's own may be wrong. */
const now = () => Date.parse(data.at) + Date.now() - loadedAt;

// Words, amounts and dates.

const made = new Map();
const once = (key, make) => made.get(key) ?? made.set(key, make()).get(key);
/** A sentence: a text, or texts that differ by a count. */
function say(key, facts = {}) {
  const said = data.words[key] ?? "";
  const form = said.by && once("plural", () => new Intl.PluralRules(data.language)).select(facts[said.by]);
  const text = form ? (said[form] ?? said.rest) : said;
  return text.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}
const percent = (text) =>
  once("percent", () => new Intl.NumberFormat(data.locales[1], { style: "unit", unit: "percent", maximumFractionDigits: 20 })).format(text);
const money = ({ amount, currency }) =>
  once(currency, () => new Intl.NumberFormat(data.locales[1], { style: "currency", currency })).format(amount);
const isNothing = ({ amount }) => /^-?[0.]*$/.test(amount);
const isPositive = (sum) => !isNothing(sum) && !sum.amount.startsWith("-");

function zoned(instant, timeZone) {
  const at = new Date(instant).getTime();
  const style = at % 60_000 === 0 ? 0 : at % 1_000 === 0 ? 1 : 2;
  const write = once(style + timeZone, () => new Intl.DateTimeFormat(data.locales[0], { ...data.styles[style], timeZone }));
  const zone = data.zones[timeZone] ?? timeZone;
  return say("time-in", { time: say("time-at", { time: write.format(at) }), zone });
}

/** The whole minute that begins right after a last instant; limits at the end of a minute are told by it. */
const nextMinute = (instant) => ((Date.parse(instant) + 1) % 60_000 === 0 ? Date.parse(instant) + 1 : null);
const until = (instant, zone) => {
  const next = nextMinute(instant);
  return say(next ? "time-until_before" : "time-until", { time: zoned(next ?? instant, zone) });
};
const after = (instant, zone) => {
  const next = nextMinute(instant);
  return say(next ? "time-from" : "time-after", { time: zoned(next ?? instant, zone) });
};

const itemOf = (id) => data.booking.items.find((item) => item.id === id);
/** The zone in which a limit is read: that of the item whose limit it is. */
function zoneOf(instant) {
  const items = data.booking.items;
  return (items.find((item) => item.terms.windows.some((window) => window.until === instant)) ?? items[0]).slot.zone;
}

/** The facts of one of the rules' codes, as people read them. */
function told(params = {}) {
  const facts = { operator: data.operator };
  for (const [name, value] of Object.entries(params)) {
    if (value?.currency) facts[name] = money(value);
    else if (name === "percent") facts[name] = percent(value);
    else if (typeof value === "string" && /^\d{4}-.*Z$/.test(value)) {
      facts[name] = (name === "after" ? after : until)(value, params.zone ?? zoneOf(value));
    } else facts[name] = value;
  }
  return facts;
}

function nextChange(next) {
  if (!next) return "";
  if (next.then === "closed") {
    const { item, zone } = next.place;
    return say("next-closed", { after: after(next.after, zone), service: itemOf(item)?.service });
  }
  return say(isPositive(next.refund) ? "next-price" : "next-price_only", told(next));
}

function refused({ code, params }) {
  return (
    say(`refusal-${code}-${params?.verb}`, told(params)) ||
    say(`refusal-${code}`, told(params)) ||
    say("refusal-other")
  );
}

// The choice, and what the rules say of it.

function action() {
  const fields = new FormData(form);
  if (fields.has("all")) return { type: "cancel", selection: { all: true } };
  const selection = { items: fields.getAll("item"), participants: fields.getAll("participant") };
  return selection.items.length + selection.participants.length ? { type: "cancel", selection } : null;
}

const slot = (name) => $("live-amounts").querySelector(`[data-slot="${name}"]`);
function put(name, sum) {
  slot(name).parentElement.hidden = !sum;
  slot(name).textContent = sum ? money(sum) : "";
}

function step(text, sum) {
  const [li, name, amount] = ["li", "span", "span"].map((tag) => document.createElement(tag));
  li.className = "row small";
  name.textContent = text;
  amount.className = "amount";
  amount.textContent = money(sum);
  li.append(name, amount);
  return li;
}

function steps({ charges, explanation }) {
  const rows = charges.flatMap((charge) => charge.lines).map(({ code, params, amount }) => step(say(`fee-${code}`, told(params)), amount));
  for (const { code, params } of explanation) {
    if (code === "gateway_fee_kept") rows.push(step(say(`reason-${code}`), params.amount));
    // Waived: shown as what it takes off.
    if (code === "shortfall_waived") rows.push(step(say(`reason-${code}`), { ...params.amount, amount: `-${params.amount.amount}` }));
  }
  return rows;
}

let asked = 0;
function show() {
  const wanted = action();
  const said = wanted && rules.quote(wanted, new Date(now()).toISOString(), "customer");
  const button = $("live-button");
  const good = said?.ok ? said.value : null;
  button.disabled = !good;
  form.toggleAttribute("data-chosen", Boolean(good));
  $("live-amounts").hidden = !good;
  $("live-title").hidden = Boolean(said && !good);
  $("live-title").textContent = say(good ? "live-selection" : "live-prompt");
  $("live-refusal").hidden = !said || Boolean(good);
  $("live-refusal").textContent = said && !good ? refused(said.refusal) : "";
  $("live-next").textContent = good ? nextChange(good.next_change) : "";
  button.textContent = say("live-review");
  clearTimeout(asked);
  if (!good) return;
  const reason = (code) => good.explanation.find((one) => one.code === code)?.params.amount;
  const byHand = reason("refund_by_hand");
  put("fee", good.fee);
  put("refund", good.refund);
  put("by_hand", byHand);
  put("due", isPositive(good.balance_after) ? good.balance_after : null);
  $("live-steps").replaceChildren(...steps(good));
  button.textContent = isPositive(good.refund)
    ? say("live-review_refund", { refund: money(good.refund) })
    : say(byHand ? "live-review_by_hand" : "live-review_nothing");
  // Asked again once it no longer holds.
  asked = setTimeout(show, Math.max(Date.parse(good.valid_until) - now() + 1, 1_000));
}

/** Ticking a whole ticks its parts, and the other way round. */
function tie(changed) {
  const all = boxes().filter((box) => !box.disabled);
  const parts = (whole) =>
    whole.name === "all" ? all.filter((box) => box !== whole)
    : whole.name === "item" ? all.filter((box) => box.dataset.item === whole.value)
    : [];
  if (changed) for (const part of parts(changed)) [part.checked, part.indeterminate] = [changed.checked, false];
  for (const whole of [...all.filter((box) => box.name === "item"), ...all.filter((box) => box.name === "all")]) {
    const own = parts(whole);
    if (!own.length) continue;
    whole.checked = own.every((box) => box.checked);
    whole.indeterminate = !whole.checked && own.some((box) => box.checked || box.indeterminate);
  }
}

// Time.

/** Moves "now" along the bar; once a stretch has passed, fetches the page as it is now. */
function move() {
  const at = now();
  const stretches = [...document.querySelectorAll(".bar .seg")];
  const current = stretches.find((one) => at <= Number(one.dataset.until));
  const row = document.querySelector(".stretches [aria-current]");
  if (row && at > Number(row.dataset.until)) return renew();
  if (!current) return;
  const [x, width] = ["x", "width"].map((name) => parseFloat(current.getAttribute(name)));
  const { from, until } = current.dataset;
  const place = `${x + (width * Math.max(at - from, 0)) / Math.max(until - from, 1)}%`;
  $("now-line").setAttribute("x1", place);
  $("now-line").setAttribute("x2", place);
  $("now-dot").setAttribute("cx", place);
  $("now-text").setAttribute("x", place);
}

let renewing = false;
async function renew() {
  if (renewing) return;
  renewing = true;
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Nothing is left to choose, or something else is: the plain page says so best.
    if (!fresh.getElementById("data") || !fresh.getElementById("cancel-form")) return location.reload();
    const chosen = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
    for (const id of ["lead", "policy", "items"]) $(id).replaceWith(fresh.getElementById(id));
    for (const box of boxes()) box.checked = !box.disabled && chosen.has(box.value);
    data = JSON.parse(fresh.getElementById("data").textContent);
    rules.free();
    rules = open(data.booking);
    loadedAt = Date.now();
    tie();
    show();
    move();
  } catch {
    // Without a connection the page stays as it is; the server judges every press of the button.
  } finally {
    renewing = false;
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.form !== form) return;
  tie(target);
  show();
});
// A page that comes back from the history may be old.
addEventListener("pageshow", ({ persisted }) => persisted && renew());
document.addEventListener("visibilitychange", () => document.hidden || move());

tie();
show();
move();
setInterval(move, TICK_MS);
document.documentElement.dataset.live = only ? "one" : "many";
