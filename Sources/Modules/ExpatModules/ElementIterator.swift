import CPythonABI
import Objects

/// What `iter()` and `itertext()` give: a walk in document order.
enum ElementIterator {
  struct Layout {
    var base: PyObject
    /// Owned elements on the way down, each with the index of its next child.
    var stack: UnsafeMutablePointer<Step>?
    var depth: Int
    var capacity: Int
    /// Where the walk starts; nil once it has.
    var root: Ref?
    /// None for every element.
    var tag: Ref?
    var texts: UInt8
  }

  struct Step {
    var element: Ref
    var next: Int
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static func make(_ root: Ref, tag: Ref, texts: Bool) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    view(object.ref).pointee.root = root.retained().give()
    view(object.ref).pointee.tag = tag.retained().give()
    view(object.ref).pointee.texts = texts ? 1 : 0
    return object
  }

  private static func push(_ object: Ref, _ element: consuming Owned) throws(Raised) {
    let it = view(object)
    if it.pointee.depth == it.pointee.capacity {
      let larger = Swift.max(8, it.pointee.capacity * 2)
      guard let memory = PyMem_Realloc(it.pointee.stack, larger * MemoryLayout<Step>.stride) else {
        throw raiseNoMemory()
      }
      it.pointee.stack = memory.assumingMemoryBound(to: Step.self)
      it.pointee.capacity = larger
    }
    (it.pointee.stack.unsafelyUnwrapped + it.pointee.depth)
      .initialize(to: Step(element: element.give(), next: 0))
    it.pointee.depth += 1
  }

  private static func next(_ object: Ref) throws(Raised) -> Owned? {
    let it = view(object)
    while true {
      var current: Ref
      if let root = it.pointee.root {
        it.pointee.root = nil
        current = root
      } else {
        guard it.pointee.depth > 0, let stack = it.pointee.stack else { return nil }
        let top = stack + (it.pointee.depth - 1)
        let parent = Element(top.pointee.element)
        if top.pointee.next >= parent.count {
          it.pointee.depth -= 1
          let done = Owned(adopting: parent.ref)
          // The text behind the start is not inside.
          if it.pointee.texts != 0 && it.pointee.depth > 0 {
            let tail = (Element(done.ref).layout.pointee.tail ?? noneObject()).retained()
            if try check(PyObject_IsTrue(tail.ref)) != 0 { return tail }
          }
          continue
        }
        let child = parent.child(top.pointee.next)
        guard Element.isElement(child) else {
          throw raise(
            .attributeError, "'\(child.type.fullName)' object has no attribute 'iter'")
        }
        top.pointee.next += 1
        current = child.retained().give()
      }
      let element = Owned(adopting: current)
      try push(object, element.ref.retained())
      current = element.ref
      if it.pointee.texts != 0 {
        let text = (Element(current).layout.pointee.text ?? noneObject()).retained()
        if try check(PyObject_IsTrue(text.ref)) != 0 { return text }
        continue
      }
      guard let wanted = it.pointee.tag, !wanted.isNone else { return element }
      let tag = (Element(current).layout.pointee.tag ?? noneObject()).retained()
      if try check(PyObject_RichCompareBool(tag.ref, wanted, Py_EQ)) != 0 { return element }
    }
  }

  private static func clear(_ object: Ref) {
    let it = view(object)
    let (stack, depth) = (it.pointee.stack, it.pointee.depth)
    it.pointee.stack = nil
    it.pointee.depth = 0
    it.pointee.capacity = 0
    if let stack {
      for index in 0..<depth { Py_DECREF(stack[index].element) }
      PyMem_Free(stack)
    }
    clearReference(&it.pointee.root)
    clearReference(&it.pointee.tag)
  }

  static let spec = TypeSpec(
    type, "_elementtree._element_iterator", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC],
    base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clear(object)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let it = view(object)
        for index in 0..<it.pointee.depth {
          guard let stack = it.pointee.stack else { break }
          let answer = visit(stack[index].element, argument)
          if answer != 0 { return answer }
        }
        return visitReferences(visit, argument, it.pointee.root, it.pointee.tag)
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_iter { Py_NewRef($0) },
      .tp_iternext { object in
        do { return try next(object)?.give() } catch { return nil }
      },
      .tp_free { PyObject_GC_Del($0) },
    ])
}
