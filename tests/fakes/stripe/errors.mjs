// Refusals in the shape of Stripe's: a status and an `error` with type, code, message and parameter.

export class ApiError extends Error {
  constructor(status, type, message, { code, param, more = {} } = {}) {
    super(message);
    Object.assign(this, { status, body: { error: { ...(code && { code }), message, ...(param && { param }), type, ...more } } });
  }
}

export const invalid = (message, param, code) => new ApiError(400, "invalid_request_error", message, { param, code });
export const missing = (param) => invalid(`Missing required param: ${param}.`, param, "parameter_missing");
export const unknown = (param) => invalid(`Received unknown parameter: ${param}`, param, "parameter_unknown");
export const noSuch = (what, id, param = "id") =>
  new ApiError(404, "invalid_request_error", `No such ${what}: '${id}'`, { code: "resource_missing", param });
