// The outcome of a judgement.

package enum Verdict: ~Copyable, Sendable {
  case permit(Permit)
  case denial(Denial)
}
