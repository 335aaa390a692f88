// Until when canceling costs what: stretches of time as a bar and as a list, with the reader's "now" in both.

import type { Segment } from "../types.js";
import { h } from "./dom.js";
import { isOwed, type Teller } from "./teller.js";

interface Stretch {
  from: number;
  until: number;
  segment: Segment | null;
  tone: string;
}

const PARTLY = ["part", "more", "most"];

/** From when the booking was made to when nothing of it can be canceled any more, and on to its last start. */
export function stretches(segments: readonly Segment[], madeAt: string, end: number): Stretch[] {
  let from = Date.parse(madeAt);
  let dearer = 0;
  const all: Stretch[] = segments.map((segment) => {
    const tone = !isOwed(segment.fee) ? "free" : !isOwed(segment.refund) ? "full" : (PARTLY[dearer++] ?? "most");
    const stretch = { from, until: Date.parse(segment.until), segment, tone };
    from = stretch.until;
    return stretch;
  });
  if (all.length && end > from + 1) all.push({ from, until: end, segment: null, tone: "closed" });
  return all;
}

const isPast = (stretch: Stretch, now: number) => stretch.until < now;

/** The picture; the list beside it says the same in words. */
export function bar(teller: Teller, all: readonly Stretch[], now: number): HTMLElement {
  const current = all.find((stretch) => !isPast(stretch, now));
  const made = all.map((stretch) => {
    const piece = h("div", { class: `seg ${stretch.tone}`, part: "stretch" }, stretch === current && marker(stretch, now));
    // Wide as it is long; style sheets see to the least width.
    piece.style.flexGrow = String(Math.max(stretch.until - stretch.from, 1));
    if (stretch.segment) piece.append(h("span", { class: "in" }, isOwed(stretch.segment.fee) ? teller.money(stretch.segment.fee) : teller.say("policy-free_short")));
    return piece;
  });
  return h("div", { class: "bar", part: "bar", "aria-hidden": "true" }, ...made);
}

function marker({ from, until }: Stretch, now: number): HTMLElement {
  const made = h("span", { class: "now" });
  made.style.insetInlineStart = `${(100 * Math.max(now - from, 0)) / Math.max(until - from, 1)}%`;
  return made;
}

export function list(teller: Teller, all: readonly Stretch[], now: number, zone: (instant: string) => string): HTMLElement {
  const current = all.find((stretch) => !isPast(stretch, now));
  return h("ol", { class: "stretches", role: "list" }, ...all.map((stretch) => {
    const [costs, back] = stretch.segment ? teller.stretch(stretch.segment) : [teller.say("policy-closed"), ""];
    return h(
      "li",
      { class: isPast(stretch, now) ? "past" : null, "aria-current": stretch === current ? "time" : null },
      h("span", { class: `swatch seg ${stretch.tone}`, "aria-hidden": "true" }),
      h("span", { class: "when" }, when(teller, stretch, zone)),
      h("span", { class: "what" }, h("strong", {}, costs), back && ` · ${back}`),
      stretch === current ? h("span", { class: "tag now-tag", part: "tag" }, teller.say("policy-now")) : isPast(stretch, now) && h("span", { class: "tag", part: "tag" }, teller.say("policy-past")),
    );
  }));
}

/** A last instant that ends a minute is told by the minute that begins right after it. */
function when(teller: Teller, { from, until, segment }: Stretch, zone: (instant: string) => string): string {
  if (!segment) return teller.say("time-from", { time: teller.time(new Date(from + 1).toISOString(), zone(new Date(from).toISOString())) });
  const next = (until + 1) % 60_000 === 0;
  const time = teller.time(next ? new Date(until + 1).toISOString() : segment.until, zone(segment.until));
  return teller.say(next ? "time-list_before" : "time-list_until", { time });
}
