import CPythonABI
import CSockets
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Buffers held together for a call that gathers or scatters.
private struct BufferList: ~Copyable {
  private var views: UnsafeMutablePointer<Py_buffer>
  let parts: UnsafeMutablePointer<iovec>
  private(set) var count = 0

  init(capacity: Int) {
    views = .allocate(capacity: capacity + 1)
    parts = .allocate(capacity: capacity + 1)
  }

  deinit {
    for index in 0..<count { PyBuffer_Release(views + index) }
    views.deallocate()
    parts.deallocate()
  }

  mutating func append(_ object: Ref, writable: Bool) throws(Raised) {
    (views + count).initialize(to: Py_buffer())
    try check(PyObject_GetBuffer(object, views + count, writable ? 1 : 0))
    parts[count] = iovec(iov_base: views[count].buf, iov_len: views[count].len)
    count += 1
  }

  func view(_ index: Int) -> Py_buffer { views[index] }
}

/// Messages with control data beside the bytes.
extension SocketObject {
  private static func item(_ list: Ref, _ index: Int) -> Ref {
    list.isList ? apus_list_item(list, index) : apus_tuple_item(list, index)
  }

  // MARK: Receiving

  /// Receives a message. `data` makes the first item of the result of the number of bytes.
  private static func receive(
    _ object: Ref, _ parts: UnsafeMutablePointer<iovec>, _ count: Int, _ room: Int, _ flags: Int32,
    data: (Int) throws(Raised) -> Owned
  ) throws(Raised) -> Owned {
    if room < 0 || room > Int(Int32.max) {
      throw raise(.valueError, "invalid ancillary data buffer length")
    }
    guard let control = calloc(1, room + 1) else { throw raiseNoMemory() }
    defer { free(control) }
    var peer = SocketAddress()
    var message = msghdr()
    let got = try call(object, .reading) {
      let descriptor = view(object).pointee.sock_fd
      return peer.fill { address, size in
        message = msghdr()
        message.msg_name = address
        message.msg_namelen = size.pointee
        message.msg_iov = parts
        message.msg_iovlen = count
        message.msg_control = room > 0 ? control : nil
        message.msg_controllen = room
        let result = recvmsg(descriptor, &message, flags)
        size.pointee = message.msg_namelen
        return result
      }
    }
    do throws(Raised) {
      let items = try own(PyList_New(0))
      var current: UnsafeMutablePointer<cmsghdr>?
      while room > 0, let entry = apus_cmsg_next(&message, current) {
        current = entry
        let (size, isCut) = dataLength(entry, in: message)
        guard let size else {
          try warn(
            .runtimeWarning, "received malformed or improperly-truncated ancillary data",
            stackLevel: 1)
          break
        }
        let bytes = try own(
          PyBytes_FromStringAndSize(
            UnsafeMutableRawPointer(apus_cmsg_data(entry)).assumingMemoryBound(to: CChar.self), size))
        let triple = try tuple(
          int(Int(entry.pointee.cmsg_level)), int(Int(entry.pointee.cmsg_type)), bytes)
        try check(PyList_Append(items.ref, triple.ref))
        if isCut { break }
      }
      return try tuple(
        data(got), items, int(Int(message.msg_flags)), address(object, peer))
    } catch {
      closePassedDescriptors(&message, room)
      throw error
    }
  }

  /// The bytes of data of a control message that are in the buffer (nil: malformed), and whether
  /// the kernel cut it off there.
  private static func dataLength(
    _ entry: UnsafeMutablePointer<cmsghdr>, in message: msghdr
  ) -> (Int?, Bool) {
    let header = apus_cmsg_len(0)
    let length = Int(entry.pointee.cmsg_len)
    guard let control = message.msg_control, length >= header else { return (nil, true) }
    let start = UnsafeMutableRawPointer(apus_cmsg_data(entry))
    let room = control + Int(message.msg_controllen) - start
    if room < 0 { return (nil, true) }
    let wanted = length - header
    return wanted > room ? (room, true) : (wanted, false)
  }

