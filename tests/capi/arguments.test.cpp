// tests/capi/arguments.test.cpp -- every function with NULL, zero, foreign handles and numbers that cannot be.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>
#include <limits>

#include "client.hpp"

namespace clq::test {
namespace {

void refuses(int64_t status) {
  EXPECT_LT(status, 0);
  EXPECT_EQ(clq_error_code(), status);
  EXPECT_FALSE(last_error().empty());
}

class Arguments : public testing::Test {
 protected:
  void SetUp() override {
    host_.open_model();
    ok(clq_batch_create(host_.model, 2, &host_.batch));
  }
  // All handles that are wrong for `right`.
  std::vector<clq_handle> wrong(clq_handle right) const {
    std::vector<clq_handle> list = {0, -1, 1, INT64_MAX, INT64_MIN, right + 1, right ^ (int64_t{1} << 33)};
    for (const clq_handle other : {host_.config, host_.source, host_.model, host_.batch})
      if (other != right) list.push_back(other);
    return list;
  }
  Host host_;
  clq_handle out_ = 77;
  char text_[8] = "before";
  double number_ = 5;
  int64_t count_ = 5;
  int32_t dtype_ = 6;
  float floats_[8] = {};
};

TEST_F(Arguments, OfTheLibraryAndPlugins) {
  refuses(clq_log_level(99));
  refuses(clq_plugins_load("/nowhere/clq_none.so"));
  refuses(clq_plugins_load(""));
  refuses(clq_plugins_report(nullptr, 5));
  refuses(clq_plugins_files("", text_, 8));
  refuses(clq_plugins_files(nullptr, nullptr, 5));
  refuses(clq_plugins_files(nullptr, text_, -1));
  refuses(clq_plugin_probe(nullptr, text_, 8));
  refuses(clq_plugin_probe("", text_, 8));
  refuses(clq_plugin_probe("clq_none.so", text_, 8));
  refuses(clq_plugin_probe("/nowhere/clq_none.so", nullptr, 5));
  // Their reports say why they cannot be used.
  EXPECT_GT(clq_plugin_probe("/nowhere/clq_none.so", nullptr, 0), 0);
  EXPECT_GT(clq_plugin_probe("/tmp", nullptr, 0), 0);
  refuses(clq_devices_report(nullptr, -5));
}

TEST_F(Arguments, OfConfigurations) {
  refuses(clq_config_load(nullptr, &out_));
  refuses(clq_config_load("/nowhere/run.toml", &out_));
  refuses(clq_config_load("/nowhere/run.toml", nullptr));
  refuses(clq_config_parse(nullptr, &out_));
  refuses(clq_config_parse("", nullptr));
  refuses(clq_config_set(host_.config, nullptr, "1"));
  refuses(clq_config_set(host_.config, "train.epochs", nullptr));
  refuses(clq_config_get(host_.config, nullptr, text_, 8));
  EXPECT_EQ(clq_config_get(host_.config, "data.catalog", text_, 8), CLQ_E_NOT_FOUND);
  for (const clq_handle h : wrong(host_.config)) {
    refuses(clq_config_set(h, "train.epochs", "1"));
    refuses(clq_config_get(h, "task", text_, 8));
    refuses(clq_config_dump(h, 0, text_, 8));
    refuses(clq_source_from_config(h, &out_));
    refuses(clq_model_create(h, host_.source, &out_));
    clq_config_close(h);
  }
  refuses(clq_source_from_config(host_.config, &out_));  // no data.catalog
  refuses(clq_source_from_config(host_.config, nullptr));
  EXPECT_EQ(out_, 77);
  EXPECT_STREQ(text_, "before");
}

TEST_F(Arguments, OfSources) {
  refuses(clq_source_open(nullptr, nullptr, &out_));
  refuses(clq_source_open("/nowhere/cat.fits", nullptr, &out_));
  refuses(clq_source_open("/nowhere/cat.fits", nullptr, nullptr));
  const std::string latin1 = testing::TempDir() + "caf\xe9.csv";
  std::ofstream(latin1) << "a,b\n1,2\n";
  EXPECT_EQ(clq_source_open(latin1.c_str(), nullptr, &out_), CLQ_E_INVALID);
  EXPECT_EQ(clq_source_for_model(host_.model, latin1.c_str(), &out_), CLQ_E_INVALID);
  std::filesystem::remove(latin1);
  for (const char* options : {"", "3", "[]", "{", "{\"x\": 1}", "{\"id\": 3}", "{\"where\": {\"a\": [[[1]]]}}", "\xff"})
    EXPECT_EQ(clq_source_open("/nowhere/cat.fits", options, &out_), CLQ_E_INVALID) << options;
  EXPECT_EQ(clq_source_open("/nowhere/cat.fits", ("{\"id\":" + std::string(100000, '[')).c_str(), &out_),
            CLQ_E_INVALID);
  refuses(clq_source_create(0, &out_));
  refuses(clq_source_create(-3, &out_));
  refuses(clq_source_create(3, nullptr));
  refuses(clq_source_for_model(host_.model, nullptr, &out_));
  refuses(clq_source_for_model(host_.model, "/nowhere/cat.fits", &out_));
  refuses(clq_source_count(host_.source, nullptr));
  refuses(clq_source_locate(host_.source, -1, text_, 8));
  refuses(clq_source_locate(host_.source, kRows, text_, 8));
  const int64_t rows[] = {0, kRows};
  refuses(clq_source_dtype(host_.source, "none", &dtype_));
  refuses(clq_source_dtype(host_.source, nullptr, &dtype_));
  refuses(clq_source_dtype(host_.source, "a", nullptr));
  refuses(clq_source_read(host_.source, rows, 2, "a", floats_, 8));
  refuses(clq_source_read(host_.source, rows, 1, "a", floats_, 5));
  refuses(clq_source_read(host_.source, rows, -1, "a", floats_, 4));
  refuses(clq_source_read(host_.source, rows, INT64_MAX, "a", floats_, 4));
  refuses(clq_source_read(host_.source, rows, 1, "none", floats_, 4));
  refuses(clq_source_read(host_.source, rows, 1, nullptr, floats_, 4));
  refuses(clq_source_read(host_.source, nullptr, 1, "a", floats_, 4));
  refuses(clq_source_read(host_.source, rows, 1, "a", nullptr, 4));
  for (const clq_handle h : wrong(host_.source)) {
    refuses(clq_source_add(h, "a", floats_, CLQ_F32, 0, nullptr, 0));
    refuses(clq_source_count(h, &count_));
    refuses(clq_source_describe(h, text_, 8));
    refuses(clq_source_locate(h, 0, text_, 8));
    refuses(clq_source_dtype(h, "a", &dtype_));
    refuses(clq_source_read(h, rows, 1, "a", floats_, 4));
    refuses(clq_model_create(host_.config, h, &out_));
    clq_source_close(h);
  }
  EXPECT_EQ(out_, 77);
  EXPECT_EQ(count_, 5);
  EXPECT_EQ(dtype_, 6);
}

TEST_F(Arguments, OfArrays) {
  clq_handle source = 0;
  ok(clq_source_create(2, &source));
  const int64_t good[] = {3}, zero[] = {0}, huge[] = {INT64_MAX, INT64_MAX};
  refuses(clq_source_add(source, nullptr, floats_, CLQ_F32, 0, nullptr, 0));
  refuses(clq_source_add(source, "", floats_, CLQ_F32, 0, nullptr, 0));
  refuses(clq_source_add(source, "a", nullptr, CLQ_F32, 0, nullptr, 0));
  refuses(clq_source_add(source, "a", floats_, 0, 0, nullptr, 0));
  refuses(clq_source_add(source, "a", floats_, 99, 0, nullptr, 0));
  refuses(clq_source_add(source, "a", floats_, CLQ_F32, -1, good, 0));
  refuses(clq_source_add(source, "a", floats_, CLQ_F32, 1000, good, 0));
  refuses(clq_source_add(source, "a", floats_, CLQ_F32, 1, nullptr, 0));
  refuses(clq_source_add(source, "a", floats_, CLQ_F32, 1, zero, 0));
  refuses(clq_source_add(source, "a", floats_, CLQ_F32, 2, huge, 0));
  ok(clq_source_add(source, "a", floats_, CLQ_F32, 1, good, 0));
  refuses(clq_source_add(source, "a", floats_, CLQ_F32, 1, good, 0));           // twice
  refuses(clq_source_add(host_.source, "c", floats_, CLQ_F32, 0, nullptr, 0));  // in use
  clq_source_close(source);
}

TEST_F(Arguments, OfTheShuffle) {
  refuses(clq_order_at(1, 0, 10, 0, nullptr));
  refuses(clq_order_at(1, -1, 10, 0, &count_));
  refuses(clq_order_at(1, 0, 0, 0, &count_));
  refuses(clq_order_at(1, 0, 10, 10, &count_));
  refuses(clq_order_at(1, 0, 10, -1, &count_));
}

TEST_F(Arguments, OfModels) {
  refuses(clq_model_create(host_.config, host_.source, nullptr));
  refuses(clq_model_load(nullptr, nullptr, &out_));
  refuses(clq_model_load("/nowhere/model.safetensors", nullptr, &out_));
  refuses(clq_model_load("/nowhere/model.safetensors", "{\"thread\": 1}", &out_));
  EXPECT_EQ(last_error(), "options.thread is unknown, did you mean 'threads'?");
  refuses(clq_model_load("/nowhere/model.safetensors", "{\"threads\": 0}", &out_));
  refuses(clq_model_save(host_.model, nullptr));
  refuses(clq_model_save(host_.model, "/nowhere/model.safetensors"));
  refuses(clq_model_check(host_.model, nullptr));
  EXPECT_EQ(clq_model_check(host_.model, &out_), CLQ_E_NOT_FOUND);
  refuses(clq_model_get(host_.model, nullptr, floats_, CLQ_F32, 4));
  EXPECT_EQ(clq_model_get(host_.model, "none", floats_, CLQ_F32, 4), CLQ_E_NOT_FOUND);
  EXPECT_EQ(clq_model_set(host_.model, "none", floats_, CLQ_F32, 4), CLQ_E_NOT_FOUND);
  refuses(clq_model_set(host_.model, nullptr, floats_, CLQ_F32, 4));
  refuses(clq_model_set(host_.model, "none", nullptr, CLQ_F32, 4));
  for (const clq_handle h : wrong(host_.model)) {
    refuses(clq_model_save(h, "/tmp/never"));
    refuses(clq_model_check(h, &out_));
    refuses(clq_model_describe(h, text_, 8));
    refuses(clq_model_id(h, text_, 8));
    refuses(clq_model_cards(h, text_, 8));
    refuses(clq_model_n_parameters(h));
    refuses(clq_model_get(h, "x", floats_, CLQ_F32, 4));
    refuses(clq_model_set(h, "x", floats_, CLQ_F32, 4));
    refuses(clq_batch_create(h, 1, &out_));
    refuses(clq_predict(h, floats_, 1, 2, floats_, 1));
    refuses(clq_predict_batch(h, host_.batch));
    refuses(clq_predict_to(&h, 1, host_.source, "/tmp/never.csv", nullptr, nullptr));
    refuses(clq_evaluate(&h, 1, host_.source, nullptr, nullptr, &out_));
    refuses(clq_source_for_model(h, "x.fits", &out_));
    clq_model_close(h);
  }
  EXPECT_EQ(out_, 77);
}

TEST_F(Arguments, OfBatchesAndPredictions) {
  const int64_t two[] = {2}, wide[] = {2, 2}, long_dims[] = {3};
  refuses(clq_batch_create(host_.model, 0, &out_));
  refuses(clq_batch_create(host_.model, 1, nullptr));
  refuses(clq_batch_set(host_.batch, nullptr, floats_, CLQ_F32, 1, two));
  refuses(clq_batch_set(host_.batch, "none", floats_, CLQ_F32, 1, two));
  refuses(clq_batch_set(host_.batch, "a", nullptr, CLQ_F32, 1, two));
  refuses(clq_batch_set(host_.batch, "a", floats_, 77, 1, two));
  refuses(clq_batch_set(host_.batch, "a", floats_, CLQ_F32, 0, two));
  refuses(clq_batch_set(host_.batch, "a", floats_, CLQ_F32, 1, nullptr));
  refuses(clq_batch_set(host_.batch, "a", floats_, CLQ_F32, 1, long_dims));
  refuses(clq_batch_set(host_.batch, "a", floats_, CLQ_F32, 2, wide));
  refuses(clq_predict_batch(host_.model, host_.batch));  // nothing set
  refuses(clq_batch_get(host_.batch, "prediction", floats_, CLQ_F32, 8));
  refuses(clq_batch_status(host_.batch, nullptr, 2));
  refuses(clq_predict(host_.model, nullptr, 1, 2, floats_, 1));
  refuses(clq_predict(host_.model, floats_, 1, 2, nullptr, 1));
  refuses(clq_predict(host_.model, floats_, 0, 2, floats_, 1));
  refuses(clq_predict(host_.model, floats_, INT64_MAX, 2, floats_, 1));
  refuses(clq_predict(host_.model, floats_, 1, 3, floats_, 1));
  refuses(clq_predict_to(nullptr, 1, host_.source, "/tmp/never.csv", nullptr, nullptr));
  refuses(clq_predict_to(&host_.model, 0, host_.source, "/tmp/never.csv", nullptr, nullptr));
  refuses(clq_predict_to(&host_.model, 1, host_.source, nullptr, nullptr, nullptr));
  refuses(clq_predict_to(&host_.model, 1, host_.source, "/tmp/never.csv", "{\"bach\": 3}", nullptr));
  refuses(clq_evaluate(&host_.model, 1, host_.source, nullptr, nullptr, nullptr));
  for (const clq_handle h : wrong(host_.batch)) {
    refuses(clq_batch_set(h, "a", floats_, CLQ_F32, 1, two));
    refuses(clq_batch_describe(h, text_, 8));
    refuses(clq_batch_get(h, "prediction", floats_, CLQ_F32, 8));
    refuses(clq_predict_batch(host_.model, h));
    refuses(clq_result_text(h, text_, 8));
    clq_batch_close(h);
    clq_result_close(h);
  }
}

TEST_F(Arguments, OfTrainers) {
  refuses(clq_trainer_create(host_.model, host_.source, host_.config, nullptr, nullptr));
  refuses(clq_trainer_create(host_.model, host_.source, host_.config, "", &out_));
  refuses(clq_trainer_create(host_.source, host_.source, host_.config, nullptr, &out_));
  refuses(clq_trainer_create(host_.model, host_.model, host_.config, nullptr, &out_));
  refuses(clq_trainer_create(host_.model, host_.source, host_.model, nullptr, &out_));
  refuses(clq_trainer_resume(nullptr, 0, &out_));
  refuses(clq_trainer_resume("/nowhere/run", 0, &out_));
  refuses(clq_trainer_resume("/nowhere/run", 0, nullptr));
  ok(clq_trainer_create(host_.model, host_.source, host_.config, nullptr, &host_.trainer));
  refuses(clq_trainer_run(host_.trainer, -1));
  refuses(clq_trainer_run(host_.trainer, std::numeric_limits<double>::quiet_NaN()));
  refuses(clq_trainer_run(host_.trainer, std::numeric_limits<double>::infinity()));
  refuses(clq_trainer_steps(host_.trainer, 0));
  const int64_t rows[] = {0, 1};
  refuses(clq_trainer_batch(host_.trainer, host_.source, nullptr, 2));
  refuses(clq_trainer_batch(host_.trainer, host_.source, rows, 0));
  refuses(clq_trainer_batch(host_.trainer, host_.model, rows, 2));
  refuses(clq_trainer_gradients(host_.trainer, host_.source, rows, -1));
  refuses(clq_trainer_gradients(host_.trainer, 0, rows, 2));
  refuses(clq_trainer_apply(host_.trainer));
  refuses(clq_gradient_get(host_.trainer, nullptr, floats_, CLQ_F32, 8));
  refuses(clq_gradient_get(host_.trainer, "none", nullptr, CLQ_F32, 8));
  refuses(clq_gradient_set(host_.trainer, "none", floats_, CLQ_F32, 8));
  refuses(clq_trainer_set(host_.trainer, nullptr, floats_, CLQ_F32, 8));
  refuses(clq_trainer_set(host_.trainer, "none", floats_, CLQ_F32, 8));
  refuses(clq_trainer_set(host_.trainer, "dense1.bias", nullptr, CLQ_F32, 32));
  refuses(clq_trainer_set(host_.trainer, "dense1.bias", floats_, CLQ_F32, 28));
  refuses(clq_trainer_set(host_.trainer, "dense1.bias", floats_, 99, 32));
  refuses(clq_trainer_get(host_.trainer, "none", &number_));
  refuses(clq_trainer_get(host_.trainer, nullptr, &number_));
  refuses(clq_trainer_get(host_.trainer, "step", nullptr));
  refuses(clq_trainer_metrics(host_.trainer, nullptr, 9));
  refuses(clq_trainer_model(host_.trainer, nullptr));
  for (const clq_handle h : wrong(host_.trainer)) {
    refuses(clq_trainer_run(h, 0));
    refuses(clq_trainer_steps(h, 1));
    refuses(clq_trainer_batch(h, host_.source, rows, 2));
    refuses(clq_trainer_gradients(h, host_.source, rows, 2));
    refuses(clq_trainer_apply(h));
    refuses(clq_gradient_get(h, "dense1.bias", floats_, CLQ_F32, 32));
    refuses(clq_gradient_set(h, "dense1.bias", floats_, CLQ_F32, 32));
    refuses(clq_trainer_set(h, "dense1.bias", floats_, CLQ_F32, 32));
    refuses(clq_trainer_get(h, "step", &number_));
    refuses(clq_trainer_metrics(h, text_, 8));
    refuses(clq_trainer_model(h, &out_));
    refuses(clq_trainer_checkpoint(h, nullptr));
    clq_trainer_stop(h);
    clq_trainer_close(h);
  }
  EXPECT_EQ(number_, 5);
  EXPECT_EQ(out_, 77);
}

}  // namespace
}  // namespace clq::test
