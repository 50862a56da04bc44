// The layer table: who may import whom. README.md shows it to people; this holds the tree to it.

/// A target may import exactly these targets of ours. SwiftPM's own check misses what arrives transitively.
let layers: [String: Set<String>] = [
  "Bytes": [],
  "HTTP": ["Bytes"],
  "JSON": ["Bytes"],
  "Sockets": ["Bytes", "CLinux"],
  "HCL": ["Bytes", "JSON"],
  "Digests": ["Bytes", "COpenSSL"],
  "Peering": ["Bytes", "HTTP", "JSON", "Digests"],
  "TLS": ["Bytes", "COpenSSL", "Sockets"],
  "Audit": ["Bytes", "CLinux", "JSON", "Digests"],
  "Policy": ["Bytes", "Peering", "HTTP", "HCL", "JSON", "Digests"],
  "Messages": ["Bytes", "HTTP", "Sockets", "TLS"],
  "Record": ["Bytes", "HTTP", "Sockets", "Peering", "Audit", "Policy", "Messages"],
  "Consul": [
    "Bytes", "HTTP", "Sockets", "Peering", "TLS", "Audit", "Policy", "Messages", "Record", "Logging",
  ],
  "Gate": [
    "Bytes", "HTTP", "JSON", "HCL", "Sockets", "Digests", "Peering", "TLS", "Audit", "Policy", "Messages",
    "Record", "Consul",
    "Logging",
  ],
  "EmbeddedConsul": ["Bytes", "HTTP", "JSON", "Sockets", "Digests", "Peering", "TLS", "Messages"],
  "peergate": [
    "Bytes", "HTTP", "JSON", "HCL", "Sockets", "Digests", "Peering", "TLS", "Audit", "Policy", "Record",
    "Consul",
    "Gate",
    "EmbeddedConsul",
    "ArgumentParser", "Logging",
  ],
]

/// What every layer may import besides: the language's own modules, never Foundation.
let platform: Set<String> = ["Glibc", "Synchronization"]

/// Grammars are pure: they cannot even reach the C library.
let pure: Set<String> = ["Bytes", "HTTP", "JSON", "HCL", "Peering"]
