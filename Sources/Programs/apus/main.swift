import Apus
import CPythonABI
import Glibc
import Interpreter

let arguments = (0..<apus_argument_count()).compactMap { index in
  apus_argument(index).map { String(cString: $0) }
}
exit(Launcher.run(arguments, modules: nativeModules))
