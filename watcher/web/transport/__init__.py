"""How bytes come in: listening, connections and their limits, TLS, proxies, and who sent a request."""
