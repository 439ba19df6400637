// plugins/fits/images/join.cpp -- which image of a cube or column belongs to which row of the catalogue.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/join.hpp"

#include <algorithm>
#include <optional>

#include <strings.h>

#include <calanque/plugin/sdk.hpp>

#include "io/ids.hpp"

namespace clq::fits {
namespace {

using sdk::fail;
constexpr int64_t kIdsAtOnce = 65536;

bool has_column(const Table& table, const std::string& name) {
  return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
    return ::strcasecmp(column.field.name.c_str(), name.c_str()) == 0;
  });
}

// The table beside the images that has the id: the images' own where they are a column, else the first one.
std::optional<Table> table_of_ids(const Layout& layout, const std::string& path, const Table& catalogue) {
  if (layout.options.id.empty()) return std::nullopt;
  const table::FileIdentity file = inspect_fits(path);
  const table::Descriptor bytes(file);
  Walk walk(file, bytes);
  while (const auto header = walk.next()) {
    if (header->note("XTENSION") != "BINTABLE" || header->note("ZIMAGE") == "T") continue;
    const bool is_own = layout.kind == LayoutKind::column;
    if (is_own && layout.rules.hdu.index() != 0 && !is_named(*header, layout.rules.hdu)) continue;
    Table table = open_table(path, HduChoice(static_cast<int64_t>(header->number())));
    const bool is_catalogue = file.inode == catalogue.file.inode && file.device == catalogue.file.device &&
                              header->number() == catalogue.hdu;
    if (!is_catalogue && has_column(table, layout.options.id)) return table;
    if (is_catalogue || is_own) return std::nullopt;
  }
  return std::nullopt;
}

// (id, row) of a table, sorted.
std::vector<std::pair<uint64_t, int64_t>> sorted_ids(const Table& table, const std::string& id) {
  IdReader reader(table, find_id_column(table, id));
  std::vector<std::pair<uint64_t, int64_t>> ids(static_cast<size_t>(table.rows));
  std::vector<uint64_t> part(static_cast<size_t>(std::min(kIdsAtOnce, std::max<int64_t>(1, table.rows))));
  for (int64_t first = 0; first < table.rows; first += kIdsAtOnce) {
    const int64_t n = std::min(kIdsAtOnce, table.rows - first);
    reader.read(first, n, part.data());
    for (int64_t i = 0; i < n; ++i) ids[static_cast<size_t>(first + i)] = {part[static_cast<size_t>(i)], first + i};
  }
  std::sort(ids.begin(), ids.end());
  for (size_t i = 1; i < ids.size(); ++i)
    if (ids[i].first == ids[i - 1].first)
      fail(CLQ_E_DATA, table.place + ": rows " + std::to_string(ids[i - 1].second + 1) + " and " +
                           std::to_string(ids[i].second + 1) + " have the same " + id);
  return ids;
}

void join_ids(Layout& layout, const Table& catalogue, const Table& beside) {
  const std::string& id = layout.options.id;
  if (beside.rows != layout.disk.objects)
    fail(CLQ_E_DATA, beside.place + ": has " + std::to_string(beside.rows) + " rows, " + layout.first_file + " " +
                         std::to_string(layout.disk.objects) + " images");
  const auto ids = sorted_ids(beside, id);
  IdReader reader(catalogue, find_id_column(catalogue, id));
  layout.objects.resize(static_cast<size_t>(catalogue.rows), -1);
  int64_t without = 0;
  for (int64_t row = 0; row < catalogue.rows; ++row) {
    uint64_t wanted = 0;
    reader.read(row, 1, &wanted);
    const auto found = std::lower_bound(ids.begin(), ids.end(), std::pair(wanted, int64_t{0}));
    if (found != ids.end() && found->first == wanted)
      layout.objects[static_cast<size_t>(row)] = found->second;
    else
      ++without;
  }
  layout.joined_by = id;
  if (without > 0)
    layout.notes.push_back(std::to_string(without) + " of " + std::to_string(catalogue.rows) +
                           " rows have no image: their " + id + " is not in " + beside.place);
}

}  // namespace

void join(Layout& layout, const Table& catalogue) {
  layout.joined_by = layout.kind == LayoutKind::cutout ? "position" : "path";
  if (!layout.rules.stacking.objects) return;
  layout.joined_by = "row";
  if (const auto beside = table_of_ids(layout, layout.first_file, catalogue))
    return join_ids(layout, catalogue, *beside);
  if (layout.disk.objects == catalogue.rows) return;
  fail(CLQ_E_DATA, layout.first_file + ": has " + std::to_string(layout.disk.objects) + " images, " + catalogue.place +
                       " " + std::to_string(catalogue.rows) +
                       " rows; images of some rows need a table beside them that has the column data.id");
}

}  // namespace clq::fits
