# Plain workerd with SQLite on disk, on one socket. Not for the tests only: this is all that running Leeway on one's
# own machine takes. The modules lie beside this file; `cargo xtask serve` copies them there and gives
#   --socket-addr http=127.0.0.1:PORT --directory-path objects=FOLDER --directory-path assets=build/assets
# and the variables, of which those of Stripe may be missing. Losing `uniqueKey` loses the data.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .app),
    (name = "objects", disk = (writable = true)),
    (name = "assets", disk = (writable = false)),
    # What the worker can reach: providers, mail servers, operators' systems, and none inside a private network.
    (name = "internet", network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);

const app :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "worker/index.js"),
    (name = "leeway_edge_bg.wasm", wasm = embed "worker/leeway_edge_bg.wasm"),
  ],
  compatibilityDate = "2026-10-01",
  bindings = [
    (name = "OPERATORS", durableObjectNamespace = "OperatorObject"),
    (name = "ASSETS", service = "assets"),
    (name = "ADMIN_KEY", fromEnvironment = "ADMIN_KEY"),
    (name = "LINK_KEYS", fromEnvironment = "LINK_KEYS"),
    (name = "LOG", fromEnvironment = "LOG"),
    (name = "PUBLIC_URL", fromEnvironment = "PUBLIC_URL"),
    (name = "MAILBOX", fromEnvironment = "MAILBOX"),
    (name = "STRIPE_URL", fromEnvironment = "STRIPE_URL"),
    (name = "STRIPE_SECRET_KEY", fromEnvironment = "STRIPE_SECRET_KEY"),
    (name = "STRIPE_WEBHOOK_SECRET", fromEnvironment = "STRIPE_WEBHOOK_SECRET"),
  ],
  durableObjectNamespaces = [(className = "OperatorObject", uniqueKey = "leeway-operator", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
);
