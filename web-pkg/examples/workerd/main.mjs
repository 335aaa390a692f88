import init, { quote } from "leeway";
import english from "leeway/locales/en";
import { explain, formatMoney } from "leeway/words";
import booking from "../booking.json";

export default {
  async fetch() {
    await init();
    const answer = quote(booking, { type: "cancel", selection: { all: true } }, "2026-11-22T12:00:00Z");
    if (!answer.ok) return new Response(explain(answer.refusal, english, { operator: "Harbor Tours", booking }).join(" "));
    return new Response(`Costs ${formatMoney(answer.value.fee, english)}, pays back ${formatMoney(answer.value.refund, english)}.`);
  },
};
