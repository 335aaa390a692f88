// The webhooks of an account. Live: sent by themselves, again and again until they are taken, with faults from the seed. Held: kept until a test
// says which leave, in what order and how often.
import { shuffled } from "./random.mjs";
import { signatureHeader } from "./signature.mjs";

const TIMEOUT_MS = 10_000;
const AGAIN_FIRST_MS = 100;
const AGAIN_MOST_MS = 2_000;
const TRIES_MAX = 100;

export class Hook {
  #account;
  #set = { url: undefined, secrets: [], mode: "held", late_most_ms: 0 };
  #held = [];
  #timers = new Set();

  constructor(account) {
    this.#account = account;
  }

  /** `{ url?, secrets?, mode?, late_most_ms?, clock_header? }`: the clock's time goes with each webhook in a header of that name. */
  set(more) {
    Object.assign(this.#set, more);
  }

  /** An event has happened. */
  announce(event) {
    if (this.#set.mode === "held") return void this.#held.push(event);
    const delays = this.#account.faults.hook(event.id);
    if (delays.length === 0) this.#account.note({ kind: "webhook", event: event.id, type: event.type, lost: true });
    for (const delay of delays) this.#later(event, delay * this.#set.late_most_ms, 1);
  }

  held() {
    return this.#held.map(({ id, type, data }) => ({ id, type, object: data.object.id }));
  }

  /**
   * Sends what is held: those of `events` (all, if absent), in `order` (`made`, `reversed`, `shuffled` by `seed`), `copies` of each, `at_once` at a
   * time. What is taken is no longer held unless `keep` is "yes". Answers each delivery with its status.
   */
  async deliver({ events, types, order = "made", copies = 1, seed = "0", at_once = 1, keep = "no" } = {}) {
    const wanted = this.#held.filter(({ id, type }) => (!events || events.includes(id)) && (!types || types.includes(type)));
    const all = wanted.flatMap((event) => Array(copies).fill(event));
    const line = order === "shuffled" ? shuffled(all, seed) : order === "reversed" ? all.reverse() : all;
    const sent = new Array(line.length);
    let next = 0;
    const worker = async () => {
      while (next < line.length) {
        const index = next++;
        sent[index] = { event: line[index].id, type: line[index].type, status: await this.#send(line[index]) };
      }
    };
    await Promise.all(Array.from({ length: at_once }, worker));
    const taken = new Set(sent.filter(({ status }) => status >= 200 && status < 300).map(({ event }) => event));
    if (keep === "no") this.#held = this.#held.filter(({ id }) => !taken.has(id));
    return sent;
  }

  /** Forgets what is held: lost for good. */
  lose() {
    for (const { id, type } of this.#held.splice(0)) this.#account.note({ kind: "webhook", event: id, type, lost: true });
  }

  /** Ends all that is still to be sent. */
  close() {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #later(event, after_ms, nth) {
    const timer = setTimeout(async () => {
      this.#timers.delete(timer);
      const status = await this.#send(event);
      const taken = status >= 200 && status < 300;
      if (!taken && nth < TRIES_MAX) this.#later(event, Math.min(AGAIN_MOST_MS, AGAIN_FIRST_MS * 2 ** nth), nth + 1);
    }, after_ms);
    this.#timers.add(timer);
  }

  /** The status of the answer; 0 where there was none. */
  async #send(event) {
    const { url, secrets, clock_header } = this.#set;
    const body = JSON.stringify(event);
    const headers = { "content-type": "application/json; charset=utf-8", "stripe-signature": signatureHeader(body, secrets, this.#account.clock.now()) };
    if (clock_header) headers[clock_header] = new Date(this.#account.clock.now_ms()).toISOString();
    const status = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) })
      .then(async (answer) => (await answer.arrayBuffer(), answer.status))
      .catch(() => 0);
    this.#account.note({ kind: "webhook", event: event.id, type: event.type, status });
    return status;
  }
}
