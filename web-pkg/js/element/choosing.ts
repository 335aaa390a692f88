// What was booked, and boxes to tick. Ticking a whole ticks its parts, and the other way round; what is ticked is the selection.

import type { Item, Line, Selection } from "../types.js";
import type { View } from "./client.js";
import { h } from "./dom.js";
import { isSome, type Teller } from "./teller.js";

/** What can be ticked: everything, an item, a participant. */
type Box = { whole: "all" } | { whole: "item"; item: string } | { whole: null; item: string; participant: string };

export class Choosing {
  readonly #boxes = new Map<HTMLInputElement, Box>();
  readonly #teller: Teller;
  readonly #view: View;
  readonly #changed: () => void;

  constructor(teller: Teller, view: View, changed: () => void) {
    [this.#teller, this.#view, this.#changed] = [teller, view, changed];
  }

  /** There is one thing to cancel and nothing to choose. */
  get isOne(): boolean {
    const open = this.#view.booking.items.filter((item) => this.#mayCancel(item));
    return open.length === 1 && open[0]!.participants.filter(({ standing }) => isBooked(standing)).length < 2;
  }

  /** What is ticked; nothing where nothing is. */
  get selection(): Selection | null {
    const ticked = [...this.#boxes].filter(([input]) => input.checked).map(([, box]) => box);
    if (ticked.some(({ whole }) => whole === "all")) return { all: true };
    const items = ticked.flatMap((box) => (box.whole === "item" ? [box.item] : []));
    const participants = ticked.flatMap((box) => (box.whole === null && !items.includes(box.item) ? [box.participant] : []));
    return items.length + participants.length ? { items, participants } : null;
  }

  /** Ticks what was ticked before, where it can be still. */
  again(selection: Selection): void {
    const ids = "all" in selection ? ["all"] : [...(selection.items ?? []), ...(selection.participants ?? [])];
    for (const [input, { whole, ...of }] of this.#boxes) if (ids.some((id) => id === whole || Object.values(of).at(-1) === id) && !input.checked) input.click();
  }

  /** One card an item. `more` makes what is below it. */
  cards(more: (item: Item) => (HTMLElement | null)[]): HTMLElement[] {
    return this.#view.booking.items.map((item) => this.#card(item, more(item)));
  }

  /** The box that ticks all others. */
  everything(): HTMLElement {
    return this.#box({ whole: "all" }, this.#teller.say(this.isOne ? "items-only" : "items-everything"), false);
  }

  #card(item: Item, below: (HTMLElement | null)[]): HTMLElement {
    const gone = !isBooked(item.standing);
    const may = this.#mayCancel(item);
    const people = item.participants.filter(({ standing }) => isBooked(standing));
    const choosable = !gone && !this.isOne;
    const shared = item.lines.filter((line) => !line.participant);
    return h(
      "article",
      { class: gone ? "card gone" : "card", part: "item" },
      h("h3", { part: "service" }, item.service),
      h("p", { class: "when" }, h("time", { datetime: item.slot.starts_at }, this.#teller.slot(item))),
      gone && h("p", {}, h("span", { class: "tag", part: "tag" }, this.#teller.say("status-canceled"))),
      choosable && may && people.length !== 1 && this.#box({ whole: "item", item: item.id }, this.#teller.say("items-whole"), false),
      h("ul", { class: "people", role: "list" }, ...item.participants.map((one) => this.#person(item, one.id, isBooked(one.standing) && !gone, choosable && may)),
        ...shared.map((line) => h("li", { class: isBooked(line.standing) ? null : "gone" }, this.#line(line)))),
      !gone && this.#limit(item),
      ...below,
    );
  }

  #person(item: Item, id: string, attends: boolean, choosable: boolean): HTMLElement {
    const [ticket, ...extras] = item.lines.filter((line) => line.participant === id);
    const name = this.#view.personal.names[id] ?? id;
    const label = choosable && attends ? this.#box({ whole: null, item: item.id, participant: id }, name, false) : h("span", { class: "name" }, name);
    return h("li", { class: attends ? "person" : "person gone", part: "person" }, h("div", { class: "row" }, label, ticket && this.#price(ticket)), ...extras.map((line) => this.#line(line)));
  }

  #line(line: Line): HTMLElement {
    const label = this.#view.personal.labels?.[line.id] ?? this.#teller.name(line.kind);
    return h("div", { class: "row extra" }, h("span", {}, label), this.#price(line));
  }

  #price({ price, standing }: Line): HTMLElement {
    const said = isSome(price) ? this.#teller.money(price) : this.#teller.say("items-included");
    return h(isBooked(standing) ? "span" : "s", { class: "amount", part: "amount" }, said);
  }

  /** Until when it can be canceled, or why not. */
  #limit(item: Item): HTMLElement {
    const permission = this.#view.options.items.find((one) => one.item === item.id)?.cancel;
    if (!permission) return h("p", { class: "small" });
    const { zone } = item.slot;
    if (!permission.allowed) return h("p", { class: "note", part: "note" }, this.#teller.explain(permission.refusal));
    return h("p", { class: "small" }, this.#teller.say("items-cancel_until", { until: permission.until, zone }));
  }

  #mayCancel(item: Item): boolean {
    return isBooked(item.standing) && this.#view.options.items.some((one) => one.item === item.id && one.cancel.allowed);
  }

  #box(box: Box, label: string, checked: boolean): HTMLElement {
    const input = h("input", { type: "checkbox", part: "checkbox", onchange: () => this.#tick(input, box) });
    input.checked = checked;
    this.#boxes.set(input, box);
    return h("label", { class: box.whole ? `choice ${box.whole}` : "choice", part: "choice" }, input, h("span", { class: "name" }, label));
  }

  #tick(input: HTMLInputElement, box: Box): void {
    for (const part of this.#parts(box)) [part.checked, part.indeterminate] = [input.checked, false];
    for (const whole of ["item", "all"] as const) {
      for (const [input, box] of this.#boxes) {
        const parts = this.#parts(box);
        if (box.whole !== whole || !parts.length) continue;
        input.checked = parts.every((part) => part.checked);
        input.indeterminate = !input.checked && parts.some((part) => part.checked || part.indeterminate);
      }
    }
    this.#changed();
  }

  #parts(box: Box): HTMLInputElement[] {
    const others = [...this.#boxes].filter(([, other]) => other !== box && other.whole !== "all");
    if (box.whole === "all") return others.map(([input]) => input);
    if (box.whole === "item") return others.filter(([, other]) => other.whole === null && other.item === box.item).map(([input]) => input);
    return [];
  }
}

export const isBooked = (standing: string | undefined): boolean => (standing ?? "booked") === "booked";
