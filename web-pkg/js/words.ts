// Sentences for the rules' codes, from the same Fluent files as the worker's pages and mails. The rules themselves know no words, and
// nothing here is a rule: codes and their facts are told as they come.

import { keyOf, knownKey, speaker, type Say } from "../../locales/speak.mjs";
import type { Booking, FeeLine, Item, Money, NextChange, Reason, Refusal } from "./types.js";

/** The sentences of one language: `import polish from "leeway/locales/pl"`. */
export interface Locale {
  /** How amounts and dates are written. Another region of the language is `{ ...english, locale: "en-US" }`. */
  readonly locale: string;
  /** The sentences, made when the package was built. */
  readonly body: Sentences;
}

/** A text with places, `until {time}`; where its words follow a count, one for each form of it, the usual one last. */
export type Sentence = string | { readonly [count: string]: { readonly [form: string]: string } };

/** Sentences by the two halves of their keys. */
export type Sentences = Readonly<Record<string, Readonly<Record<string, Sentence>>>>;

/** What the rules say in codes: why, what a fee is made of, what changes next, and "no". */
export type Code = Reason | FeeLine | NextChange | Refusal;

/** What sentences name that is not in a code. */
export interface About {
  /** What the business is called. */
  operator?: string;
  /** The booking that the codes are about: its services are named, and its zones tell in whose local time an instant is read. */
  booking?: Booking;
}

const voices = new WeakMap<Sentences, Map<string, Say>>();

/**
 * Tells codes as sentences, one for each: `explain(quote.explanation, polish, { operator: "Harbor Tours", booking })`.
 *
 * @throws `RangeError` where a sentence names something that neither the code nor `about` has: nothing is ever half said.
 */
export function explain(codes: Code | readonly Code[], locale: Locale, about: About = {}): string[] {
  const say = voice(locale);
  const all: readonly Code[] = Array.isArray(codes) ? codes : [codes as Code];
  return all.map((code) => ("then" in code ? next(say, code, about) : told(say, code, about)));
}

/** Writes an amount: `formatMoney({ amount: "1234.5", currency: "EUR" }, "de-AT")`. No digit is lost. */
export function formatMoney(money: Money, locale: Locale | string): string {
  const say = typeof locale === "string" ? voice({ locale, body: NOTHING }) : voice(locale);
  return say.money(money);
}

const NOTHING: Sentences = {};

/**
 * Who says a locale's sentences; made once.
 * @internal
 */
export function voice({ locale, body }: Locale): Say {
  const made = voices.get(body) ?? new Map<string, Say>();
  voices.set(body, made);
  let say = made.get(locale);
  if (!say) made.set(locale, (say = speaker(locale, { body: messages(body) })));
  return say;
}

/** The sentences as Fluent has them. */
const messages = (body: Sentences) =>
  Object.entries(body).flatMap(([group, said]) => Object.entries(said).map(([name, sentence]) => ({ id: `${group}-${name}`, value: pattern(sentence) })));

function pattern(sentence: Sentence): object {
  if (typeof sentence === "string") return sentence.split(/[{}]/).map((part, at) => (at % 2 ? variable(part) : part));
  return Object.entries(sentence).map(([count, forms]) => {
    const variants = Object.entries(forms).map(([form, said]) => ({ key: { type: "str", value: form }, value: pattern(said) }));
    return { type: "select", selector: variable(count), variants, star: variants.length - 1 };
  });
}

const variable = (name: string) => ({ type: "var", name });

function told(say: Say, said: Exclude<Code, NextChange>, about: About): string {
  const params: { item?: string; [name: string]: unknown } = said.params;
  const group = ["reason", "fee"].find((group) => knownKey(say, group, said)) ?? "refusal";
  return say(keyOf(say, group, said), { ...facts(params, about), ...params });
}

function next(say: Say, change: NextChange, about: About): string {
  if (change.then === "closed") {
    const { item, zone } = change.place;
    return say("next-closed", { ...facts({ item }, about), after: change.after, zone });
  }
  const key = /[1-9]/.test(change.refund.amount) ? "next-price" : "next-price_only";
  return say(key, { ...change, ...facts({ after: change.after }, about) });
}

/** Whose service it is, and in whose local time its instants are read. */
function facts({ item, after }: { item?: string; after?: string }, { operator, booking }: About) {
  const found = item ? byId(booking, item) : limited(booking, after);
  return { ...(operator && { operator }), ...(found && { zone: found.slot.zone }), ...(item && found && { service: found.service }) };
}

function byId(booking: Booking | undefined, id: string): Item | undefined {
  return booking?.items.find((item) => item.id === id);
}

/** The item whose limit an instant is; else the first: a booking is read in one zone as long as nothing says otherwise. */
function limited(booking: Booking | undefined, instant: string | undefined): Item | undefined {
  return booking?.items.find(({ terms }) => terms.windows.some((window) => window.until === instant)) ?? booking?.items[0];
}
