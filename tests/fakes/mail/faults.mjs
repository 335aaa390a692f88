// Faults that a test orders: each strikes the next message that comes to its point, once or `times`.

/** Where a fault can strike. `mid`: while the message comes; `end`: after it was kept, before the answer, so that the sender cannot know. */
export const POINTS = ["connect", "auth", "mail", "rcpt", "mid", "end", "http", "http_end"];
/** What can happen there: an answer with a code, a connection that is cut, or nothing at all. */
export const WAYS = ["answer", "hang_up", "silence"];

export class Faults {
  #ordered = [];

  /** `[{ at, way, code?, text?, times? }]`; replaces what was ordered before. */
  order(faults) {
    for (const { at, way } of faults) {
      if (!POINTS.includes(at) || !WAYS.includes(way)) throw new Error(`no such fault: ${at} ${way}`);
    }
    this.#ordered = faults.map((fault) => ({ times: 1, ...fault }));
  }

  /** The fault that strikes here and now, if any; it is used up. */
  at(point) {
    const fault = this.#ordered.find(({ at, times }) => at === point && times > 0);
    if (fault) fault.times -= 1;
    return fault;
  }

  left() {
    return this.#ordered.filter(({ times }) => times > 0);
  }
}
