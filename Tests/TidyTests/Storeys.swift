// The storey table: who may import whom. README.md shows it to people; this holds the tree to it.

/// A target may import exactly these targets of ours. SwiftPM's own check misses what arrives transitively.
let storeys: [String: Set<String>] = [
  "HTTP": [],
  "JSON": [],
  "Sockets": ["CLinux"],
  "HCL": ["JSON"],
  "Digests": ["COpenSSL"],
  "Peering": ["HTTP", "JSON", "Digests"],
  "TLS": ["COpenSSL", "Sockets"],
  "Audit": ["CLinux", "JSON", "Digests"],
  "Policy": ["Peering", "HTTP", "HCL", "JSON", "Digests"],
  "Messages": ["HTTP", "Sockets", "TLS"],
  "Gate": [
    "HTTP", "JSON", "HCL", "Sockets", "Digests", "Peering", "TLS", "Audit", "Policy", "Messages", "Logging",
  ],
  "EmbeddedConsul": ["HTTP", "JSON", "Sockets", "Digests", "Peering", "TLS", "Messages"],
  "peergate": [
    "HTTP", "JSON", "HCL", "Sockets", "Digests", "Peering", "TLS", "Audit", "Policy", "Gate",
    "EmbeddedConsul",
    "ArgumentParser", "Logging",
  ],
]

/// What every storey may import besides: the language's own modules, never Foundation.
let platform: Set<String> = ["Glibc", "Synchronization"]

/// Grammars are pure: they cannot even reach the C library.
let pure: Set<String> = ["HTTP", "JSON", "HCL", "Peering"]
