import init, { quote, validate } from "leeway";
import english from "leeway/locales/en";
import { explain, formatMoney } from "leeway/words";
import json from "../booking.json";

await init();
const read = validate("booking", json);
if (!read.ok) throw new TypeError(`${read.mistake.path}: ${read.mistake.message}`);
const answer = quote(read.value, { type: "cancel", selection: { all: true } }, "2026-11-22T12:00:00Z");
let said = answer.ok ? "" : explain(answer.refusal, english, { operator: "Harbor Tours", booking: read.value }).join(" ");
if (answer.ok && answer.value.type === "cancel") {
  said = `Costs ${formatMoney(answer.value.fee, english)}, pays back ${formatMoney(answer.value.refund, english)}.`;
}
document.querySelector("#answer")!.textContent = said;
