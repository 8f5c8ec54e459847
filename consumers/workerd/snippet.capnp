using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .wechat)],
  sockets = [(name = "http", address = "127.0.0.1:8789", http = (), service = "main")]
);

const wechat :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "snippet.mjs")],
  bindings = [
    (name = "WEIXIN_MP_APP_ID", fromEnvironment = "WEIXIN_MP_APP_ID"),
    (name = "WEIXIN_GATEWAY_TOKEN", fromEnvironment = "WEIXIN_GATEWAY_TOKEN"),
    (name = "WEIXIN_GATEWAY_AES_KEY", fromEnvironment = "WEIXIN_GATEWAY_AES_KEY")
  ],
  compatibilityDate = "2026-06-01",
  compatibilityFlags = ["nodejs_compat"]
);
