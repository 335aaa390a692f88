// Elements in one expression. Texts are texts: nothing here reads HTML.

type Child = Node | string | null | undefined | false;

/** What an element is made with: `part` and the like are attributes, `on…` listeners; `true` is an attribute without a value. */
export type Props = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/** Makes an element; children that are nothing are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

/** A name and an amount beside each other, in a list of sums. */
export const sum = (name: string, amount: string, kind = ""): HTMLElement =>
  h("div", { class: kind }, h("dt", {}, name), h("dd", { part: "amount" }, amount));

/** The same as a step on the way to a sum. */
export const step = (name: string, amount: string): HTMLElement =>
  h("li", { class: "row" }, h("span", {}, name), h("span", { class: "amount", part: "amount" }, amount));
