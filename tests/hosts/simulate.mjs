// Runs seeds of the simulation in WebAssembly: node simulate.mjs FILE SEEDS FIRST. Prints `seed N hash H` for each, as the native
// program does with --each; a seed that fails is named and ends the run.
import { readFile } from 'node:fs/promises';

const [file, seeds, first] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(await readFile(file), {});
const { run } = instance.exports;

for (let seed = BigInt(first); seed < BigInt(first) + BigInt(seeds); seed += 1n) {
  try {
    const hash = BigInt.asUintN(64, run(seed, 1));
    console.log(`seed ${seed} hash ${hash.toString(16).padStart(16, '0')}`);
  } catch (error) {
    console.log(`failed: seed ${seed} in WebAssembly: ${error.message}`);
    process.exit(1);
  }
}
