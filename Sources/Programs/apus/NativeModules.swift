import BinasciiModule
import CodecsModule
import GcModule
import Objects
import OperatorModule
import StructModule
import UnicodedataModule
import WeakrefModule

/// The native modules of the `apus` command, besides those of the interpreter itself.
let nativeModules: [ModuleSpec] = [
  binasciiModule,
  codecsModule,
  gcModule,
  operatorModule,
  stringModule,
  structModule,
  unicodedataModule,
  weakrefModule,
]
