// tests/plugins/fits/sink.test.cpp -- what the sink writes, read back by astropy, and files that cannot be written.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <filesystem>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fits_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;

struct Row {
  int64_t id;
  float z;
  float pdf[6];
  uint64_t big;
  uint32_t u32;
  uint16_t u16;
  int8_t i8;
  uint8_t flag;
  char name[8];
};

Row make_row(int64_t i) {
  Row row{100 + i,
          static_cast<float>(i) / 4,
          {},
          UINT64_MAX - static_cast<uint64_t>(i),
          UINT32_MAX - static_cast<uint32_t>(i),
          static_cast<uint16_t>(65535 - i),
          static_cast<int8_t>(-128 + i),
          static_cast<uint8_t>(i % 2),
          {}};
  for (int e = 0; e < 6; ++e) row.pdf[e] = static_cast<float>(10 * i + e);
  if (i == 3) row.z = std::numeric_limits<float>::quiet_NaN();
  std::snprintf(row.name, sizeof row.name, "n%d", static_cast<int>(i % 100000));
  return row;
}

const std::vector<clq_field>& fields() {
  static const std::vector<clq_field> all = {make_field("ID", "", CLQ_I64),
                                             make_field("ZPHOT", "", CLQ_F32),
                                             make_field("PDF", "1/z", CLQ_F32, {2, 3}),
                                             make_field("BIG", "", CLQ_U64),
                                             make_field("U32", "", CLQ_U32),
                                             make_field("U16", "", CLQ_U16),
                                             make_field("I8", "", CLQ_I8),
                                             make_field("FLAG_BAD", "", CLQ_U8),
                                             make_field("NAME", "", CLQ_U8, {8}, CLQ_FIELD_TEXT)};
  return all;
}

// Slots into an array of structs: every column is strided.
std::vector<clq_slot> slots_of(Row* rows, size_t n) {
  const size_t offsets[] = {offsetof(Row, id),  offsetof(Row, z),    offsetof(Row, pdf),
                            offsetof(Row, big), offsetof(Row, u32),  offsetof(Row, u16),
                            offsetof(Row, i8),  offsetof(Row, flag), offsetof(Row, name)};
  std::vector<clq_slot> slots;
  for (uint32_t f = 0; f < fields().size(); ++f)
    slots.push_back(make_slot(fields()[f], f, fields()[f].sample.dtype, reinterpret_cast<char*>(rows) + offsets[f],
                              static_cast<int64_t>(n * sizeof(Row) - offsets[f]), sizeof(Row)));
  return slots;
}

class Sink {
 public:
  Sink(const std::string& path, const std::string& options, int64_t n)
      : status(fits().sink->create(path.c_str(), options.c_str(), fields().data(),
                                   static_cast<uint32_t>(fields().size()), n, &sink_)) {}
  ~Sink() { fits().sink->discard(sink_); }
  clq_status write(int64_t first, uint32_t n) {
    std::vector<Row> rows;
    for (int64_t i = first; i < first + n; ++i) rows.push_back(make_row(i));
    return fits().sink->write(sink_, first, n, slots_of(rows.data(), rows.size()).data());
  }
  clq_status commit() { return fits().sink->commit(sink_); }

 private:
  clq_sink* sink_ = nullptr;

 public:
  clq_status status;
};

const char* kOptions = R"({"hdu": "PREDICT",
  "columns": {"ZPHOT": {"ucd": "src.redshift.phot", "comment": "median of the PDF"}},
  "tables": [{"hdu": "ZGRID", "columns": {"ZMIN": [0, 0.1], "ZMAX": [0.1, 0.2], "ZMID": [0.05, null]}}],
  "cards": [{"key": "CLQVER", "value": "0.1.0", "comment": "release"}, {"key": "NBINS", "value": 180},
            {"key": "ZLIMIT", "value": 0.4}, {"key": "STRICT", "value": true},
            {"key": "CLQHASH", "value": "0123456789012345678901234567890123456789012345678901234567890123456789ABCDEF"}]})";

