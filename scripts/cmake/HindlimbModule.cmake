# The targets of the project are declared with these two functions and nothing else.

# Warnings, sanitizers and the floating-point contract: for the project's own code, never for its users.
add_library(hindlimb_build_flags INTERFACE)
target_compile_options(hindlimb_build_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -ffp-contract=off # a*b+c must not become one rounding on one machine and two on another
  # -O1: dual numbers and sanitizers are too slow without
  $<$<CONFIG:Debug>:-O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer>)
target_link_options(hindlimb_build_flags INTERFACE $<$<CONFIG:Debug>:-fsanitize=address,undefined>)
target_compile_definitions(hindlimb_build_flags INTERFACE
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS;EIGEN_INITIALIZE_MATRICES_BY_NAN>)

# hindlimb_add_module(<name> [SOURCES <file>...] [PUBLIC <target>...] [PRIVATE <target>...])
# A module is src/<name>/*.cpp and include/hindlimb/<name>/*.hpp; without sources it is header-only.
function(hindlimb_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  set(target hindlimb_${name})
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/hindlimb/${name}/*.hpp)
  file(GLOB tables CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/hindlimb/${name}/*.def) # included by headers, no C++ alone
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:hindlimb_build_flags>)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
    target_link_libraries(${target} INTERFACE ${arg_PUBLIC})
  endif()
  target_compile_features(${target} ${scope} cxx_std_20)
  target_sources(${target} ${scope}
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers}
    FILE_SET tables TYPE HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${tables})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${name} VERIFY_INTERFACE_HEADER_SETS ON INTERFACE_HEADER_SETS_TO_VERIFY HEADERS)
  add_library(hindlimb::${name} ALIAS ${target})
  install(TARGETS ${target} EXPORT hindlimb FILE_SET HEADERS FILE_SET tables)
endfunction()

# hindlimb_add_test(<folder> LINK <target>...): tests/<folder>/*.cpp as one GoogleTest program, if there are any.
# Its tests are called <folder>.<Suite>.<Name>; those of suites named Long... carry the label "long".
function(hindlimb_add_test folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  string(MAKE_C_IDENTIFIER test_${folder} name)
  add_executable(${name} ${sources})
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gmock GTest::gtest_main hindlimb_build_flags)
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE HINDLIMB_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             HINDLIMB_PROGRAM="$<TARGET_FILE:hindlimb>")
  add_dependencies(${name} hindlimb)
  target_precompile_headers(${name} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  # Tests over every file in configs/ are listed when the program is linked: link again when a file changes.
  file(GLOB configs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/configs/*.toml)
  set_target_properties(${name} PROPERTIES LINK_DEPENDS "${configs}")
  gtest_discover_tests(${name} TEST_PREFIX ${folder}. DISCOVERY_TIMEOUT 60 TEST_LIST ${name}_tests
                       TEST_FILTER "-Long*:*/Long*")
  gtest_discover_tests(${name} TEST_PREFIX ${folder}. DISCOVERY_TIMEOUT 60 TEST_LIST ${name}_long_tests
                       TEST_FILTER "Long*:*/Long*" PROPERTIES LABELS long)
endfunction()

# hindlimb_set_kernel_flags(): for kernel_baseline.cpp, kernel_avx2.cpp and kernel_avx512.cpp of a module. All are in every
# program, which chooses at run time. Always optimised: packs that are not inlined are slower than plain numbers.
function(hindlimb_set_kernel_flags)
  set(flags -O3 -fno-math-errno -fno-trapping-math -funroll-loops -Wno-psabi)
  set_source_files_properties(kernel_baseline.cpp PROPERTIES COMPILE_OPTIONS "${flags}")
  set_source_files_properties(kernel_avx2.cpp PROPERTIES COMPILE_OPTIONS "${flags};-mavx2;-mfma")
  set_source_files_properties(kernel_avx512.cpp PROPERTIES
    COMPILE_OPTIONS "${flags};-mavx512f;-mavx512dq;-mavx512vl;-mavx512bw;-mfma;-mprefer-vector-width=512")
endfunction()
