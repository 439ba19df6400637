// tests/plugins/fits/sound_tiles.test.cpp -- tiles whose end cfitsio would look for behind their bytes, or for ever.
// SPDX-License-Identifier: BSD-3-Clause
#include <string>

#include <fitsio.h>
#include <zlib.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;

// A cube of six objects, a tile each, and the bytes of its file.
class FitsSoundTiles : public testing::TestWithParam<int> {
 protected:
  FitsSoundTiles() {
    ImageSpec spec;
    spec.bitpix = GetParam() == RICE_1 ? 32 : -32;
    spec.objects = {0, 1, 2, 3, 4, 5};
    spec.compression = GetParam();
    spec.name = "CUBE";
    bytes = read_file(write_images(folder, "cube.fits", {spec}));
    size_t at = 2880;
    while (bytes.compare(at, 8, "END     ") != 0) at += 80;
    table = (at / 2880 + 1) * 2880;
  }

  // The 32 bits of a descriptor: `word` 0 is the length of a row's tile, 1 its place in the heap.
  uint32_t word(size_t row, size_t word) const {
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[table + 8 * row + 4 * word + i]);
    return value;
  }
  void set_word(size_t row, size_t word, uint32_t value) {
    for (size_t i = 0; i < 4; ++i) bytes[table + 8 * row + 4 * word + i] = static_cast<char>(value >> (24 - 8 * i));
  }
  Outcome read(int64_t object) const {
    folder.write("cube.fits", bytes);
    return outcome_of(Source(fits(), catalogue, options_of(folder, "cube.fits")), {object});
  }

  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  std::string bytes;
  size_t table = 0;  // where its rows of descriptors begin
};

TEST_P(FitsSoundTiles, ThatAreWholeAreRead) { EXPECT_EQ(read(3).status, CLQ_OK); }

// Without its end cfitsio unpacks a tile of GZIP until no memory is left, and reads on behind one of RICE.
TEST_P(FitsSoundTiles, ThatEndTooEarlyAreNamed) {
  for (const uint32_t missing : {2U, 9U, 20U}) {
    const uint32_t length = word(3, 0);
    set_word(3, 0, length - missing);
    const Outcome cut = read(3);
    EXPECT_EQ(cut.status, CLQ_E_DATA);
    EXPECT_THAT(cut.words, HasSubstr("cube.fits[1], row 4: its tile ends too early")) << missing;
    EXPECT_EQ(read(2).status, CLQ_OK);  // the others are what they were
    set_word(3, 0, length);
  }
}

TEST_P(FitsSoundTiles, OfOtherBytesAreNamed) {
  if (GetParam() == RICE_1) GTEST_SKIP() << "any bytes are a stream of RICE, as long as there are enough";
  bytes[table + 8 * 6 + word(3, 1)] = 'x';
  EXPECT_THAT(read(3).words, HasSubstr("row 4: its tile is no stream of GZIP"));
}

std::string packed_zeros(size_t n) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string zeros(n, '\0'), packed(1 << 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
  stream.avail_in = static_cast<uInt>(zeros.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

// Of another size than that of their pixels: 240 bytes, 480 if they were as wide as can be.
TEST_P(FitsSoundTiles, OfFarMoreThanTheirPixelsAreNamed) {
  if (GetParam() == RICE_1) GTEST_SKIP() << "it ends with its pixels";
  const std::string whole = bytes;
  for (const auto& [zeros, words] : {std::pair<size_t, const char*>(100'000, "unpacks to more than the 480 bytes"),
                                     {8'000'000, " packed bytes, unpacked it has at most 480"}}) {
    const std::string packed = packed_zeros(zeros);
    bytes = whole;
    const size_t heap = bytes.size() - table - 8 * 6;
    set_word(3, 0, static_cast<uint32_t>(packed.size()));
    set_word(3, 1, static_cast<uint32_t>(heap));
    bytes += packed;
    bytes.resize((bytes.size() + 2879) / 2880 * 2880);
    const std::string size = std::to_string(heap + packed.size());
    bytes.replace(bytes.find("PCOUNT  =", 2880) + 10, 20, std::string(20 - size.size(), ' ') + size);
    const Outcome bomb = read(3);
    EXPECT_EQ(bomb.status, CLQ_E_DATA);
    EXPECT_THAT(bomb.words, testing::AllOf(HasSubstr("cube.fits[1], row 4"), HasSubstr(words)));
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, FitsSoundTiles, testing::Values(GZIP_1, GZIP_2, RICE_1), [](const auto& method) {
  return method.param == GZIP_1 ? "gzip_1" : method.param == GZIP_2 ? "gzip_2" : "rice_1";
});

}  // namespace
}  // namespace clq::test
