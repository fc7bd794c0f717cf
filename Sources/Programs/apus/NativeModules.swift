import BinasciiModule
import CodecsModule
import CollectionsModule
import FunctoolsModule
import GcModule
import Itertools
import Objects
import OperatorModule
import StructModule
import UnicodedataModule
import TypingModule
import WeakrefModule

/// The native modules of the `apus` command, besides those of the interpreter itself.
let nativeModules: [ModuleSpec] = [
  binasciiModule,
  codecsModule,
  collectionsModule,
  functoolsModule,
  gcModule,
  itertoolsModule,
  operatorModule,
  stringModule,
  structModule,
  unicodedataModule,
  typingModule,
  weakrefModule,
]
