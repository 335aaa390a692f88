// Parameters one by one: what is there, of its kind, within its limits. A parameter that nobody asked for is refused, as Stripe does.
import { invalid, missing, unknown } from "./errors.mjs";

const METADATA_KEYS_MAX = 50;
const METADATA_KEY_MAX = 40;
const METADATA_VALUE_MAX = 500;

/** Refuses what is not named. */
export function only(params, names, prefix = "") {
  for (const name of Object.keys(params)) {
    if (!names.includes(name)) throw unknown(prefix ? `${prefix}[${name}]` : name);
  }
}

export function required(params, name, label = name) {
  if (params[name] === undefined || params[name] === "") throw missing(label);
  return params[name];
}

export function integer(value, label) {
  if (typeof value !== "string" || !/^-?\d{1,15}$/.test(value)) throw invalid(`Invalid integer: ${value}`, label, "parameter_invalid_integer");
  return Number(value);
}

export function oneOf(value, allowed, label) {
  if (!allowed.includes(value)) throw invalid(`Invalid ${label}: must be one of ${allowed.join(", ")}`, label);
  return value;
}

export function text(value, label, max) {
  if (typeof value !== "string" || value.length > max) throw invalid(`Invalid string: ${label} must be at most ${max} characters`, label);
  return value;
}

export function webAddress(value, label) {
  try {
    const { protocol } = new URL(value.replaceAll("{CHECKOUT_SESSION_ID}", "x"));
    if (protocol === "http:" || protocol === "https:") return value;
  } catch {
    // refused below
  }
  throw invalid("Not a valid URL", label, "url_invalid");
}

export function email(value, label) {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) throw invalid(`Invalid email address: ${value}`, label, "email_invalid");
  return value;
}

export function metadata(value = {}, label = "metadata") {
  if (value === "") return {};
  const entries = Object.entries(value);
  if (entries.length > METADATA_KEYS_MAX) throw invalid(`Metadata cannot have more than ${METADATA_KEYS_MAX} keys`, label);
  for (const [key, entry] of entries) {
    if (key.length > METADATA_KEY_MAX || typeof entry !== "string" || entry.length > METADATA_VALUE_MAX) {
      throw invalid(`Metadata keys are up to ${METADATA_KEY_MAX} and values up to ${METADATA_VALUE_MAX} characters long`, `${label}[${key}]`);
    }
  }
  return { ...value };
}
