// A message for the platform's own mail. The module is loaded when it is first needed: plain workerd has none, and would not start.

/** A message of these bytes, as the binding takes it. */
export async function message(from, to, raw) {
  const { EmailMessage } = await import("cloudflare:email");
  return new EmailMessage(from, to, raw);
}
