// Opening what the command line names.
import Bytes
import Glibc

enum NamedFile {
  /// As `open`. A name that is not UTF-8 reaches the program with substitutes in it; the file is opened by the bytes that
  /// were given. Where two of those look the same, neither is opened rather than one twice.
  static func open(_ name: String, _ flags: Int32) -> Int32 {
    let number = unsafe Glibc.open(name, flags)
    guard number < 0, errno == ENOENT, name.unicodeScalars.contains(where: { $0 == "\u{FFFD}" }) else {
      return number
    }
    var found: [CChar]?
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = unsafe CommandLine.unsafeArgv[index] else { break }
      var bytes = unsafe [CChar](UnsafeBufferPointer(start: argument, count: strlen(argument)))
      let text = String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      bytes.append(0)
      guard text.utf8.elementsEqual(name.utf8), found != bytes else { continue }
      guard found == nil else {
        errno = EILSEQ
        return -1
      }
      found = bytes
    }
    guard let found else {
      errno = ENOENT
      return -1
    }
    return unsafe Glibc.open(found, flags)
  }
}
