// A payment provider in the shape of Stripe: Checkout Sessions, PaymentIntents, Charges, Refunds, Disputes, Events and signed webhooks, over HTTP
// on this machine. Everything that it decides follows from what is asked and from a seed. Facts from Stripe's public documentation; what the
// official library makes of it is in stripe.test.mjs.
//
//   /v1/…                the API; a key `sk_test_NAME` opens the account `acct_NAME`, `sk_test_platform` any of them by `Stripe-Account`
//   /pay/{session}       the page that a customer pays on
//   /_/{account}/…       the tests' own doors, see stripe/control.mjs
import { listen } from "./http.mjs";
import { Account } from "./stripe/account.mjs";
import * as api from "./stripe/api.mjs";
import * as control from "./stripe/control.mjs";
import { Journal } from "./stripe/journal.mjs";
import * as page from "./stripe/page.mjs";

/** `{ url, close }`; `journal` is a file that is appended to. */
export async function startStripe({ journal } = {}) {
  const world = new World(new Journal(journal));
  const http = await listen((request, body) => {
    const path = request.url;
    if (path.startsWith("/v1/")) return api.answer(world, request, body);
    if (path.startsWith("/pay/")) return page.answer(world, request, body);
    if (path.startsWith("/_/")) return control.answer(world, request, body);
    return { status: 404, json: { error: { message: `Unrecognized request URL (${request.method}: ${path}).`, type: "invalid_request_error" } } };
  });
  world.base = http.url;
  const close = async () => {
    world.close();
    await http.close();
  };
  return { url: http.url, close };
}

class World {
  #accounts = new Map();

  constructor(journal) {
    this.journal = journal;
  }

  /** The account of this name; it is there as soon as it is asked for. */
  account(name) {
    if (!this.#accounts.has(name)) this.#accounts.set(name, new Account(name, this.journal));
    return this.#accounts.get(name);
  }

  /** The account and the session of this id. */
  session(id) {
    const account = [...this.#accounts.values()].find((entry) => id.startsWith("cs_") && entry.has(id));
    return account && [account, account.get("checkout.session", id)];
  }

  close() {
    for (const account of this.#accounts.values()) account.hook.close();
  }
}
