// What goes wrong at an account: ordered one by one, or drawn from a seed at given rates. The draw is a function of what it is about.
import { canonical } from "./form.mjs";
import { chance } from "./random.mjs";

/**
 * What can happen to a request:
 * - `before`: 503, nothing was done, nothing is remembered;
 * - `poison`: 500, nothing was done, and the idempotency key remembers the 500;
 * - `after`: it was done, then 500, and the key remembers the 500;
 * - `gateway`: it was done, then a 502 that is no JSON; the key remembers what was done;
 * - `lost`: it was done, then the connection is cut; the key remembers what was done;
 * - `silence`, `silence_after`: no answer ever, before or after it was done;
 * - `hold`: waits until a test releases it, then all is well;
 * - `busy`: 429.
 */
export const REQUEST_FAULTS = ["before", "poison", "after", "gateway", "lost", "silence", "silence_after", "hold", "busy"];
/** What can happen elsewhere. */
export const OTHER_FAULTS = ["fee_late", "refund_pending", "refund_fails", "hook_lost", "hook_twice", "hook_late"];

export class Faults {
  #seed = "0";
  #rates = {};
  #orders = [];
  #asked = new Map();

  /** `{ seed?, rates?: { fault: 0..1 }, orders?: [{ at: "POST /v1/refunds", fault, times? }] }`; replaces what was there. */
  set({ seed = "0", rates = {}, orders = [] }) {
    const known = [...REQUEST_FAULTS, ...OTHER_FAULTS];
    const strange = [...Object.keys(rates), ...orders.map(({ fault }) => fault)].find((fault) => !known.includes(fault));
    if (strange) throw new Error(`no such fault: ${strange}`);
    this.#seed = String(seed);
    this.#rates = rates;
    this.#orders = orders.map((order) => ({ times: 1, ...order }));
  }

  /** What happens to this request, if anything; the same request sent again draws again. */
  request(method, path, key) {
    const door = `${method} ${path}`;
    const ordered = this.#orders.find(({ at, times }) => times > 0 && door.startsWith(at));
    if (ordered) {
      ordered.times -= 1;
      return ordered.fault;
    }
    const about = `${door} ${key ?? ""}`;
    const nth = (this.#asked.get(about) ?? 0) + 1;
    this.#asked.set(about, nth);
    let drawn = chance(this.#seed, "request", about, nth);
    for (const fault of REQUEST_FAULTS) {
      drawn -= this.#rates[fault] ?? 0;
      if (drawn < 0) return fault;
    }
    return undefined;
  }

  fee(intent) {
    return this.#draws("fee_late", intent) ? "late" : "now";
  }

  refund(charge, metadata = {}) {
    return this.#draws("refund_pending", charge, canonical(metadata)) ? "pending" : "done";
  }

  /** What becomes of a refund in the end. */
  refundEnds(refund) {
    return this.#draws("refund_fails", refund) ? "failed" : "succeeded";
  }

  /** How often and how late a webhook is sent: the delays of its copies, as parts of the longest delay. */
  hook(event) {
    if (this.#draws("hook_lost", event)) return [];
    const copies = this.#draws("hook_twice", event) ? 2 : 1;
    return Array.from({ length: copies }, (_, copy) => (this.#draws("hook_late", event, copy) ? chance(this.#seed, "delay", event, copy) : 0));
  }

  #draws(fault, ...about) {
    const ordered = this.#orders.find((order) => order.fault === fault && order.times > 0);
    if (ordered) {
      ordered.times -= 1;
      return true;
    }
    return chance(this.#seed, fault, ...about) < (this.#rates[fault] ?? 0);
  }
}
