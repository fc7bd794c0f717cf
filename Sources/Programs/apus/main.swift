import Apus
import Glibc
import Interpreter

exit(Launcher.run(Launcher.processArguments(), modules: nativeModules))
