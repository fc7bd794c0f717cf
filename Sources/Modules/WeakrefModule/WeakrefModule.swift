import CPythonABI
import Objects

/// The module `_weakref`. CPython: Modules/_weakref.c.
public let weakrefModule = ModuleSpec(
  "_weakref", doc: "Weak-reference support module.",
  methods: [getWeakrefCount, getWeakrefs, removeDead, proxy],
  exec: { module in
    status {
      try check(PyModule_AddObjectRef(module, "ref", weakrefType().object))
      try check(PyModule_AddObjectRef(module, "ReferenceType", weakrefType().object))
      try check(PyModule_AddObjectRef(module, "ProxyType", weakProxyType().object))
      try check(PyModule_AddObjectRef(module, "CallableProxyType", weakCallableProxyType().object))
    }
  })

private let getWeakrefCount: Method = .o(
  "getweakrefcount($module, object, /)", "Return the number of weak references to 'object'."
) { _, object in PyLong_FromSsize_t(WeakReferences.count(object)) }

private let getWeakrefs: Method = .o(
  "getweakrefs($module, object, /)",
  "Return a list of all weak reference objects pointing to 'object'."
) { _, object in new { try WeakReferences.all(object) } }

private let removeDead: Method = .fast(
  "_remove_dead_weakref($module, dct, key, /)",
  "Remove the entry of a dict whose value is a weak reference, if that is dead."
) { _, args, count in
  none {
    let a = try Arguments(removeDead, args, count)
    let dict = a.object(0)
    guard dict.isDict else { throw a.badArgument(0, expected: "dict") }
    let key = a.object(1)
    guard let found = PyDict_GetItemWithError(dict, key) else {
      if hasRaised() { throw Raised() }
      return
    }
    let reference = found.retained()
    var target: Ref?
    let alive = try check(PyWeakref_GetRef(reference.ref, &target))
    Py_XDECREF(target)
    if alive == 0 {
      var old: Ref?
      try check(PyDict_Pop(dict, key, &old))
      Py_XDECREF(old)
    }
  }
}

private let proxy: Method = .fast(
  "proxy($module, object, callback=None, /)",
  """
  Create a proxy object that weakly references 'object'.

  'callback', if given, is called with the proxy when 'object' is about to go.
  """
) { _, args, count in
  new {
    let a = try Arguments(proxy, args, count)
    return try own(PyWeakref_NewProxy(a.object(0), a[1]))
  }
}
