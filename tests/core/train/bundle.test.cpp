// tests/core/train/bundle.test.cpp -- a model in a file, and what is not taken for one.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/bundle.hpp"

#include <gmock/gmock.h>

#include "toy.hpp"
#include "train/predictor.hpp"

namespace clq {
namespace {

std::string words_of(const std::string& path) {
  try {
    load_bundle(path, toy::registry());
  } catch (const Error& e) {
    EXPECT_TRUE(e.status() == CLQ_E_DATA || e.status() == CLQ_E_NOT_FOUND) << e.what();
    EXPECT_THAT(e.what(), testing::HasSubstr(path));
    return e.what();
  }
  return "";
}

class Bundle : public testing::Test {
 protected:
  void SetUp() override {
    toy::train(toy::run(4), folder_.path());
    path_ = folder_.file("model.safetensors");
  }
  toy::Folder folder_;
  std::string path_;
};

TEST_F(Bundle, SavedAgainHasTheSameBytes) {
  const auto model = load_bundle(path_, toy::registry());
  save_bundle(*model, folder_.file("again"));
  const auto again = load_bundle(folder_.file("again"), toy::registry());
  EXPECT_EQ(again->hash(), model->hash());
  EXPECT_EQ(again->n_parameters(), 2 * 4 + 4 + 4 + 1);
  EXPECT_EQ(again->transforms.state(), model->transforms.state());
  EXPECT_EQ(again->data.json(), model->data.json());
  save_bundle(*again, folder_.file("thrice"));
  EXPECT_EQ(toy::read_text(folder_.file("again")), toy::read_text(folder_.file("thrice")));
}

TEST_F(Bundle, HoldsNoDate) {
  const std::string text = toy::read_text(path_);
  EXPECT_EQ(text.find("\"start\""), std::string::npos);
  const toy::Folder other;
  toy::train(toy::run(4), other.path());
  EXPECT_TRUE(toy::read_text(other.file("model.safetensors")) == text);
}

TEST_F(Bundle, AnswersItsGoldenInputs) {
  const auto model = load_bundle(path_, toy::registry());
  const Tensor& inputs = model->golden.at("input.scalars");
  ASSERT_EQ(inputs.desc().dims, (Shape{8, 2}));
  PredictOptions options;
  options.batch = 3;
  BatchPredictor predictor(model, toy::registry(), options);
  const auto answer = predictor.run({inputs.as<float>().data()}, 8);
  for (size_t i = 0; i < 8; ++i)
    EXPECT_EQ(answer.values[0].as<float>()[i], model->golden.at("prediction").as<float>()[i]);
}

TEST_F(Bundle, RefusesWhatItsNetworkDoesNotFit) {
  const TensorFile good = read_tensor_file(path_);
  const auto changed = [&](auto&& change) {
    TensorFile file = good;
    change(file);
    write_tensor_file(folder_.file("bad"), file);
    return words_of(folder_.file("bad"));
  };
  const auto head = [&](const std::string& pointer, const Json& value) {
    return changed([&](TensorFile& file) {
      Json json = Json::parse(file.metadata["calanque"]);
      json[Json::json_pointer(pointer)] = value;
      file.metadata["calanque"] = json.dump();
    });
  };
  using testing::HasSubstr;
  EXPECT_THAT(changed([](TensorFile& f) { f.metadata.clear(); }), HasSubstr("not a calanque bundle"));
  EXPECT_THAT(changed([](TensorFile& f) { f.metadata["calanque"] = "[1]"; }), HasSubstr("not an object"));
  EXPECT_THAT(changed([](TensorFile& f) { f.tensors.erase("last.bias"); }), HasSubstr("'last.bias' is missing"));
  EXPECT_THAT(changed([](TensorFile& f) {
                f.tensors.at("last.bias") = Tensor({CLQ_F32, {2}});
              }),
              HasSubstr("needs f32 [1]"));
  EXPECT_THAT(changed([](TensorFile& f) { f.tensors.at("last.bias").as<float>()[0] = NAN; }), HasSubstr("not finite"));
  EXPECT_THAT(changed([](TensorFile& f) { f.tensors.at("last.bias").as<float>()[0] += 1; }), HasSubstr("hash"));
  EXPECT_THAT(head("/format", 99), HasSubstr("format 99"));
  EXPECT_NE(head("/spec/layers/0/use", "teleport"), "");
  EXPECT_NE(head("/spec/layers", 5), "");
  EXPECT_NE(head("/spec/inputs/0/dims", {-2}), "");
  EXPECT_NE(head("/layout/columns/0/tensor", 77), "");
  EXPECT_NE(head("/layout/columns/0/offset", 1000), "");
  EXPECT_NE(head("/transforms", "x"), "");
}

// Readers write and networks read by the layout: what it says of memory must be true of both.
TEST_F(Bundle, RefusesALayoutThatIsNotItsNetworks) {
  const TensorFile good = read_tensor_file(path_);
  const auto refusal = [&](const std::string& pointer, const Json& value) {
    TensorFile file = good;
    Json json = Json::parse(file.metadata["calanque"]);
    json[Json::json_pointer(pointer)] = value;
    file.metadata["calanque"] = json.dump();
    write_tensor_file(folder_.file("bad"), file);
    return words_of(folder_.file("bad"));
  };
  EXPECT_NE(refusal("/layout/tensors/0/dtype", "u8"), "");
  EXPECT_NE(refusal("/layout/tensors/0/dims", {3}), "");
  EXPECT_NE(refusal("/layout/tensors/0/name", "images"), "");
  EXPECT_NE(refusal("/layout/tensors/1/dtype", "f32"), "");
  EXPECT_NE(refusal("/layout/tensors/1/dims", {2}), "");
  EXPECT_NE(refusal("/layout/tensors/2/dtype", "u8"), "");
  EXPECT_NE(refusal("/layout/tensors/2/name", "target"), "");
  EXPECT_NE(refusal("/layout/columns/1/offset", 0), "");
  EXPECT_NE(refusal("/layout/columns/1/tensor", 2), "");
  EXPECT_NE(refusal("/layout/derived", {{{"name", "C"}, {"expression", "A - B"}}}), "");
  EXPECT_NE(refusal("/spec/target", {2}), "");
  EXPECT_NE(refusal("/spec/inputs/0/dims", {3}), "");
  EXPECT_NE(refusal("/spec/inputs", Json::array()), "");
}

}  // namespace
}  // namespace clq
