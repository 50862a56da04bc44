// The files of a log as they are read for people: each once, in the order of their lines.
import Glibc

/// Resolved as for a verification: a file that is given by two names counts once, and each stands where its first number
/// belongs. Those that have no numbers stay behind the others as they were given.
package struct RecordInputs {
  package struct Input {
    fileprivate let input: LogInputs.Input

    package var name: String { input.name }
    /// Whether reading it a second time gives the same lines; a pipe is read once.
    package var isRepeatable: Bool { input.isFile }

    /// As `RecordStream.forEachLine(of:)`.
    package func forEachLine(
      everyChunk: (Span<UInt8>) -> Void = { _ in },
      _ body: (_ line: Span<UInt8>, _ length: Int, _ number: Int) -> Bool
    ) throws(ReadingError) {
      do throws(VerificationError) {
        try RecordStream.forEachLine(of: source(), everyChunk: everyChunk, body)
      } catch {
        throw ReadingError(error, path: name)
      }
    }

    /// The file that was resolved, also if the log was rotated since: its name then leads to the next one, which was
    /// resolved by another name or is not wanted.
    private func source() throws(VerificationError) -> LogSource {
      do throws(VerificationError) { return try input.open() } catch {
        for path in LogName.allRotated(from: name).reversed() {
          if let source = try? LogSource.open(path), source.identity == input.identity { return source }
        }
        throw error
      }
    }
  }

  package let inOrder: [Input]

  package var isRepeatable: Bool { inOrder.allSatisfy(\.isRepeatable) }

  package init(_ names: [String]) throws(ReadingError) {
    do throws(VerificationError) {
      inOrder = try LogInputs(names).inOrder.map(Input.init)
    } catch {
      throw ReadingError(error, path: names.first ?? "")
    }
  }
}
