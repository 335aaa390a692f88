// The plain booking that was asked about last, so that it is not written and read again for the next question.
//
// Callers change their objects, so that all of a booking is looked at each time; that takes a third of the time of writing it. What a look
// cannot tell, such as a `toJSON` or a class of one's own, is written as ever, and the rules compare its text.

import * as glue from "leeway-glue";
import type { Booking } from "./types.js";

/** The text that the rules keep, and what it says: made once a booking is asked about again, since most never are. */
let last: { text: string; says?: object } | undefined;

/** Reads a booking, or knows it again. */
export function read(booking: Booking): glue.Opened {
  const known = last;
  if (known?.says && looksLike(booking, known.says)) return glue.reopen(known.text);
  const opened = glue.open(booking);
  const text = glue.kept();
  if (text && text === known?.text) known.says ??= JSON.parse(text) as object;
  else last = text ? { text } : undefined;
  return opened;
}

function looksLike(value: unknown, text: object): boolean {
  try {
    return isSame(value, text);
  } catch {
    // Whatever throws does so again where it is written, and is told of as the cause.
    return false;
  }
}

/** Whether a value would be written as what was read of the text. */
function isSame(value: unknown, read: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === read && value !== undefined && typeof value !== "function";
  if (typeof read !== "object" || read === null || "toJSON" in value) return false;
  if (Array.isArray(read)) return Array.isArray(value) && value.length === read.length && read.every((one, at) => isSame(value[at], one));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let more = 0;
  for (const name in value) {
    if (!isSame(value[name as keyof typeof value], read[name as keyof typeof read])) return false;
    more += 1;
  }
  for (const _ in read) more -= 1;
  return more === 0;
}
