// swift-tools-version: 6.2
import PackageDescription

/// Swift 6.3.1's dead store elimination drops a store to `pointer[-1]` that a store to `pointer[0]`
/// follows, so that pass stays off (Documentation/interpreter.md).
///
/// Every function has a section of its own, so that the linker can drop those that nothing calls and
/// put those that every start runs side by side (Documentation/startup.md). No frame pointers, which
/// SwiftPM would ask for; no merging of similar functions, which puts a jump in front of the C API; no
/// run-time checks of exclusive access, for all state is under the interpreter lock. No module for
/// regular expressions imported unasked: it would be linked in whole (0.8 MB).
let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .unsafeFlags([
    "-Xllvm", "-sil-disable-pass=dead-store-elimination", "-Xfrontend", "-function-sections",
    "-Xfrontend", "-disable-llvm-merge-functions-pass", "-enforce-exclusivity=unchecked",
    "-Xcc", "-Xclang", "-Xcc", "-mframe-pointer=none",
    "-Xfrontend", "-disable-implicit-string-processing-module-import",
  ]),
]

/// Generators, checks and tests are not part of the command: what they import costs nothing there.
let swiftTools: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .unsafeFlags(["-Xllvm", "-sil-disable-pass=dead-store-elimination"]),
]

let c: [CSetting] = [
  .unsafeFlags(["-ffunction-sections", "-fdata-sections", "-Xclang", "-mframe-pointer=none"])
]

/// How the command is linked (Documentation/startup.md): at a fixed address, which saves 25,000
/// relocations at every start, as Debian links python3; the C++ runtime inside; the functions that a
/// start runs on neighbouring pages.
let link = "\(Context.packageDirectory)/Sources/Programs/apus/Link"
let linkFlags = [
  "-static-stdlib", "-use-ld=lld", "-L", link, "-Xclang-linker", "-no-pie",
  "-Xclang-linker", "-static-libgcc", "-Xlinker", "--no-export-dynamic",
  "-Xlinker", "--export-dynamic-symbol=Py*", "-Xlinker", "--export-dynamic-symbol=_Py*",
  "-Xlinker", "--symbol-ordering-file=\(link)/startup-order.txt",
  "-Xlinker", "--no-warn-symbol-ordering",
]

/// A family of native modules: one target under Sources/Modules.
func module(_ name: String, dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: ["Objects", "Interpreter", "CPythonABI", "Numerics"] + dependencies,
    path: "Sources/Modules/\(name)", swiftSettings: swift)
}

/// The targets that make up the native modules, in the order of the alphabet.
let nativeModules: [Target.Dependency] = [
  "AbcModule",
  "ArrayModule",
  "AsyncioModule",
  "BinasciiModule",
  "BisectModule",
  "CmathModule",
  "CodecsModule",
  "CollectionsModule",
  "CompressionModules",
  "ContextvarsModule",
  "CsvModule",
  "CtypesModule",
  "DatabaseModules",
  "DatetimeModule",
  "DecimalModule",
  "ExpatModules",
  "FaultModule",
  "FunctoolsModule",
  "GcModule",
  "HashModules",
  "HeapqModule",
  "IOModule",
  "Itertools",
  "JsonModule",
  "LsprofModule",
  "MathModule",
  "MmapModule",
  "MultibyteModules",
  "OpenSSLModules",
  "OperatorModule",
  "PickleModule",
  "PosixModule",
  "ProcessModules",
  "RandomModule",
  "ReadlineModule",
  "SocketModule",
  "SqliteModule",
  "SreModule",
  "StatisticsModule",
  "StructModule",
  "ThreadModule",
  "TimeModule",
  "TracemallocModule",
  "TypingModule",
  "UnicodedataModule",
  "WeakrefModule",
]

