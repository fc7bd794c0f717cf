// Running source text from C: CPython 3.13's pythonrun.h and the parts of pylifecycle.h and ceval.h
// that go with it. Implemented in Sources/Python/Runtime.
#ifndef APUS_PYTHONRUN_H
#define APUS_PYTHONRUN_H
#include "capi.h"
#include <stdio.h>
#pragma clang assume_nonnull begin

/// What a source is: values of the `start` argument.
#define Py_single_input 256
#define Py_file_input 257
#define Py_eval_input 258

typedef struct PyCompilerFlags {
  int cf_flags;
  int cf_feature_version;
} PyCompilerFlags;

PyObject *_Nullable Py_CompileStringFlags(const char *, const char *, int start, PyCompilerFlags *_Nullable);
PyObject *_Nullable Py_CompileStringExFlags(const char *, const char *, int start, PyCompilerFlags *_Nullable, int optimize);
PyObject *_Nullable Py_CompileStringObject(const char *, PyObject *filename, int start, PyCompilerFlags *_Nullable, int optimize);

int PyRun_SimpleStringFlags(const char *, PyCompilerFlags *_Nullable);
PyObject *_Nullable PyRun_StringFlags(const char *, int start, PyObject *globals, PyObject *locals, PyCompilerFlags *_Nullable);
int PyRun_SimpleFile(FILE *, const char *);
int PyRun_SimpleFileEx(FILE *, const char *, int closeit);
int PyRun_SimpleFileExFlags(FILE *, const char *, int closeit, PyCompilerFlags *_Nullable);
int PyRun_AnyFile(FILE *, const char *_Nullable);
int PyRun_AnyFileEx(FILE *, const char *_Nullable, int closeit);
int PyRun_AnyFileFlags(FILE *, const char *_Nullable, PyCompilerFlags *_Nullable);
int PyRun_AnyFileExFlags(FILE *, const char *_Nullable, int closeit, PyCompilerFlags *_Nullable);
PyObject *_Nullable PyRun_File(FILE *, const char *, int start, PyObject *globals, PyObject *locals);
PyObject *_Nullable PyRun_FileEx(FILE *, const char *, int start, PyObject *globals, PyObject *locals, int closeit);
PyObject *_Nullable PyRun_FileFlags(FILE *, const char *, int start, PyObject *globals, PyObject *locals, PyCompilerFlags *_Nullable);
PyObject *_Nullable PyRun_FileExFlags(FILE *, const char *, int start, PyObject *globals, PyObject *locals, int closeit, PyCompilerFlags *_Nullable);

int Py_AtExit(void (*function)(void));
int Py_AddPendingCall(int (*function)(void *_Nullable), void *_Nullable argument);
int PyObject_Print(PyObject *_Nullable, FILE *, int flags);

#pragma clang assume_nonnull end
#endif
