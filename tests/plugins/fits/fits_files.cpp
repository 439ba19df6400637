// tests/plugins/fits/fits_files.cpp -- FITS files made by cfitsio, and by hand to be wrong in one place.
// SPDX-License-Identifier: BSD-3-Clause
#include "fits_files.hpp"

#include <algorithm>
#include <stdexcept>

#include <fitsio.h>

namespace clq::test {
namespace {

void check(int status) {
  if (status != 0) throw std::runtime_error("cfitsio " + std::to_string(status));
}

void write_numbers(fitsfile* file, int column, const std::string& name) {
  int status = 0;
  std::vector<double> values;
  for (int64_t row = 0; row < kRows; ++row) values.push_back(value_at(name, row));
  fits_write_col(file, TDOUBLE, column, 1, 1, kRows, values.data(), &status);
  check(status);
}

void write_flags(fitsfile* file, int column, bool bits) {
  int status = 0;
  for (int64_t row = 0; row < kRows; ++row) {
    char value = static_cast<char>(row % 2);
    if (bits)
      fits_write_col_bit(file, column, row + 1, 1, 1, &value, &status);
    else
      fits_write_col_log(file, column, row + 1, 1, 1, &value, &status);
  }
  check(status);
}

void write_vector_and_name(fitsfile* file) {
  int status = 0;
  for (int64_t row = 0; row < kRows; ++row) {
    float values[6];
    for (int e = 0; e < 6; ++e) values[e] = static_cast<float>(row) + static_cast<float>(e) / 8;
    std::string name = "obj" + std::to_string(row);
    char* pointer = name.data();
    fits_write_col(file, TFLOAT, 14, row + 1, 1, 6, values, &status);
    fits_write_col(file, TSTRING, 15, row + 1, 1, 1, &pointer, &status);
  }
  check(status);
}

void write_second(fitsfile* file) {
  int status = 0;
  const char* type = "A";
  const char* form = "1D";
  fits_create_tbl(file, BINARY_TBL, 1, 1, const_cast<char**>(&type), const_cast<char**>(&form), nullptr, "SECOND",
                  &status);
  double value = 7;
  fits_write_col(file, TDOUBLE, 1, 1, 1, 1, &value, &status);
  check(status);
}

std::string card(const std::string& keyword, const std::string& value) {
  std::string text = keyword;
  text.resize(8, ' ');
  text += (keyword == "CONTINUE" ? "  " : "= ") + value;
  text.resize(80, ' ');
  return text;
}

void pad(std::string& bytes, char fill) { bytes.resize((bytes.size() + 2879) / 2880 * 2880, fill); }

}  // namespace

std::vector<std::string> numeric_columns() {
  return {"L", "X", "B", "S", "I", "U", "J", "V", "K", "W", "E", "D", "SCALED"};
}

int value_at(const std::string& column, int64_t row) {
  if (column == "L" || column == "X") return static_cast<int>(row % 2);
  if (column == "SCALED") return static_cast<int>(10 + row % 40 * 2);
  return static_cast<int>(row % 101);
}

std::string write_catalogue(const Folder& folder, const std::string& name) {
  const char* types[] = {"L", "X", "B", "S", "I", "U", "J", "V", "K", "W", "E", "D", "SCALED", "VEC", "NAME"};
  const char* forms[] = {"1L", "1X", "1B", "1S", "1I", "1U", "1J", "1V", "1K", "1W", "1E", "1D", "1I", "6E", "12A"};
  const char* units[] = {"", "", "", "", "", "", "", "", "", "", "mag", "", "", "nMgy", ""};
  const std::string path = folder.path(name);
  int status = 0;
  fitsfile* file = nullptr;
  long axes[] = {4, 3};
  fits_create_diskfile(&file, path.c_str(), &status);
  fits_create_img(file, BYTE_IMG, 0, nullptr, &status);
  fits_create_img(file, FLOAT_IMG, 2, axes, &status);
  fits_write_key_str(file, "EXTNAME", "PICTURE", nullptr, &status);
  fits_create_tbl(file, BINARY_TBL, kRows, 15, const_cast<char**>(types), const_cast<char**>(forms),
                  const_cast<char**>(units), "CAT", &status);
  long dims[] = {3, 2};
  fits_write_tdim(file, 14, 2, dims, &status);
  fits_write_key_dbl(file, "TSCAL13", 2, -15, nullptr, &status);
  fits_write_key_dbl(file, "TZERO13", 10, -15, nullptr, &status);
  fits_set_hdustruc(file, &status);
  check(status);
  const auto columns = numeric_columns();
  write_flags(file, 1, false);
  write_flags(file, 2, true);
  for (size_t c = 2; c < columns.size(); ++c) write_numbers(file, static_cast<int>(c + 1), columns[c]);
  write_vector_and_name(file);
  write_second(file);
  fits_close_file(file, &status);
  check(status);
  return path;
}

HandMade::HandMade() {
  cards = {{"XTENSION", "'BINTABLE'"},
           {"BITPIX", "8"},
           {"NAXIS", "2"},
           {"NAXIS1", "8"},
           {"NAXIS2", "3"},
           {"PCOUNT", "0"},
           {"GCOUNT", "1"},
           {"TFIELDS", "2"},
           {"TTYPE1", "'MAG'"},
           {"TFORM1", "'1E'"},
           {"TUNIT1", "'mag'"},
           {"TTYPE2", "'N'"},
           {"TFORM2", "'1J'"},
           {"TNULL2", "-99"},
           {"EXTNAME", "'HAND'"}};
  const unsigned char rows[] = {0x3f, 0x80, 0,    0,    0,    0,    0,    5,      // 1.0, 5
                                0x7f, 0xc0, 0,    0,    0xff, 0xff, 0xff, 0x9d,   // NaN, -99
                                0x40, 0x49, 0x0f, 0xdb, 0x7f, 0xff, 0xff, 0xff};  // pi, 2^31 - 1
  data.assign(reinterpret_cast<const char*>(rows), sizeof rows);
}

void HandMade::set(const std::string& keyword, const std::string& value) {
  for (auto& [key, old] : cards)
    if (key == keyword) {
      old = value;
      return;
    }
  cards.emplace_back(keyword, value);
}

void HandMade::remove(const std::string& keyword) {
  std::erase_if(cards, [&](const auto& item) { return item.first == keyword; });
}

std::string HandMade::bytes() const {
  std::string all = card("SIMPLE", "T") + card("BITPIX", "8") + card("NAXIS", "0") + card("EXTEND", "T");
  all += "END";
  pad(all, ' ');
  for (const auto& [key, value] : cards) all += card(key, value);
  all += "END";
  pad(all, ' ');
  all += data;
  pad(all, '\0');
  return all;
}

}  // namespace clq::test
