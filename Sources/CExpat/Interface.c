#include "CExpat.h"

// The members and their order are those of CPython 3.13's Include/pyexpat.h.
typedef struct {
  const char *magic;
  int size;
  int major, minor, micro;
  const XML_LChar *(*error_string)(enum XML_Error);
  enum XML_Error (*error_code)(XML_Parser);
  XML_Size (*error_column)(XML_Parser);
  XML_Size (*error_line)(XML_Parser);
  enum XML_Status (*parse)(XML_Parser, const char *, int, int);
  XML_Parser (*create)(const XML_Char *, const XML_Memory_Handling_Suite *, const XML_Char *);
  void (*release)(XML_Parser);
  void (*set_character_data)(XML_Parser, XML_CharacterDataHandler);
  void (*set_comment)(XML_Parser, XML_CommentHandler);
  void (*set_default_expand)(XML_Parser, XML_DefaultHandler);
  void (*set_element)(XML_Parser, XML_StartElementHandler, XML_EndElementHandler);
  void (*set_namespace)(XML_Parser, XML_StartNamespaceDeclHandler, XML_EndNamespaceDeclHandler);
  void (*set_instruction)(XML_Parser, XML_ProcessingInstructionHandler);
  void (*set_unknown_encoding)(XML_Parser, XML_UnknownEncodingHandler, void *);
  void (*set_user_data)(XML_Parser, void *);
  void (*set_start_doctype)(XML_Parser, XML_StartDoctypeDeclHandler);
  enum XML_Status (*set_encoding)(XML_Parser, const XML_Char *);
  int (*unknown_encoding)(void *, const XML_Char *, XML_Encoding *);
  int (*set_hash_salt)(XML_Parser, unsigned long);
  // NULL: Expat before 2.6.0.
  XML_Bool (*set_reparse_deferral)(XML_Parser, XML_Bool);
} Interface;

const void *apus_expat_interface(XML_UnknownEncodingHandler unknown_encoding) {
  static Interface interface;
  interface = (Interface){
      "pyexpat.expat_CAPI 1.1", sizeof(Interface), XML_MAJOR_VERSION, XML_MINOR_VERSION,
      XML_MICRO_VERSION, XML_ErrorString, XML_GetErrorCode, XML_GetErrorColumnNumber,
      XML_GetErrorLineNumber, XML_Parse, XML_ParserCreate_MM, XML_ParserFree,
      XML_SetCharacterDataHandler, XML_SetCommentHandler, XML_SetDefaultHandlerExpand,
      XML_SetElementHandler, XML_SetNamespaceDeclHandler, XML_SetProcessingInstructionHandler,
      XML_SetUnknownEncodingHandler, XML_SetUserData, XML_SetStartDoctypeDeclHandler,
      XML_SetEncoding, unknown_encoding, XML_SetHashSalt, NULL};
  return &interface;
}
