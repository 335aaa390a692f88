// Says the sentences of a locale's Fluent files, with amounts, dates and percentages written by the platform's own Intl.
//
// For JavaScript beside the worker: the browser package and the tests. The worker says the same files by itself (`edge/build/words.rs`).
// It knows no rule and makes no sums: codes and their facts come from the core.

import { FluentBundle, FluentNumber } from "@fluent/bundle";

/** For a language without a region: how dates are written, and amounts with short signs that are no other currency's. */
const WITHOUT_REGION = { en: { dates: "en-GB", amounts: "en" }, pl: { dates: "pl-PL", amounts: "pl-PL" }, de: { dates: "de-DE", amounts: "de-DE" } };
const MINUTE = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
const SECOND = { ...MINUTE, second: "2-digit" };
const MILLISECOND = { ...SECOND, fractionalSecondDigits: 3 };
const PERCENT = { style: "unit", unit: "percent", maximumFractionDigits: 20 };
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/**
 * Makes the function that says a locale's sentences. `locale` says how amounts and dates are written and has to be of the language of
 * `resource`, what Fluent read of its files: the browser package reads them when it is built, and leaves the reader out.
 *
 * Facts are given as the core gives them: an amount as `{ amount, currency }`, an instant as text beside a `zone`, a `percent` as text,
 * a count as a number. Where a sentence or a fact of it is missing it throws: nothing is ever half said.
 */
export function speaker(locale, resource) {
  const bundle = new FluentBundle(locale, { useIsolating: false });
  const broken = bundle.addResource(resource);
  if (broken.length) throw broken[0];
  const write = writer(locale, say);

  function say(key, facts = {}) {
    const pattern = bundle.getMessage(key)?.value;
    if (!pattern) throw new RangeError(`no sentence \`${key}\` in \`${locale}\``);
    const errors = [];
    const text = bundle.formatPattern(pattern, written(facts), errors);
    if (errors.length) throw new RangeError(`\`${key}\` in \`${locale}\`: ${errors[0].message}`);
    return text;
  }
  /** The facts as a reader reads them, each written once a sentence asks for it. */
  const written = (facts) =>
    Object.defineProperties({}, Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, { get: () => write.fact(name, value, facts) }])));
  /** Whether there is such a sentence. */
  say.knows = (key) => bundle.hasMessage(key);
  /** An amount. */
  say.money = write.money;
  /** An instant in a zone's local time, to its last digit, with the zone's name. */
  say.time = write.time;
  return say;
}

/**
 * The key of what the rules said, `{ code, params }`, in a group: `fee`, `reason`, `refusal`. The most particular sentence that there is.
 */
export function keyOf(say, group, { code, params = {} }) {
  const known = knownKey(say, group, { code, params });
  if (known) return known;
  if (group === "refusal") return code.startsWith("unknown_") ? "refusal-unknown" : "refusal-other";
  throw new RangeError(`no sentence for \`${group}-${code}\``);
}

/** The same, or nothing where there is no such sentence. */
export function knownKey(say, group, { code, params = {} }) {
  const key = `${group}-${code}`;
  return [...variants(params).map((variant) => `${key}-${variant}`), key].find(say.knows);
}

/** What sets sentences of one code apart: who wrote `en/rules.ftl` named them so. */
function variants({ verb, mode, limits, ...params }) {
  const absent = (name) => name in params && params[name] === null;
  return [
    verb,
    mode,
    limits && (params.cancel ? limits : `${limits}_off`),
    absent("limit") && "off",
    absent("window") && "late",
    params.amount?.amount.startsWith("-") && "back",
  ].filter(Boolean);
}

function writer(locale, say) {
  const { dates, amounts } = WITHOUT_REGION[locale] ?? { dates: locale, amounts: locale };
  const made = new Map();
  const once = (key, make) => made.get(key) ?? made.set(key, make()).get(key);
  const money = ({ amount, currency }) =>
    once(currency, () => new Intl.NumberFormat(amounts, { style: "currency", currency })).format(amount);
  const percent = (text) => once("%", () => new Intl.NumberFormat(amounts, PERCENT)).format(text);

  function zoneName(zone) {
    const name = zone.split("/").pop();
    if (name === "UTC") return name;
    const key = `city-${name}`;
    return say("time-city", { city: say.knows(key) ? say(key) : name.replaceAll("_", " ") });
  }

  /** To the last digit: no limit is ever told rounded. */
  function time(instant, timeZone) {
    const ms = new Date(instant).getTime();
    const style = ms % 60_000 === 0 ? MINUTE : ms % 1_000 === 0 ? SECOND : MILLISECOND;
    const format = once(`${timeZone} ${Object.keys(style).length}`, () => new Intl.DateTimeFormat(dates, { ...style, timeZone }));
    return say("time-in", { time: say("time-at", { time: format.format(ms) }), zone: zoneName(timeZone) });
  }

  /** A last instant that ends a minute is told by the minute that begins right after it. */
  function limit(instant, zone, [itself, minuteAfter]) {
    const next = Date.parse(instant) + 1;
    return next % 60_000 === 0 ? say(minuteAfter, { time: time(next, zone) }) : say(itself, { time: time(instant, zone) });
  }

  function fact(name, value, { zone }) {
    if (typeof value === "number") return new FluentNumber(value, { useGrouping: false });
    if (value?.currency) return money(value);
    if (typeof value !== "string") return undefined;
    if (name === "percent") return percent(value);
    if (!INSTANT.test(value)) return value;
    if (!zone) throw new RangeError(`\`${name}\` is an instant: it needs a \`zone\``);
    return limit(value, zone, name === "after" ? ["time-after", "time-from"] : ["time-until", "time-until_before"]);
  }

  return { money, time, fact };
}
