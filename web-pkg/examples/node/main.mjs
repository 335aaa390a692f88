import { readFileSync } from "node:fs";
import init, { quote } from "leeway";
import english from "leeway/locales/en";
import { explain, formatMoney } from "leeway/words";

await init();
const booking = JSON.parse(readFileSync(new URL("../booking.json", import.meta.url), "utf8"));
const answer = quote(booking, { type: "cancel", selection: { all: true } }, "2026-11-22T12:00:00Z");
if (answer.ok) console.log(`Costs ${formatMoney(answer.value.fee, english)}, pays back ${formatMoney(answer.value.refund, english)}.`);
else console.log(...explain(answer.refusal, english, { operator: "Harbor Tours", booking }));
