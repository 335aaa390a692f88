// The header that Stripe signs a webhook with: a time, and one signature for each secret that is in use.
import { createHmac } from "node:crypto";

export function signatureHeader(body, secrets, at_s) {
  const sign = (secret) => createHmac("sha256", secret).update(`${at_s}.${body}`).digest("hex");
  return [`t=${at_s}`, ...secrets.map((secret) => `v1=${sign(secret)}`)].join(",");
}
