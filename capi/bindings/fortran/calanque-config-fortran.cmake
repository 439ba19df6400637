# Part of find_package(calanque), which includes the files calanque-config-*.cmake beside it: calanque::fortran, for projects
# with the language Fortran. Built here from its sources where none was installed for this compiler.
get_property(calanque_languages GLOBAL PROPERTY ENABLED_LANGUAGES)
if(NOT "Fortran" IN_LIST calanque_languages OR TARGET calanque::fortran)
  return()
endif()

get_filename_component(calanque_prefix ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)
string(REGEX MATCH "^[0-9]+" calanque_major "${CMAKE_Fortran_COMPILER_VERSION}")
set(calanque_fortran ${calanque_prefix}/share/calanque/fortran)
set(calanque_modules ${calanque_prefix}/lib/fortran/modules/calanque/${CMAKE_Fortran_COMPILER_ID}-${calanque_major})
if(EXISTS ${calanque_modules}/calanque.mod AND EXISTS ${calanque_modules}/libcalanque_fortran.a)
  add_library(calanque::fortran STATIC IMPORTED)
  set_target_properties(calanque::fortran PROPERTIES
    IMPORTED_LOCATION ${calanque_modules}/libcalanque_fortran.a
    IMPORTED_LINK_INTERFACE_LANGUAGES Fortran
    INTERFACE_INCLUDE_DIRECTORIES "${calanque_modules};${calanque_fortran}"
    INTERFACE_LINK_LIBRARIES calanque::capi)
else()
  include(${calanque_fortran}/sources.cmake)
  list(TRANSFORM calanque_fortran_sources PREPEND ${calanque_fortran}/)
  set(calanque_modules ${CMAKE_CURRENT_BINARY_DIR}/calanque_modules)
  file(MAKE_DIRECTORY ${calanque_modules})
  set_source_files_properties(${calanque_fortran}/${calanque_fortran_threaded} PROPERTIES
    COMPILE_OPTIONS "${calanque_fortran_thread_options}")
  add_library(calanque_fortran STATIC EXCLUDE_FROM_ALL ${calanque_fortran_sources})
  add_library(calanque::fortran ALIAS calanque_fortran)
  set_target_properties(calanque_fortran PROPERTIES
    Fortran_MODULE_DIRECTORY ${calanque_modules} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(calanque_fortran PUBLIC ${calanque_modules} ${calanque_fortran})
  target_link_libraries(calanque_fortran PUBLIC calanque::capi)
endif()
