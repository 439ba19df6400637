// plugins/fits/images/find_layout.cpp -- from the run file's words to a layout: its kind, its files, its join.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <strings.h>

#include <calanque/plugin/sdk.hpp>

#include "images/first_files.hpp"
#include "images/join.hpp"
#include "images/layout.hpp"
#include "io/table.hpp"

namespace clq::fits {
namespace {

using sdk::fail;

// What the one bracket behind a path can mean.
struct Meaning {
  bool hdu = false, table = false, column = false;
  std::string seen, columns;
};

Meaning look_up(const std::string& path, const std::string& word) {
  Meaning meaning;
  const table::FileIdentity file = inspect_fits(path);
  const table::Descriptor bytes(file);
  Walk walk(file, bytes);
  while (const auto header = walk.next()) {
    if (!is_named(*header, parse_hdu_name(word))) continue;
    meaning.hdu = true;
    meaning.table = !holds_image(*header) && header->number() > 0;
  }
  meaning.seen = walk.seen();
  if (meaning.hdu || walk.seen().find("BINTABLE") == std::string::npos) return meaning;
  for (const Column& column : open_table(path, {}).columns) {
    meaning.column = meaning.column || ::strcasecmp(column.field.name.c_str(), word.c_str()) == 0;
    meaning.columns += (meaning.columns.empty() ? "" : ", ") + column.field.name;
  }
  return meaning;
}

void take_word(Layout& layout, const std::string& word) {
  layout.rules.hdu = parse_hdu_name(word);
  if (!layout.pattern.is_one_file()) return;
  const std::string path = layout.pattern.path({}, "");
  const Meaning meaning = look_up(path, word);
  if (meaning.table)
    fail(CLQ_E_INVALID, "data.images: HDU [" + word + "] of " + path + " is a table; name its column too: " + path +
                            "[" + word + "][COLUMN]");
  if (meaning.hdu) return;
  if (!meaning.column)
    fail(CLQ_E_NOT_FOUND,
         path + ": has no HDU '" + table::printable(word) + "'; it has " + meaning.seen +
             (meaning.columns.empty() ? "" : "; nor a column of this name, it has " + meaning.columns));
  layout.rules.hdu = {};
  layout.rules.column = word;
}

// [HDU], [COLUMN] or [HDU][COLUMN].
void take_brackets(Layout& layout) {
  const auto& words = layout.pattern.brackets();
  if (words.size() == 1) take_word(layout, words[0]);
  if (words.size() < 2) return;
  if (!layout.pattern.is_one_file())
    fail(CLQ_E_INVALID, "data.images: a column [" + words[1] + "] is read of one file, so its path has no braces");
  layout.rules.hdu = parse_hdu_name(words[0]);
  layout.rules.column = words[1];
}

LayoutKind kind_of(const Layout& layout) {
  if (layout.options.position) return LayoutKind::cutout;
  if (!layout.rules.column.empty()) return LayoutKind::column;
  if (layout.pattern.has_band()) return LayoutKind::file_per_band;
  return layout.keys.path.empty() ? LayoutKind::cube : LayoutKind::file_per_object;
}

void check_words(const Layout& layout) {
  if (layout.pattern.has_band() && layout.options.bands.empty())
    fail(CLQ_E_INVALID, "data.images has {BAND}, so data.bands must name the bands");
  if (layout.options.position && !layout.rules.column.empty())
    fail(CLQ_E_INVALID, "data.position cuts out of an image, and data.images names a column of a table");
}

}  // namespace

std::unique_ptr<Layout> find_layout(const ImageOptions& options, const Table& catalogue) {
  auto layout = std::make_unique<Layout>(options);
  layout->keys = find_keys(catalogue, layout->pattern.columns(), options.position);
  take_brackets(*layout);
  layout->kind = kind_of(*layout);
  check_words(*layout);
  layout->bands = layout->rules.bands = options.bands;
  layout->rules.mask_missing = options.mask_missing;
  layout->rules.hcompress = options.hcompress;
  layout->rules.is_large = layout->kind == LayoutKind::cutout;
  layout->rules.stacking = {layout->kind != LayoutKind::cutout && layout->keys.path.empty(), catalogue.rows};
  read_first_files(*layout, catalogue);
  join(*layout, catalogue);
  return layout;
}

}  // namespace clq::fits
