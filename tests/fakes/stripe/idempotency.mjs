// Idempotency keys of an account: what was answered to the first request with a key is the answer to all of them, for a day.
import { ApiError } from "./errors.mjs";

const KEPT_S = 24 * 60 * 60;
const KEY_MAX = 255;

export class Keys {
  #known = new Map();

  /** The answer that this key has already, or undefined; then the caller is the first, and says later what came of it. */
  begin(key, print, now) {
    if (key.length < 1 || key.length > KEY_MAX) throw new ApiError(400, "invalid_request_error", `Idempotency keys are up to ${KEY_MAX} characters long`);
    const known = this.#known.get(key);
    if (!known || now >= known.at + KEPT_S) {
      this.#known.set(key, { print, at: now });
      return undefined;
    }
    if (known.print !== print) {
      throw new ApiError(400, "idempotency_error", `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`);
    }
    if (!known.answer) {
      throw new ApiError(409, "idempotency_error", "There is currently another in-progress request using this idempotency key.", { code: "idempotency_key_in_use" });
    }
    return known.answer;
  }

  /** What every further request with this key is answered. */
  remember(key, answer) {
    this.#known.get(key).answer = answer;
  }

  /** The request did not get as far as doing anything: the key is free again. */
  forget(key) {
    this.#known.delete(key);
  }
}
