# Policy tests: run them with `peergate test policies`. Each names who asks, for what, and what must be decided;
# `by` names the rule that must decide. The command also lists the rules that no test reaches.

test "the admin may do everything to every peering" {
  token     = "docs-admin"
  operation = ["generate", "establish", "read", "delete"]
  peer      = ["cluster-01", "anything-else"]
  expect    = "allow"
  by        = "peering"
}

test "the owner of cluster-02 may change it" {
  token     = "docs-cluster-02"
  operation = ["generate", "establish", "delete"]
  peer      = "cluster-02"
  expect    = "allow"
  by        = "peering cluster-02"
}

test "and no other, though it may look at them" {
  token     = "docs-cluster-02"
  operation = "delete"
  peer      = ["cluster-01", "cluster-021"]
  expect    = "deny"
  by        = "peering_prefix cluster-"
}

test "the reader sees clusters, and nothing else in its list" {
  token     = "docs-reader"
  operation = "list"
  expect    = "allow"
  policy    = "cluster-reader"
  shows     = ["cluster-01", "cluster-02"]
  hides     = ["payments", "cluste"]
}

test "a name outside every rule is denied by none" {
  token     = "docs-reader"
  operation = "read"
  peer      = "payments"
  expect    = "deny"
  by        = "no rule"
}

test "no policy reaches into another partition" {
  token     = "docs-admin"
  operation = ["read", "list"]
  peer      = "cluster-01"
  partition = "eu"
  expect    = "deny"
  by        = "no rule"
}

test "who brings no token may do nothing" {
  token     = "anonymous"
  operation = ["generate", "establish", "read", "delete", "list"]
  peer      = "cluster-01"
  expect    = "deny"
}
