# cmake -DSOURCE_DIR= -DOUTPUT= -DVERSION= -DCOMPILER= -DFLAGS= -P build_info.cmake
# Writes what the program knows of its own making; touches the file only if that has changed.
execute_process(COMMAND git describe --always --dirty --abbrev=12
                WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT commit)
  set(commit unknown)
endif()
execute_process(COMMAND git log -1 --format=%cs
                WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE date ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT date)
  string(TIMESTAMP date "%Y-%m-%d" UTC)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[#pragma once
namespace hindlimb::app {
inline constexpr const char* version = "@VERSION@";
inline constexpr const char* commit = "@commit@";
inline constexpr const char* date = "@date@";
inline constexpr const char* compiler = "@COMPILER@";
inline constexpr const char* flags = "@FLAGS@";
}  // namespace hindlimb::app
]] @ONLY)
