// The last look before canceling: the worker's own quote, line by line, in a dialog. The quote's token is what is confirmed; where it no
// longer holds the fresh one takes its place and nothing was done.

import type { Action, CancelQuote } from "../types.js";
import { confirmLabel, notes, steps, sums } from "./amounts.js";
import type { BoundQuote, Client, Problem, Receipt, View } from "./client.js";
import { h } from "./dom.js";
import type { Teller } from "./teller.js";

/** How a review ends. */
export interface Outcome {
  committed(action: Action, quote: BoundQuote, receipt: Receipt): void;
  refused(action: Action, problem: Problem): void;
  /** Closed, while it stood so. */
  closed(standing: Standing["at"]): void;
}

/** What is shown besides the amounts. */
type Standing = { at: "asking"; changed: boolean } | { at: "sending" } | { at: "unknown" };

export class Review {
  readonly dialog = h("dialog", { part: "dialog", "aria-labelledby": "review-h" });
  #standing: Standing = { at: "asking", changed: false };
  #quote: BoundQuote;
  readonly #action: Action;
  readonly #client: Client;
  readonly #teller: Teller;
  readonly #view: View;
  readonly #outcome: Outcome;

  constructor(client: Client, teller: Teller, view: View, action: Action, quote: BoundQuote, outcome: Outcome) {
    [this.#client, this.#teller, this.#view, this.#action, this.#quote, this.#outcome] = [client, teller, view, action, quote, outcome];
    // What is under way cannot be waved away.
    this.dialog.addEventListener("cancel", (event) => this.#standing.at === "sending" && event.preventDefault());
    this.dialog.addEventListener("close", () => this.#outcome.closed(this.#standing.at));
  }

  open(): void {
    this.#render();
    this.dialog.showModal();
    this.dialog.querySelector("h2")?.focus();
  }

  #stand(standing: Standing): void {
    this.#standing = standing;
    this.#render();
    this.dialog.querySelector<HTMLElement>(standing.at === "sending" ? ".sending" : "h2")?.focus();
  }

  async #send(): Promise<void> {
    this.#stand({ at: "sending" });
    const heard = await this.#client.act(this.#action, this.#quote.token);
    if (heard.heard === "nothing") return this.#stand({ at: "unknown" });
    if (heard.heard === "answer") {
      this.#standing = { at: "asking", changed: false };
      this.#outcome.committed(this.#action, this.#quote, heard.value);
      return this.dialog.close();
    }
    if (heard.problem.code === "quote_changed" && heard.problem.quote) {
      this.#quote = heard.problem.quote;
      return this.#stand({ at: "asking", changed: true });
    }
    this.#standing = { at: "asking", changed: false };
    this.#outcome.refused(this.#action, heard.problem);
    this.dialog.close();
  }

  #render(): void {
    const [teller, quote] = [this.#teller, this.#quote as BoundQuote & CancelQuote];
    const made = steps(teller, quote);
    this.dialog.replaceChildren(
      h("h2", { id: "review-h", tabindex: -1, part: "heading" }, teller.say("page-review")),
      this.#notice(quote),
      h("ul", { class: "plain", role: "list" }, ...this.#what(quote)),
      h("h3", {}, teller.say("quote-fee")),
      made.length ? h("ul", { class: "steps", role: "list" }, ...made) : h("p", { class: "small" }, teller.say("quote-fee_none")),
      sums(teller, quote),
      ...notes(teller, quote),
      h("div", { class: "confirm" }, ...this.#buttons(quote)),
      h("p", { class: "small" }, teller.say("quote-holds", { until: quote.valid_until, zone: this.#zone(quote) })),
    );
  }

  /** What is canceled, item by item. */
  #what({ items }: CancelQuote): HTMLElement[] {
    return items.map(({ item, participants, price }) => {
      const found = this.#view.booking.items.find(({ id }) => id === item);
      const names = participants.map((id) => this.#view.personal.names[id]).filter(Boolean).join(", ");
      const what = h("span", {}, h("strong", {}, found?.service ?? ""), found && h("span", { class: "small block" }, this.#teller.slot(found)), names && h("span", { class: "small block" }, names));
      return h("li", { class: "row" }, what, h("span", { class: "amount", part: "amount" }, this.#teller.money(price)));
    });
  }

  #notice(quote: CancelQuote): HTMLElement {
    const [teller, standing] = [this.#teller, this.#standing];
    if (standing.at === "unknown") return alert(...teller.withNext("widget-unknown"));
    if (standing.at === "asking" && standing.changed) {
      return alert(teller.say("changed-heading"), teller.say("changed-text", { fee: quote.fee, refund: quote.refund }));
    }
    return h("p", {}, teller.say("page-review_lead"));
  }

  #buttons(quote: CancelQuote): HTMLElement[] {
    const teller = this.#teller;
    const send = () => void this.#send();
    switch (this.#standing.at) {
      case "sending":
        // Not disabled: a disabled button loses the focus, and with it whoever uses the keyboard.
        return [h("button", { type: "button", class: "danger sending", part: "button button-danger", "aria-disabled": "true" }, teller.say("widget-working"))];
      case "unknown":
        return [h("button", { type: "button", class: "primary", part: "button button-primary", onclick: send }, teller.say("widget-retry")), this.#close("widget-close")];
      case "asking":
        return [h("button", { type: "button", class: "danger", part: "button button-danger", onclick: send }, confirmLabel(teller, quote)), this.#close("confirm-keep")];
    }
  }

  #close(key: string): HTMLElement {
    return h("button", { type: "button", class: "quiet", part: "button", onclick: () => this.dialog.close() }, this.#teller.say(key));
  }

  #zone({ items }: CancelQuote): string | undefined {
    const booking = this.#view.booking;
    return (booking.items.find(({ id }) => id === items[0]?.item) ?? booking.items[0])?.slot.zone;
  }
}

/** A notice that is read out at once. */
export const alert = (title: string, text: string): HTMLElement =>
  h("div", { class: "notice warn", part: "notice", role: "alert" }, h("strong", {}, title), h("span", {}, text));
