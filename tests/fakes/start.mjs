// Starts the fakes, with the journal of the provider in the file that is named, if any, and says where they are, as one line of JSON; ends when its standard input does, so that it outlives nobody who started it.
import { startMail } from "./mail.mjs";
import { startStripe } from "./stripe.mjs";

const [journal] = process.argv.slice(2);
const [mail, stripe] = await Promise.all([startMail(), startStripe({ journal })]);
process.stdout.write(`${JSON.stringify({ mail, stripe: { ...stripe, journal } })}\n`);
process.stdin.resume().on("end", () => process.exit(0));
