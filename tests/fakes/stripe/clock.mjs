// The fake's clock: the machine's until a test sets it; then it stands still until it is moved.

export class Clock {
  #fixed_ms;
  #ahead_ms = 0;

  now_ms() {
    return (this.#fixed_ms ?? Date.now()) + this.#ahead_ms;
  }

  /** Whole seconds, as Stripe counts. */
  now() {
    return Math.floor(this.now_ms() / 1000);
  }

  set(iso) {
    const ms = Date.parse(iso);
    if (Number.isNaN(ms)) throw new Error(`not an instant: ${iso}`);
    this.#fixed_ms = ms;
    this.#ahead_ms = 0;
  }

  advance(ms) {
    this.#ahead_ms += ms;
  }
}
