# cmake -DNM=nm -DOBJECTS=a.o;b.o -P symbols.cmake: fails where a kernel's object file defines a function that the linker
# could take for another file's: code for one instruction set would run on machines that lack it.
set(wrong "")
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND ${NM} --defined-only --demangle ${object} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[0-9a-f]+ [WwVuT] [^\n]*" shared "${symbols}")
  foreach(symbol IN LISTS shared)
    if(NOT symbol MATCHES " u hindlimb::laws::parameter_members<double>") # a table of places, no code
      string(APPEND wrong "  ${object}: ${symbol}\n")
    endif()
  endforeach()
  if(NOT symbols MATCHES "_kernel")
    string(APPEND wrong "  ${object}: no kernel in it\n")
  endif()
endforeach()
if(wrong)
  message(FATAL_ERROR "Symbols of kernels that other files could be given:\n${wrong}")
endif()
