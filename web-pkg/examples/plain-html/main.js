import init, { quote } from "./node_modules/leeway/pkg/web.js";
import { explain, formatMoney } from "./node_modules/leeway/pkg/words.js";
import english from "./node_modules/leeway/pkg/locales/en.js";

await init();
const booking = await (await fetch("../booking.json")).json();
const answer = quote(booking, { type: "cancel", selection: { all: true } }, "2026-11-22T12:00:00Z");
document.querySelector("#answer").textContent = answer.ok
  ? `Costs ${formatMoney(answer.value.fee, english)}, pays back ${formatMoney(answer.value.refund, english)}.`
  : explain(answer.refusal, english, { operator: "Harbor Tours", booking }).join(" ");
