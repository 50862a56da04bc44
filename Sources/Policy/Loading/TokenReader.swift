// Token and anonymous blocks.
//
//   token       = 'token "' name '" {'
//                   'accessor_id = "' uuid '"'
//                   'policies = [' policy names ']'
//                   [ 'secret_sha256 = [' 1*4 digests ']' ]     optional beside a client_certificate alone
//                   [ 'not_before = "' date-time '"' ] [ 'not_after = "' date-time '"' ]
//                   [ 'revoked = true' ] [ 'sources = [' CIDR ranges ']' ]
//                   [ 'client_certificate {' [ 'san_uri = [' names ']' ] [ 'san_dns = [' names ']' ] '}' ]
//                 '}'
//   anonymous   = 'anonymous {' 'policies = [' policy names ']' '}'
import Bytes
import Digests
import HCL
import JSON

struct TokenReader {
  let source: Source
  let places: PlaceMaker
  let report: Report

  func token(_ block: Block) -> TokenStanza? {
    let name = block.labels[0]
    if name.value == "anonymous" {
      report.error(
        at: name.position, in: source,
        "a token named anonymous reads like no token in every record, expected another name, or the block "
          + "anonymous { … }")
    } else if !StanzaName.isToken(name.value) {
      report.error(
        at: name.position, in: source,
        "\(Quoting.quoted(name.value)) is no name for a token, expected 1 to \(PolicyLimits.nameBytes) "
          + "letters, digits and - _ . : @ /")
    }
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let accessorID = accessorID(&reader)
    let digests = digests(&reader)
    let policies = policies(&reader)
    let notBefore = instant("not_before", &reader)
    let notAfter = instant("not_after", &reader)
    let revoked = reader.bool("revoked")?.value ?? false
    let sources = sources(&reader)
    let certificateBlock = reader.block("client_certificate")
    if digests == nil, certificateBlock == nil {
      reader.reportMissing("secret_sha256", hint: "; 'peergate token new' prints a whole block")
    }
    reader.finish()
    if let notBefore, let notAfter, notAfter.value <= notBefore.value {
      report.error(
        at: notAfter.position, in: source, "not_after is not later than not_before: the token never holds")
    }
    let isOnlyProof = (digests ?? []).isEmpty
    let names = certificateBlock.map { certificate($0, isOnlyProof: isOnlyProof) }
    guard let accessorID else { return nil }
    return TokenStanza(
      name: name.value, place: places.place(block.position), accessorID: accessorID,
      secretDigests: digests ?? [], policies: policies, notBefore: notBefore?.value,
      notAfter: notAfter?.value,
      revoked: revoked, sources: sources, certificate: names)
  }

  func anonymous(_ block: Block) -> AnonymousStanza {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let policies = policies(&reader)
    reader.finish()
    return AnonymousStanza(place: places.place(block.position), policies: policies)
  }

  private func accessorID(_ reader: inout Reader) -> AccessorID? {
    guard let text = reader.requiredString("accessor_id") else { return nil }
    guard let accessorID = AccessorID(text.value) else {
      let hint = AccessorID(text.value.lowercasedASCII) == nil ? "" : " in lower case"
      reader.error(
        at: text.position,
        "accessor_id is no UUID\(hint), expected the form 6a1253d2-1785-24fd-91c2-f8e78c745511")
      return nil
    }
    if accessorID == .anonymous {
      reader.error(
        at: text.position, "this accessor_id is the anonymous token's, expected one of the token's own")
      return nil
    }
    return accessorID
  }

