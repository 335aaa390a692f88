# Stands in the worker's place on a data folder, to read and write an operator's SQLite as the platform itself lays it out: see old_store.mjs.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .mason),
    (name = "objects", disk = (writable = true)),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);

# What makes a store be found again has to be as in the worker's own configuration.
const mason :Workerd.Worker = (
  modules = [(name = "old_store.mjs", esModule = embed "old_store.mjs")],
  compatibilityDate = "2026-10-01",
  bindings = [(name = "OPERATORS", durableObjectNamespace = "OperatorObject")],
  durableObjectNamespaces = [(className = "OperatorObject", uniqueKey = "leeway-operator", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
);
