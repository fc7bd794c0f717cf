// A Swift program with Python inside: `swift run -c release embedding-example`.
import Apus
import Glibc

struct OutOfPaint: Error {}

do {
  try Python.start()

  // Modules, calls, attributes.
  let math = try Python.import("math")
  print("sqrt(2) =", try math.sqrt(2))
  let text = try Python.import("json").dumps(["colours": ["red", "green"]], indent: 1)
  print(text)

  // Values there and back.
  let numbers = try Python.sorted([3, 1, 2], reverse: true)
  print(try [Int](numbers), try Double(math.pi))
  print(try [String: Int](Python.evaluate("{'a': 1, 'b': 2}")).sorted { $0.key < $1.key })
  print(try Python.tuple([1, 2]) == (try Python.evaluate("(1, 2)")))

  // Operators, subscripts, attributes set from Swift.
  let word = try "apus".pythonObject()
  print(try word + " " + word, try word[0], try word[-1], try word.upper())
  let space = try Python.import("types").SimpleNamespace(x: 1)
  try space.setAttribute("y", 2.5)
  print(try space.repr())

  // Functions written in Swift, called from Python.
  let area = PythonFunction("area") { sides in try sides[0] * sides[1] }
  let empty = PythonFunction("empty") { _ in throw OutOfPaint() }
  let scope = try Python.evaluate("{}")
  try scope.setItem("area", area)
  try scope.setItem("empty", empty)
  try Python.run(
    """
    squares = [area(n, n) for n in range(5)]
    try:
        empty()
    except RuntimeError as error:
        caught = str(error)
    """, in: scope)
  print(try scope["squares"], try scope["caught"], try scope["area"].__name__)

  // What Python raises is thrown.
  do {
    _ = try Python.evaluate("1 / 0")
  } catch let error as PythonError {
    print(error)
    print(try error.traceback(), terminator: "")
  }
  do {
    try Python.run("def broken(:")
  } catch let error as PythonError {
    print(error.type)
  }

  // Any thread may call.
  final class Totals: @unchecked Sendable { var values = [Int](repeating: 0, count: 4) }
  let totals = Totals()
  var threads: [pthread_t] = []
  for index in 0..<4 {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Work { totals.values[index] = sum(to: 1000 * (index + 1)) })
    pthread_create(&thread, nil, { Unmanaged<Work>.fromOpaque($0!).takeRetainedValue().body(); return nil },
      box.toOpaque())
    threads.append(thread)
  }
  for thread in threads { pthread_join(thread, nil) }
  print(totals.values)

  Python.stop()
} catch {
  print("error:", error)
  exit(1)
}

final class Work {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}

func sum(to limit: Int) -> Int {
  do {
    return try Int(Python.sum(Python.range(limit)))
  } catch {
    print(error)
    return -1
  }
}
