// Starts and ends Python many times in one process and shows what is left each time:
//
//     restart-check [--times N] [--show] [MODULE...]
//
// Each life imports the modules and runs a few lines. The report of a life is the number of blocks
// alive after `Py_FinalizeEx`, without the names that Swift variables hold for ever, and the resident
// memory. `--show` names what is left after the last one.
import Apus
import CPythonABI
import Glibc
import Objects

var times = 100
var shows = false
var modules: [String] = []
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--times": times = arguments.popFirst().flatMap { Int($0) } ?? times
  case "--show": shows = true
  default: modules.append(argument)
  }
}

let program = """
  import gc
  class Node:
      def __init__(self, other): self.other, self.own = other, self
  kept = [Node(n) for n in range(100)]
  def fails():
      try: return 1 / 0
      except ZeroDivisionError as error: return error
  result = fails()
  text = f"{kept[0].other:>5}" + repr(result)
  """

/// Bytes of memory that the process has present.
func residentBytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 128)
  guard fgets(&line, 128, file) != nil else { return 0 }
  let words = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
  return words.count > 1 ? (Int(words[1]) ?? 0) * 4096 : 0
}

for life in 1...max(times, 1) {
  Py_Initialize()
  for module in modules {
    guard let imported = module.withCString({ PyImport_ImportModule($0) }) else {
      PyErr_Print()
      exit(1)
    }
    Py_DECREF(imported)
  }
  if program.withCString({ PyRun_SimpleStringFlags($0, nil) }) != 0 { exit(1) }
  if Py_FinalizeEx() != 0 { exit(2) }
  let left = BlockCensus.count
  print(
    "life \(life): \(left) blocks left, \(BlockCensus.permanentNames) permanent names, "
      + "\(residentBytes() / 1024) KiB")
  fflush(nil)
}

if shows {
  for (kind, count) in BlockCensus.kinds().sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
    print("\(count) x \(kind)")
  }
}
