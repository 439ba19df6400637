# The headers that most sources read, compiled once for libraries and once for test programs: half of a small source's time.
option(CLQ_PCH "Compile common headers once" OFF)

set(common <algorithm> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <optional> <span> <string> <thread>
  <vector> <fmt/format.h> <nlohmann/json.hpp>)
add_library(clq_precompiled INTERFACE)
target_link_libraries(clq_precompiled INTERFACE clq_options fmt::fmt nlohmann_json::nlohmann_json Threads::Threads)
# GCC takes a precompiled system header for the project's own, and so tells what it suspects of std::string once that is
# inlined, wrongly in GCC 12. A build without them, and every other warning, still ends at the first.
set(suspicions -Wno-array-bounds -Wno-stringop-overread -Wno-stringop-overflow -Wno-restrict -Wno-maybe-uninitialized
  -Wno-free-nonheap-object -Wno-dangling-pointer -Wno-use-after-free -Wno-nonnull)
set(clq_precompiled_options $<$<COMPILE_LANG_AND_ID:CXX,GNU>:${suspicions}>)
file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "int main() { return 0; }\n")
if(CLQ_PCH)
  add_library(clq_precompiled_library OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(clq_precompiled_library PRIVATE clq_precompiled)
  target_compile_options(clq_precompiled_library PRIVATE "${clq_precompiled_options}")
  target_precompile_headers(clq_precompiled_library PRIVATE ${common})
endif()
if(CLQ_PCH AND CLQ_TESTS)
  add_executable(clq_precompiled_test EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(clq_precompiled_test PRIVATE clq_precompiled GTest::gmock GTest::gtest_main)
  clq_test_options(clq_precompiled_test)
  target_compile_options(clq_precompiled_test PRIVATE "${clq_precompiled_options}")
  target_precompile_headers(clq_precompiled_test PRIVATE ${common} <gmock/gmock.h> <gtest/gtest.h>)
endif()

# kind: library or test.
function(clq_precompile target kind)
  if(TARGET clq_precompiled_${kind})
    target_compile_options(${target} PRIVATE "${clq_precompiled_options}")
    target_precompile_headers(${target} REUSE_FROM clq_precompiled_${kind})
  endif()
endfunction()
