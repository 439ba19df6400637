# The cases of data sources and sinks, and of what networks are made of.
target_sources(clq_conformance PRIVATE
  parts/cases.cpp parts/gradients.cpp parts/layers.cpp parts/loaded.cpp parts/losses.cpp parts/metrics.cpp parts/ops.cpp
  parts/optimizers.cpp
  sink/cases.cpp sink/fields.cpp sink/files.cpp sink/full_disk.cpp sink/opened_sink.cpp sink/read_back.cpp sink/rows.cpp
  sink/sample_table.cpp
  source/calls.cpp source/cases.cpp source/closing.cpp source/conversions.cpp source/damage.cpp source/data_set.cpp
  source/descriptions.cpp source/identities.cpp source/opened_source.cpp source/process_state.cpp source/readers.cpp
  source/reading.cpp source/refusals.cpp source/shapes.cpp source/slots.cpp)
target_link_libraries(clq_conformance PRIVATE PkgConfig::xxhash nlohmann_json::nlohmann_json)
