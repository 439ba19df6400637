// tests/core/runtime/refusals.test.cpp -- files that are no usable plugins, and the sentence for each.
// SPDX-License-Identifier: BSD-3-Clause
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/runtime/folder.hpp"
#include "runtime/registry.hpp"

namespace clq {
namespace {

namespace fs = std::filesystem;
using test::Folder;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

const fs::path kToys = CLQ_TOY_DIR;

struct Refusal {
  clq_status status;
  std::string text;
};

// Loads one file by name; the error's text without the file's name, which starts it.
Refusal refusal_of(const fs::path& file) {
  Registry registry;
  try {
    registry.load(file);
  } catch (const Error& e) {
    EXPECT_EQ(registry.reports().size(), 1u);
    EXPECT_EQ(registry.reports().front().problem, std::string(e.what()).substr(file.string().size() + 2));
    return {e.status(), registry.reports().front().problem};
  }
  return {CLQ_OK, "loaded"};
}

Refusal refusal_of_bad(const std::string& name) { return refusal_of(kToys / "bad" / ("clq_" + name + ".so")); }

TEST(Refusals, NameBothAbiNumbers) {
  EXPECT_EQ(refusal_of_bad("minor").text, fmt::format("it needs plugin ABI {}.{}, this host speaks {}.{}",
                                                      CLQ_ABI_MAJOR, CLQ_ABI_MINOR + 1, CLQ_ABI_MAJOR, CLQ_ABI_MINOR));
  EXPECT_EQ(refusal_of_bad("major").text, fmt::format("it needs plugin ABI {}.{}, this host speaks {}.{}",
                                                      CLQ_ABI_MAJOR + 1, CLQ_ABI_MINOR, CLQ_ABI_MAJOR, CLQ_ABI_MINOR));
  EXPECT_EQ(refusal_of_bad("minor").status, CLQ_E_ABI);
}

TEST(Refusals, NameSizesThatCannotBe) {
  EXPECT_EQ(refusal_of_bad("size0").text, "its entry has struct_size 0: nothing filled it in");
  EXPECT_EQ(refusal_of_bad("size4").text, "its entry has struct_size 4, the oldest edition has 24");
  EXPECT_EQ(refusal_of_bad("cut").text, "its entry has struct_size 56, the oldest edition has 64");
  EXPECT_EQ(refusal_of_bad("cut").status, CLQ_E_ABI);
}

TEST(Refusals, NameWhatTheEntryLacks) {
  EXPECT_EQ(refusal_of_bad("no_id").text, "its entry has no id");
  EXPECT_EQ(refusal_of_bad("no_init").text, "its entry has no init");
}

TEST(Refusals, RepeatTheWordsOfAFailedInitOnOneLine) {
  EXPECT_EQ(refusal_of_bad("init_words").text, "the licence server is on holiday");
  EXPECT_EQ(refusal_of_bad("init_words").status, CLQ_E_DEVICE);
  EXPECT_EQ(refusal_of_bad("init_silent").text, "its init returned status -3");
}

TEST(Refusals, TakeAnExceptionThatCrossesTheBorder) {
  EXPECT_EQ(refusal_of_bad("init_throws").text, "its init threw out of a C function");
  EXPECT_EQ(refusal_of_bad("init_throws").status, CLQ_E_UNSUPPORTED);
  EXPECT_EQ(refusal_of_bad("factory_throws").text, "its get_factory threw out of a C function: the table is lost");
  EXPECT_EQ(refusal_of(kToys / "throws" / "clq_deinit.so").text, "loaded");
}

TEST(Refusals, CheckEveryTable) {
  EXPECT_EQ(refusal_of_bad("factory_size0").text, "its data-source table has struct_size 0: nothing filled it in");
  EXPECT_EQ(refusal_of_bad("factory_short").text,
            "its data-source table has struct_size 16, the oldest edition has 96");
  EXPECT_EQ(refusal_of_bad("factory_holes").text, "its data-source table has no probe");
  EXPECT_EQ(refusal_of_bad("factory_flag").text, "its data-source table sets flags 0x1 that this host does not know");
  EXPECT_EQ(refusal_of_bad("factory_flag").status, CLQ_E_UNSUPPORTED);
  EXPECT_EQ(refusal_of_bad("no_builders").text, "its builder list has no builders");
  EXPECT_EQ(refusal_of_bad("no_ops").text, "its op list has no ops");
  EXPECT_EQ(refusal_of_bad("layer_dense").text, "its layer dense is one of the core's own");
  EXPECT_EQ(refusal_of_bad("layer_schema").text, "its layer toy.identity: config_schema is no JSON: {");
  EXPECT_EQ(refusal_of_bad("layers_twice").text, "its layer toy.identity is offered twice");
}

TEST(Refusals, RepeatTheLinkersWordsAboutAMissingSymbol) {
  EXPECT_THAT(refusal_of_bad("unresolved").text,
              MatchesRegex(".*clq_unresolved.so: undefined symbol: nowhere_to_be_found"));
}

TEST(Refusals, TellAPluginFromOtherFiles) {
  const Folder folder;
  EXPECT_EQ(refusal_of_bad("helper").text, "it is not a Calanque plugin");
  EXPECT_EQ(refusal_of(folder.write("clq_x.so", "hello")).text, "it is not a shared library");
  EXPECT_EQ(refusal_of(folder.write("clq_y.so", std::string(5000, 'x'))).text, "it is not a shared library");
  EXPECT_EQ(refusal_of(folder.path() / "clq_z.so").text, "there is no such file or folder");
  EXPECT_EQ(refusal_of(folder.path() / "clq_z.so").status, CLQ_E_NOT_FOUND);
}

// Every length must end in a sentence, never in a signal: the section table is at the file's end, so any cut loses it.
TEST(Refusals, SurviveAFileCutShortAnywhere) {
  const fs::path whole = kToys / "good" / "clq_table.so";
  const uintmax_t bytes = fs::file_size(whole);
  for (uintmax_t keep = 0; keep < bytes; keep += bytes / 40 + 1) {
    const Folder folder;
    const fs::path cut = folder.add(whole, "clq_cut.so");
    fs::resize_file(cut, keep);
    EXPECT_THAT(refusal_of(cut).text, ::testing::AnyOf(HasSubstr("not a shared library"), HasSubstr("cut short")))
        << keep;
  }
}

TEST(Refusals, DoNotFollowAFolderOrFileThatAnyoneMayWrite) {
  const Folder folder;
  const fs::path file = folder.add(kToys / "good" / "clq_table.so", "clq_table.so");
  fs::permissions(file, fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(refusal_of(file).text, "the file is writable by everyone (chmod o-w " + file.string() + ")");
  fs::permissions(file, fs::perms::others_write, fs::perm_options::remove);
  fs::permissions(folder.path(), fs::perms::others_write, fs::perm_options::add);
  EXPECT_THAT(refusal_of(file).text, HasSubstr("its folder is writable by everyone"));
  EXPECT_THAT(refusal_of(folder.path()).text, HasSubstr("the folder is writable by everyone"));
  fs::permissions(folder.path(), fs::perms::sticky_bit, fs::perm_options::add);
  EXPECT_THAT(refusal_of(folder.path()).text, HasSubstr("the folder is writable by everyone"));
}

TEST(Refusals, TakeAFolderForNoPluginFileWhateverLiesInIt) {
  const Folder folder;
  folder.add(kToys / "good" / "clq_table.so", "clq_table.so");
  Registry registry;
  EXPECT_THROW(registry.load_file(folder.path()), Error);
  ASSERT_EQ(registry.reports().size(), 1u);
  EXPECT_EQ(registry.reports().front().problem, "it is a folder, a plugin is a file");
  fs::create_directory(folder.path() / "clq_folder.so");
  fs::create_symlink("clq_round.so", folder.path() / "clq_round.so");
  EXPECT_EQ(refusal_of(folder.path() / "clq_round.so").text, "Too many levels of symbolic links");
  registry.load(folder.path());
  EXPECT_EQ(registry.reports()[0].file.filename(), "clq_folder.so");
  EXPECT_EQ(registry.reports()[0].problem, "it is a folder, a plugin is a file");
}

TEST(Refusals, NameAForeignOwner) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const Folder folder;
  const fs::path file = folder.add(kToys / "good" / "clq_table.so", "clq_table.so");
  ASSERT_EQ(chown(file.c_str(), 54321, 54321), 0);
  Registry registry;
  registry.load(file);
  EXPECT_EQ(registry.reports().front().owner, "uid 54321");
}

TEST(Refusals, AreForgottenWhenTheFileIsRepaired) {
  const Folder folder;
  const fs::path file = folder.write("clq_table.so", "not yet");
  Registry registry;
  EXPECT_THROW(registry.load(file), Error);
  fs::remove(file);
  folder.add(kToys / "good" / "clq_table.so", "clq_table.so");
  registry.load(file);
  ASSERT_EQ(registry.reports().size(), 1u);
  EXPECT_EQ(registry.reports().front().problem, "");
}

TEST(Refusals, LeaveTheRestOfAFolderInUse) {
  const Folder folder;
  folder.add(kToys / "good" / "clq_table.so", "clq_table.so");
  folder.add(kToys / "bad" / "clq_minor.so", "clq_a.so");
  folder.write("notes.txt", "not looked at");
  folder.write("clq_x.so", "text");
  Registry registry;
  registry.load(folder.path());
  ASSERT_EQ(registry.reports().size(), 3u);
  EXPECT_STREQ(registry.source_for("toy://").scheme, "toy");
}

}  // namespace
}  // namespace clq
