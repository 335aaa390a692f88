import init, { quote, type Booking, type Selection } from "leeway";
import "leeway/element/define";
import english from "leeway/locales/en";
import { explain, formatMoney } from "leeway/words";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import json from "../booking.json";

await init();

/** What canceling a selection costs, asked again for each choice. */
function Price({ booking, selection }: { booking: Booking; selection: Selection }) {
  const answer = quote(booking, { type: "cancel", selection }, "2026-11-22T12:00:00Z");
  if (!answer.ok) return <p id="answer">{explain(answer.refusal, english, { operator: "Harbor Tours", booking })}</p>;
  if (answer.value.type !== "cancel") return null;
  return <p id="answer">{`Costs ${formatMoney(answer.value.fee, english)}, pays back ${formatMoney(answer.value.refund, english)}.`}</p>;
}

function App({ booking }: { booking: Booking }) {
  const [item, choose] = useState("");
  const link = new URLSearchParams(location.search).get("link");
  return (
    <>
      <select value={item} onChange={(event) => choose(event.target.value)}>
        <option value="">Everything</option>
        {booking.items.map(({ id, service }) => <option key={id} value={id}>{service}</option>)}
      </select>
      <Price booking={booking} selection={item ? { items: [item] } : { all: true }} />
      {/* `?link=https://…/v1/control/TOKEN` shows a real booking of a worker that allows this site. */}
      {link && <leeway-booking src={link} />}
    </>
  );
}

createRoot(document.querySelector("#root")!).render(<App booking={json as Booking} />);
