// Chance that is a function of a seed and of what is asked: the same question has the same answer in any order of asking.
import { createHash } from "node:crypto";

/** A number from 0 up to 1. */
export function chance(seed, ...about) {
  const hash = createHash("sha256").update([seed, ...about].join("\u0000")).digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}

/** A shuffled copy of a list. */
export function shuffled(list, seed) {
  return list
    .map((entry, index) => ({ entry, key: chance(seed, "shuffle", index) }))
    .sort((one, other) => one.key - other.key)
    .map(({ entry }) => entry);
}

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The id of an object: a prefix and 24 letters, from what it is the id of. */
export function idOf(prefix, ...about) {
  const hash = createHash("sha256").update(about.join("\u0000")).digest();
  return `${prefix}_${Array.from(hash.subarray(0, 24), (byte) => LETTERS[byte % LETTERS.length]).join("")}`;
}
