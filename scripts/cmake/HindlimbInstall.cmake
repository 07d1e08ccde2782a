# What is installed besides the modules (HindlimbModule.cmake) and the program (src/app), and the packages made of it.
# Nothing installed names a folder of the build: the tree can be moved.
include(CMakePackageConfigHelpers)
get_property(has_cvode GLOBAL PROPERTY HINDLIMB_HAS_CVODE)

set(data_folder ${CMAKE_INSTALL_DATADIR}/hindlimb) # laid out as the checkout is: files there name each other
install(DIRECTORY configs DESTINATION ${data_folder} FILES_MATCHING PATTERN *.toml)
install(DIRECTORY data DESTINATION ${data_folder} FILES_MATCHING PATTERN *.csv)
file(GLOB plot_scripts CONFIGURE_DEPENDS scripts/plot_* scripts/export_vtk.py)
install(PROGRAMS ${plot_scripts} DESTINATION ${data_folder}/scripts)
install(FILES scripts/protocol.py scripts/published.py scripts/result_files.py scripts/sections.py
        DESTINATION ${data_folder}/scripts)

install(FILES README.md CHANGELOG.md packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR}
        FILES_MATCHING PATTERN *.md PATTERN *.png PATTERN *.gif)
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/hindlimb)
install(EXPORT hindlimb NAMESPACE hindlimb:: FILE hindlimbTargets.cmake DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/hindlimbConfig.cmake.in ${PROJECT_BINARY_DIR}/hindlimbConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
# While the version is 0.x, the second number is the one that changes when something breaks.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hindlimbConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hindlimbConfig.cmake ${PROJECT_BINARY_DIR}/hindlimbConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/Findlibdeflate.cmake
        DESTINATION ${package_folder})

# cpack --config build/release/CPackConfig.cmake: one .deb and one .tar.gz of all of it.
if(PROJECT_IS_TOP_LEVEL)
  set(CPACK_GENERATOR DEB TGZ)
  set(CPACK_PACKAGE_CONTACT "hindlimb developers <hindlimb@localhost>")
  set(CPACK_PACKAGE_VENDOR "hindlimb developers")
  set(CPACK_PACKAGE_DESCRIPTION "Program, C++20 library, studies, published observations and plot scripts.
Mean-field and agent-based models of unloaded, reloaded and massaged muscle;
result files open in xarray, R, MATLAB, Julia, Octave and every netCDF tool.")
  set(CPACK_PACKAGE_FILE_NAME ${PROJECT_NAME}-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
  set(CPACK_STRIP_FILES ON)
  set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS # whatever the umask
      OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION science)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # by dpkg-shlibdeps, of dpkg-dev
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3-xarray, python3-h5netcdf, python3-matplotlib, python3-pil")
  # For who links the library.
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libeigen3-dev, libfmt-dev, libssl-dev, libhdf5-dev, libdeflate-dev, libceres-dev")
  if(has_cvode)
    string(APPEND CPACK_DEBIAN_PACKAGE_SUGGESTS ", libsundials-dev")
  endif()
  include(CPack)
endif()
