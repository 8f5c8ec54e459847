using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .features)],
  sockets = [(name = "http", address = "127.0.0.1:8789", http = (), service = "main")]
);

const features :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "bundle.mjs")],
  compatibilityDate = "2026-06-01",
  compatibilityFlags = ["nodejs_compat"]
);
