// tests/core/runtime/registry.test.cpp -- plugins that load: what they offer and how it is found.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/runtime/folder.hpp"
#include "runtime/host_tables.hpp"
#include "runtime/log.hpp"
#include "runtime/plugin_library.hpp"

namespace clq {
namespace {

namespace fs = std::filesystem;
using test::Folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const fs::path kToys = CLQ_TOY_DIR;

PluginReport report_of(const Registry& registry, const std::string& file) {
  for (const PluginReport& r : registry.reports())
    if (r.file.filename() == file) return r;
  throw std::runtime_error("no report of " + file);
}

template <class Body>
std::string error_of(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

class PathVariable {
 public:
  explicit PathVariable(const std::string& value) { setenv("CLQ_PLUGIN_PATH", value.c_str(), 1); }
  ~PathVariable() { unsetenv("CLQ_PLUGIN_PATH"); }
};

TEST(Registry, LoadsAFolderOfCAndCppPluginsAndListsWhatTheyOffer) {
  Registry registry;
  registry.load(kToys / "good");
  ASSERT_EQ(registry.reports().size(), 2u);
  EXPECT_EQ(report_of(registry, "clq_table.so").problem, "");
  EXPECT_EQ(report_of(registry, "clq_table.so").id, "org.test.table");
  EXPECT_EQ(report_of(registry, "clq_table.so").version, "0.3.0");
  EXPECT_THAT(report_of(registry, "clq_table.so").offers, ElementsAre("data-source toy"));
  EXPECT_THAT(report_of(registry, "clq_layers.so").offers, ElementsAre("layer toy.identity", "op org.test.twice/1"));
}

TEST(Registry, LoadsMoreLaterAndAFileOnlyOnce) {
  Registry registry;
  registry.load(kToys / "good" / "clq_table.so");
  registry.load(kToys / "good");
  registry.load(kToys / "other");
  EXPECT_EQ(registry.reports().size(), 3u);
  for (const PluginReport& r : registry.reports()) EXPECT_EQ(r.problem, "") << r.file;
}

TEST(Registry, LoadsAStrippedPlugin) {
  Registry registry;
  registry.load(kToys / "stripped" / "clq_table.so");
  EXPECT_THAT(report_of(registry, "clq_table.so").offers, ElementsAre("data-source toy"));
}

TEST(Registry, AcceptsAnEntryLargerThanItsOwn) {
  Registry registry;
  registry.load(kToys / "large" / "clq_entry.so");
  EXPECT_EQ(report_of(registry, "clq_entry.so").problem, "");
}

TEST(Registry, KeepsTheFirstOfTwoPluginsWithOneId) {
  Registry registry;
  registry.load(kToys / "good");
  EXPECT_THAT(error_of([&] { registry.load(kToys / "twin" / "clq_table_twin.so"); }),
              HasSubstr("org.test.table is already loaded from " + (kToys / "good" / "clq_table.so").string()));
  EXPECT_EQ(report_of(registry, "clq_table.so").problem, "");
}

TEST(Registry, RefusesAPluginWhoseLayerAnotherAlreadyOffers) {
  Registry registry;
  registry.load(kToys / "good");
  registry.load(kToys / "clash");
  const PluginReport& second = report_of(registry, "clq_layers_again.so");
  EXPECT_EQ(second.problem, "its layer toy.identity is already offered by org.test.layers");
  EXPECT_TRUE(second.offers.empty());
}

TEST(Registry, RefusesASinkWhoseSuffixAnotherAlreadyOffersInAnyCase) {
  Registry registry;
  registry.load(kToys / "other");
  registry.load(kToys / "clash");
  EXPECT_EQ(report_of(registry, "clq_sinks_again.so").problem,
            "its data-sink .TOY is already offered by org.test.sinks");
}

TEST(Registry, GivesAPluginBackWhenItEnds) {
  for (int i = 0; i < 2; ++i) {  // the toy's init fails while another host has it
    Registry registry;
    registry.load(kToys / "good" / "clq_table.so");
    Registry second;
    EXPECT_THAT(error_of([&] { second.load(kToys / "good" / "clq_table.so"); }),
                HasSubstr("already in use by another host"));
  }
}

// An init that failed has let go of its host, or the host that it kept is the one that it is given again.
TEST(Registry, TriesAgainAPluginWhoseInitFailed) {
  for (const char* file : {"clq_sdk.so", "clq_hand.so"}) {
    Registry second;
    {
      Registry first;
      EXPECT_THAT(error_of([&] { first.load(kToys / "once" / file); }), HasSubstr("the card is busy")) << file;
    }
    EXPECT_EQ(error_of([&] { second.load(kToys / "once" / file); }), "no error") << file;
  }
}

TEST(Registry, LeavesAPluginOfTheSdkToAnyHostWhenItsInitFailed) {
  const fs::path file = kToys / "once" / "clq_other_host.so";
  Registry registry;
  EXPECT_THAT(error_of([&] { registry.load(file); }), HasSubstr("the card is busy"));
  const PluginHost other("org.test.other");
  const clq_plugin_entry& entry = *open_plugin(file).entry;
  EXPECT_EQ(entry.init(other.c()), CLQ_OK);
  entry.deinit();
}

TEST(Registry, KnowsAPluginInUseByEveryName) {
  const Folder folder;
  fs::create_symlink(kToys / "good" / "clq_layers.so", folder.path() / "clq_linked.so");
  Registry registry;
  registry.load(kToys / "good" / "clq_layers.so");
  Registry second;
  EXPECT_THAT(error_of([&] { second.load(folder.path() / "clq_linked.so"); }),
              HasSubstr("already in use by another host"));
  EXPECT_THAT(error_of([&] { registry.load(folder.path() / "clq_linked.so"); }), HasSubstr("is already loaded from"));
}

TEST(Registry, LeavesOutADeviceWhoseNameIsTaken) {
  while (next_log_line()) {
  }
  Registry registry;
  registry.load(kToys / "devices");
  ASSERT_EQ(registry.devices().size(), 1u);
  EXPECT_EQ(registry.devices()[0].name, "x:0");
  EXPECT_EQ(next_log_line().value_or(""),
            "warning: org.test.two: device 0 is left out: x:0 is a device of org.test.one already");
}

TEST(Registry, FindsASourceBySchemeOrByTheSurestProbe) {
  Registry registry;
  registry.load(kToys / "good");
  EXPECT_STREQ(registry.source_for("toy://anything").scheme, "toy");
  EXPECT_STREQ(registry.source_for("/data/a.toy").scheme, "toy");
}

TEST(Registry, NamesRefusedPluginsWhereSomethingIsMissing) {
  const Folder folder, plugins;
  const std::string file = folder.write("cat.dat", "1").string();
  plugins.write("clq_text.so", "no library");
  Registry registry;
  registry.load(kToys / "good");
  registry.load(plugins.path());
  const std::string hint = "; the plugins' report says why these were refused: clq_text.so";
  EXPECT_EQ(error_of([&] { registry.source_for(file); }),
            file + ": no data source reads it (.dat); there are: toy" + hint);
  EXPECT_THAT(error_of([&] { registry.sink_for("out.dat"); }), HasSubstr(hint));
  EXPECT_THAT(error_of([&] { registry.device("none"); }), HasSubstr(hint));
  EXPECT_EQ(error_of([&] { registry.source_for("tor://x"); }),
            "tor://x: no data source 'tor', did you mean 'toy'?; there are: toy" + hint);
  EXPECT_EQ(registry.hint("layer", "toy.identiti", {"dense"}), ", did you mean 'toy.identity'?" + hint);
}

TEST(Registry, KnowsWhoOffersABuilder) {
  Registry registry;
  registry.load(kToys / "good");
  EXPECT_EQ(registry.plugin_of(*registry.find("layer", "toy.identity")), "org.test.layers");
  EXPECT_EQ(registry.plugin_of(clq_builder{}), "");
}

std::vector<std::string> log_of(const fs::path& place) {
  while (next_log_line()) {
  }
  Registry registry;
  registry.load(place);
  std::vector<std::string> lines;
  while (const auto line = next_log_line()) lines.push_back(*line);
  return lines;
}

TEST(Registry, WarnsOfAFolderThatWasNamedAndOfWhatInItIsRefused) {
  const Folder folder;
  folder.write("libmy.so", "text");
  folder.write("clq-my.so", "text");
  const std::string place = folder.path().string();
  EXPECT_THAT(log_of(folder.path()), ElementsAre("warning: " + place + " has no plugins: it holds no clq_*.so"));
  folder.add(kToys / "good" / "clq_layers.so", "clq_layers.so");
  EXPECT_THAT(log_of(folder.path()), ElementsAre());
  folder.write("clq_text.so", "text");
  EXPECT_THAT(log_of(folder.path()),
              ElementsAre("warning: " + place + "/clq_text.so is not used: it is not a shared library"));
}

TEST(Registry, SaysWhichSourcesThereAreWhenNoneFits) {
  const Folder folder;
  const std::string file = folder.write("cat.dat", "1").string();
  Registry registry;
  registry.load(kToys / "good");
  EXPECT_EQ(error_of([&] { registry.source_for(file); }), file + ": no data source reads it (.dat); there are: toy");
  EXPECT_EQ(error_of([&] { registry.source_for("toi://x"); }),
            "toi://x: no data source 'toi', did you mean 'toy'?; there are: toy");
  EXPECT_EQ(error_of([&] { registry.source_for("/nowhere/x.dat"); }), "/nowhere/x.dat: there is no such file");
}

TEST(Registry, FindsASinkByItsSuffixInAnyCase) {
  Registry registry;
  registry.load(kToys / "other");
  EXPECT_STREQ(registry.sink_for("out.TOY").suffixes, ".toy .toy.fz");
  EXPECT_STREQ(registry.sink_for("out.toy.fz").suffixes, ".toy .toy.fz");
  EXPECT_EQ(error_of([&] { registry.sink_for("out.txt"); }),
            "out.txt: no data sink writes it (.txt); there are: .toy, .toy.fz");
}

TEST(Registry, GivesListsThatALaterLoadLeavesAsTheyAre) {
  Registry registry;
  registry.load(kToys / "good" / "clq_table.so");
  const auto& reports = registry.reports();
  const OpTable& ops = registry.ops();
  registry.load(kToys / "good");
  EXPECT_EQ(reports.size(), 1u);
  EXPECT_THAT(ops.names(), ::testing::Not(::testing::Contains("org.test.twice/1")));
  EXPECT_EQ(registry.reports().size(), 2u);
}

TEST(Registry, FindsBuildersAndOps) {
  Registry registry;
  registry.load(kToys / "good");
  ASSERT_NE(registry.find("layer", "toy.identity"), nullptr);
  EXPECT_EQ(registry.find("layer", "toy.other"), nullptr);
  EXPECT_EQ(registry.find("loss", "toy.identity"), nullptr);
  EXPECT_THAT(registry.builder_names("layer"), ElementsAre("toy.identity"));
  EXPECT_THAT(registry.ops().names(), ::testing::Contains("org.test.twice/1"));
}

TEST(Registry, NamesTheDevicesThereAre) {
  Registry registry;
  EXPECT_EQ(error_of([&] { registry.device("cpu"); }), "there is no device 'cpu'; there are: none");
}

TEST(Registry, PassesAPluginsLogAndErrorsOn) {
  while (next_log_line()) {
  }
  Registry registry;
  registry.load(kToys / "good" / "clq_table.so");
  EXPECT_EQ(next_log_line().value_or(""), "info: org.test.table: hello from the toy");
  clq_source* source = nullptr;
  EXPECT_EQ(registry.source_for("toy://").open("toy://", "{}", &source), CLQ_E_IO);
  EXPECT_EQ(take_thread_error(), "the toy has nothing to open");
}

TEST(Registry, TakesTheFoldersOfThePathVariableInOrder) {
  const PathVariable variable((kToys / "good").string() + "::" + (kToys / "twin").string() + ":/nowhere:relative");
  Registry registry;
  registry.load_default();
  EXPECT_EQ(report_of(registry, "clq_table.so").problem, "");
  EXPECT_THAT(report_of(registry, "clq_table_twin.so").problem, HasSubstr("already loaded"));
  EXPECT_EQ(report_of(registry, "nowhere").problem, "there is no such file or folder");
  EXPECT_EQ(report_of(registry, "relative").problem, "CLQ_PLUGIN_PATH takes absolute paths only");
}

TEST(Registry, ReportsEveryFileAsJson) {
  Registry registry;
  registry.load(kToys / "good");
  registry.load(kToys / "bad");
  const Json json = registry.report_json();
  ASSERT_EQ(json.size(), registry.reports().size());
  for (const Json& file : json) {
    EXPECT_TRUE(file.contains("file") && file.contains("offers"));
    EXPECT_EQ(file["in_use"].get<bool>(), file["problem"].get<std::string>().empty());
  }
}

TEST(Registry, ReportsTheSchemasOfParts) {
  Registry registry;
  registry.load(kToys / "good" / "clq_layers.so");
  EXPECT_EQ(registry.report_json()[0]["parts"].dump(),
            R"([{"kind":"layer","name":"toy.identity","schema":{"additionalProperties":false}}])");
}

TEST(Registry, SaysWhoOffersAPart) {
  Registry registry;
  registry.load(kToys / "good" / "clq_layers.so");
  EXPECT_EQ(registry.offered_by({{"layer", "toy.identity"}, {"layer", "dense"}, {"loss", "toy.identity"}}).dump(),
            R"({"layer toy.identity":"org.test.layers 0.1.0"})");
}

TEST(Registry, KnowsTheFolderOfItsOwnCode) {
  EXPECT_EQ(library_folder(), fs::canonical("/proc/self/exe").parent_path());
}

}  // namespace
}  // namespace clq