TEST(FitsSink, WritesTablesThatAstropyReadsAndVerifies) {
  const Folder folder;
  Sink sink(folder.path("out.fits"), kOptions, 100);
  ASSERT_EQ(sink.status, CLQ_OK) << error_text();
  ASSERT_EQ(sink.write(60, 40), CLQ_OK) << error_text();
  ASSERT_EQ(sink.write(0, 10), CLQ_OK);
  ASSERT_EQ(sink.write(10, 50), CLQ_OK);
  EXPECT_FALSE(std::filesystem::exists(folder.path("out.fits")));
  ASSERT_EQ(sink.commit(), CLQ_OK) << error_text();
  bool ran = false;
  const std::string printed = run_astropy(folder, R"(
from astropy.io import fits
import numpy as np
with fits.open(')" + folder.path("out.fits") + R"(', checksum=True) as hdus:
    assert [h.name for h in hdus] == ['PRIMARY', 'PREDICT', 'ZGRID']
    assert all('CHECKSUM' in h.header and 'DATASUM' in h.header for h in hdus)
    hdus.verify('exception')
    h, d, i = hdus[1].header, hdus[1].data, np.arange(100)
    assert len(d) == 100 and (d['ID'] == 100 + i).all()
    z = d['ZPHOT'].copy(); assert np.isnan(z[3]); z[3] = 0.75; assert (z == i / 4).all()
    assert d['PDF'].shape == (100, 2, 3) and (d['PDF'].reshape(100, 6) == 10 * i[:, None] + np.arange(6)).all()
    assert (d['BIG'] == np.uint64(2**64 - 1) - i.astype(np.uint64)).all()
    assert (d['U32'] == 2**32 - 1 - i).all() and (d['U16'] == 65535 - i).all()
    assert (d['I8'] == -128 + i).all() and (d['FLAG_BAD'] == i % 2).all()
    assert (d['NAME'] == ['n%d' % k for k in i]).all()
    assert h['TUNIT3'] == '1/z' and h['TUCD2'] == 'src.redshift.phot' and h['TCOMM2'] == 'median of the PDF'
    assert h['CLQVER'] == '0.1.0' and h.comments['CLQVER'] == 'release' and h['NBINS'] == 180
    assert h['ZLIMIT'] == 0.4 and h['STRICT'] is True and len(h['CLQHASH']) == 76 and h['CLQHASH'].endswith('F')
    g = hdus[2].data
    assert (g['ZMIN'] == [0, 0.1]).all() and g['ZMID'][0] == 0.05 and np.isnan(g['ZMID'][1])
print('ok')
)",
                                          ran);
  CLQ_NEEDS_ASTROPY(ran);
  EXPECT_EQ(printed, "ok\n");
}

TEST(FitsSink, RoundTripsThroughTheSource) {
  const Folder folder;
  {
    Sink sink(folder.path("out.fits"), "{}", 20);
    ASSERT_EQ(sink.write(0, 20), CLQ_OK);
    ASSERT_EQ(sink.commit(), CLQ_OK);
  }
  const Source source(fits(), folder.path("out.fits"), R"({"hdu": "PREDICT", "id": "BIG"})");
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.ids(4, 1)[0], UINT64_MAX - 4);
  EXPECT_EQ(source.values<float>("PDF", {7}, CLQ_F32)[5], 75);
  EXPECT_EQ(source.text("NAME", 12), "n12");
}

TEST(FitsSink, WritesTheSameBytesForTheSameRows) {
  const Folder folder;
  for (const char* name : {"a.fits", "b.fits"}) {
    Sink sink(folder.path(name), kOptions, 50);
    ASSERT_EQ(sink.write(name[0] == 'a' ? 0 : 25, 25), CLQ_OK);
    ASSERT_EQ(sink.write(name[0] == 'a' ? 25 : 0, 25), CLQ_OK);
    ASSERT_EQ(sink.commit(), CLQ_OK);
  }
  EXPECT_EQ(read_file(folder.path("a.fits")), read_file(folder.path("b.fits")));
}

