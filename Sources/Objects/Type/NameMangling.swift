import CPythonABI

/// Private names: `__name` inside class `C` is `_C__name`. CPython: Python/compile.c, `_Py_Mangle`.
@c @implementation public func _Py_Mangle(_ className: Ref?, _ name: Ref) -> Ref? {
  Py_INCREF(name)
  guard let className, className.isStr, name.isStr else { return name }
  let length = apus_str_length(name)
  guard length > 2, PyUnicode_ReadChar(name, 0) == 0x5F, PyUnicode_ReadChar(name, 1) == 0x5F else {
    return name
  }
  // `__x__` is a special name, a dotted one comes from `import __a.b`.
  if PyUnicode_ReadChar(name, length - 1) == 0x5F && PyUnicode_ReadChar(name, length - 2) == 0x5F {
    return name
  }
  if PyUnicode_FindChar(name, 0x2E, 0, length, 1) >= 0 { return name }
  let classLength = apus_str_length(className)
  var start = 0
  while start < classLength && PyUnicode_ReadChar(className, start) == 0x5F { start += 1 }
  // A class name of underscores only does not mangle.
  if start == classLength { return name }
  defer { Py_DECREF(name) }
  return new {
    let stripped = try own(PyUnicode_Substring(className, start, classLength))
    let prefix = try own(PyUnicode_FromString("_"))
    let head = try own(PyUnicode_Concat(prefix.ref, stripped.ref))
    var result: Ref? = try own(PyUnicode_Concat(head.ref, name)).give()
    PyUnicode_InternInPlace(&result)
    return try own(result)
  }
}
