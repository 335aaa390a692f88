// The HTTP API of a mail provider, in the shape of Resend's: `POST /emails`, a bearer key, an idempotency key that is kept for a day.

export const API_KEY = "re_test_leeway";
const TO_MAX = 50;

const refusal = (status, name, message) => ({ status, json: { statusCode: status, name, message } });

/** The door's answer, or undefined where a fault wants the connection cut. */
export class Emails {
  #known = new Map();
  #count = 0;

  constructor({ inbox, faults }) {
    this.inbox = inbox;
    this.faults = faults;
  }

  async answer(request, text) {
    const before = await this.#struck("http");
    if (before) return before.answer;
    const checked = this.#checked(request, text);
    if (checked.status) return checked;
    const { body, key } = checked;
    const known = key && this.#known.get(key);
    if (known && known.text !== text) {
      return refusal(409, "invalid_idempotent_request", "Same idempotency key used with a different request payload");
    }
    const id = known?.id ?? `email_${(this.#count += 1)}`;
    if (!known) this.inbox.takeJson(body, { user: API_KEY, key });
    if (key) this.#known.set(key, { text, id });
    const after = await this.#struck("http_end");
    return after ? after.answer : { status: 200, json: { id } };
  }

  #checked(request, text) {
    const { authorization, "idempotency-key": key } = request.headers;
    if (!authorization) return refusal(401, "missing_api_key", "Missing API key in the authorization header");
    if (authorization !== `Bearer ${API_KEY}`) return refusal(403, "invalid_api_key", "API key is invalid");
    if (key !== undefined && (key.length < 1 || key.length > 256)) {
      return refusal(400, "invalid_idempotency_key", "The idempotency key must be between 1-256 characters");
    }
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      return refusal(422, "validation_error", "The body is not JSON");
    }
    for (const field of ["from", "to", "subject"]) {
      if (!body[field]?.length) return refusal(422, "missing_required_field", `Missing \`${field}\` field`);
    }
    if (!body.html && !body.text) return refusal(422, "missing_required_field", "Missing `html` or `text` field");
    const bad = [body.to].flat().find((address) => !/^[^\s@]+@[^\s@]+$|^[^<>]+<[^\s@<>]+@[^\s@<>]+>$/.test(address));
    if (bad || [body.to].flat().length > TO_MAX) return refusal(422, "validation_error", "Invalid `to` field");
    return { body, key };
  }

  async #struck(point) {
    const fault = this.faults.at(point);
    if (!fault) return undefined;
    if (fault.way === "answer") return { answer: refusal(fault.code ?? 500, "application_error", fault.text ?? "as ordered") };
    if (fault.way === "silence") await new Promise(() => {});
    return { answer: undefined };
  }
}
