// Who waits for a connection to Consul, and whose turn is next.

internal import Sockets

/// Subjects take turns, and the requests of one subject are served in the order of their coming: anyone who has a thousand
/// requests waiting delays another's only one by one request.
///
/// Taking the first out costs the same however many requests wait, and nearly always it is the first that leaves: it is
/// served first, and its time is up first.
struct WaitQueue {
  /// The requests of one subject.
  fileprivate struct Line {
    let subject: ObjectIdentifier
    var places: [Waiter?]
    var head = 0

    var first: Waiter? { places[head] }
    var isEmpty: Bool { head == places.count }
  }

  /// None of them empty; the first one's turn is next.
  private var lines: [Line] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  var first: Waiter? { lines.first?.first }

  mutating func join(_ place: Waiter, as subject: ObjectIdentifier) {
    count += 1
    if let index = lines.firstIndex(where: { $0.subject == subject }) {
      lines[index].places.append(place)
    } else {
      lines.append(Line(subject: subject, places: [place]))
    }
  }

  mutating func leave(_ place: Waiter, as subject: ObjectIdentifier) {
    guard let index = lines.firstIndex(where: { $0.subject == subject }), lines[index].remove(place) else {
      return
    }
    count -= 1
    if lines[index].isEmpty {
      lines.remove(at: index)
    } else if index == 0 {
      // It has had its turn.
      lines.append(lines.removeFirst())
    }
  }
}

extension WaitQueue.Line {
  fileprivate mutating func remove(_ place: Waiter) -> Bool {
    if first === place {
      places[head] = nil
      head += 1
    } else if let index = places.indices.dropFirst(head).first(where: { places[$0] === place }) {
      places.remove(at: index)
    } else {
      return false
    }
    // What was taken out in front is given back now and then, so that it never is most of the array.
    if head > places.count / 2 {
      places.removeFirst(head)
      head = 0
    }
    return true
  }
}
