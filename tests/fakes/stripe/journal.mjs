// What happened, in order, for those who check afterwards. On disk a line is written before the answer that it is about leaves.
import { openSync, writeSync } from "node:fs";

export class Journal {
  #entries = [];
  #file;

  constructor(path) {
    this.#file = path && openSync(path, "a");
  }

  /** Notes something of an account; answers its number. */
  note(entry) {
    const numbered = { n: this.#entries.length + 1, ...entry };
    this.#entries.push(numbered);
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(numbered)}\n`);
    return numbered.n;
  }

  of(account) {
    return this.#entries.filter((entry) => entry.account === account);
  }
}
