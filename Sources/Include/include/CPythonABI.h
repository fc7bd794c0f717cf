// Everything of the object model's C side, for Swift and for the C files of this target.
#ifndef APUS_CPYTHONABI_H
#define APUS_CPYTHONABI_H
#include "object.h"
#include "numberobjects.h"
#include "stringobjects.h"
#include "containerobjects.h"
#include "freelists.h"
#include "callobjects.h"
#include "iteratorobjects.h"
#include "descriptorobjects.h"
#include "exceptionobjects.h"
#include "frameobjects.h"
#include "pystate.h"
#include "datasymbols.h"
#include "obmalloc.h"
#include "system.h"
#include "capi.h"
#include "identifiers.h"
#include "typecache.h"
#include "pythread.h"
#include "pythonrun.h"
#include "private.h"
#endif
