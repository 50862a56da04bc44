# Sample policies: who may do what with which peering.
#
# Peergate reads every *.hcl and *.json file of this folder as one set: all of them are valid, or the set that
# was in force stays in force. `peergate check policies` says what is wrong, with line and column.
#
# A policy holds rules. There are three kinds, and each grants one of three levels:
#
#   peering        "hub"     { policy = "read" }     one name
#   peering_prefix "team-a-" { policy = "write" }    every name that begins so
#   peering = "read"                                 every name (Consul's own form)
#
#   deny    nothing
#   read    GET /v1/peering/<name>, and the peering is shown in GET /v1/peerings
#   write   read, and generate a token, establish, delete
#
# The most specific rule decides: the exact name before the longest prefix before `peering =`. Where several
# policies of a token hold the same rule, deny beats write beats read. What no rule mentions is denied.
#
# Rules hold in the partition `default`. For others, wrap them:
#
#   partition        "eu"  { peering_prefix "" { policy = "read" } }
#   partition_prefix "eu-" { peering = "read" }
#
# There too the most specific one decides: the exact partition, then the longest partition prefix, and the
# first of them with a rule for the name.

policy "peering-admin" {
  peering = "write"
}

policy "cluster-02-owner" {
  peering        "cluster-02" { policy = "write" }
  peering_prefix "cluster-"   { policy = "read" }
}

policy "cluster-reader" {
  peering_prefix "cluster-" { policy = "read" }
}
