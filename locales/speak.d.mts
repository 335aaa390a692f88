// The types of speak.mjs.

/** An amount as the core writes it. */
type Amount = { readonly amount: string; readonly currency: string };

/** Says the sentences of a locale. */
export interface Say {
  (key: string, facts?: Readonly<Record<string, unknown>>): string;
  knows(key: string): boolean;
  money(money: Amount): string;
  time(instant: string | number, zone: string): string;
}

export function speaker(locale: string, resource: { readonly body: readonly object[] }): Say;

export function keyOf(say: Say, group: string, said: { code: string; params?: object }): string;

export function knownKey(say: Say, group: string, said: { code: string; params?: object }): string | undefined;
