import AbcModule
import ArrayModule
import AsyncioModule
import BinasciiModule
import BisectModule
import CmathModule
import CodecsModule
import CollectionsModule
import CompressionModules
import ContextvarsModule
import CsvModule
import CtypesModule
import ExpatModules
import StatisticsModule
import QueueModule
import DatetimeModule
import DecimalModule
import FunctoolsModule
import GcModule
import HashModules
import HeapqModule
import IOModule
import Interpreter
import Itertools
import JsonModule
import MathModule
import MmapModule
import Objects
import OpenSSLModules
import OperatorModule
import PickleModule
import PosixModule
import ProcessModules
import RandomModule
import SocketModule
import SreModule
import StructModule
import ThreadModule
import TimeModule
import TypingModule
import UnicodedataModule
import WeakrefModule

/// The native modules every Apus has, besides those of the interpreter itself.
public let nativeModules: [ModuleSpec] = [
  csvModule,
  ctypesModule,
  expatModule,
  statisticsModule,
  queueModule,
  datetimeModule,
  jsonModule,
  decimalModule,
  arrayModule,
  cmathModule,
  mathModule,
  mmapModule,
  multiprocessingModule,
  hashlibModule,
  sslModule,
  zlibModule,
  bz2Module,
  lzmaModule,
  sharedMemoryModule,
  syslogModule,
  termiosModule,
  uuidModule,
  socketModule,
  sreModule,
  abcModule,
  asyncioModule,
  atexitModule,
  binasciiModule,
  bisectModule,
  blake2Module,
  codecsModule,
  collectionsModule,
  errnoModule,
  contextvarsModule,
  fcntlModule,
  functoolsModule,
  gcModule,
  heapqModule,
  ioModule,
  itertoolsModule,
  md5Module,
  operatorModule,
  pickleModule,
  localeModule,
  posixModule,
  grpModule,
  posixSubprocessModule,
  pwdModule,
  resourceModule,
  selectModule,
  signalModule,
  statModule,
  randomModule,
  sha1Module,
  sha2Module,
  sha3Module,
  stringModule,
  structModule,
  symbolsModule,
  unicodedataModule,
  queueModule,
  threadModule,
  timeModule,
  typingModule,
  weakrefModule,
]