  /// Never quotes what it refuses: it may be the secret itself, pasted where its digest belongs.
  private func digests(_ reader: inout Reader) -> [SHA256Digest]? {
    guard let texts = reader.strings("secret_sha256") else { return nil }
    if texts.isEmpty {
      reader.reportEmpty("secret_sha256", "leave it out where the client certificate alone is the token")
    }
    if texts.count > PolicyLimits.digestsPerToken {
      reader.error(
        at: texts[PolicyLimits.digestsPerToken].position,
        "more than \(PolicyLimits.digestsPerToken) digests in secret_sha256; remove the ones rotated out"
      )
    }
    var digests: [SHA256Digest] = []
    for text in texts.prefix(PolicyLimits.digestsPerToken) {
      guard let digest = SHA256Digest(hexadecimal: text.value.string) else {
        reader.error(
          at: text.position,
          "this is no SHA-256 digest, expected 64 lower-case hexadecimal digits, as "
            + "'peergate token digest' prints them"
        )
        continue
      }
      if digest == Self.emptyDigest {
        reader.error(
          at: text.position, "this is the digest of the empty text, expected the digest of a secret")
      } else if digest == Self.anonymousDigest {
        reader.error(
          at: text.position,
          "this is the digest of the word anonymous, which means no token; expected the digest of a secret")
      } else if digests.contains(digest) {
        reader.error(at: text.position, "this digest stands here a second time; keep one")
      } else if !DevelopmentTokens.digests.contains(digest), let word = GuessableSecrets.word(of: digest) {
        // Known to everybody, so it may be quoted.
        reader.warning(
          at: text.position, isOfSecurity: true,
          "this is the digest of \(Quoting.quoted(ByteString(word))), which anybody guesses; make another secret "
            + "with 'peergate token new'")
      }
      digests.append(digest)
    }
    return digests
  }

  private func policies(_ reader: inout Reader) -> [Reference] {
    guard let names = reader.strings("policies") else {
      reader.reportMissing("policies", hint: ", expected a list of names; policies = [] grants nothing")
      return []
    }
    if names.count > PolicyLimits.policiesPerToken {
      reader.error(
        at: names[PolicyLimits.policiesPerToken].position,
        "more than \(PolicyLimits.policiesPerToken) policies; join some of them into one")
    }
    var seen: Set<ByteString> = []
    for name in names where !seen.insert(name.value).inserted {
      reader.error(at: name.position, "\(Quoting.quoted(name.value)) stands here a second time; keep one")
    }
    return names.map { Reference(name: $0.value, place: places.place($0.position)) }
  }

  private func instant(_ name: ByteString, _ reader: inout Reader) -> Located<Timestamp>? {
    guard let text = reader.string(name) else { return nil }
    guard let instant = Timestamp(text.value.string) else {
      reader.error(
        at: text.position,
        "\(Quoting.quoted(text.value)) is no instant, expected the form 2027-06-30T00:00:00Z "
          + "or 2027-06-30T02:00:00+02:00"
      )
      return nil
    }
    return Located(instant, at: text.position)
  }

  private func sources(_ reader: inout Reader) -> [AddressRange] {
    guard let texts = reader.strings("sources") else { return [] }
    if texts.isEmpty { reader.reportEmpty("sources", "leave it out if the token may come from everywhere") }
    if texts.count > PolicyLimits.sourcesPerToken {
      reader.error(
        at: texts[PolicyLimits.sourcesPerToken].position,
        "more than \(PolicyLimits.sourcesPerToken) sources; join neighbouring ranges")
    }
    return texts.compactMap { text in
      do throws(AddressRange.Fault) {
        return try AddressRange(text.value.string)
      } catch {
        switch error {
        case .notARange:
          reader.error(
            at: text.position,
            "\(Quoting.quoted(text.value)) is no address range, expected one such as \"10.0.0.0/8\" "
              + "or \"2001:db8::/32\""
          )
        case .hostBits(let range):
          reader.error(
            at: text.position,
            "\(Quoting.quoted(text.value)) has bits behind its length, expected \(Quoting.quoted(ByteString(range)))"
          )
        }
        return nil
      }
    }
  }

  private static let emptyDigest = SHA256.digest(of: "")
  private static let anonymousDigest = SHA256.digest(of: "anonymous")
}

extension Reader {
  /// An empty list could mean all or nothing.
  func reportEmpty(_ name: ByteString, _ advice: String) {
    error(at: position, "\(Quoting.quoted(name)) is empty in \(title); \(advice)")
  }
}
