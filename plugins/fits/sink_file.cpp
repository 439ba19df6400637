// plugins/fits/sink_file.cpp -- the FITS file behind a sink: headers, raw rows, extra tables, checksums.
// SPDX-License-Identifier: BSD-3-Clause
#include "sink_file.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

#include <fitsio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <calanque/plugin/sdk.hpp>

#include "io/error.hpp"
#include "table/descriptor.hpp"

namespace clq::fits {
namespace {

using sdk::fail;

fitsfile* raw(const File& file) { return static_cast<fitsfile*>(file.get()); }

// Runs one cfitsio call on `file`; the words of a failure name the final file, not the temporary one.
template <class Call>
void run(const std::string& name, Call&& call) {
  int status = 0;
  errno = 0;
  call(&status);
  require_written(status, name);
}

// S, U, V and W are cfitsio's names for the types that need TZERO.
char form_letter(const table::FieldSpec& field) {
  switch (field.dtype) {
    case CLQ_F32:
      return 'E';
    case CLQ_F64:
      return 'D';
    case CLQ_I8:
      return 'S';
    case CLQ_I16:
      return 'I';
    case CLQ_U16:
      return 'U';
    case CLQ_I32:
      return 'J';
    case CLQ_U32:
      return 'V';
    case CLQ_I64:
      return 'K';
    case CLQ_U64:
      return 'W';
    default:
      return field.text ? 'A' : 'B';
  }
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  return result;
}

// The 32-bit one's complement sum of FITS checksums.
uint64_t fold(uint64_t sum) {
  while (sum >> 32 != 0) sum = (sum & 0xffffffffU) + (sum >> 32);
  return sum;
}

uint64_t header_sum(const std::vector<unsigned char>& bytes) {
  uint64_t sum = 0;
  for (size_t i = 0; i < bytes.size(); i += 4)
    sum += static_cast<uint64_t>(bytes[i]) << 24 | static_cast<uint64_t>(bytes[i + 1]) << 16 |
           static_cast<uint64_t>(bytes[i + 2]) << 8 | bytes[i + 3];
  return fold(sum);
}

// A card that describes the layout would make the file lie about its data.
void check_key(const std::string& key) {
  std::string card = key + std::string(key.size() < 8 ? 8 - key.size() : 0, ' ') + "= 1";
  const int kind = fits_get_keyclass(card.data());
  int status = 0;
  if (key.size() <= 8) fits_test_keyword(key.c_str(), &status);
  fits_clear_errmsg();
  if (status != 0) fail(CLQ_E_INVALID, "card '" + table::printable(key) + "': a keyword has A-Z, 0-9, - and _ only");
  if (kind <= TYP_DIM_KEY || kind == TYP_CKSUM_KEY)
    fail(CLQ_E_INVALID, "card " + key + ": is written by the sink itself; use another keyword");
}

}  // namespace

SinkFile::SinkFile(const table::Replacement& replacement, const table::SinkOptions& options,
                   const std::vector<table::FieldSpec>& fields, int64_t n_rows, int64_t size)
    : name_(replacement.name()), temporary_(replacement.temporary()), extras_(options.tables), size_(size) {
  if (fields.empty() || fields.size() > 999)
    fail(CLQ_E_INVALID, name_ + ": " + std::to_string(fields.size()) + " columns, a FITS table has 1..999");
  for (const table::Card& card : options.cards) check_key(card.key);
  create();
  run(name_, [&](int* status) {
    fitsfile* file = raw(file_);
    fits_create_img(file, BYTE_IMG, 0, nullptr, status);
    fits_write_key_str(file, "CHECKSUM", "0000000000000000", "HDU checksum", status);
    fits_write_key_str(file, "DATASUM", "0", "data unit checksum", status);
  });
  write_table(options.hdu.empty() ? "PREDICT" : options.hdu, fields, n_rows);
  write_notes(options, fields);
}

// cfitsio creates only what does not exist: its file begins under a name of its own and takes the temporary's place.
void SinkFile::create() {
  const std::string fresh = temporary_ + ".new";
  if (fresh.size() >= FLEN_FILENAME) fail(CLQ_E_INVALID, name_ + ": the path is too long for cfitsio");
  ::unlink(fresh.c_str());  // of a process that died here: who owns the temporary file owns this name too
  run(name_, [&](int* status) {
    fitsfile* file = nullptr;
    fits_create_diskfile(&file, fresh.c_str(), status);
    file_.reset(file);
  });
  struct stat facts {};
  if (::stat(temporary_.c_str(), &facts) == 0) ::chmod(fresh.c_str(), facts.st_mode & 0777);
  if (std::rename(fresh.c_str(), temporary_.c_str()) == 0) return;
  const int error_number = errno;
  ::unlink(fresh.c_str());
  table::fail_write(name_, error_number);
}

void SinkFile::write_table(const std::string& hdu, const std::vector<table::FieldSpec>& fields, int64_t n_rows) {
  std::vector<std::string> names, forms, units;
  for (const table::FieldSpec& field : fields) {
    names.push_back(field.name);
    forms.push_back(std::to_string(field.elements()) + form_letter(field));
    units.push_back(field.unit);
  }
  auto types = pointers(names), formats = pointers(forms), unit_texts = pointers(units);
  run(name_, [&](int* status) {
    fits_create_tbl(raw(file_), BINARY_TBL, n_rows, static_cast<int>(fields.size()), types.data(), formats.data(),
                    unit_texts.data(), hdu.c_str(), status);
    for (size_t i = 0; i < fields.size(); ++i) {
      std::vector<LONGLONG> dims(fields[i].dims.rbegin(), fields[i].dims.rend());
      if (dims.size() > 1 && !fields[i].text)
        fits_write_tdimll(raw(file_), static_cast<int>(i + 1), static_cast<int>(dims.size()), dims.data(), status);
    }
    fits_write_key_str(raw(file_), "CHECKSUM", "0000000000000000", "HDU checksum", status);
    fits_write_key_str(raw(file_), "DATASUM", "0", "data unit checksum", status);
  });
}

void SinkFile::write_notes(const table::SinkOptions& options, const std::vector<table::FieldSpec>& fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    const table::ColumnNote note = options.note(fields[i].name);
    const std::string n = std::to_string(i + 1);
    if (!note.ucd.empty()) write_card({"TUCD" + n, "", note.ucd});
    if (!note.comment.empty()) write_card({"TCOMM" + n, "", note.comment});
  }
  for (const table::Card& card : options.cards) write_card(card);
  // Closes the header here: what follows is data.
  run(name_, [&](int* status) { fits_set_hdustruc(raw(file_), status); });
}

