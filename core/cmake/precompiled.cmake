# The headers that most sources read, compiled once for libraries and once for test programs: a third of a build's time.
# A compiler launcher such as ccache cannot keep what depends on them.
option(CLQ_PCH "Compile common headers once" OFF)

set(common <algorithm> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <optional> <span> <string> <thread>
  <vector> <fmt/format.h> <nlohmann/json.hpp>)
if(CLQ_PCH)
  # GCC takes a precompiled system header for the project's own, and so tells what it suspects of std::string once that is
  # inlined, wrongly in GCC 12. A build without them, and every other warning, still ends at the first.
  target_compile_options(clq_options INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-array-bounds -Wno-stringop-overread
    -Wno-stringop-overflow -Wno-restrict -Wno-maybe-uninitialized -Wno-free-nonheap-object -Wno-dangling-pointer
    -Wno-use-after-free -Wno-nonnull>)
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "int main() { return 0; }\n")
  add_library(clq_precompiled_library OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(clq_precompiled_library PRIVATE clq_options fmt::fmt nlohmann_json::nlohmann_json Threads::Threads)
  target_precompile_headers(clq_precompiled_library PRIVATE ${common})
  if(CLQ_TESTS)
    add_executable(clq_precompiled_test EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/precompiled.cpp)
    target_link_libraries(clq_precompiled_test
      PRIVATE clq_options fmt::fmt nlohmann_json::nlohmann_json Threads::Threads GTest::gmock GTest::gtest_main)
    clq_test_options(clq_precompiled_test)
    target_precompile_headers(clq_precompiled_test PRIVATE ${common} <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endif()

# kind: library or test.
function(clq_precompile target kind)
  if(CLQ_PCH)
    target_precompile_headers(${target} REUSE_FROM clq_precompiled_${kind})
  endif()
endfunction()
