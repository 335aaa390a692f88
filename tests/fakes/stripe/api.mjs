// The API's doors: who asks, which account, what is asked, under which idempotency key, and what goes wrong on the way.
import { randomUUID } from "node:crypto";
import { expansions } from "./account.mjs";
import { ApiError, invalid } from "./errors.mjs";
import { canonical, parse } from "./form.mjs";
import { only } from "./params.mjs";
import * as refunds from "./refunds.mjs";
import * as sessions from "./sessions.mjs";

const LISTS = {
  "/v1/checkout/sessions": ["checkout.session", ["payment_intent", "status"]],
  "/v1/payment_intents": ["payment_intent", []],
  "/v1/charges": ["charge", ["payment_intent"]],
  "/v1/refunds": ["refund", ["payment_intent", "charge"]],
  "/v1/disputes": ["dispute", ["payment_intent", "charge"]],
  "/v1/events": ["event", ["type"]],
  "/v1/balance_transactions": ["balance_transaction", ["type", "source"]],
};
const PAGING = ["limit", "starting_after", "ending_before", "expand"];

/** Answers `{ status, headers, json }`, or undefined where the connection is to be cut; never settles where there is to be no answer. */
export async function answer(world, request, body) {
  const id = `req_${randomUUID().slice(0, 14)}`;
  const headers = { "request-id": id, "stripe-version": request.headers["stripe-version"] ?? "2025-09-30.clover" };
  const url = new URL(request.url, world.base);
  const said = await attempt(world, request, url, body);
  if (said === undefined) return undefined;
  return { ...said, headers: { ...headers, ...said.headers } };
}

async function attempt(world, request, url, body) {
  let account;
  try {
    account = accountOf(world, request.headers);
    const params = parse(request.method === "POST" ? checkedBody(request, body) : url.search.slice(1));
    sessions.expireDue(account);
    const key = request.method === "POST" ? request.headers["idempotency-key"] : undefined;
    return await struck(account, { method: request.method, path: url.pathname, params, key, base: world.base });
  } catch (error) {
    const said = refusal(error);
    account?.note({ kind: "request", method: request.method, path: url.pathname, status: said.status });
    return said;
  }
}

function accountOf(world, headers) {
  const given = headers.authorization?.match(/^Bearer (\S+)$/)?.[1];
  if (!given) throw new ApiError(401, "invalid_request_error", "You did not provide an API key.");
  const name = given.match(/^sk_test_([A-Za-z0-9_]{1,60})$/)?.[1];
  if (!name) throw new ApiError(401, "invalid_request_error", "Invalid API Key provided");
  if (name === "expired") throw new ApiError(401, "invalid_request_error", "Expired API Key provided", { code: "api_key_expired" });
  const version = headers["stripe-version"];
  if (version && !/^\d{4}-\d\d-\d\d(\.[a-z]+)?$/.test(version)) throw invalid(`Invalid Stripe API version: ${version}`);
  const connected = headers["stripe-account"];
  if (connected === undefined) return world.account(name);
  const other = connected.match(/^acct_([A-Za-z0-9_]{1,60})$/)?.[1];
  if (name !== "platform" || !other) {
    throw new ApiError(403, "invalid_request_error", `The provided key does not have access to account '${connected}' (or that account does not exist).`, { code: "account_invalid" });
  }
  return world.account(other);
}

function checkedBody(request, body) {
  const type = request.headers["content-type"]?.split(";")[0];
  if (body !== "" && type !== "application/x-www-form-urlencoded") throw invalid(`Invalid content type: ${type}`);
  return body;
}

/** A request with what may go wrong before, during and after it. */
async function struck(account, asked) {
  const { method, path, params, key } = asked;
  const note = (entry) => account.note({ kind: "request", method, path, key, ...entry });
  const known = key === undefined ? undefined : account.keys.begin(key, `${method} ${path} ${canonical(params)}`, account.clock.now());
  if (known) {
    note({ status: known.status, replayed: true });
    return { ...known, headers: { "idempotent-replayed": "true" } };
  }
  const remember = (said) => key !== undefined && account.keys.remember(key, said);
  const forget = () => key !== undefined && account.keys.forget(key);
  const fault = account.faults.request(method, path, key);
  const before = await early(fault, account, { note, remember, forget });
  if (before) return before;
  let said;
  try {
    said = { status: 200, json: perform(account, asked) };
  } catch (error) {
    said = refusal(error);
    forget();
  }
  const reported = fault === "after" ? failure(500) : said;
  if (said.status === 200) remember(reported);
  note({ status: said.status, result: said.json.id, fault });
  return late(fault, said.status === 200 ? reported : said);
}

const failure = (status) => ({ status, json: { error: { message: "An error occurred with our connection. (as ordered)", type: "api_error" } } });

async function early(fault, account, { note, remember, forget }) {
  switch (fault) {
    case "before":
    case "busy":
      forget();
      note({ status: fault === "busy" ? 429 : 503, fault });
      return fault === "busy"
        ? { status: 429, json: { error: { code: "rate_limit", message: "Too many requests hit the API too quickly.", type: "invalid_request_error" } } }
        : failure(503);
    case "poison":
      remember(failure(500));
      note({ status: 500, fault });
      return failure(500);
    case "silence":
      forget();
      note({ status: 0, fault });
      return new Promise(() => {});
    case "hold":
      await account.held();
      return undefined;
    default:
      return undefined;
  }
}

function late(fault, said) {
  switch (fault) {
    case "gateway":
      return { status: 502, html: "<html><body>Bad gateway (as ordered)</body></html>" };
    case "lost":
      return undefined;
    case "silence_after":
      return new Promise(() => {});
    default:
      return said;
  }
}

function refusal(error) {
  if (error instanceof ApiError) return { status: error.status, json: error.body };
  throw error;
}

/** What is asked, done. */
function perform(account, { method, path, params, base }) {
  const expand = expansions(params);
  const list = LISTS[path];
  if (method === "GET" && list) return account.shown(listed(account, params, path, list), expand);
  const [, , ...parts] = path.split("/");
  const [kind, id, verb] = parts[0] === "checkout" ? parts.slice(1) : parts;
  switch (`${method} ${kind}${id ? " id" : ""}${verb ? ` ${verb}` : ""}`) {
    case "POST sessions":
      return account.shown(sessions.create(account, params, base), expand);
    case "POST sessions id expire":
      only(params, ["expand"]);
      return account.shown(sessions.expire(account, account.get("checkout.session", id, "session")), expand);
    case "POST refunds":
      return account.shown(refunds.create(account, params), expand);
    case "GET account":
      return { id: account.id, object: "account", charges_enabled: true, livemode: false };
    default:
      return account.shown(retrieved(account, method, kind, id, verb, path), expand);
  }
}

function listed(account, params, path, [object, filters]) {
  only(params, [...PAGING, ...filters]);
  const wanted = filters.filter((name) => params[name] !== undefined);
  return account.page(object, params, path, (entry) => wanted.every((name) => entry[name] === params[name]));
}

function retrieved(account, method, kind, id, verb, path) {
  const object = Object.entries(LISTS).find(([list]) => list.split("/").at(-1) === kind)?.[1][0];
  if (method !== "GET" || !object || !id || verb) {
    throw new ApiError(404, "invalid_request_error", `Unrecognized request URL (${method}: ${path}).`);
  }
  return account.get(object, id);
}
