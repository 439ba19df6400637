// tests/guest/guest_loader.cpp -- hosts that open the library themselves: twice, in a namespace of its own, again.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <dlfcn.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <calanque/calanque.h>

#include "arrays.hpp"

namespace clq::guest {
namespace {

using Json = nlohmann::json;

#define CLQ_TAKE(name) decltype(&::clq_##name) name = reinterpret_cast<decltype(&::clq_##name)>(symbol("clq_" #name))

// One copy of the library.
class Library {
 public:
  explicit Library(void* handle) : handle_(required(handle)) {}
  std::string words() const { return text(error_text); }
  std::string report() const { return text(plugins_report); }
  std::string devices() const { return text(devices_report); }
  void close() { dlclose(handle_); }
  Json learn() const;  // predictions in hex, or the words of the error

 private:
  void* handle_;
  static void* required(void* found) {
    if (found == nullptr) throw std::runtime_error(dlerror());
    return found;
  }
  void* symbol(const char* name) const { return required(dlsym(handle_, name)); }
  static std::string text(int64_t (*call)(char*, int64_t)) {
    std::vector<char> room(1 << 16);
    return call(room.data(), 1 << 16) < 0 ? "error" : room.data();
  }

 public:
  CLQ_TAKE(error_text);
  CLQ_TAKE(plugins_report);
  CLQ_TAKE(devices_report);
  CLQ_TAKE(plugin_probe);
  CLQ_TAKE(config_parse);
  CLQ_TAKE(source_create);
  CLQ_TAKE(source_add);
  CLQ_TAKE(source_for_model);
  CLQ_TAKE(model_create);
  CLQ_TAKE(trainer_create);
  CLQ_TAKE(trainer_run);
  CLQ_TAKE(trainer_close);
  CLQ_TAKE(predict);
  CLQ_TAKE(model_close);
  CLQ_TAKE(source_close);
  CLQ_TAKE(config_close);
};

struct Handles {
  clq_handle config = 0, source = 0, model = 0, trainer = 0;
};

// A model needs no plugin, a training a device.
clq_status make(const Library& library, const Arrays& arrays, Handles& h) {
  for (const clq_status status : {library.config_parse(run_file(Network::table, "cpu_ref:0").c_str(), &h.config),
                                  library.source_create(kRows, &h.source),
                                  library.source_add(h.source, "nr", arrays.nr.data(), CLQ_I64, 0, nullptr, 1),
                                  library.source_add(h.source, "a", arrays.a.data(), CLQ_F32, 0, nullptr, 1),
                                  library.source_add(h.source, "b", arrays.b.data(), CLQ_F32, 0, nullptr, 1),
                                  library.source_add(h.source, "y", arrays.y.data(), CLQ_F64, 0, nullptr, 1)})
    if (status < 0) return status;
  return library.model_create(h.config, h.source, &h.model);
}

Json Library::learn() const {
  const Arrays arrays;
  Handles h;
  clq_status status = make(*this, arrays, h);
  if (status >= 0) status = trainer_create(h.model, h.source, h.config, nullptr, &h.trainer);
  while (status == CLQ_OK) status = trainer_run(h.trainer, 1.0);
  std::string bits;
  for (size_t i = 0; i < 16 && status >= 0; ++i) {
    const float row[] = {arrays.a[i], arrays.b[i]};
    float out = 0;
    status = predict(h.model, row, 1, 2, &out, 1);
    uint32_t word = 0;
    std::memcpy(&word, &out, sizeof word);
    bits += fmt::format("{:08x}", word);
  }
  const std::string said = status < 0 ? words() : "";
  trainer_close(h.trainer);
  model_close(h.model);
  source_close(h.source);
  config_close(h.config);
  return {{"status", status}, {"words", said}, {"bits", bits}};
}

// The words of a call that the library makes of another call of its own: they must be this copy's. `called`: the same.
std::string words_of_a_call_inside(const Library& library, const Library& called) {
  const Arrays arrays;
  Handles h;
  if (make(library, arrays, h) < 0) return "no model: " + library.words();
  clq_handle none = 0;
  called.source_for_model(h.model, "/nowhere/table.csv", &none);
  const std::string said = library.words();
  library.model_close(h.model);
  library.source_close(h.source);
  library.config_close(h.config);
  return said;
}

// The first is visible to all, as one that a program is linked with; the second is another file.
Json twice(const std::string& file, const std::string& copy) {
  const Library first(dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL));
  Json all = {{"first", first.learn()}};
  const Library second(dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL));
  all["second report"] = Json::parse(second.report());
  all["second devices"] = Json::parse(second.devices());
  all["second"] = second.learn();
  all["second inside"] = words_of_a_call_inside(second, std::getenv("GUEST_PLANTED") == nullptr ? second : first);
  all["first again"] = first.learn();
  all["first report"] = Json::parse(first.report());
  return all;
}

Json in_a_namespace(const std::string& file, const std::string& copy) {
  const Library first(dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL));
  Json all = {{"first", first.learn()}};
  const Library second(dlmopen(LM_ID_NEWLM, copy.c_str(), RTLD_NOW | RTLD_LOCAL));
  all["second report"] = Json::parse(second.report());
  all["second"] = second.learn();
  all["first again"] = first.learn();
  return all;
}

Json opened_again(const std::string& file, const std::string&) {
  Json all;
  for (const char* time : {"first", "first again"}) {
    Library library(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL));
    std::thread([&] { all[time] = library.learn(); }).join();  // a thread that lives may keep the library by itself
    all["report"] = Json::parse(library.report());
    library.close();
  }
  const pid_t child = ::fork();  // handlers of a library that is gone must be gone, too
  if (child == 0) _exit(0);
  return all;
}

// By a path that means nothing any more when the library looks for its plugins.
Json from_elsewhere(const std::string& file, const std::string&) {
  const std::filesystem::path path(file);
  if (chdir(path.parent_path().c_str()) != 0) throw std::runtime_error("no such folder");
  const Library library(dlopen(("./" + path.filename().string()).c_str(), RTLD_NOW | RTLD_LOCAL));
  if (chdir("/") != 0) throw std::runtime_error("no folder /");
  return {{"first", library.learn()}, {"report", Json::parse(library.report())}};
}

}  // namespace
}  // namespace clq::guest

int main(int argc, char** argv) {
  using namespace clq::guest;
  const std::map<std::string, std::function<Json(const std::string&, const std::string&)>> modes = {
      {"twice", twice}, {"namespace", in_a_namespace}, {"again", opened_again}, {"elsewhere", from_elsewhere}};
  if (argc != 4) return 2;
  try {
    std::printf("%s\n", modes.at(argv[1])(argv[2], argv[3]).dump().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "guest_loader: %s\n", error.what());
    return 2;
  }
  return 0;
}
