# find_package(calanque): calanque::capi for hosts, calanque::plugin_sdk for plugins, and what each language adds.
include(${CMAKE_CURRENT_LIST_DIR}/calanque-targets.cmake)
file(GLOB calanque_languages_found ${CMAKE_CURRENT_LIST_DIR}/calanque-config-*.cmake)
list(FILTER calanque_languages_found EXCLUDE REGEX calanque-config-version)
foreach(calanque_file IN LISTS calanque_languages_found)
  include(${calanque_file})
endforeach()
