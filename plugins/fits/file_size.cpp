// plugins/fits/file_size.cpp -- how large a sink's file becomes, before a byte of it is written.
// SPDX-License-Identifier: BSD-3-Clause
#include "file_size.hpp"

#include <algorithm>
#include <string>

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"

namespace clq::fits {
namespace {

constexpr int64_t kBlock = 2880, kCardsOfBlock = 36;
constexpr int64_t kPrimaryCards = 9;  // cfitsio's four and two comments, two checksums, END
constexpr int64_t kTableCards = 12;   // the eight of a table, EXTNAME, two checksums, END
constexpr int64_t kColumnCards = 6;   // TTYPE, TFORM, TUNIT, TDIM, TSCAL, TZERO
constexpr int64_t kCardText = 60;     // less than a CONTINUE card takes of a text or of its comment

class Bytes {
 public:
  void add(int64_t count, int64_t size) {
    int64_t product = 0;
    const bool beyond = __builtin_mul_overflow(count, size, &product) ||
                        __builtin_add_overflow(total_, product, &total_) || total_ > INT64_MAX - kBlock;
    if (beyond) sdk::fail(CLQ_E_INVALID, "the table exceeds 2^63 bytes");
  }
  void fill_block() { total_ = (total_ + kBlock - 1) / kBlock * kBlock; }
  void add_header(int64_t cards) { add((cards + kCardsOfBlock - 1) / kCardsOfBlock, kBlock); }
  int64_t total() const { return total_; }

 private:
  int64_t total_ = 0;
};

int64_t cards_of(const std::string& text, const std::string& comment) {
  const auto doubled = std::count(text.begin(), text.end(), '\'');
  return 2 + (static_cast<int64_t>(text.size() + comment.size()) + doubled) / kCardText;
}

int64_t cards_of(const table::Card& card) {
  return card.value.is_string() ? cards_of(card.value.get<std::string>(), card.comment) : 1;
}

}  // namespace

int64_t file_size(const table::SinkOptions& options, const std::vector<table::FieldSpec>& fields, int64_t n_rows) {
  int64_t cards = kTableCards, row_bytes = 0;
  for (const table::FieldSpec& field : fields) {
    const table::ColumnNote note = options.note(field.name);
    cards += kColumnCards + (note.ucd.empty() ? 0 : cards_of(note.ucd, "")) +
             (note.comment.empty() ? 0 : cards_of(note.comment, ""));
    row_bytes += field.elements() * table::dtype_bytes(field.dtype);
  }
  for (const table::Card& card : options.cards) cards += cards_of(card);
  Bytes bytes;
  bytes.add_header(kPrimaryCards);
  bytes.add_header(cards);
  bytes.add(n_rows, row_bytes);
  bytes.fill_block();
  for (const table::ExtraTable& extra : options.tables) {
    const auto n_columns = static_cast<int64_t>(extra.columns.size());
    bytes.add_header(kTableCards + n_columns * kColumnCards);
    bytes.add(static_cast<int64_t>(extra.columns.front().second.size()), n_columns * table::dtype_bytes(CLQ_F64));
    bytes.fill_block();
  }
  return bytes.total();
}

}  // namespace clq::fits
