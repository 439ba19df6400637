# Language level, warnings and sanitizers, carried by one interface target.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(clq_options INTERFACE)
target_compile_features(clq_options INTERFACE cxx_std_20 c_std_99)
# No contraction: a*b+c has the same bits in every kernel and on every path to it.
target_compile_options(clq_options INTERFACE -Wall -Wextra -pedantic -ffp-contract=off
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>
  $<$<BOOL:${CLQ_WERROR}>:-Werror>)
# Where a source is not the file that is compiled, GCC takes it for a header.
target_compile_options(clq_options INTERFACE
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wno-subobject-linkage>)
if(CLQ_SANITIZE)
  target_compile_options(clq_options INTERFACE -fsanitize=${CLQ_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(clq_options INTERFACE -fsanitize=${CLQ_SANITIZE})
  # Without this a test that runs into undefined behaviour only prints a line, and passes.
  # Checks by calls and not in line: a quarter of the time to compile, and the same checks.
  if(CLQ_SANITIZE MATCHES address)
    target_compile_options(clq_options INTERFACE
      $<$<COMPILE_LANG_AND_ID:CXX,GNU>:--param=asan-instrumentation-with-call-threshold=0>)
  endif()
  if(CLQ_SANITIZE MATCHES undefined)
    # What is off is a third of the time of a build; through a null pointer, or past an object, AddressSanitizer ends a test.
    target_compile_options(clq_options INTERFACE -fno-sanitize-recover=undefined
      -fno-sanitize=null,vptr,object-size,pointer-overflow,nonnull-attribute,returns-nonnull-attribute)
  endif()
endif()
