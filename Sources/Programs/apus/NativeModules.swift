import AbcModule
import BinasciiModule
import CodecsModule
import CollectionsModule
import ContextvarsModule
import FunctoolsModule
import GcModule
import Itertools
import Objects
import OperatorModule
import PosixModule
import StructModule
import ThreadModule
import UnicodedataModule
import TypingModule
import WeakrefModule

/// The native modules of the `apus` command, besides those of the interpreter itself.
let nativeModules: [ModuleSpec] = [
  abcModule,
  atexitModule,
  binasciiModule,
  codecsModule,
  collectionsModule,
  errnoModule,
  contextvarsModule,
  functoolsModule,
  gcModule,
  itertoolsModule,
  operatorModule,
  posixModule,
  signalModule,
  statModule,
  stringModule,
  structModule,
  unicodedataModule,
  threadModule,
  typingModule,
  weakrefModule,
]