void SinkFile::write_card(const table::Card& card) {
  const char* key = card.key.c_str();
  const std::string text = table::printable(card.value.is_string() ? card.value.get<std::string>() : card.value.dump());
  // cfitsio writes CONTINUE cards for ever when quotes, which it doubles, leave no room for a comment or themselves.
  const bool quoted = text.size() > 30 && text.find('\'') != std::string::npos;
  const std::string comment = card.value.is_string() && quoted ? "" : table::printable(card.comment);
  if (text.find(std::string(30, '\'')) != std::string::npos)
    fail(CLQ_E_INVALID, name_ + ": card " + card.key + ": has 30 quotes in a row");
  run(name_, [&](int* status) {
    fitsfile* file = raw(file_);
    if (card.value.is_boolean())
      fits_write_key_log(file, key, card.value.get<bool>() ? 1 : 0, comment.c_str(), status);
    else if (card.value.is_number_integer() && !card.value.is_number_unsigned())
      fits_write_key_lng(file, key, card.value.get<int64_t>(), comment.c_str(), status);
    else if (card.value.is_number_unsigned())
      fits_write_key_ulng(file, key, card.value.get<uint64_t>(), comment.c_str(), status);
    else if (card.value.is_number())
      fits_write_key_dbl(file, key, card.value.get<double>(), -15, comment.c_str(), status);
    else
      fits_write_key_longstr(file, key, text.c_str(), comment.c_str(), status);
  });
}

void SinkFile::write_rows(int64_t first, int64_t n_bytes, const std::byte* bytes) {
  table::check_size_limit(name_, size_);
  // cfitsio takes a pointer to mutable bytes and does not change them.
  auto* data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes));
  run(name_, [&](int* status) { fits_write_tblbytes(raw(file_), first + 1, 1, n_bytes, data, status); });
}

void SinkFile::write_extra(const table::ExtraTable& extra) {
  std::vector<table::FieldSpec> fields;
  for (const auto& [name, values] : extra.columns) fields.push_back({table::printable(name), "", CLQ_F64, false, {}});
  const auto n_rows = static_cast<int64_t>(extra.columns.front().second.size());
  write_table(extra.hdu, fields, n_rows);
  for (size_t c = 0; c < extra.columns.size(); ++c) {
    auto values = extra.columns[c].second;
    run(name_, [&](int* status) {
      fits_write_col(raw(file_), TDOUBLE, static_cast<int>(c + 1), 1, 1, n_rows, values.data(), status);
    });
  }
}

void SinkFile::finish() {
  table::check_size_limit(name_, size_);
  for (const table::ExtraTable& extra : extras_) write_extra(extra);
  int n_hdus = 0;
  run(name_, [&](int* status) { fits_get_num_hdus(raw(file_), &n_hdus, status); });
  for (int hdu = 1; hdu <= n_hdus; ++hdu) write_checksum(hdu);
  run(name_, [&](int* status) { fits_close_file(static_cast<fitsfile*>(file_.release()), status); });
}

// By hand, for fits_write_chksum puts the date into the comments: equal runs shall give equal files.
void SinkFile::write_checksum(int hdu) {
  run(name_, [&](int* status) {
    fitsfile* file = raw(file_);
    unsigned long data_sum = 0, hdu_sum = 0;
    LONGLONG header_at = 0, data_at = 0, end_at = 0;
    fits_movabs_hdu(file, hdu, nullptr, status);
    fits_get_chksum(file, &data_sum, &hdu_sum, status);
    fits_modify_key_str(file, "DATASUM", std::to_string(data_sum).c_str(), nullptr, status);
    fits_flush_file(file, status);
    fits_get_hduaddrll(file, &header_at, &data_at, &end_at, status);
    if (*status != 0) return;
    std::vector<unsigned char> header(static_cast<size_t>(data_at - header_at));
    table::Descriptor(table::inspect(temporary_)).read_at(header.data(), data_at - header_at, header_at);
    char coded[FLEN_VALUE] = {};
    fits_encode_chksum(static_cast<unsigned long>(fold(header_sum(header) + data_sum)), 1, coded);
    fits_modify_key_str(file, "CHECKSUM", coded, nullptr, status);
  });
}

}  // namespace clq::fits
