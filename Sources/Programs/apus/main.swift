import Apus
import Glibc
import Interpreter

exit(Launcher.run(CommandLine.arguments, modules: nativeModules))
