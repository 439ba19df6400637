// tests/plugins/fits/image_files.cpp -- images written by cfitsio whose every pixel has a closed form.
// SPDX-License-Identifier: BSD-3-Clause
#include "image_files.hpp"

#include <stdexcept>

#include <fitsio.h>

namespace clq::test {
namespace {

void check(int status) {
  if (status != 0) throw std::runtime_error("cfitsio " + std::to_string(status));
}

void write_cards(fitsfile* file, const std::vector<std::pair<std::string, std::string>>& cards) {
  int status = 0;
  for (const auto& [key, value] : cards) {
    std::string text = key;
    text.resize(8, ' ');
    fits_update_card(file, key.c_str(), (text + "= " + value).c_str(), &status);
  }
  check(status);
}

std::vector<long> axes_of(const ImageSpec& spec) {
  std::vector<long> axes{spec.width, spec.height};
  if (spec.bands.size() > 1) axes.push_back(static_cast<long>(spec.bands.size()));
  if (spec.objects.size() > 1) axes.push_back(static_cast<long>(spec.objects.size()));
  return axes;
}

// In the image's own type, the only one that cfitsio compresses.
void write_pixels(fitsfile* file, int bitpix, std::vector<long> first, std::vector<long> last,
                  const std::vector<float>& pixels) {
  int status = 0;
  const auto write = [&]<class T>(int type, std::vector<T> own) {
    fits_write_subset(file, type, first.data(), last.data(), own.data(), &status);
  };
  const auto begin = pixels.begin(), end = pixels.end();
  if (bitpix == 8) write(TBYTE, std::vector<unsigned char>(begin, end));
  if (bitpix == 16) write(TSHORT, std::vector<short>(begin, end));
  if (bitpix == 32) write(TINT, std::vector<int>(begin, end));
  if (bitpix == 64) write(TLONGLONG, std::vector<LONGLONG>(begin, end));
  if (bitpix == -32) write(TFLOAT, pixels);
  if (bitpix == -64) write(TDOUBLE, std::vector<double>(begin, end));
  check(status);
}

void append_image(fitsfile* file, const ImageSpec& spec) {
  int status = 0;
  std::vector<long> axes = axes_of(spec);
  if (spec.compression != 0) {
    std::vector<long> tile = axes;
    if (spec.objects.size() > 1) tile.back() = 1;
    fits_set_compression_type(file, spec.compression, &status);
    fits_set_tile_dim(file, static_cast<int>(tile.size()), tile.data(), &status);
    if (spec.compression == GZIP_1 || spec.compression == GZIP_2) fits_set_quantize_level(file, 0, &status);
  }
  fits_create_img(file, spec.bitpix, static_cast<int>(axes.size()), axes.data(), &status);
  check(status);
  std::vector<long> first(axes.size(), 1), last = axes;
  for (size_t k = 0; k < spec.objects.size(); ++k) {  // cfitsio compresses up to three axes at once
    const std::vector<float> pixels = expected(spec.objects[k], spec.bands, spec.height, spec.width);
    if (spec.objects.size() > 1) first.back() = last.back() = static_cast<long>(k + 1);
    write_pixels(file, spec.bitpix, first, last, pixels);
  }
  if (!spec.name.empty()) fits_write_key_str(file, "EXTNAME", spec.name.c_str(), nullptr, &status);
  check(status);
  fits_flush_file(file, &status);
  write_cards(file, spec.cards);  // after the pixels, which are stored as they are
}

void append_table(fitsfile* file, const CatalogueSpec& spec) {
  const char* types[] = {"ID", "NAME", "NONE", "X", "Y", "IMAGE"};
  const std::string form = std::to_string(kBands * kHeight * kWidth) + "E";
  const char* forms[] = {"1K", "10A", "10A", "1D", "1D", form.c_str()};
  int status = 0;
  fits_create_tbl(file, BINARY_TBL, static_cast<LONGLONG>(spec.objects.size()), spec.with_images ? 6 : 5,
                  const_cast<char**>(types), const_cast<char**>(forms), nullptr, "CAT", &status);
  long dims[] = {kWidth, kHeight, kBands};
  if (spec.with_images && spec.with_tdim) fits_write_tdim(file, 6, 3, dims, &status);
  for (size_t row = 0; row < spec.objects.size(); ++row) {
    const int64_t object = spec.objects[row];
    const auto at = static_cast<LONGLONG>(row + 1);
    int64_t id = 100 + object;
    std::string name = "obj" + std::to_string(object), none = object == 2 ? " " : name;
    char *name_cell = name.data(), *none_cell = none.data();
    double x = spec.x.empty() ? 0 : spec.x[row], y = spec.y.empty() ? 0 : spec.y[row];
    fits_write_col(file, TLONGLONG, 1, at, 1, 1, &id, &status);
    fits_write_col(file, TSTRING, 2, at, 1, 1, &name_cell, &status);
    fits_write_col(file, TSTRING, 3, at, 1, 1, &none_cell, &status);
    fits_write_col(file, TDOUBLE, 4, at, 1, 1, &x, &status);
    fits_write_col(file, TDOUBLE, 5, at, 1, 1, &y, &status);
    std::vector<float> pixels = expected(object);
    if (spec.with_images)
      fits_write_col(file, TFLOAT, 6, at, 1, static_cast<LONGLONG>(pixels.size()), pixels.data(), &status);
  }
  check(status);
  write_cards(file, spec.cards);
}

}  // namespace

int64_t stored_at(int64_t object, int64_t band, int64_t y, int64_t x) {
  return (37 * object + 23 * band + 7 * y + x) % 101;
}

std::string write_images(const Folder& folder, const std::string& name, const std::vector<ImageSpec>& images) {
  const std::string path = folder.path(name);
  int status = 0;
  fitsfile* file = nullptr;
  std::filesystem::remove(path);
  fits_create_diskfile(&file, path.c_str(), &status);
  const bool primary = images.size() == 1 && images[0].name.empty() && images[0].compression == 0;
  if (!primary) fits_create_img(file, BYTE_IMG, 0, nullptr, &status);
  check(status);
  for (const ImageSpec& spec : images) append_image(file, spec);
  fits_close_file(file, &status);
  check(status);
  return path;
}

std::string write_objects(const Folder& folder, const std::string& name, const CatalogueSpec& spec) {
  const std::string path = folder.path(name);
  int status = 0;
  fitsfile* file = nullptr;
  std::filesystem::remove(path);
  fits_create_diskfile(&file, path.c_str(), &status);
  fits_create_img(file, BYTE_IMG, 0, nullptr, &status);
  check(status);
  append_table(file, spec);
  fits_close_file(file, &status);
  check(status);
  return path;
}

void append_objects(const std::string& path, const CatalogueSpec& spec) {
  int status = 0, n = 0;
  fitsfile* file = nullptr;
  fits_open_diskfile(&file, path.c_str(), READWRITE, &status);
  fits_get_num_hdus(file, &n, &status);
  fits_movabs_hdu(file, n, nullptr, &status);
  check(status);
  append_table(file, spec);
  fits_close_file(file, &status);
  check(status);
}

std::vector<float> expected(int64_t object, const std::vector<int64_t>& bands, int64_t height, int64_t width) {
  std::vector<float> pixels;
  for (const int64_t band : bands)
    for (int64_t y = 0; y < height; ++y)
      for (int64_t x = 0; x < width; ++x) pixels.push_back(static_cast<float>(stored_at(object, band, y, x)));
  return pixels;
}

std::vector<float> expected_centre(int64_t object, int64_t band, int64_t height, int64_t width, int64_t crop) {
  std::vector<float> pixels;
  for (int64_t y = (height - crop) / 2; y < (height - crop) / 2 + crop; ++y)
    for (int64_t x = (width - crop) / 2; x < (width - crop) / 2 + crop; ++x)
      pixels.push_back(static_cast<float>(stored_at(object, band, y, x)));
  return pixels;
}

std::vector<float> images_of(const Source& source, const std::vector<int64_t>& rows) {
  if (source.status != CLQ_OK) throw std::runtime_error(source.error);
  return source.values<float>("images", rows, CLQ_F32);
}

Outcome outcome_of(const Source& source, const std::vector<int64_t>& rows) {
  if (source.status != CLQ_OK) return {source.status, source.error, 0};
  uint32_t n_done = 0;
  const clq_status status = source.status_of("images", rows, CLQ_F32, &n_done);
  return {status, status == CLQ_OK ? "" : error_text(), n_done};
}

std::string options_of(const Folder& folder, const std::string& images, const std::string& more) {
  return R"({"images": ")" + folder.path(images) + "\"" + (more.empty() ? "" : ", " + more) + "}";
}

}  // namespace clq::test
