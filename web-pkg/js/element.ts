// `<leeway-booking src="https://…/v1/control/TOKEN">`: shows a booking, says at once what a choice costs and pays back, and does it.
//
// It asks the package's rules on the page and the worker before anything is done, and has no rule and no sum of its own. What it has not heard
// it does not show: out of reach is said, and tried again on request.

import { init, open, quote, timeline, type Action, type Answer, type Item, type OpenBooking, type Quote } from "./web.js";
import type { Locale } from "./words.js";
import { notes, reviewLabel, steps, sums } from "./element/amounts.js";
import { Choosing } from "./element/choosing.js";
import { Client, type BoundQuote, type Problem, type Receipt, type View } from "./element/client.js";
import { h, sum } from "./element/dom.js";
import { bar, list, stretches } from "./element/policy.js";
import { Review } from "./element/review.js";
import { isOwed, Teller, unsigned } from "./element/teller.js";
import css from "./element/style.css";

export type { BoundQuote, Problem, Receipt, View } from "./element/client.js";

/** The languages that the element speaks; each is loaded once it is needed. */
const LANGUAGES: Record<string, () => Promise<{ default: Locale }>> = {
  en: () => import("./locales/en.js"),
  pl: () => import("./locales/pl.js"),
  de: () => import("./locales/de.js"),
};
/** How often "now" moves along the policy. */
const TICK_MS = 30_000;
/** Timers count in 31 bits; nothing has to be said sooner than a day later. */
const TIMER_MS_MAX = 86_400_000;

/** The element's own events, by name. */
export interface LeewayEventMap {
  /** A booking is shown. */
  "leeway-loaded": CustomEvent<{ view: View }>;
  /** A choice was quoted, on the page or (`bound`) by the worker. */
  "leeway-quoted": CustomEvent<{ action: Action; quote: Quote; bound: boolean }>;
  /** The worker did it. */
  "leeway-committed": CustomEvent<{ action: Action; receipt: Receipt }>;
  /** A cancellation was taken back. */
  "leeway-undone": CustomEvent<{ receipt: Receipt }>;
  /** The rules or the worker said no. */
  "leeway-refused": CustomEvent<{ action: Action | null; code: string; params: object }>;
}

let sheet: CSSStyleSheet | undefined;

/** On a server there are no elements; a page that is made there still imports this. */
const Element = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** The custom element; `leeway/element/define` defines it as `leeway-booking`. */
export class LeewayBooking extends Element {
  static readonly observedAttributes = ["src", "lang"];

