// One account: its objects, how an object is shown, and lists of them. What may be done with them is in sessions, refunds and disputes.
import { Clock } from "./clock.mjs";
import { invalid, noSuch } from "./errors.mjs";
import { Faults } from "./faults.mjs";
import { Hook } from "./hook.mjs";
import { Keys } from "./idempotency.mjs";
import { idOf } from "./random.mjs";
import { integer, oneOf } from "./params.mjs";

const PREFIX = {
  "checkout.session": "cs_test",
  payment_intent: "pi",
  charge: "ch",
  balance_transaction: "txn",
  refund: "re",
  dispute: "du",
  event: "evt",
};
/** What of an object can be shown in full instead of its id, and what kind of object it then is. */
const EXPANDABLE = {
  "checkout.session": { payment_intent: "payment_intent" },
  payment_intent: { latest_charge: "charge" },
  charge: { payment_intent: "payment_intent", balance_transaction: "balance_transaction" },
  refund: { payment_intent: "payment_intent", charge: "charge", balance_transaction: "balance_transaction", failure_balance_transaction: "balance_transaction" },
  dispute: { payment_intent: "payment_intent", charge: "charge" },
  balance_transaction: {},
  event: {},
};
const API_VERSION = "2025-09-30.clover";
const EXPAND_DEPTH_MAX = 4;
const WORD = { "checkout.session": "checkout.session", payment_intent: "payment_intent", balance_transaction: "balance transaction" };

export class Account {
  #objects = new Map();
  #kinds = Object.fromEntries(Object.keys(PREFIX).map((object) => [object, []]));
  #waiting = [];
  #watching = [];

  constructor(name, journal) {
    Object.assign(this, { name, id: `acct_${name}`, journal, clock: new Clock(), faults: new Faults(), keys: new Keys(), hook: new Hook(this) });
  }

  /** Notes something in the journal. */
  note(entry) {
    return this.journal.note({ account: this.name, at: this.clock.now(), ...entry });
  }

  /** Makes an object; `fields` may be a function of its id. */
  make(object, fields) {
    const id = idOf(PREFIX[object], this.name, object, this.#kinds[object].length);
    const made = { id, object, created: this.clock.now(), livemode: false, ...(typeof fields === "function" ? fields(id) : fields) };
    this.#objects.set(id, made);
    this.#kinds[object].push(made);
    if (object !== "event") this.note({ kind: "made", object, id, ...noted(made) });
    return made;
  }

  /** Something happened to an object: an event that says so, with the object as it is now, and its webhook. */
  happened(type, object) {
    const data = { object: this.shown(object) };
    const event = this.make("event", { api_version: API_VERSION, data, pending_webhooks: 1, request: { id: null, idempotency_key: null }, type });
    this.note({ kind: "event", id: event.id, type, object: object.id, ...noted(object) });
    this.hook.announce(event);
  }

  /** Waits for a test to release what is held. */
  held() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      for (const tell of this.#watching.splice(0)) tell();
    });
  }

  /** Settles as soon as something is held. */
  holding() {
    return this.#waiting.length > 0 ? undefined : new Promise((resolve) => this.#watching.push(resolve));
  }

  /** Lets go what is held; answers how many that were. */
  release() {
    const waiting = this.#waiting.splice(0);
    for (const resolve of waiting) resolve();
    return waiting.length;
  }

  has(id) {
    return this.#objects.has(id);
  }

  /** An object by its id, or a 404. */
  get(object, id, param) {
    const found = this.#objects.get(id);
    if (found?.object !== object) throw noSuch(WORD[object] ?? object, id, param);
    return found;
  }

  /** All of a kind that `keep` keeps, newest first. */
  all(object, keep = () => true) {
    return this.#kinds[object].filter(keep).reverse();
  }

  /** A page of a list. */
  page(object, { limit = "10", starting_after, ending_before }, url, keep) {
    const size = integer(limit, "limit");
    if (size < 1 || size > 100) throw invalid("Invalid integer: limit must be between 1 and 100", "limit", "parameter_invalid_integer");
    const all = this.all(object, keep);
    const at = (id, param) => {
      const index = all.findIndex((entry) => entry.id === id);
      if (index < 0) throw noSuch(object, id, param);
      return index;
    };
    if (ending_before !== undefined) {
      const end = at(ending_before, "ending_before");
      return { object: "list", data: all.slice(Math.max(0, end - size), end), has_more: end > size, url };
    }
    const start = starting_after === undefined ? 0 : at(starting_after, "starting_after") + 1;
    return { object: "list", data: all.slice(start, start + size), has_more: all.length > start + size, url };
  }

  /** An object or a list as it is shown, with what `expand` names in full. Private fields begin with `_`. */
  shown(value, expand = []) {
    const copy = JSON.parse(JSON.stringify(value, (key, entry) => (key.startsWith("_") ? undefined : entry)));
    for (const path of expand) {
      const steps = path.split(".");
      if (steps.length > EXPAND_DEPTH_MAX) throw invalid(`You cannot expand more than ${EXPAND_DEPTH_MAX} levels of a property`, "expand");
      this.#expand(copy, steps, path);
    }
    return copy;
  }

  #expand(node, [head, ...rest], path) {
    if (node.object === "list" && head === "data") return node.data.forEach((entry) => this.#expand(entry, rest, path));
    const kind = EXPANDABLE[node.object]?.[head];
    if (head === undefined || (!kind && !(node.object === "checkout.session" && head === "line_items"))) {
      throw invalid(`This property cannot be expanded (${path}).`, "expand");
    }
    if (head === "line_items") return void (node.line_items = this.get("checkout.session", node.id)._line_items);
    if (node[head] === null || node[head] === undefined) return;
    if (typeof node[head] === "string") node[head] = this.shown(this.get(kind, node[head]));
    if (rest.length > 0) this.#expand(node[head], rest, path);
  }
}

/** What an `expand` parameter names. */
export function expansions(params) {
  const expand = params.expand ?? [];
  if (!Array.isArray(expand)) throw invalid("Invalid array", "expand");
  expand.forEach((path) => oneOf(typeof path, ["string"], "expand"));
  return expand;
}

/** What of an object those who check afterwards need. */
const noted = ({ amount, amount_total, currency, status, payment_status, payment_intent, metadata, client_reference_id, fee, source }) =>
  JSON.parse(JSON.stringify({ amount: amount ?? amount_total, currency, status, payment_status, payment_intent, metadata, client_reference_id, fee, source }));
