// plugins/fits/images/image_reader.hpp -- one thread's cursor in the images of a catalogue.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "images/file_pool.hpp"
#include "images/layout.hpp"
#include "images/pixels.hpp"

namespace clq::fits {

// "cat.fits[1], row 13, cutouts/a.fits": the catalogue's row, and the files of its images.
std::string place_of(const Layout& layout, const Table& catalogue, int64_t row, RowKeys& keys);

class ImageReader {
 public:
  // Both must outlive it.
  ImageReader(const Layout& layout, const Table& catalogue, uint32_t n_readers);

  // Files held open are looked at again from here on: CLQ_E_IO where one changed.
  void next_round() { pool_.next_round(); }

  // Fills [bands, height, width] of F32 or F64. Throws CLQ_E_DATA for what is this row's fault, a missing file
  // included. [one thread per reader]
  void read(int64_t row, int32_t dtype, std::byte* dst);

  size_t open_files() const { return pool_.size(); }

 private:
  void read_row(int64_t row, int32_t dtype, std::byte* dst);
  void read_file(ImageFile& file, int64_t row, int32_t dtype, std::byte* dst);
  void read_run(ImageFile& file, const Run& run, int64_t row, int32_t dtype, std::byte* dst);
  ImageFile* open(const std::string& path, size_t band);
  Window cutout(const Planes& planes) const;

  const Layout& layout_;
  const Table& catalogue_;
  RowKeys keys_;
  FilePool pool_;
  PixelReader pixels_;
  std::string path_;  // of the one file
};

}  // namespace clq::fits
