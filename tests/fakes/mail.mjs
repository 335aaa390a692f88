// A mail catcher: SMTP servers and an HTTP API that keep what comes to them, and doors by which a test reads it and orders faults.
//
//   GET    /_/messages?to=&subject=                    what has come, oldest first
//   GET    /_/wait?to=&subject=&count=1&within_ms=5000 the same, as soon as there are so many
//   DELETE /_/messages                                 forgets them
//   PUT    /_/faults                                   [{ at, way, code?, text?, times? }], see mail/faults.mjs
//   GET    /_/faults                                   those that have not struck yet
//   POST   /emails                                     the provider's own door
import { listen } from "./http.mjs";
import { API_KEY, Emails } from "./mail/api.mjs";
import { certificate } from "./mail/certificate.mjs";
import { Faults } from "./mail/faults.mjs";
import { Inbox } from "./mail/inbox.mjs";
import { PASSWORD, startSmtp, USER } from "./mail/smtp.mjs";

/** `{ url, smtp: { starttls, tls, plain }, certificate, user, password, api_key, close }`; the certificate is the PEM text to trust. */
export async function startMail() {
  const [inbox, faults, keys] = [new Inbox(), new Faults(), await certificate()];
  const emails = new Emails({ inbox, faults });
  const smtp = await startSmtp({ inbox, faults, keys });
  const http = await listen((request, body) => door({ inbox, faults, emails }, request, body));
  const close = () => Promise.all([smtp.close(), http.close()]);
  return { url: http.url, smtp: smtp.ports, certificate: keys.cert, user: USER, password: PASSWORD, api_key: API_KEY, close };
}

async function door({ inbox, faults, emails }, request, body) {
  const url = new URL(request.url, "http://mail");
  const { count = 1, within_ms = 5000, ...filter } = Object.fromEntries(url.searchParams);
  switch (`${request.method} ${url.pathname}`) {
    case "POST /emails":
      return emails.answer(request, body);
    case "GET /_/messages":
      return { json: inbox.find(filter) };
    case "GET /_/wait":
      return { json: await inbox.wait(filter, Number(count), Number(within_ms)) };
    case "DELETE /_/messages":
      inbox.clear();
      return { status: 204 };
    case "PUT /_/faults":
      faults.order(JSON.parse(body));
      return { status: 204 };
    case "GET /_/faults":
      return { json: faults.left() };
    default:
      return { status: 404, json: { statusCode: 404, name: "not_found", message: "The requested endpoint does not exist" } };
  }
}
