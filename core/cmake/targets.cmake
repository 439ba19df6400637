# The kinds of target the tree is made of.

# A room of the core: a static library that may use only the rooms it names.
function(clq_add_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;PRIVATE" ${ARGN})
  add_library(clq_${name} STATIC ${ARG_SOURCES})
  target_include_directories(clq_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core/include ${PROJECT_SOURCE_DIR}/core/src)
  target_link_libraries(clq_${name} PUBLIC calanque::headers ${ARG_USES} PRIVATE clq_options ${ARG_PRIVATE})
  clq_precompile(clq_${name} library)
endfunction()

# A plugin: a shared library that sees the plugin headers and its own libraries, never the core, and exports its entry
# alone. FOR_TESTS: out of the folder that hosts look into, and not installed. The global property CLQ_PLUGINS has them all.
function(clq_add_plugin name)
  cmake_parse_arguments(ARG "FOR_TESTS" "" "SOURCES;USES" ${ARGN})
  set(folder plugins)
  if(ARG_FOR_TESTS)
    set(folder test_plugins)
  endif()
  add_library(clq_${name} MODULE ${ARG_SOURCES})
  target_link_libraries(clq_${name} PRIVATE calanque::plugin_sdk clq_options ${ARG_USES})
  set(exports ${PROJECT_SOURCE_DIR}/core/cmake/plugin.map)
  target_link_options(clq_${name} PRIVATE LINKER:--version-script=${exports} LINKER:--no-undefined-version)
  if(NOT CLQ_SANITIZE)  # whose functions come from the program
    target_link_options(clq_${name} PRIVATE LINKER:-z,defs)
  endif()
  # RPATH as installed: what CMake puts there for a build has empty entries, which are the working directory.
  set_target_properties(clq_${name} PROPERTIES
    PREFIX "" LINK_DEPENDS ${exports} LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/calanque/${folder}
    BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN" INSTALL_RPATH_USE_LINK_PATH ON)
  if(NOT ARG_FOR_TESTS)
    install(TARGETS clq_${name} LIBRARY DESTINATION lib/calanque/plugins)
  endif()
  set_property(GLOBAL APPEND PROPERTY CLQ_PLUGINS clq_${name})
endfunction()

# Model files for `model.use`: found by name in calanque/models beside the library.
function(clq_add_models)
  foreach(file ${ARGN})
    get_filename_component(name ${file} NAME)
    configure_file(${file} ${CMAKE_BINARY_DIR}/lib/calanque/models/${name} COPYONLY)
    install(FILES ${file} DESTINATION lib/calanque/models)
  endforeach()
endfunction()

# Sources of tests are not optimised, and of the sanitizers have the address one alone, without its check of scopes: half
# the time of a build of them.
function(clq_test_options target)
  target_compile_options(${target} PRIVATE -O0 -U_FORTIFY_SOURCE)  # which is for optimised sources
  if(CLQ_SANITIZE MATCHES undefined)
    target_compile_options(${target} PRIVATE -fno-sanitize=undefined -fno-sanitize-address-use-after-scope)
  endif()
endfunction()

# A GoogleTest program tests/<path>.test.cpp; labels follow its folder. APART: its sources have names in common, and are
# compiled one by one where those of others are compiled together.
function(clq_add_test name)
  cmake_parse_arguments(ARG "APART" "" "SOURCES;USES" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE clq_options clq_test_support ${ARG_USES} GTest::gmock GTest::gtest_main)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE CLQ_PLUGIN_DIR="${CMAKE_BINARY_DIR}/lib/calanque/plugins")
  clq_test_options(test_${name})
  clq_precompile(test_${name} test)
  if(ARG_APART)
    set_target_properties(test_${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