TEST(FitsSink, WritesATableWithoutRows) {
  const Folder folder;
  Sink sink(folder.path("out.fits"), "{}", 0);
  ASSERT_EQ(sink.commit(), CLQ_OK) << error_text();
  EXPECT_EQ(Source(fits(), folder.path("out.fits")).info.n_samples, 0);
}

TEST(FitsSink, LeavesTheOldFileUntilCommitAndRemovesItsOwn) {
  const Folder folder;
  folder.write("out.fits", "old");
  {
    Sink sink(folder.path("out.fits"), "{}", 10);
    ASSERT_EQ(sink.status, CLQ_OK) << error_text();
    EXPECT_THAT(folder.names().back(), testing::StartsWith("out.fits.tmp."));
    ASSERT_EQ(sink.write(0, 10), CLQ_OK);
    EXPECT_EQ(read_file(folder.path("out.fits")), "old");
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{"out.fits"});
  EXPECT_EQ(read_file(folder.path("out.fits")), "old");
  Sink sink(folder.path("out.fits"), "{}", 1);
  ASSERT_EQ(sink.write(0, 1), CLQ_OK);
  ASSERT_EQ(sink.commit(), CLQ_OK);
  EXPECT_EQ(sink.commit(), CLQ_E_INVALID);
  EXPECT_EQ(sink.write(0, 1), CLQ_E_INVALID);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"out.fits"});
  EXPECT_EQ(read_file(folder.path("out.fits")).substr(0, 6), "SIMPLE");
}

TEST(FitsSink, RefusesToCommitATableWithHoles) {
  const Folder folder;
  Sink sink(folder.path("out.fits"), "{}", 10);
  ASSERT_EQ(sink.write(0, 9), CLQ_OK);
  EXPECT_EQ(sink.commit(), CLQ_E_INVALID);
  EXPECT_THAT(error_text(), HasSubstr("9 rows were written, 10 were announced; row 9 is the first without values"));
  EXPECT_EQ(sink.write(8, 1), CLQ_E_INVALID);
  EXPECT_THAT(error_text(), HasSubstr("row 8 is written already"));
  EXPECT_EQ(sink.write(5, 6), CLQ_E_INVALID);
}

TEST(FitsSink, RefusesWhatATableCannotHold) {
  const Folder folder;
  const auto create = [&](const clq_field& field, const char* options) {
    clq_sink* sink = nullptr;
    const clq_status status = fits().sink->create(folder.path("out.fits").c_str(), options, &field, 1, 1, &sink);
    fits().sink->discard(sink);
    return status;
  };
  EXPECT_EQ(create(make_field("A", "", CLQ_F16), "{}"), CLQ_E_UNSUPPORTED);
  EXPECT_EQ(create(make_field("A", "", CLQ_F32, {3}, CLQ_FIELD_RAGGED), "{}"), CLQ_E_UNSUPPORTED);
  EXPECT_EQ(create(make_field("", "", CLQ_F32), "{}"), CLQ_E_INVALID);
  EXPECT_EQ(create(make_field("A", "", CLQ_F32), R"({"cards": [{"key": "NAXIS2", "value": 1}]})"), CLQ_E_INVALID);
  EXPECT_THAT(error_text(), HasSubstr("card NAXIS2: is written by the sink itself"));
  EXPECT_EQ(create(make_field("A", "", CLQ_F32), R"({"cards": [{"key": "a b", "value": 1}]})"), CLQ_E_INVALID);
  EXPECT_EQ(create(make_field("A", "", CLQ_F32), R"({"cards": [{"key": "A"}]})"), CLQ_E_INVALID);
  EXPECT_EQ(create(make_field("A", "", CLQ_F32), R"({"tables": [{"hdu": "T", "columns": {"X": [1], "Y": [1, 2]}}]})"),
            CLQ_E_INVALID);
  EXPECT_THAT(error_text(), HasSubstr("T.Y: has 2 values, X has 1"));
  const std::string quotes = R"({"cards": [{"key": "A", "value": ")" + std::string(90, '\'') + R"("}]})";
  EXPECT_EQ(create(make_field("A", "", CLQ_F32), quotes.c_str()), CLQ_E_INVALID);
  EXPECT_EQ(create(make_field("A", "", CLQ_F32), "[]"), CLQ_E_INVALID);
  EXPECT_TRUE(folder.names().empty());
}

