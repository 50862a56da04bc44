# Sample tokens: FOR DEVELOPMENT ONLY.
#
# These are the tokens that Consul's peering documentation prints, so that its example requests work against
# the gate unchanged. Everybody knows their secrets: `peergate serve` warns when it finds them.
#
# A token is known by the SHA-256 of its secret, so this file holds no secrets and may lie in a repository.
# Make your own with
#
#   peergate token new --name team-a-ci --policy team-a
#
# which prints the secret once and the block to paste. A block may also say:
#
#   secret_sha256 = ["…", "…"]               two digests while a secret is being rotated
#   not_before    = "2026-01-01T00:00:00Z"   the token holds from this instant
#   not_after     = "2027-06-30T00:00:00Z"   and no longer from this one
#   revoked       = true                     the token is unknown from the next reload on
#   sources       = ["10.0.0.0/8"]           where it may come from
#   client_certificate {                     the certificate it must show; without secret_sha256
#     san_uri = ["spiffe://example.org/ns/payments/*"]      the certificate alone is the token
#   }

token "docs-admin" {
  # 5cdcae6c-0cce-4210-86fe-5dff3b984a6e: write on every name
  accessor_id   = "a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6a01"
  secret_sha256 = ["084ade34287a72a528d5477b8d4135e1b65b20f1fdf83872abdd96823aa3d2f5"]
  policies      = ["peering-admin"]
}

token "docs-cluster-02" {
  # b23b3cad-5ea1-4413-919e-c76884b9ad60: write on cluster-02, read on what begins with cluster-
  accessor_id   = "a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6a02"
  secret_sha256 = ["befbddda5fbc6229b25e3f8c7668f68e09238c9730f566b849e152d419bd9b5f"]
  policies      = ["cluster-02-owner"]
}

token "docs-reader" {
  # 0137db51-5895-4c25-b6cd-d9ed992f4a52: read on what begins with cluster-, so its list is filtered
  accessor_id   = "a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6a03"
  secret_sha256 = ["2011b4a747a7073a16d6b0c9c1067409fcb8c4aaa667edb6ba6013d65d04d665"]
  policies      = ["cluster-reader"]
}

# Who brings no token. Nothing is allowed unless a policy is named here.
anonymous {
  policies = []
}
