// The doors of the package: plain objects in, plain objects out. They know no host: who imports them from a host's own file loads the rules
// there, once for all.
//
// No rule, no sum and no clock is here. A booking is read and asked about; or opened once by whoever asks often. The one that was
// asked about last is known again.

import start, * as glue from "leeway-glue";
import { read } from "./last.js";
import type { Action, Actor, Answer, At, Booking, Mistake, Offer, Options, Quote, Segment, Selection, Totals, What } from "./types.js";

export type * from "./types.js";

/** Where the rules' WebAssembly comes from: an address, what was fetched from it, its bytes, or a compiled module. */
export type Source = string | URL | Request | Response | BufferSource | WebAssembly.Module;

const NOT_YET = "leeway: call `await init()` once, and wait for it, before asking anything";
let loading: Promise<void> | undefined;
let ready = false;

/**
 * Loads the rules once, however often it is called; after a failure it can be called again.
 * @internal
 */
export function load(source: () => Source | Promise<Source>): Promise<void> {
  loading ??= (async () => {
    try {
      if (!ready) await start({ module_or_path: await source() });
      ready = true;
    } catch (failure) {
      loading = undefined;
      throw failure;
    }
  })();
  return loading;
}

/** Loads the rules from their bytes or a compiled module, where nothing can be waited for. Once is enough; more does nothing. */
export function initSync(source: BufferSource | WebAssembly.Module): void {
  if (!ready) glue.initSync({ module: source });
  ready = true;
}

/** A booking that was read once, for whoever asks about it often: a question then costs some microseconds. */
export class OpenBooking {
  #opened: glue.Opened | null;

  /** @internal */
  constructor(opened: glue.Opened) {
    this.#opened = opened;
  }

  /** Gives its memory back. Nobody has to: an open booking that nothing refers to any more is freed some time. */
  free(): void {
    this.#opened?.free();
    this.#opened = null;
  }

  /** @internal */
  static ask<T>(booking: Booking | OpenBooking, question: (opened: glue.Opened) => T): T {
    if (booking instanceof OpenBooking) {
      if (!booking.#opened) throw new TypeError("`booking` was freed");
      return question(booking.#opened);
    }
    if (!ready) throw new Error(NOT_YET);
    const opened = read(booking);
    try {
      return question(opened);
    } finally {
      opened.free();
    }
  }
}

/**
 * Reads a booking once, for all that is to be asked about it. It does not change with the object that it was read from.
 *
 * @throws `TypeError` for what is no booking.
 */
export function open(booking: Booking): OpenBooking {
  if (!ready) throw new Error(NOT_YET);
  return new OpenBooking(glue.open(booking));
}

/**
 * What may be done with a booking at an instant, and until when: what buttons a page shows.
 *
 * @throws `TypeError` for a malformed call.
 */
export function options(booking: Booking | OpenBooking, at: At): Answer<Options> {
  return OpenBooking.ask(booking, (opened) => opened.options(at));
}

/**
 * What an action would do at an instant: fee, refund, where it goes, what changes next, and why.
 *
 * A policy's limits bind customers, so `actor` matters: `"customer"` unless you say otherwise. `offers` are the slots that a move names, as the
 * worker's `slots` door answers them.
 *
 * @throws `TypeError` for a malformed call.
 */
export function quote(
  booking: Booking | OpenBooking,
  action: Action,
  at: At,
  actor?: Actor,
  offers?: Offer[],
): Answer<Quote> {
  return OpenBooking.ask(booking, (opened) => opened.quote(action, at, actor, offers));
}

/**
 * How the price of canceling a selection changes with time: stretches with their fee and refund, earliest first.
 *
 * @throws `TypeError` for a malformed call.
 */
export function timeline(booking: Booking | OpenBooking, selection: Selection): Answer<Segment[]> {
  return OpenBooking.ask(booking, (opened) => opened.timeline(selection));
}

/**
 * What is owed, paid and promised back, and the balance. Positive: the customer owes. Negative: the operator does.
 *
 * @throws `TypeError` for what is no booking.
 */
export function balance(booking: Booking | OpenBooking): Answer<Totals> {
  return OpenBooking.ask(booking, (opened) => opened.balance());
}

/** What each word of {@link What} stands for. */
export interface Whats {
  booking: Booking;
  action: Action;
  selection: Selection;
  offers: Offer[];
}

/** What {@link validate} answers: the value, now with its type, or what is wrong with it. */
export type Validity<T> = { ok: true; value: T } | { ok: false; mistake: Mistake };

/**
 * Tells whether a value is what the other doors take, and throws nothing where it is not.
 *
 * The shape and the limits are checked, down to each amount's digits; whether the rules allow an action is what {@link quote} answers.
 */
export function validate<W extends What>(what: W, value: unknown): Validity<Whats[W]> {
  if (!ready) throw new Error(NOT_YET);
  const mistake = glue.mistake(what, value);
  return mistake ? { ok: false, mistake } : { ok: true, value: value as Whats[W] };
}
