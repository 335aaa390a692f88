// Makes an answer of what `objects.rs` tells of it: WebAssembly has no objects, and calling out for each field or parsing JSON takes longer.
//
// A word's lowest three bits are its kind, the others a number.

const CONSTANTS = [null, false, true];

/** The names of fields, by the word that stands for each: they lie in the rules' memory and stay there. */
const names = new Map();

const END = 7;

/**
 * @param {string} texts All texts of the answer, one after the other.
 * @param {Uint32Array} words What the answer is made of, as it lies in the rules' memory.
 * @returns {unknown}
 */
export function build(texts, words) {
  let next = 0;
  let from = 0;

  const text = (units) => texts.slice(from, (from += units));

  const name = (word) => {
    const known = names.get(word);
    if (known !== undefined) return known;
    const read = nameAt(words.buffer, word);
    names.set(word, read);
    return read;
  };

  const value = (word) => {
    const number = word >>> 3;
    switch (word & 7) {
      case 0:
        return CONSTANTS[number];
      case 1:
        return number;
      case 2:
        return (number ? -1 : 1) * (words[next++] * 2 ** 32 + words[next++]);
      case 3:
        return text(number);
      case 4: {
        const list = [];
        for (let part; (part = words[next++]) !== END; ) list.push(value(part));
        return list;
      }
      case 5: {
        const object = {};
        for (let part; (part = words[next++]) !== END; ) object[name(part)] = value(words[next++]);
        return object;
      }
      default: {
        const object = {};
        for (let part; (part = words[next++]) !== END; ) object[value(part)] = value(words[next++]);
        return object;
      }
    }
  };

  return value(words[next++]);
}

/** @param {ArrayBuffer} memory @param {number} word */
function nameAt(memory, word) {
  return String.fromCharCode(...new Uint8Array(memory, word >>> 8, word & 255));
}
