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
  print(sumsOnThreads([1000, 2000, 3000, 4000]))

  Python.stop()

  // Everything is freed; a new Python may start.
  try Python.start()
  print("again:", try Python.evaluate("6 * 7"))
  Python.stop()
} catch {
  print("error:", error)
  exit(1)
}

/// A sum to work out on a thread of its own.
final class Work {
  let limit: Int
  var result = 0
  init(limit: Int) { self.limit = limit }

  func run() {
    do {
      result = try Int(Python.sum(Python.range(limit)))
    } catch {
      print(error)
    }
  }
}

func sumsOnThreads(_ limits: [Int]) -> [Int] {
  let works = limits.map { Work(limit: $0) }
  let threads = works.map { work in
    var thread = pthread_t()
    let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
      if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
      return nil
    }
    pthread_create(&thread, nil, start, Unmanaged.passRetained(work).toOpaque())
    return thread
  }
  for thread in threads { pthread_join(thread, nil) }
  return works.map { $0.result }
}
