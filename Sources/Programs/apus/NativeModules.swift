import AbcModule
import BinasciiModule
import BisectModule
import CodecsModule
import CollectionsModule
import ContextvarsModule
import FunctoolsModule
import GcModule
import HeapqModule
import IOModule
import Itertools
import Objects
import OperatorModule
import PosixModule
import RandomModule
import SreModule
import StructModule
import ThreadModule
import TypingModule
import UnicodedataModule
import WeakrefModule

/// The native modules of the `apus` command, besides those of the interpreter itself.
let nativeModules: [ModuleSpec] = [
  sreModule,
  abcModule,
  atexitModule,
  binasciiModule,
  bisectModule,
  codecsModule,
  collectionsModule,
  errnoModule,
  contextvarsModule,
  functoolsModule,
  gcModule,
  heapqModule,
  ioModule,
  itertoolsModule,
  operatorModule,
  posixModule,
  signalModule,
  statModule,
  randomModule,
  stringModule,
  structModule,
  unicodedataModule,
  threadModule,
  typingModule,
  weakrefModule,
]
