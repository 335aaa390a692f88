// The JSON doors of a control link, as the element uses them. An answer, the worker's problem, or nothing at all: what was not heard is never
// taken for anything else.

import type { Action, Booking, Options, Quote, Refund, Segment, Totals } from "../types.js";

/** How long a door may take before it counts as out of reach. */
const PATIENCE_MS = 20_000;

/** What a control link shows. */
export interface View {
  reference: string;
  version: number;
  at: string;
  operator: { name: string; locale: string };
  status: "booked" | "partly_canceled" | "canceled";
  payment_status: "unpaid" | "partly_paid" | "paid" | "overpaid";
  totals: Totals;
  options: Options;
  timeline: Segment[];
  booking: Booking;
  personal: { customer: { name: string; locale?: string }; names: Record<string, string>; labels?: Record<string, string> };
}

/** A quote that the worker will honor: its token is sent back with the action. */
export type BoundQuote = Quote & { token: string };

/** What a committed action did. */
export interface Receipt {
  id: string;
  booking: string;
  reference: string;
  version: number;
  status: View["status"];
  payment_status: View["payment_status"];
  totals: Totals;
  refunds: Refund[];
  /** Until when a cancellation can be taken back. */
  undo_until?: string;
}

/** A problem of RFC 9457, as the worker tells it. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail?: string;
  params?: object;
  /** A fresh quote, where the one that was sent no longer holds. */
  quote?: BoundQuote;
}

/** What came of asking a door. */
export type Heard<T> = { heard: "answer"; value: T } | { heard: "problem"; problem: Problem } | { heard: "nothing" };

/** The doors under one control link. */
export class Client {
  readonly #link: string;
  readonly #base: string;

  /** @param link The address of the link's JSON, `…/v1/control/TOKEN`, perhaps relative to `base`. */
  constructor(link: string, base: string) {
    this.#link = link.replace(/\/$/, "");
    this.#base = base;
  }

  view(): Promise<Heard<View>> {
    return this.#ask("");
  }

  quote(action: Action): Promise<Heard<BoundQuote>> {
    return this.#ask("/quotes", action);
  }

  /** Sent twice, it happens once: the quote's token is what makes it one. */
  act(action: Action, token: string): Promise<Heard<Receipt>> {
    return this.#ask("/actions", { action, quote: token });
  }

  /** Takes a cancellation back, by its receipt. */
  undo({ id }: Receipt): Promise<Heard<View>> {
    return this.#ask("/undo", { command: id });
  }

  async #ask<T>(door: string, body?: object): Promise<Heard<T>> {
    const init: RequestInit = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(PATIENCE_MS) };
    if (body) Object.assign(init, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
    try {
      const response = await fetch(new URL(this.#link + door, this.#base), init);
      const told = await response.json();
      if (response.ok) return { heard: "answer", value: told };
      // A problem of somebody in between, such as a proxy that cannot reach the worker, is no word of the worker.
      return typeof told?.code === "string" ? { heard: "problem", problem: told } : { heard: "nothing" };
    } catch {
      return { heard: "nothing" };
    }
  }
}