  /// Closes descriptors that a message brought and nobody will see (SCM_RIGHTS).
  private static func closePassedDescriptors(_ message: inout msghdr, _ room: Int) {
    var current: UnsafeMutablePointer<cmsghdr>?
    while room > 0, let entry = apus_cmsg_next(&message, current) {
      current = entry
      let (size, isCut) = dataLength(entry, in: message)
      guard let size else { return }
      if entry.pointee.cmsg_level == SOL_SOCKET && entry.pointee.cmsg_type == 1 {
        let start = UnsafeMutableRawPointer(apus_cmsg_data(entry))
        for index in 0..<(size / 4) {
          _ = Glibc.close(start.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
        }
      }
      if isCut { return }
    }
  }

  static let receiveMessage: Method = .fast(
    "recvmsg",
    """
    recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)

    Receive up to bufsize bytes, and control messages into a buffer of ancbufsize bytes (CMSG_SPACE
    gives what each needs). ancdata is a list of (cmsg_level, cmsg_type, cmsg_data). Descriptors
    that came along are closed when an exception is raised.
    """
  ) { object, args, count in
    new {
      let a = try TupleArguments("recvmsg", args, count, least: 1, most: 3)
      let (size, room, flags) = (try a.size(0), try a.size(1), try a.int32(2))
      if size < 0 { throw raise(.valueError, "negative buffer size in recvmsg()") }
      var bytes: Ref? = try own(PyBytes_FromStringAndSize(nil, size)).give()
      defer { Py_XDECREF(bytes) }
      var part = iovec(iov_base: PyBytes_AsString(bytes.unsafelyUnwrapped), iov_len: size)
      return try receive(object, &part, 1, room, flags) { got throws(Raised) in
        if got != size { try check(_PyBytes_Resize(&bytes, got)) }
        return try borrow(bytes).retained()
      }
    }
  }

  static let receiveMessageInto: Method = .fast(
    "recvmsg_into",
    """
    recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)

    Like recvmsg(), but into writable buffers, filled one after the other.
    """
  ) { object, args, count in
    new {
      let a = try TupleArguments("recvmsg_into", args, count, least: 1, most: 3)
      let (room, flags) = (try a.size(1), try a.int32(2))
      let list = try own(
        PySequence_Fast(a.object(0), "recvmsg_into() argument 1 must be an iterable"))
      let total = apus_var_size(list.ref)
      if total > Int(Int32.max) { throw raise(.osError, "recvmsg_into() argument 1 is too long") }
      var buffers = BufferList(capacity: total)
      for index in 0..<total where index < apus_var_size(list.ref) {
        do throws(Raised) {
          try buffers.append(item(list.ref, index), writable: true)
        } catch {
          PyErr_Clear()
          throw raise(
            .typeError,
            "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers")
        }
      }
      return try receive(object, buffers.parts, buffers.count, room, flags) { got throws(Raised) in
        try int(got)
      }
    }
  }

  // MARK: Sending

  static let sendMessage: Method = .fast(
    "sendmsg",
    """
    sendmsg(buffers[, ancdata[, flags[, address]]]) -> count

    Send bytes gathered from an iterable of buffers, with control messages: an iterable of
    (cmsg_level, cmsg_type, cmsg_data). Returns the number of bytes sent.
    """
  ) { object, args, count in
    new {
      let a = try TupleArguments("sendmsg", args, count, least: 1, most: 4)
      let flags = try a.int32(2)
      var address = SocketAddress()
      var hasAddress = false
      if let given = a[3], !given.isNone {
        address = try SocketAddress.parse(given, for: object, "sendmsg")
        hasAddress = true
      }
      try audit("socket.sendmsg", tuple(object.retained(), (a[3] ?? noneObject()).retained()))
      let buffers = try gather(a.object(0))
      let control = try controlMessages(a[1])
      let (parts, partCount) = (buffers.parts, buffers.count)
      let (controlStart, controlSize) = (control.start, control.count)
      return try int(
        call(object, .writing) {
          let descriptor = view(object).pointee.sock_fd
          return address.withBytes { name in
            var message = msghdr()
            message.msg_name = hasAddress ? UnsafeMutableRawPointer(mutating: name) : nil
            message.msg_namelen = hasAddress ? address.length : 0
            message.msg_iov = parts
            message.msg_iovlen = partCount
            message.msg_control = controlSize > 0 ? controlStart : nil
            message.msg_controllen = controlSize
            return sendmsg(descriptor, &message, flags)
          }
        })
    }
  }

  private static func gather(_ data: Ref) throws(Raised) -> BufferList {
    let list = try own(PySequence_Fast(data, "sendmsg() argument 1 must be an iterable"))
    let total = apus_var_size(list.ref)
    if total > Int(Int32.max) { throw raise(.osError, "sendmsg() argument 1 is too long") }
    var buffers = BufferList(capacity: total)
    for index in 0..<total where index < apus_var_size(list.ref) {
      try buffers.append(item(list.ref, index), writable: false)
    }
    return buffers
  }

  /// The bytes of control messages as the kernel takes them.
  private struct Control: ~Copyable {
    let start: UnsafeMutableRawPointer?
    let count: Int
    deinit { free(start) }
  }

  private static func controlMessages(_ given: Ref?) throws(Raised) -> Control {
    guard let given else { return Control(start: nil, count: 0) }
    let list = try own(PySequence_Fast(given, "sendmsg() argument 2 must be an iterable"))
    let total = apus_var_size(list.ref)
    var kinds: [(Int32, Int32)] = []
    var buffers = BufferList(capacity: total)
    var room = 0
    for index in 0..<total where index < apus_var_size(list.ref) {
      let entry = item(list.ref, index).retained()
      let name = "[sendmsg() ancillary data items]() argument must be "
      guard PySequence_Check(entry.ref) != 0, !entry.ref.isStr else {
        throw raise(.typeError, name + "3-item sequence, not \(entry.ref.type.name)")
      }
      let size = try check(PySequence_Size(entry.ref))
      if size != 3 { throw raise(.typeError, name + "sequence of length 3, not \(size)") }
      let (a, b, c) = (
        try own(PySequence_GetItem(entry.ref, 0)).give(),
        try own(PySequence_GetItem(entry.ref, 1)).give(),
        try own(PySequence_GetItem(entry.ref, 2)).give()
      )
      defer {
        Py_DECREF(a)
        Py_DECREF(b)
        Py_DECREF(c)
      }
      kinds.append((try NumberConversion.int32(a), try NumberConversion.int32(b)))
      try buffers.append(c, writable: false)
      let bytes = buffers.view(buffers.count - 1).len
      if bytes > Int(Int32.max) { throw raise(.osError, "ancillary data item too large") }
      room += apus_cmsg_space(bytes)
      if room > Int(Int32.max) { throw raise(.osError, "too much ancillary data") }
    }
    if room == 0 { return Control(start: nil, count: 0) }
    guard let memory = calloc(1, room) else { throw raiseNoMemory() }
    var message = msghdr()
    message.msg_control = memory
    message.msg_controllen = room
    var current: UnsafeMutablePointer<cmsghdr>?
    for (index, kind) in kinds.enumerated() {
      guard let entry = apus_cmsg_next(&message, current) else { break }
      current = entry
      let view = buffers.view(index)
      entry.pointee.cmsg_level = kind.0
      entry.pointee.cmsg_type = kind.1
      entry.pointee.cmsg_len = apus_cmsg_len(view.len)
      if let bytes = view.buf { memcpy(apus_cmsg_data(entry), bytes, view.len) }
    }
    return Control(start: memory, count: room)
  }

  private static let cryptoArguments: Method = .keywords(
    "sendmsg_afalg(msg=(), *, op=0, iv=b'', assoclen=0, flags=0)", "", { _, _, _, _ in nil })

  static let sendCryptoMessage: Method = .keywords(
    "sendmsg_afalg",
    """
    sendmsg_afalg([msg], *, op[, iv[, assoclen[, flags=MSG_MORE]]])

    Set the operation, the initialisation vector and the length of associated data of an AF_ALG
    socket, and send data to it.
    """
  ) { object, args, count, names in
    new {
      if view(object).pointee.sock_family != SocketAddress.Family.crypto {
        throw raise(.osError, "algset is only supported for AF_ALG")
      }
      let a = try Arguments(cryptoArguments, args, count, names)
      var operation: Int32 = -1
      if let given = a[1] { operation = try NumberConversion.int32(given) }
      if operation < 0 { throw raise(.typeError, "Invalid or missing argument 'op'") }
      var associated = -1
      if let given = a[3] {
        guard given.isInt else { throw raise(.typeError, "integer argument expected, got \(given.type.name)") }
        associated = try check(PyLong_AsLong(given))
        if associated < 0 { throw raise(.typeError, "assoclen must be positive") }
      }
      var flags: Int32 = 0
      if let given = a[4] { flags = try NumberConversion.int32(given) }
      let vector: Ref
      if let given = a[2] {
        vector = try own(PyBytes_FromObject(given)).give()
      } else {
        vector = try own(PyBytes_FromStringAndSize(nil, 0)).give()
      }
      defer { Py_DECREF(vector) }
      let vectorCount = a[2] == nil ? -1 : apus_var_size(vector)
      let empty = try own(PyTuple_New(0))
      let buffers = try gather(a[0] ?? empty.ref)
      let room =
        apus_cmsg_space(4) + (vectorCount >= 0 ? apus_cmsg_space(4 + vectorCount) : 0)
        + (associated >= 0 ? apus_cmsg_space(4) : 0)
      guard let memory = calloc(1, room) else { throw raiseNoMemory() }
      defer { free(memory) }
      var message = msghdr()
      message.msg_control = memory
      message.msg_controllen = room
      message.msg_iov = buffers.parts
      message.msg_iovlen = buffers.count
      var current: UnsafeMutablePointer<cmsghdr>?
      /// Appends a control message of SOL_ALG and returns where its data goes.
      func append(_ kind: Int32, _ size: Int) -> UnsafeMutableRawPointer? {
        guard let entry = apus_cmsg_next(&message, current) else { return nil }
        current = entry
        entry.pointee.cmsg_level = 279
        entry.pointee.cmsg_type = kind
        entry.pointee.cmsg_len = apus_cmsg_len(size)
        return UnsafeMutableRawPointer(apus_cmsg_data(entry))
      }
      // ALG_SET_OP, ALG_SET_IV, ALG_SET_AEAD_ASSOCLEN
      append(3, 4)?.storeBytes(of: operation, as: Int32.self)
      if vectorCount >= 0, let target = append(2, 4 + vectorCount) {
        target.storeBytes(of: UInt32(truncatingIfNeeded: vectorCount), as: UInt32.self)
        if let bytes = PyBytes_AsString(vector) { memcpy(target + 4, bytes, vectorCount) }
      }
      if associated >= 0 {
        append(4, 4)?.storeBytes(of: UInt32(truncatingIfNeeded: associated), as: UInt32.self)
      }
      return try withUnsafeMutablePointer(to: &message) { message throws(Raised) in
        try int(
          call(object, .writing) { sendmsg(view(object).pointee.sock_fd, message, flags) })
      }
    }
  }
}
