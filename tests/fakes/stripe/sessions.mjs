// Checkout Sessions: made, paid, expired. A session is open until it is paid or its time is over, and never both.
import { checkCharge, checkForm, currencyOf } from "./amounts.mjs";
import { invalid, missing } from "./errors.mjs";
import { charge, decline, settleLater } from "./payments.mjs";
import { email, integer, metadata, oneOf, only, required, text, webAddress } from "./params.mjs";

const EXPIRES_LEAST_S = 30 * 60;
const EXPIRES_MOST_S = 24 * 60 * 60;
const NAMES =
  "mode success_url cancel_url client_reference_id customer_email expires_at line_items locale metadata payment_intent_data payment_method_types submit_type expand".split(" ");
const LOCALES =
  "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW".split(" ");

export function create(account, params, base) {
  only(params, NAMES);
  oneOf(required(params, "mode"), ["payment"], "mode");
  const items = lineItems(params.line_items);
  const currency = items[0].price.currency;
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  checkCharge(total, currency, "line_items");
  const intent = params.payment_intent_data ?? {};
  only(intent, ["metadata", "description", "capture_method", "statement_descriptor_suffix"], "payment_intent_data");
  const now = account.clock.now();
  const fields = {
    _intent_metadata: metadata(intent.metadata, "payment_intent_data[metadata]"),
    _line_items: { object: "list", data: items, has_more: false },
    amount_subtotal: total,
    amount_total: total,
    cancel_url: params.cancel_url === undefined ? null : webAddress(params.cancel_url, "cancel_url"),
    client_reference_id: params.client_reference_id === undefined ? null : text(params.client_reference_id, "client_reference_id", 200),
    currency,
    customer: null,
    customer_details: null,
    customer_email: params.customer_email === undefined ? null : email(params.customer_email, "customer_email"),
    expires_at: expiry(params.expires_at, now),
    locale: params.locale === undefined ? null : oneOf(params.locale, LOCALES, "locale"),
    metadata: metadata(params.metadata),
    mode: "payment",
    payment_intent: null,
    payment_method_types: ["card"],
    payment_status: "unpaid",
    status: "open",
    success_url: webAddress(required(params, "success_url"), "success_url"),
  };
  return account.make("checkout.session", (id) => ({ ...fields, url: `${base}/pay/${id}` }));
}

function lineItems(list) {
  if (list === undefined) throw missing("line_items");
  if (!Array.isArray(list) || list.length > 100) throw invalid("Invalid array", "line_items");
  const items = list.map((item, index) => lineItem(item, `line_items[${index}]`));
  if (items.some((item) => item.price.currency !== items[0].price.currency)) {
    throw invalid("All line items must have the same currency", "line_items");
  }
  return items;
}

function lineItem(item, label) {
  only(item, ["quantity", "price_data"], label);
  const quantity = integer(required(item, "quantity", `${label}[quantity]`), `${label}[quantity]`);
  if (quantity < 1) throw invalid("This value must be greater than or equal to 1.", `${label}[quantity]`, "parameter_invalid_integer");
  const price = required(item, "price_data", `${label}[price_data]`);
  only(price, ["currency", "unit_amount", "product_data", "tax_behavior"], `${label}[price_data]`);
  const currency = currencyOf(required(price, "currency", `${label}[price_data][currency]`), `${label}[price_data][currency]`);
  const unit = integer(required(price, "unit_amount", `${label}[price_data][unit_amount]`), `${label}[price_data][unit_amount]`);
  checkForm(unit, currency, `${label}[price_data][unit_amount]`);
  const product = required(price, "product_data", `${label}[price_data][product_data]`);
  const name = text(required(product, "name", `${label}[price_data][product_data][name]`), `${label}[price_data][product_data][name]`, 1500);
  return { object: "item", amount_total: unit * quantity, currency, description: name, quantity, price: { object: "price", currency, unit_amount: unit } };
}

function expiry(value, now) {
  if (value === undefined) return now + EXPIRES_MOST_S;
  const at = integer(value, "expires_at");
  if (at < now + EXPIRES_LEAST_S) throw invalid("The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", "expires_at");
  if (at > now + EXPIRES_MOST_S) throw invalid("The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at");
  return at;
}

/** Closes a session that nobody has paid. */
export function expire(account, session) {
  if (session.status !== "open") {
    throw invalid(`Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`);
  }
  Object.assign(session, { status: "expired", url: null });
  account.happened("checkout.session.expired", session);
  return session;
}

/** Closes those whose time is over; whoever looks at an account sees it as it is now. */
export function expireDue(account) {
  const due = account.all("checkout.session", ({ status, expires_at }) => status === "open" && expires_at <= account.clock.now());
  for (const session of due.reverse()) expire(account, session);
}

/** Somebody presses Pay: `card` is `ok`, `declined` or `async`. Answers what the page then says. */
export function pay(account, session, card) {
  if (session.status !== "open") return { outcome: session.status };
  if (card === "declined") {
    decline(account, session);
    return { outcome: "declined" };
  }
  const details = { email: session.customer_email, name: null };
  const complete = { status: "complete", url: null, customer_details: details };
  if (card === "async") {
    Object.assign(session, complete, { payment_intent: settleLater(account, session).id });
    account.happened("checkout.session.completed", session);
    return { outcome: "processing" };
  }
  Object.assign(session, complete, { payment_status: "paid", payment_intent: charge(account, session).id });
  account.happened("checkout.session.completed", session);
  return { outcome: "paid" };
}
