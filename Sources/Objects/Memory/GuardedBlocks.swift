import CPythonABI
import Glibc

/// Blocks that end at the end of a page, in front of one that nobody may touch. A block given back
/// becomes such a page itself and stays one for long, so that every access after a block's life or
/// behind its end is a segmentation fault there and then, at the speed of the machine.
///
/// ```
/// | size | family | number | 0 |  0xCD …  | the block | 0xFD up to 15 times || no access |
/// page                                                                       page
/// ```
/// Chosen by `APUS_GUARDMALLOC=1` with `PYTHONMALLOC=debug`. Needs Linux 6.13, whose guard pages cost
/// no mapping each (`madvise(2)`, MADV_GUARD_INSTALL).
enum GuardedBlocks {
  private static let page = 4096
  private static let header = 32
  /// Address space, of which only what is in use takes memory.
  private static let regionSize = 1 << 44
  /// Pages become guards in runs of this many bytes.
  private static let chunk = 1 << 28
  /// Blocks beyond these pages are had in the plain way (2 GiB).
  private static let mostPages = 1 << 19
  /// Blocks of one page wait here before their address is used again.
  private static let quarantine = 1 << 20
  private static let install: Int32 = 102
  private static let remove: Int32 = 103
  private static let slack: UInt8 = 0xFD

  nonisolated(unsafe) private(set) static var isOn = false
  nonisolated(unsafe) private static var region: UInt = 0
  nonisolated(unsafe) private static var next: UInt = 0
  /// Up to here pages are guards unless in use.
  nonisolated(unsafe) private static var guarded: UInt = 0
  nonisolated(unsafe) private static var livePages = 0
  nonisolated(unsafe) private static var serial: UInt64 = 0
  nonisolated(unsafe) private static var freed: UnsafeMutablePointer<UInt>?
  nonisolated(unsafe) private static var freedCount = 0
  nonisolated(unsafe) private static var oldest = 0
  /// The raw layer is used without the interpreter lock.
  nonisolated(unsafe) private static var lock = pthread_mutex_t()

  /// Begins to guard, before the first allocation.
  static func start() {
    let space = mmap(
      nil, regionSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    let room = mmap(
      nil, quarantine * 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let space, space != MAP_FAILED, let room, room != MAP_FAILED else {
      stop("no address space for guarded blocks")
    }
    freed = room.bindMemory(to: UInt.self, capacity: quarantine)
    region = UInt(bitPattern: space)
    next = region
    guarded = region
    pthread_mutex_init(&lock, nil)
    isOn = true
    extend()
  }

  private static func extend() {
    if madvise(UnsafeMutableRawPointer(bitPattern: guarded), chunk, install) != 0 {
      stop("guarded blocks need Linux 6.13")
    }
    guarded += UInt(chunk)
  }

  /// Whether the block is one of these.
  static func owns(_ block: UnsafeMutableRawPointer) -> Bool {
    isOn && UInt(bitPattern: block) &- region < UInt(regionSize)
  }

  /// A block, or nil when the plain way has to do.
  static func allocate(_ size: Int, _ family: UInt8) -> UnsafeMutableRawPointer? {
    let pages = (size + header + page - 1) / page
    if pages > 1 << 14 { return nil }
    pthread_mutex_lock(&lock)
    guard livePages + pages <= mostPages, let start = place(pages) else {
      pthread_mutex_unlock(&lock)
      return nil
    }
    livePages += pages
    serial &+= 1
    let number = serial
    pthread_mutex_unlock(&lock)
    if madvise(start, pages * page, remove) != 0 { stop("madvise") }
    let room = (size + 15) & ~15
    let block = start + (pages * page - room)
    start.storeBytes(of: size, as: Int.self)
    start.storeBytes(of: UInt64(family), toByteOffset: 8, as: UInt64.self)
    start.storeBytes(of: number, toByteOffset: 16, as: UInt64.self)
    memset(block, 0xCD, size)
    memset(block + size, Int32(slack), room - size)
    return block
  }

  /// Pages that are guards now, with one behind them that stays one.
  private static func place(_ pages: Int) -> UnsafeMutableRawPointer? {
    if pages == 1 && freedCount == quarantine, let freed {
      let address = freed[oldest]
      oldest = (oldest + 1) % quarantine
      freedCount -= 1
      return UnsafeMutableRawPointer(bitPattern: address)
    }
    let bytes = UInt((pages + 1) * page)
    if next + bytes > region + UInt(regionSize - chunk) { return nil }
    while next + bytes > guarded { extend() }
    let address = next
    next += bytes
    return UnsafeMutableRawPointer(bitPattern: address)
  }

  private static func start(of block: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    let address = (UInt(bitPattern: block) - UInt(header)) & ~UInt(page - 1)
    return UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
  }

  static func size(_ block: UnsafeMutableRawPointer) -> Int { start(of: block).load(as: Int.self) }

  /// Ends the process when the block is not one of this family, or was written past its end.
  static func check(_ block: UnsafeMutableRawPointer, _ family: UInt8) {
    let start = start(of: block)
    let size = start.load(as: Int.self)
    let room = (size + 15) & ~15
    let pages = (size + header + page - 1) / page
    if size < 0 || start + (pages * page - room) != block { stop("an address that is no block's") }
    if start.load(fromByteOffset: 8, as: UInt64.self) != UInt64(family) {
      stop("a block given back through another family of functions")
    }
    for offset in size..<room where block.load(fromByteOffset: offset, as: UInt8.self) != slack {
      stop("a block written past its end")
    }
  }

  static func free(_ block: UnsafeMutableRawPointer) {
    let start = start(of: block)
    let pages = (start.load(as: Int.self) + header + page - 1) / page
    if madvise(start, pages * page, install) != 0 { stop("madvise") }
    pthread_mutex_lock(&lock)
    livePages -= pages
    if pages == 1 && freedCount < quarantine, let freed {
      freed[(oldest + freedCount) % quarantine] = UInt(bitPattern: start)
      freedCount += 1
    }
    pthread_mutex_unlock(&lock)
  }

  private static func stop(_ problem: String) -> Never {
    var text = "Fatal Python error: guarded memory: \(problem)\n"
    text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    abort()
  }
}
