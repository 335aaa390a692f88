// Mail servers for submission, on three ports: STARTTLS, TLS from the first byte, and none. The protocol is npm's smtp-server; the faults are ours.
import { SMTPServer } from "smtp-server";

/** Whom the servers with TLS let in. */
export const USER = "leeway";
export const PASSWORD = "correct horse battery staple";

const PORTS = {
  starttls: { authOptional: false },
  tls: { secure: true, authOptional: false },
  plain: { authOptional: true, hideSTARTTLS: true, allowInsecureAuth: true },
};

/** Starts all three; `{ ports: { starttls, tls, plain }, close }`. */
export async function startSmtp({ inbox, faults, keys }) {
  const started = await Promise.all(Object.entries(PORTS).map(([via, options]) => start(via, { ...options, ...keys }, { inbox, faults })));
  return {
    ports: Object.fromEntries(started.map(({ via, port }) => [via, port])),
    close: () => Promise.all(started.map(({ close }) => close())),
  };
}

async function start(via, options, { inbox, faults }) {
  const sockets = new Map();
  const strike = (point, session, callback, go) => {
    const fault = faults.at(point);
    if (!fault) return go();
    if (fault.way === "silence") return;
    if (fault.way === "hang_up") return sockets.get(session.remotePort)?.destroy();
    callback(Object.assign(new Error(fault.text ?? "as ordered"), { responseCode: fault.code ?? 451 }));
  };
  const smtp = new SMTPServer({
    ...options,
    authMethods: ["PLAIN", "LOGIN"],
    disableReverseLookup: true,
    size: 10_000_000,
    closeTimeout: 1,
    onConnect: (session, callback) => strike("connect", session, callback, callback),
    onAuth: ({ username, password }, session, callback) =>
      strike("auth", session, callback, () =>
        username === USER && password === PASSWORD
          ? callback(null, { user: username })
          : callback(Object.assign(new Error("Authentication failed"), { responseCode: 535 })),
      ),
    onMailFrom: (_address, session, callback) => strike("mail", session, callback, callback),
    onRcptTo: (_address, session, callback) => strike("rcpt", session, callback, callback),
    onData: (stream, session, callback) => receive(stream, session, callback),
  });

  function receive(stream, session, callback) {
    const mid = faults.at("mid");
    const chunks = [];
    stream.on("data", (chunk) => {
      if (mid) return void sockets.get(session.remotePort)?.destroy();
      chunks.push(chunk);
    });
    stream.on("end", async () => {
      if (mid) return;
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = { from: mailFrom.address ?? "", to: rcptTo.map(({ address }) => address) };
      const refused = faults.at("end");
      // An answer refuses the message; anything else leaves the sender without one, though the message is here.
      if (refused?.way === "answer") {
        return callback(Object.assign(new Error(refused.text ?? "as ordered"), { responseCode: refused.code ?? 451 }));
      }
      await inbox.takeMime(Buffer.concat(chunks), { via, user: session.user, envelope });
      if (refused?.way === "hang_up") return void sockets.get(session.remotePort)?.destroy();
      if (refused?.way === "silence") return;
      callback(null, "kept");
    });
  }

  smtp.server.on("connection", (socket) => {
    sockets.set(socket.remotePort, socket);
    socket.on("close", () => sockets.delete(socket.remotePort));
  });
  smtp.on("error", () => {}); // a client that goes away, or does not trust the certificate, is for its own test to judge
  await new Promise((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const close = () => {
    for (const socket of sockets.values()) socket.destroy();
    return new Promise((resolve) => smtp.close(resolve));
  };
  return { via, port: smtp.server.address().port, close };
}
