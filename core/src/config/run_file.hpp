// core/src/config/run_file.hpp -- the run file: TOML, overrides and defaults, each value with its origin.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include <calanque/core/config.hpp>

namespace clq {

// One known key of docs/run-file.md. Arrays of tables ([[transform]], [[model.layer]]) are checked by who reads them.
struct KeySpec {
  const char* key;      // "train.epochs"
  const char* type;     // "int" "float" "bool" "text" "texts" "numbers" "tables" "table"; "|" joins several
  const char* absent;   // the default as TOML, nullptr: none (stays absent)
  const char* allowed;  // ">= 1", "0..1", "error|skip"; nullptr: anything of its type
  const char* meaning;  // one line for docs and errors
};
const std::vector<KeySpec>& run_file_keys();
// What the core's own tasks put into a run file; {} for others. Shaped like the run file.
Json core_task_defaults(const std::string& task);

// Precedence: set() > environment CLQ_<SECTION>_<KEY> > file > model file > task defaults > defaults. Values are plain
// JSON for everyone else. Resolved, [model] has every layer written out, and neither use, file nor block.
class RunFile {
 public:
  static RunFile load(const std::string& path);  // CLQ_E_NOT_FOUND, or CLQ_E_INVALID with line and column
  static RunFile parse(const std::string& text, const std::string& origin);
  // Of a run folder: without the environment, which is today's and not that of the run's start.
  static RunFile load_kept(const std::string& path);
  void set(const std::string& key, const std::string& value,
           const std::string& origin = "command line");  // value as TOML, else as text
  // A task's defaults (a JSON object shaped like the run file): fill what nobody set. Called before resolve.
  void add_defaults(const Json& values, const std::string& origin);
  // Folders in which model.use finds <name>.toml, the first that has it counts.
  void find_models_in(std::vector<std::string> folders) { model_folders_ = std::move(folders); }
  Json get(const std::string& key) const;         // the resolved value; null when absent
  Config resolved() const;                        // every default written out; unknown keys are an error
  Config section(const std::string& name) const;  // resolved()'s table
  // TOML that parses back to the same; with_origin adds "# default", "# file run.toml:12", "# command line".
  std::string dump(bool with_origin) const;
  std::string path() const { return path_; }
  // What body gives. An error of it that is about a key ends with the place where that is written.
  template <class Body>
  auto placed(Body&& body) const {
    try {
      return body();
    } catch (const KeyError& e) {
      fail(e.status(), "{}{}", e.what(), place_of(e.key()));
    } catch (const Error& e) {
      fail(e.status(), "{}{}", e.what(), place_of(e.what()));
    }
  }

 private:
  using Origins = std::map<std::string, std::string>;
  static RunFile parse_written(const std::string& text, const std::string& origin);
  void apply_environment();
  void check_given() const;
  Json resolve(Origins& origins) const;
  std::string place_of(const std::string& words) const;
  Json given_ = Json::object();     // what was written or set
  Json defaults_ = Json::object();  // the task's
  Origins origin_, defaults_origin_;
  std::string path_;
  std::vector<std::string> model_folders_;
};

}  // namespace clq
