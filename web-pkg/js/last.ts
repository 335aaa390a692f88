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
  if (value === read) return typeof value !== "object" || value === null;
  if (typeof value !== "object" || typeof read !== "object" || value === null || read === null || "toJSON" in value) return false;
  if (Array.isArray(read)) {
    if (!Array.isArray(value) || value.length !== read.length) return false;
    for (let at = 0; at < read.length; at += 1) if (!isSame(value[at], read[at])) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let more = 0;
  for (const name in value) {
    const [mine, known] = [value[name as keyof typeof value], read[name as keyof typeof read]] as [unknown, unknown];
    // Most are texts, which need no call. What was read has nothing that is undefined.
    if (mine === known ? mine === undefined : !isSame(mine, known)) return false;
    more += 1;
  }
  for (const _ in read) more -= 1;
  return more === 0;
}
