// tests/core/base/json_schema.test.cpp -- options of plugins against their schemas: what is refused, and in which
// words. SPDX-License-Identifier: BSD-3-Clause
#include "base/json_schema.hpp"

#include <gtest/gtest.h>

#include <calanque/core/error.hpp>

namespace clq::test {
namespace {

constexpr const char* kSchema = R"json({
  "type": "object",
  "properties": {
    "units": {"type": "integer", "minimum": 1, "maximum": 64},
    "rate": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "mode": {"enum": ["fast", "exact"]},
    "kernel": {"type": ["integer", "array"], "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 3},
    "inner": {"type": "object", "required": ["n"], "additionalProperties": {"type": "boolean"},
              "properties": {"n": {"type": "integer"}}}
  },
  "required": ["units"],
  "additionalProperties": false
})json";

std::string words_of(const std::string& options, const char* schema = kSchema) {
  try {
    require_schema(Json::parse(options), parse_schema(schema), "layer[2]");
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_INVALID);
    return e.what();
  }
  return "";
}

TEST(JsonSchema, TakesWhatItAllows) {
  EXPECT_EQ(words_of(R"({"units": 64})"), "");
  EXPECT_EQ(words_of(R"({"units": 1, "rate": 0.5, "mode": "exact", "kernel": [1, 2], "inner": {"n": 1, "b": true}})"),
            "");
  EXPECT_EQ(words_of(R"({"anything": 3})", "{}"), "");
  EXPECT_EQ(words_of(R"({"anything": 3})", nullptr), "");
  EXPECT_EQ(words_of(R"({"a": 3})", R"({"pattern": "unknown keywords say nothing", "title": 3})"), "");
}

TEST(JsonSchema, NamesTheKeyTheValueAndWhatWouldBeRight) {
  EXPECT_EQ(words_of(R"({"units": 0})"), "layer[2].units must be at least 1, got 0");
  EXPECT_EQ(words_of(R"({"units": 65})"), "layer[2].units must be at most 64, got 65");
  EXPECT_EQ(words_of(R"({"units": 2.5})"), "layer[2].units must be an integer, got 2.5");
  EXPECT_EQ(words_of(R"({"units": 1, "rate": 0})"), "layer[2].rate must be above 0, got 0");
  EXPECT_EQ(words_of(R"({"units": 1, "rate": 1})"), "layer[2].rate must be below 1, got 1");
  EXPECT_EQ(words_of(R"({"units": 1, "rate": "x"})"), "layer[2].rate must be a number, got \"x\"");
  EXPECT_EQ(words_of(R"({"units": 1, "mode": "slow"})"), "layer[2].mode must be \"fast\" or \"exact\", got \"slow\"");
  EXPECT_EQ(words_of(R"({"units": 1, "kernel": true})"), "layer[2].kernel must be an integer or a list, got true");
  EXPECT_EQ(words_of(R"({"units": 1, "kernel": [1]})"), "layer[2].kernel must have a length of at least 2, got 1");
  EXPECT_EQ(words_of(R"({"units": 1, "kernel": [1, 1, 1, 1]})"),
            "layer[2].kernel must have a length of at most 3, got 4");
  EXPECT_EQ(words_of(R"({"units": 1, "kernel": [1, 0]})"), "layer[2].kernel[1] must be at least 1, got 0");
  EXPECT_EQ(words_of(R"({"units": 1, "inner": {}})"), "layer[2].inner.n is missing");
  EXPECT_EQ(words_of(R"({"units": 1, "inner": {"n": 1, "b": 2}})"), "layer[2].inner.b must be true or false, got 2");
}

TEST(JsonSchema, NamesWhatIsUnknownOrMissing) {
  EXPECT_EQ(words_of("{}"), "layer[2].units is missing");
  EXPECT_EQ(words_of(R"({"unist": 1})"), "layer[2].unist is unknown, did you mean 'units'?");
  EXPECT_EQ(words_of(R"({"x": 1})", R"({"additionalProperties": false})"),
            "layer[2].x is unknown, there are no options");
  EXPECT_EQ(words_of(R"({"zzzz": 1})", R"({"properties": {"a": {}, "b": {}}, "additionalProperties": false})"),
            "layer[2].zzzz is unknown, there is a, b");
}

TEST(JsonSchema, GivesAnExampleOfWhatIsMissing) {
  const char* schema = R"({"properties": {"bins": {"examples": [{"n": 9}]}}, "required": ["bins"]})";
  EXPECT_EQ(words_of("{}", schema), "layer[2].bins is missing, for example {\"n\":9}");
}

TEST(JsonSchema, IsRefusedWhereItIsNone) {
  EXPECT_EQ(words_of("{}", "{"), "config_schema is no JSON: {");
  EXPECT_EQ(words_of("{}", "[]"), "config_schema must be a schema, got []");
  EXPECT_EQ(words_of("{}", R"({"type": "int"})"), "config_schema.type must be a type, or a list of types, got \"int\"");
  EXPECT_EQ(words_of("{}", R"({"properties": {"n": {"minimum": "1"}}})"),
            "config_schema.properties.n.minimum must be a number, got \"1\"");
  EXPECT_EQ(words_of("{}", R"({"items": {"enum": []}})"), "config_schema.items.enum must be a list of values, got []");
}

}  // namespace
}  // namespace clq::test
