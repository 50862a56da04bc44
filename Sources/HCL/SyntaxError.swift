// Why a text cannot be read at all: the first thing wrong with it.

package import Bytes
package import JSON

package struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  package let diagnostic: Diagnostic

  package init(_ diagnostic: Diagnostic) {
    self.diagnostic = diagnostic
  }

  package var file: ByteString { diagnostic.file }
  package var position: Position { diagnostic.position }
  package var message: String { diagnostic.message }
  package var description: String { diagnostic.description }
}
