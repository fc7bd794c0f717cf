import CodecsModule
import GcModule
import Objects
import OperatorModule
import WeakrefModule

/// The native modules of the `apus` command, besides those of the interpreter itself.
let nativeModules: [ModuleSpec] = [
  codecsModule,
  gcModule,
  operatorModule,
  stringModule,
  weakrefModule,
]