let package = Package(
  name: "Apus",
  products: [
    .executable(name: "apus", targets: ["apus"]),
    .library(name: "Apus", targets: ["Apus"]),
  ],
  targets: [
    // The front end: text to code value. Ordinary safe Swift, no object model below it.
    .target(name: "AST", path: "Sources/AST", swiftSettings: swift),
    .target(name: "Parser", dependencies: ["AST", "UnicodeData"], path: "Sources/Parser", swiftSettings: swift),
    .target(name: "Bytecode", path: "Sources/Bytecode", swiftSettings: swift),
    .target(name: "Compiler", dependencies: ["AST", "Bytecode"], path: "Sources/Compiler", swiftSettings: swift),

    // Generators and checks, not part of a normal build.
    .executableTarget(name: "derive-opcodes", dependencies: ["Bytecode"], path: "Tools/derive-opcodes", swiftSettings: swiftTools),
    .executableTarget(name: "apus-ast", dependencies: ["AST", "Parser"], path: "Tools/apus-ast", swiftSettings: swiftTools),
    .executableTarget(
      name: "apus-code", dependencies: ["AST", "Parser", "Bytecode", "Compiler", "Numerics"], path: "Tools/apus-code",
      swiftSettings: swiftTools),

    // The object model.
    .target(name: "CPythonABI", path: "Sources/Include", cSettings: c + [.unsafeFlags(["-fno-strict-aliasing"])]),
    .target(name: "UnicodeData", path: "Sources/UnicodeData", cSettings: c),
    .target(name: "CNumerics", path: "Sources/CNumerics", cSettings: c),
    .target(
      name: "Numerics", dependencies: ["CNumerics", "UnicodeData"], path: "Sources/Numerics",
      swiftSettings: swift),
    .target(
      name: "TextCodecs", dependencies: ["Numerics", "UnicodeData"], path: "Sources/TextCodecs",
      swiftSettings: swift),
    .target(
      name: "Objects", dependencies: ["CPythonABI", "Numerics", "TextCodecs", "Bytecode", "UnicodeData"],
      path: "Sources/Objects", swiftSettings: swift),

    // The interpreter and its native modules.
    .target(
      name: "Interpreter",
      dependencies: ["Objects", "Compiler", "Parser", "AST", "Bytecode", "Numerics", "CPythonABI"],
      path: "Sources/Python", swiftSettings: swift),
    .target(name: "CPosix", path: "Sources/CPosix", cSettings: c),
    module("SystemCalls", dependencies: ["CPosix"]),
    module("PosixModule", dependencies: ["SystemCalls", "CPosix"]),
    module("ThreadModule", dependencies: ["SystemCalls", "CPosix"]),
    module("IOModule", dependencies: ["SystemCalls"]),
    module("TimeModule", dependencies: ["SystemCalls"]),
    module("ProcessModules", dependencies: ["SystemCalls", "CPosix"]),
    .target(name: "CSockets", path: "Sources/CSockets"),
    module("SocketModule", dependencies: ["SystemCalls", "CSockets"]),
    // Linked from their archives, hidden from extension modules that bring their own.
    .target(
      name: "CCompression", path: "Sources/CCompression",
      linkerSettings: [
        .unsafeFlags([
          "-Xlinker", "-l:libz.a", "-Xlinker", "-l:libbz2.a", "-Xlinker", "-l:liblzma.a",
          "-Xlinker", "--exclude-libs=libz.a:libbz2.a:liblzma.a",
        ])
      ]),
    .target(
      name: "COpenSSL", path: "Sources/COpenSSL",
      linkerSettings: [
        .unsafeFlags([
          "-Xlinker", "-l:libssl.a", "-Xlinker", "-l:libcrypto.a",
          "-Xlinker", "--exclude-libs=libssl.a:libcrypto.a",
        ])
      ]),
    .target(
      name: "CEdit", path: "Sources/CEdit",
      linkerSettings: [
        .unsafeFlags([
          "-Xlinker", "-l:libedit.a", "-Xlinker", "-l:libbsd.a", "-Xlinker", "-l:libmd.a",
          "-Xlinker", "-l:libtinfo.a",
          "-Xlinker", "--exclude-libs=libedit.a:libbsd.a:libmd.a:libtinfo.a",
        ])
      ]),
    module("ReadlineModule", dependencies: ["SystemCalls", "CEdit"]),
    module("OpenSSLModules", dependencies: ["SystemCalls", "COpenSSL", "SocketModule", "HashModules"]),
    module("CompressionModules", dependencies: ["SystemCalls", "CCompression"]),
    .target(name: "CMultibyte", path: "Sources/CMultibyte"),
    module("MultibyteModules", dependencies: ["SystemCalls", "CMultibyte"]),
    module("MmapModule", dependencies: ["SystemCalls", "CPosix"]),
    module("AbcModule"),
    module("BinasciiModule"),
    module("CodecsModule", dependencies: ["TextCodecs"]),
    module("GcModule"),
    module("TypingModule"),
    module("Itertools"),
    module("FunctoolsModule"),
    module("CollectionsModule"),
    module("ContextvarsModule"),
    module("BisectModule"),
    module("HeapqModule"),
    module("HashModules"),
    module("RandomModule"),
    module("OperatorModule"),
    module("StructModule"),
    module("UnicodedataModule", dependencies: ["UnicodeData"]),
    module("WeakrefModule"),
    module("SreModule"),
    module("MathModule"),
    module("CmathModule"),
    module("ArrayModule"),
    module("CsvModule"),
    module("LsprofModule"),
    .target(
      name: "CSQLite", path: "Sources/CSQLite",
      linkerSettings: [
        .unsafeFlags([
          "-Xlinker", "-l:libsqlite3.a", "-Xlinker", "--exclude-libs=libsqlite3.a",
        ])
      ]),
    module("SqliteModule", dependencies: ["CSQLite"]),
    .target(
      name: "CBerkeleyDB", path: "Sources/CBerkeleyDB",
      linkerSettings: [
        .unsafeFlags(["-Xlinker", "-l:libdb-5.3.a", "-Xlinker", "--exclude-libs=libdb-5.3.a"])
      ]),
    module("DatabaseModules", dependencies: ["CBerkeleyDB"]),
    .target(
      name: "CExpat", path: "Sources/CExpat",
      linkerSettings: [
        .unsafeFlags(["-Xlinker", "-l:libexpat.a", "-Xlinker", "--exclude-libs=libexpat.a"])
      ]),
    module("ExpatModules", dependencies: ["CExpat"]),
    module("StatisticsModule"),
    module("DatetimeModule"),
    .target(name: "DecimalArithmetic", path: "Sources/DecimalArithmetic", swiftSettings: swift),
    module("DecimalModule", dependencies: ["DecimalArithmetic"]),
    module("JsonModule"),
    module("PickleModule"),
    module("AsyncioModule"),
    .target(
      name: "CForeign", path: "Sources/CForeign",
      linkerSettings: [
        .unsafeFlags([
          "-Xlinker", "-l:libffi_pic.a", "-Xlinker", "--exclude-libs=libffi_pic.a",
        ])
      ]),
    module("TracemallocModule"),
    module("FaultModule", dependencies: ["CPosix"]),
    module("CtypesModule", dependencies: ["CForeign"]),
    // The embedding library and the command.
    .target(
      name: "Apus", dependencies: ["Interpreter", "Objects", "CPythonABI"] + nativeModules,
      path: "Sources/Apus", swiftSettings: swift),
    .executableTarget(
      name: "apus", dependencies: ["Apus", "Interpreter"], path: "Sources/Programs/apus",
      exclude: ["Link"],
      swiftSettings: swift,
      linkerSettings: [.unsafeFlags(linkFlags)]),

    .executableTarget(
      name: "embedding-example", dependencies: ["Apus"], path: "Examples/embedding",
      exclude: ["expected.txt"], swiftSettings: swift,
      linkerSettings: [.unsafeFlags(["-static-stdlib", "-Xlinker", "--export-dynamic"])]),

    // Starting and ending Python many times in one process (Tools/test/restart_tests.py).
    .executableTarget(
      name: "restart-check", dependencies: ["Apus", "Interpreter", "Objects", "CPythonABI"],
      path: "Tests/restart", swiftSettings: swift,
      linkerSettings: [.unsafeFlags(["-static-stdlib", "-Xlinker", "--export-dynamic"])]),

    // Tests.
    .testTarget(
      name: "BytecodeTests", dependencies: ["Bytecode"], path: "Tests/BytecodeTests", swiftSettings: swiftTools),
    .testTarget(
      name: "CompilerTests", dependencies: ["AST", "Parser", "Bytecode", "Compiler"],
      path: "Tests/CompilerTests", swiftSettings: swiftTools),
    .testTarget(
      name: "ParserTests", dependencies: ["AST", "Parser"], path: "Tests/ParserTests",
      swiftSettings: swiftTools),
    .testTarget(
      name: "NumericsTests", dependencies: ["Numerics", "TextCodecs"], path: "Tests/NumericsTests",
      exclude: ["Vectors"], swiftSettings: swiftTools),
    .testTarget(
      name: "DecimalArithmeticTests", dependencies: ["DecimalArithmetic"],
      path: "Tests/DecimalArithmeticTests", swiftSettings: swiftTools),
    .testTarget(
      name: "UnicodeDataTests", dependencies: ["UnicodeData"], path: "Tests/UnicodeDataTests",
      swiftSettings: swiftTools),
  ]
)
