// Starts the fakes and says where they are, as one line of JSON; ends when its standard input does, so that it outlives nobody who started it.
import { startMail } from "./mail.mjs";

const mail = await startMail();
process.stdout.write(`${JSON.stringify({ mail: { ...mail, close: undefined } })}\n`);
process.stdin.resume().on("end", () => process.exit(0));
