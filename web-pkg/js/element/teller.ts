// Says what is shown: the locale's sentences about one booking. It reads signs and compares instants; it adds nothing up.

import type { Item, Money, Segment } from "../types.js";
import { explain, voice, type Code, type Locale } from "../words.js";
import type { Problem, View } from "./client.js";

/** Whether there is any of it. */
export const isSome = ({ amount }: Money): boolean => /[1-9]/.test(amount);
export const isOwed = (money: Money): boolean => isSome(money) && !money.amount.startsWith("-");
/** The amount without its sign, where the words beside it say who owes whom. */
export const unsigned = ({ amount, currency }: Money): Money => ({ amount: amount.replace("-", ""), currency });

/** Problems that have sentences of their own: what is wrong, and under the same key with `-next` what to do. */
const PROBLEMS = ["problem-link_unknown", "problem-link_expired", "problem-link_revoked", "problem-out_of_scope", "problem-too_many_requests"];

export class Teller {
  readonly #locale: Locale;
  readonly #view: View | undefined;

  constructor(locale: Locale, view?: View) {
    this.#locale = locale;
    this.#view = view;
  }

  say(key: string, facts: Record<string, unknown> = {}): string {
    const zone = this.#view?.booking.items[0]?.slot.zone;
    return voice(this.#locale)(key, { operator: this.#view?.operator.name, zone, ...facts });
  }

  money(money: Money): string {
    return voice(this.#locale).money(money);
  }

  /** An operator's code: in words where it is a usual one, else as it is written. */
  name(code: string): string {
    const key = `code-${code}`;
    return voice(this.#locale).knows(key) ? this.say(key) : code.replaceAll("_", " ");
  }

  /** The rules' codes as sentences. */
  explain(code: Code): string {
    const about = this.#view && { operator: this.#view.operator.name, booking: this.#view.booking };
    return explain(code, this.#locale, about)[0] ?? "";
  }

  time(instant: string, zone: string): string {
    return voice(this.#locale).time(instant, zone);
  }

  /** When an item takes place, from and to. */
  slot({ slot }: Item): string {
    const style = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" } as const;
    const format = new Intl.DateTimeFormat(this.#locale.locale === "en" ? "en-GB" : this.#locale.locale, { ...style, timeZone: slot.zone });
    return format.formatRange(new Date(slot.starts_at), new Date(slot.ends_at));
  }

  /** What a problem of the worker says, and what to do next. */
  problem(problem: Problem): [string, string] {
    if (problem.status >= 500 || problem.code === "malformed") return this.withNext("problem-internal");
    const known = PROBLEMS.find((key) => key.endsWith(`-${problem.code}`));
    if (known) return this.withNext(known);
    return [this.explain({ code: problem.code, params: problem.params ?? {} } as Code), this.say("problem-refused-next")];
  }

  /** What is so, and what to do next. */
  withNext(key: string): [string, string] {
    return [this.say(key), this.say(`${key}-next`)];
  }

  /** What canceling costs in a stretch, and what comes back. */
  stretch({ fee, refund, refund_mode }: Segment): [string, string] {
    const costs = isOwed(fee) ? this.say("policy-costs", { fee }) : this.say("policy-free");
    const paid = this.#view && isOwed(this.#view.totals.paid);
    const by_hand = refund_mode === "never" && !isOwed(fee);
    if (isOwed(refund)) return [costs, this.say(refund_mode === "approval" ? "policy-back_approval" : "policy-back", { refund })];
    return [costs, !paid ? "" : this.say(by_hand ? "policy-back_by_hand" : "policy-back_nothing")];
  }
}