TEST(FitsSink, SaysWhereItCannotWrite) {
  const Folder folder;
  Sink absent(folder.path("no/such/out.fits"), "{}", 1);
  EXPECT_EQ(absent.status, CLQ_E_IO);
  EXPECT_THAT(error_text(), HasSubstr("out.fits"));
  Sink huge(folder.path("out.fits"), "{}", int64_t{1} << 45);
  EXPECT_EQ(huge.status, CLQ_E_NOSPACE);
  EXPECT_THAT(error_text(), HasSubstr("bytes are needed, the file system has"));
}

TEST(FitsSink, LeavesTheFileToTheSinkThatHasIt) {
  const Folder folder;
  const std::string path = folder.path("out.fits");
  Sink first(path, "{}", 10);
  EXPECT_EQ(Sink(path, "{}", 10).status, CLQ_E_IO);
  EXPECT_THAT(error_text(), HasSubstr("is being written already"));
  EXPECT_EQ(folder.names().size(), 1u);
  ASSERT_EQ(first.write(0, 10), CLQ_OK) << error_text();
  ASSERT_EQ(first.commit(), CLQ_OK) << error_text();
  EXPECT_EQ(Source(fits(), path).info.n_samples, 10);
}

TEST(FitsSink, ReportsAFullDisk) {
  const Folder folder;
  clq_status status = CLQ_OK;
  {
    Sink sink(folder.path("out.fits"), "{}", 20000);
    const SizeLimit limit(100000);
    for (int64_t first = 0; first < 20000 && status == CLQ_OK; first += 1000) status = sink.write(first, 1000);
    if (status == CLQ_OK) status = sink.commit();
  }
  EXPECT_EQ(status, CLQ_E_NOSPACE);
  EXPECT_THAT(error_text(), HasSubstr("out.fits: cannot be written: "));
  EXPECT_TRUE(folder.names().empty());
}

TEST(FitsSink, StopsBeforeALimitOnTheSizeOfFiles) {
  const std::string words(2000, 'w');
  std::string quotes;
  for (int i = 0; i < 450; ++i) quotes += "a'";
  const std::string options = R"({"columns": {"ID": {"ucd": "meta.id", "comment": ")" + quotes + R"("}},
    "cards": [{"key": "QUOTES", "value": ")" +
                              quotes + R"(", "comment": ")" + words + R"("},
              {"key": "A LONG KEY", "value": ")" +
                              words + R"("}],
    "tables": [{"hdu": "ZGRID", "columns": {"Z": [1, 2], "DZ": [3, 4]}}, {"hdu": "N", "columns": {"N": []}}]})";
  const Folder folder;
  const auto write = [&](const char* name, rlim_t bytes) {
    const SizeLimit limit(bytes);
    Sink sink(folder.path(name), options, 100);
    if (sink.status != CLQ_OK) return sink.status;
    if (const clq_status status = sink.write(0, 100); status != CLQ_OK) return status;
    return sink.commit();
  };
  ASSERT_EQ(write("whole.fits", 1 << 20), CLQ_OK) << error_text();
  const rlim_t size = std::filesystem::file_size(folder.path("whole.fits"));
  for (rlim_t bytes = 0; bytes < size; bytes += 2880) EXPECT_EQ(write("out.fits", bytes), CLQ_E_NOSPACE) << bytes;
  EXPECT_EQ(folder.names(), std::vector<std::string>{"whole.fits"});
  EXPECT_EQ(write("out.fits", size + 2 * 2880), CLQ_OK) << error_text();
}

TEST(FitsSink, LeavesNoFileOpen) {
  const Folder folder;
  const int before = open_files();
  {
    Sink sink(folder.path("out.fits"), "{}", 1);
    EXPECT_GT(open_files(), before);
  }
  EXPECT_EQ(open_files(), before);
  fits().sink->discard(nullptr);
}

}  // namespace
}  // namespace clq::test
