// Who waits for something scarce, in the order of their coming.

internal import Sockets

/// First come, first served. Taking the first out costs the same however many wait, and nearly always it is the first:
/// it is served first, and its time is up first.
struct TurnQueue {
  private var places: [Parking?] = []
  private var head = 0

  var isEmpty: Bool { head == places.count }
  var count: Int { places.count - head }
  var first: Parking? { isEmpty ? nil : places[head] }

  mutating func join(_ place: Parking) { places.append(place) }

  mutating func leave(_ place: Parking) {
    if first === place {
      places[head] = nil
      head += 1
    } else if let index = places.indices.dropFirst(head).first(where: { places[$0] === place }) {
      places.remove(at: index)
    }
    // What was taken out in front is given back now and then, so that it never is most of the array.
    if head > places.count / 2 {
      places.removeFirst(head)
      head = 0
    }
  }
}