  readonly #root = this.attachShadow({ mode: "open" });
  readonly #frame = h("div", { class: "frame", part: "frame" });
  readonly #notice = h("div", { class: "notices", role: "status" });
  readonly #body = h("div", { class: "body", tabindex: -1 });
  readonly #live = h("div", { class: "live", id: "live", role: "status", part: "quote" });
  readonly #button = h("button", { type: "button", class: "primary", part: "button button-primary", onclick: () => void this.#review() });
  readonly #policy = h("section", { class: "card", part: "policy", "aria-labelledby": "policy-h" });
  #client: Client | undefined;
  #teller: Teller | undefined;
  #view: View | undefined;
  #opened: OpenBooking | undefined;
  #choosing: Choosing | undefined;
  #heardAt = 0;
  #turn = 0;
  #asked: ReturnType<typeof setTimeout> | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    sheet ??= new CSSStyleSheet();
    if (!sheet.cssRules.length) sheet.replaceSync(css);
    this.#root.adoptedStyleSheets = [sheet];
    this.#frame.append(h("slot", { name: "header" }), this.#notice, this.#body, h("slot", { name: "footer" }));
    this.#root.append(this.#frame);
  }

  /** Where the booking's JSON is: `https://worker/v1/control/TOKEN`. */
  get src(): string {
    return this.getAttribute("src") ?? "";
  }
  set src(address: string) {
    this.setAttribute("src", address);
  }

  /** The booking as it was last heard of; nothing before that. */
  get view(): View | undefined {
    return this.#view;
  }

  connectedCallback(): void {
    this.#ticking = setInterval(() => this.#tellPolicy(), TICK_MS);
    void this.refresh();
  }

  disconnectedCallback(): void {
    clearInterval(this.#ticking);
    clearTimeout(this.#asked);
    this.#ticking = undefined;
    this.#turn += 1;
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    // What was heard of one booking is nothing about another.
    if (name === "src") this.#view = undefined;
    // Before that `connectedCallback` is still to come.
    if (this.#ticking) void this.refresh();
  }

  /** Asks the worker for the booking and shows it. */
  async refresh(): Promise<void> {
    const turn = (this.#turn += 1);
    if (!this.src) return this.#body.replaceChildren();
    this.#frame.setAttribute("aria-busy", "true");
    if (!this.#view) this.#body.replaceChildren(h("slot", { name: "loading" }, h("div", { class: "loading", part: "loading" })));
    const client = (this.#client = new Client(this.src, this.baseURI));
    const [heard, failure] = await Promise.all([client.view(), init().then(() => null, (thrown: unknown) => thrown)]);
    const locale = await language(this, heard.heard === "answer" ? heard.value : undefined).catch(() => null);
    if (turn !== this.#turn) return;
    this.#frame.setAttribute("aria-busy", "false");
    // Without words there is nothing to say it with: the page's own slot stays.
    if (!locale) return;
    this.#teller = new Teller(locale);
    this.#body.lang = this.#notice.lang = locale.locale;
    if (heard.heard === "problem") return this.#trouble(heard.problem);
    if (heard.heard === "nothing" || failure) return this.#unreached();
    this.#notice.replaceChildren();
    this.#show(heard.value, new Teller(locale, heard.value));
  }

  #show(view: View, teller: Teller): void {
    this.#opened?.free();
    [this.#view, this.#teller, this.#opened, this.#heardAt] = [view, teller, open(view.booking), performance.now()];
    const choosing = (this.#choosing = new Choosing(teller, view, () => this.#tell()));
    const left = view.options.cancel.allowed;
    this.#tellPolicy();
    this.#body.replaceChildren(
      this.#head(view, teller),
      h(
        "div",
        { class: "columns" },
        h(
          "div",
          { class: "column" },
          view.timeline.length > 0 && this.#policy,
          h("section", { class: "column", "aria-labelledby": "items-h" },
            h("div", { class: "section-head" }, h("h2", { id: "items-h", part: "heading" }, teller.say("items-heading")), left && !choosing.isOne && h("span", { class: "small" }, teller.say("items-hint"))),
            ...choosing.cards((item) => [this.#rename(item, view, teller), this.#move(item, view, teller)])),
        ),
        h("aside", { class: "panel", "aria-label": teller.say("panel-summary") }, this.#summary(view, teller), left && this.#form(choosing, teller)),
      ),
    );
    if (left) this.#tell();
    this.#emit("leeway-loaded", { view });
  }

  /** The worker's clock: the reader's own may be wrong. */
  #now(): number {
    return Date.parse(this.#view?.at ?? "") + performance.now() - this.#heardAt;
  }

  #head(view: View, teller: Teller): HTMLElement {
    const paid = view.payment_status === "paid" ? "good" : "mixed";
    const standing = { booked: "good", partly_canceled: "mixed", canceled: "" }[view.status];
    return h(
      "header",
      { class: "head" },
      h("p", { class: "over", part: "operator" }, view.operator.name),
      h("h2", { class: "title", part: "heading title" }, teller.say("page-booking", { reference: view.reference })),
      h("p", { class: "tags" }, h("span", { class: `tag ${standing}`, part: "tag" }, teller.say(STATUS[view.status])), " ",
        h("span", { class: `tag ${paid}`, part: "tag" }, teller.say(PAID[view.payment_status], { amount: unsigned(view.totals.balance) }))),
      h("p", { class: "lead", part: "lead" }, this.#lead(view, teller)),
    );
  }

  #lead({ status, options, timeline, at, totals }: View, teller: Teller): string {
    if (status === "canceled") return teller.say("lead-canceled");
    if (!options.cancel.allowed) return teller.explain(options.cancel.refusal);
    const now = timeline.find(({ until }) => until >= at);
    if (!now) return teller.say("refusal-other");
    const facts = { fee: now.fee, refund: now.refund, until: now.until, zone: this.#zoneOf(now.until) };
    if (isOwed(now.fee)) return teller.say(isOwed(now.refund) ? "lead-fee_all" : "lead-fee_only_all", facts);
    const byHand = now.refund_mode === "never" && isOwed(totals.paid);
    return teller.say(byHand && !isOwed(now.refund) ? "lead-by_hand" : "lead-free", facts);
  }

  #summary({ totals, status }: View, teller: Teller): HTMLElement {
    const open = isOwed(totals.balance) ? "sum-due" : totals.balance.amount.startsWith("-") ? "sum-we_owe" : "sum-settled";
    return h(
      "section",
      { class: "card", part: "summary" },
      h("h2", { part: "heading" }, teller.say("panel-summary")),
      h("dl", { class: "sums" },
        sum(teller.say(status === "canceled" ? "sum-owed_canceled" : "sum-owed"), teller.money(totals.owed)),
        sum(teller.say("sum-paid"), teller.money(totals.paid)),
        sum(teller.say(open), teller.money(unsigned(totals.balance)), isOwed(totals.balance) ? "total due" : "total")),
      isOwed(totals.promised) && h("p", { class: "small" }, teller.say("sum-promised", { amount: totals.promised })),
    );
  }

  #form(choosing: Choosing, teller: Teller): HTMLElement {
    return h("section", { class: "card choose", part: "choose", "aria-labelledby": "choose-h" },
      h("h2", { id: "choose-h", part: "heading" }, teller.say("panel-heading")), choosing.everything(), this.#live, this.#button);
  }

  /** Until when it costs what, for what is chosen, or else for everything. */
  #tellPolicy(): void {
    const [view, teller, opened] = [this.#view, this.#teller, this.#opened];
    if (!view || !teller || !opened) return;
    const answer = timeline(opened, this.#choosing?.selection ?? { all: true });
    const segments = answer.ok ? answer.value : view.timeline;
    const ends = view.booking.items.filter((item) => item.standing !== "canceled").map(({ slot }) => Date.parse(slot.starts_at));
    const all = stretches(segments, view.booking.made_at, Math.max(...ends));
    const now = this.#now();
    this.#policy.replaceChildren(h("h2", { id: "policy-h", part: "heading" }, teller.say("policy-heading")), bar(teller, all, now), list(teller, all, now, (instant) => this.#zoneOf(instant)));
  }

  /** The zone in which a limit is read: that of the item whose limit it is. */
  #zoneOf(instant: string): string {
    const items = this.#view?.booking.items ?? [];
    return (items.find(({ terms }) => terms.windows.some(({ until }) => until === instant)) ?? items[0])?.slot.zone ?? "UTC";
  }

  /** What is chosen, and what the rules say of it. */
  #tell(): void {
    const [opened, teller, choosing] = [this.#opened, this.#teller, this.#choosing];
    if (!opened || !teller || !choosing) return;
    clearTimeout(this.#asked);
    this.#tellPolicy();
    const action = this.#action();
    const answer: Answer<Quote> | null = action && quote(opened, action, new Date(this.#now()));
    const good = answer?.ok && answer.value.type === "cancel" ? answer.value : null;
    this.#live.closest(".choose")?.toggleAttribute("data-chosen", Boolean(good));
    this.#button.toggleAttribute("disabled", !good);
    this.#button.textContent = good ? reviewLabel(teller, good) : teller.say("live-review");
    if (!action || !answer) return this.#live.replaceChildren(h("p", { class: "small" }, teller.say("live-prompt")));
    if (!answer.ok) {
      this.#emit("leeway-refused", { action, ...answer.refusal });
      return this.#live.replaceChildren(h("p", { class: "note", part: "note" }, teller.explain(answer.refusal)));
    }
    if (!good) return;
    this.#live.replaceChildren(
      h("p", { class: "strong" }, teller.say("live-selection")),
      h("ul", { class: "steps small", role: "list" }, ...steps(teller, good)),
      sums(teller, good),
      ...notes(teller, good),
      good.next_change ? h("p", { class: "small next" }, teller.explain(good.next_change)) : "",
    );
    // Asked again once it no longer holds.
    const holds = Date.parse(good.valid_until) - this.#now() + 1;
    this.#asked = setTimeout(() => this.#tell(), Math.min(Math.max(holds, 1_000), TIMER_MS_MAX));
    this.#emit("leeway-quoted", { action, quote: good, bound: false });
  }

  #action(): Action | null {
    const selection = this.#choosing?.selection;
    return selection ? { type: "cancel", selection } : null;
  }

  /** The worker's own quote for the choice, to be confirmed. */
  async #review(): Promise<void> {
    const [client, teller, view, action] = [this.#client, this.#teller, this.#view, this.#action()];
    if (!client || !teller || !view || !action || this.#button.ariaDisabled) return;
    const bound = await this.#busy(() => client.quote(action));
    if (bound.heard === "nothing") return this.#unreached();
    if (bound.heard === "problem") return this.#refused(action, bound.problem);
    this.#notice.replaceChildren();
    this.#emit("leeway-quoted", { action, quote: bound.value, bound: true });
    const review = new Review(client, teller, view, action, bound.value, {
      committed: (action, quote, receipt) => void this.#committed(action, quote, receipt),
      refused: (action, problem) => this.#refused(action, problem),
      closed: (standing) => {
        review.dialog.remove();
        // Whoever stops asking whether it was done sees what the worker says now.
        if (standing === "unknown") void this.refresh();
      },
    });
    this.#frame.append(review.dialog);
    review.open();
  }

  /** Marks the button while something is asked. */
  async #busy<T>(ask: () => Promise<T>): Promise<T> {
    this.#button.ariaDisabled = "true";
    try {
      return await ask();
    } finally {
      this.#button.ariaDisabled = null;
    }
  }

  async #committed(action: Action, done: BoundQuote, receipt: Receipt): Promise<void> {
    this.#emit("leeway-committed", { action, receipt });
    await this.refresh();
    const teller = this.#teller;
    if (!teller) return;
    if (done.type !== "cancel") return this.#tellNotice("good", teller.say("done-renamed"));
    const refund = isOwed(done.refund) ? `${teller.say("done-refund")}: ${teller.money(done.refund)}` : teller.say("done-no_refund");
    this.#tellNotice("good", teller.say("done-heading"), `${teller.say("done-charged")}: ${teller.money(done.fee)} · ${refund}`);
    if (!receipt.undo_until) return;
    this.#notice.firstElementChild?.append(h("span", {}, teller.say("undo-offer", { limit: receipt.undo_until })), this.#quiet(teller.say("undo-button"), () => void this.#undo(receipt)));
  }

  async #undo(receipt: Receipt): Promise<void> {
    const undone = await this.#client?.undo(receipt);
    if (!undone || undone.heard === "nothing") return this.#unknown(() => void this.#undo(receipt));
    await this.refresh();
    if (undone.heard === "problem") return this.#refused(null, undone.problem);
    this.#emit("leeway-undone", { receipt });
    if (this.#teller) this.#tellNotice("good", this.#teller.say("undo-done"));
  }

  #quiet(label: string, onclick: () => void): HTMLElement {
    return h("button", { type: "button", class: "quiet", part: "button", onclick }, label);
  }

  /** Where another date is chosen: on the worker's own page. */
  #move(item: Item, view: View, teller: Teller): HTMLElement | null {
    const may = view.options.items.find((one) => one.item === item.id)?.rebook.allowed;
    const page = this.src.replace(/\/?$/, "/reschedule?item=").replace("/v1/control/", "/b/");
    return may ? h("a", { href: page + item.id, target: "_blank", rel: "noreferrer", part: "link" }, teller.say("items-move_of", { service: item.service })) : null;
  }

  #rename(item: Item, view: View, teller: Teller): HTMLElement | null {
    const permission = view.options.items.find((one) => one.item === item.id)?.rename;
    const people = item.participants.filter(({ standing }) => (standing ?? "booked") === "booked");
    if (!permission?.allowed || !people.length || item.standing === "canceled") return null;
    const fields = people.map(({ id }) => {
      const name = view.personal.names[id] ?? "";
      const input = h("input", { type: "text", name: "name", required: true, autocomplete: "off", maxlength: 200, part: "input" });
      const send = (event: Event) => {
        event.preventDefault();
        void this.#act({ type: "rename", participant: id, name: input.value });
      };
      return h("form", { onsubmit: send }, h("label", {}, h("span", {}, teller.say("rename-label", { name })), input), h("button", { class: "quiet", part: "button" }, teller.say("rename-button")));
    });
    return h("details", { class: "rename", part: "rename" }, h("summary", {}, teller.say("rename-heading")), h("p", { class: "small" }, teller.say("rename-until", { until: permission.until, zone: item.slot.zone })), ...fields);
  }

  /** Does at once what costs nothing. */
  async #act(action: Action): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const bound = await client.quote(action);
    if (bound.heard === "nothing") return this.#unreached();
    if (bound.heard === "problem") return this.#refused(action, bound.problem);
    const send = async (): Promise<void> => {
      const done = await client.act(action, bound.value.token);
      if (done.heard === "nothing") return this.#unknown(() => void send());
      if (done.heard === "problem") return this.#refused(action, done.problem);
      await this.#committed(action, bound.value, done.value);
    };
    await send();
  }

  #refused(action: Action | null, problem: Problem): void {
    this.#emit("leeway-refused", { action, code: problem.code, params: problem.params ?? {} });
    if (this.#teller) this.#tellNotice("warn", ...this.#teller.problem(problem));
  }

  /** Nothing can be shown: the link, or the worker, does not allow it. */
  #trouble(problem: Problem): void {
    this.#view = undefined;
    this.#body.replaceChildren();
    this.#refused(null, problem);
    this.#notice.append(h("slot", { name: "help" }));
  }

  /** Says so; what is shown stays, and nothing is tried again by itself. */
  #unreached(): void {
    if (this.#teller && !this.#view) this.#body.replaceChildren();
    this.#again("widget-offline", () => void this.#retry());
  }

  /** Something was sent, and what came of it was not heard: it is sent again on request, and done once. */
  #unknown(again: () => void): void {
    this.#again("widget-unknown", again);
  }

  #again(key: string, again: () => void): void {
    const teller = this.#teller;
    if (!teller) return;
    this.#tellNotice("warn", ...teller.withNext(key));
    this.#notice.firstElementChild?.append(this.#quiet(teller.say("widget-retry"), again));
  }

  /** Once more, with what was chosen; whoever pressed the button goes on from where they were. */
  async #retry(): Promise<void> {
    const chosen = this.#choosing?.selection;
    await this.refresh();
    if (this.#notice.firstChild) return;
    if (chosen) this.#choosing?.again(chosen);
    // Where there is no button to press, the focus stays on the booking.
    this.#body.focus();
    this.#button.focus();
  }

  #tellNotice(kind: "good" | "warn", title: string, text = ""): void {
    const made = h("div", { class: `notice ${kind}`, part: "notice", tabindex: -1 }, h("strong", {}, title), text && h("span", {}, text));
    this.#notice.replaceChildren(made);
    made.focus();
  }

  #emit<K extends keyof LeewayEventMap>(type: K, detail: LeewayEventMap[K]["detail"]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

const STATUS = { booked: "status-booked", partly_canceled: "status-partly_canceled", canceled: "status-canceled" } as const;
const PAID = { unpaid: "payment-unpaid", partly_paid: "payment-partly_paid", paid: "payment-paid", overpaid: "payment-overpaid" } as const;

/** The words of the first language that we speak: the element's or the page's, the customer's, the operator's, the browser's. */
async function language(element: HTMLElement, view: View | undefined): Promise<Locale> {
  const asked = [element.closest<HTMLElement>("[lang]")?.lang, view?.personal.customer.locale, view?.operator.locale, ...navigator.languages, "en"];
  for (const locale of asked) {
    const load = locale && LANGUAGES[locale.split("-")[0]!.toLowerCase()];
    if (!load) continue;
    const { default: words } = await load();
    return locale.includes("-") ? { ...words, locale } : words;
  }
  throw new RangeError("no language");
}

declare global {
  interface HTMLElementTagNameMap {
    "leeway-booking": LeewayBooking;
  }
  interface HTMLElementEventMap extends LeewayEventMap {}
}
