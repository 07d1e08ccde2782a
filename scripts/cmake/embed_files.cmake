# cmake -DOUTPUT= -DFILES= -P embed_files.cmake
# Writes a header with the text of each file: embedded::own_data_toml is that of own_data.toml.
set(text "#pragma once\n#include <string_view>\nnamespace hindlimb::app::embedded {\n")
foreach(file IN LISTS FILES)
  cmake_path(GET file FILENAME name)
  string(MAKE_C_IDENTIFIER "${name}" name)
  file(READ ${file} content)
  string(APPEND text "inline constexpr std::string_view ${name} = R\"_file_(${content})_file_\";\n")
endforeach()
file(WRITE ${OUTPUT} "${text}}  // namespace hindlimb::app::embedded\n")
