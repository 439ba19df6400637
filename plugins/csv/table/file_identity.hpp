// plugins/csv/table/file_identity.hpp -- which file was opened, so that a change in mid-run is noticed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

namespace clq::table {

struct FileIdentity {
  std::string name;  // as the user gave it, for messages
  std::string path;  // absolute
  int64_t size = 0, mtime_ns = 0;
  uint64_t device = 0, inode = 0;
  std::string head;  // its first 16 bytes

  std::string base_name() const;
};

// `uri` without "scheme://" when it starts so.
std::string path_of(const std::string& uri, const std::string& scheme);

// Looks at a regular file. Throws CLQ_E_NOT_FOUND, of a name that leads nowhere too, or CLQ_E_DATA for what is no plain
// file or is compressed; `advice` says what to do then.
FileIdentity inspect(const std::string& name, const std::string& advice = "uncompress it");

// Its first n bytes, fewer of a short file, none of what is no regular file or cannot be read.
std::string first_bytes(const std::string& path, size_t n);

// Throws CLQ_E_IO, with the file's name, when its size, time or inode is not what inspect saw.
void require_unchanged(const FileIdentity& file);

// True when `name` ends so, in any case of letters.
bool has_suffix(const std::string& name, const std::string& suffix);

}  // namespace clq::table
