// tests/plugins/one_host.test.cpp -- every plugin refuses a second host while it has one, and takes it afterwards.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/thread_error.hpp"
#include "runtime/host_tables.hpp"
#include "runtime/plugin_library.hpp"
#include "runtime/registry.hpp"

namespace clq::test {
namespace {

std::string error_of_loading(const std::filesystem::path& file) {
  Registry registry;
  try {
    registry.load(file);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

// As another copy of the library in this process would, which does not know what this one has in use.
std::string error_of_another_host(const std::filesystem::path& file) {
  const PluginHost other("org.test.other");
  take_thread_error();
  EXPECT_EQ(open_plugin(file).entry->init(other.c()), CLQ_E_UNSUPPORTED) << file;
  return take_thread_error();
}

TEST(OneHost, IsWhatEachPluginHas) {
  int n_plugins = 0;
  for (const auto& file : std::filesystem::directory_iterator(CLQ_PLUGIN_DIR)) {
    if (file.path().extension() != ".so") continue;
    auto first = std::make_unique<Registry>();
    first->load(file.path());
    EXPECT_THAT(error_of_loading(file.path()), testing::HasSubstr("already in use by another host"));
    EXPECT_EQ(error_of_another_host(file.path()), "already in use by another host");
    first.reset();
    EXPECT_EQ(error_of_loading(file.path()), "");
    ++n_plugins;
  }
  EXPECT_GE(n_plugins, 3);  // cpu_ref, csv, deepdip; fits where cfitsio is
}

}  // namespace
}  // namespace clq::test
