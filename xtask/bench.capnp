# The worker and an empty one in the same workerd, each on its own socket: what differs is the worker alone.
using Workerd = import "/workerd/workerd.capnp";
using Leeway = import "config.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = Leeway.app),
    (name = "empty", worker = .empty),
    (name = "objects", disk = (writable = true)),
    (name = "assets", disk = (writable = false)),
  ],
  sockets = [
    (name = "http", http = (), service = "main"),
    (name = "empty", http = (), service = "empty"),
  ],
);

const empty :Workerd.Worker = (
  modules = [(name = "empty.js", esModule = "export default { fetch() { return new Response(\"ok\") } }")],
  compatibilityDate = "2026-10-01",
);
