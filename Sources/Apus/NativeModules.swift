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
import DatabaseModules
import DatetimeModule
import DecimalModule
import ExpatModules
import FaultModule
import FunctoolsModule
import GcModule
import HashModules
import HeapqModule
import Interpreter
import IOModule
import Itertools
import JsonModule
import LsprofModule
import MathModule
import MmapModule
import MultibyteModules
import Objects
import OpenSSLModules
import OperatorModule
import PickleModule
import PosixModule
import ProcessModules
import RandomModule
import ReadlineModule
import SocketModule
import SqliteModule
import SreModule
import StatisticsModule
import StructModule
import ThreadModule
import TimeModule
import TracemallocModule
import TypingModule
import UnicodedataModule
import WeakrefModule

/// The native modules every Apus has, besides those of the interpreter itself.
public let nativeModules: [ModuleSpec] = [
  abcModule,
  arrayModule,
  asyncioModule,
  atexitModule,
  binasciiModule,
  bisectModule,
  blake2Module,
  bz2Module,
  chineseCodecsModule,
  cmathModule,
  codecsModule,
  collectionsModule,
  contextvarsModule,
  csvModule,
  ctypesModule,
  datetimeModule,
  dbmModule,
  decimalModule,
  errnoModule,
  elementTreeModule,
  escapingCodecsModule,
  expatModule,
  failmallocModule,
  faultHandlerModule,
  fcntlModule,
  functoolsModule,
  gcModule,
  grpModule,
  hashlibModule,
  heapqModule,
  hongkongCodecsModule,
  ioModule,
  itertoolsModule,
  japaneseCodecsModule,
  jsonModule,
  koreanCodecsModule,
  localeModule,
  lsprofModule,
  lzmaModule,
  mathModule,
  md5Module,
  mmapModule,
  multibytecodecModule,
  multiprocessingModule,
  operatorModule,
  pickleModule,
  posixModule,
  posixSubprocessModule,
  pwdModule,
  queueModule,
  randomModule,
  readlineModule,
  resourceModule,
  selectModule,
  sha1Module,
  sha2Module,
  sha3Module,
  sharedMemoryModule,
  signalModule,
  socketModule,
  sqliteModule,
  sreModule,
  sslModule,
  statModule,
  statisticsModule,
  stringModule,
  structModule,
  symbolsModule,
  sysconfigModule,
  syslogModule,
  taiwaneseCodecsModule,
  termiosModule,
  threadModule,
  timeModule,
  tracemallocModule,
  typingModule,
  unicodedataModule,
  uuidModule,
  weakrefModule,
  zlibModule,
  zoneInfoModule,
]
