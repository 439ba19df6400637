// tests/core/data/expression.test.cpp -- the grammar, its errors with their places, nulls, and random expressions.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/expression.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "core/data/support.hpp"

namespace clq {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// x = 2, y = 3, nul = NaN.
double value_of(const std::string& text) {
  const Expression expression = Expression::parse(text, "where");
  const double x = 2, y = 3, nul = kNan;
  std::vector<const double*> values;
  for (const std::string& name : expression.names()) values.push_back(name == "x" ? &x : name == "y" ? &y : &nul);
  double out = -1;
  expression.evaluate(values, 1, &out);
  return out;
}

struct Case {
  const char* text;
  double value;
};

class Values : public testing::TestWithParam<Case> {};
TEST_P(Values, AreThoseOfC) { EXPECT_DOUBLE_EQ(value_of(GetParam().text), GetParam().value) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    Expression, Values,
    testing::Values(Case{"1", 1}, Case{" .5 ", 0.5}, Case{"1e-3", 1e-3}, Case{"2.5E+2", 250}, Case{"x", 2},
                    Case{"1 + 2 * 3", 7}, Case{"(1 + 2) * 3", 9}, Case{"7 - 2 - 1", 4}, Case{"8 / 4 / 2", 1},
                    Case{"2 ** 3 ** 2", 512}, Case{"-2 ** 2", -4}, Case{"(-2) ** 2", 4}, Case{"2 ** -1", 0.5},
                    Case{"-x - -y", 1}, Case{"+x", 2}, Case{"x < y", 1}, Case{"x >= y", 0}, Case{"x <= 2", 1},
                    Case{"x > 2", 0}, Case{"x == 2", 1}, Case{"x != 2", 0}, Case{"x < y == 1", 1},
                    Case{"1 || 0 && 0", 1}, Case{"(1 || 0) && 0", 0}, Case{"!x", 0}, Case{"!0", 1}, Case{"!x == 0", 1},
                    Case{"!(x > y)", 1}, Case{"x + 1 == y && y < 4", 1}, Case{"x*y**2", 18}, Case{"abs(-3)", 3},
                    Case{"sqrt(16)", 4}, Case{"log(1)", 0}, Case{"log10(1000)", 3}, Case{"exp(0)", 1},
                    Case{"floor(-1.5)", -2}, Case{"min(x, y)", 2}, Case{"max(x,y) * 2", 6},
                    Case{"min(1, 2) - max(3, 4)", -3}, Case{"x>1&&y<4", 1}, Case{"x -1", 1}, Case{"1\n+\t2", 3},
                    Case{"`x` + `y` * 2", 8}, Case{"isnan(`e_B-V`)", 1}, Case{"x+`x`==4", 1}, Case{"square(-3)", 9},
                    Case{"softplus(0)", 0.69314718055994531}, Case{"softplus(-800)", 0}, Case{"softplus(800)", 800},
                    Case{"sigmoid(0)", 0.5}, Case{"sigmoid(-800)", 0}, Case{"tanh(0)", 0},
                    Case{"erf(0.5)", 0.52049987781304654}, Case{"huber(x, y)", 2}, Case{"huber(-3, 1)", 2.5},
                    Case{"where(x < y, 5, 7)", 5}, Case{"where(x > y, 5, where(0, 1, 8))", 8},
                    Case{"where(nul, 1, 2)", 2}, Case{"isnan(where(1, nul, 2))", 1}, Case{"isnan(huber(nul, 1))", 1},
                    Case{"isnan(huber(1, nul))", 1}, Case{"9007199254740992 == 2 ** 53", 1}, Case{"x < 1.2e18", 1}));

INSTANTIATE_TEST_SUITE_P(Nulls, Values,
                         testing::Values(Case{"nul == nul", 0}, Case{"nul != nul", 0}, Case{"nul != 1", 0},
                                         Case{"nul < 1", 0}, Case{"nul >= 1", 0}, Case{"isnan(nul)", 1},
                                         Case{"isnan(x)", 0}, Case{"isnan(nul + 1)", 1}, Case{"isnan(min(nul, 1))", 1},
                                         Case{"isnan(max(1, nul))", 1}, Case{"nul && 1", 0}, Case{"nul || 1", 1},
                                         Case{"!nul", 0}, Case{"!(nul > 1)", 1}, Case{"x > 1 && !isnan(nul)", 0},
                                         Case{"isnan(sqrt(-1))", 1}, Case{"isnan(0 / 0)", 1}));

struct Wrong {
  const char* text;
  const char* words;
};
class Errors : public testing::TestWithParam<Wrong> {};
TEST_P(Errors, ShowThePlace) {
  EXPECT_EQ(test::words_of([] { Expression::parse(GetParam().text, "where"); }), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Expression, Errors,
    testing::Values(
        Wrong{"", "where: the expression is empty"}, Wrong{"  ", "where: the expression is empty"},
        Wrong{"x >", "where: the text ends where a value is needed at column 4: x >^"},
        Wrong{"x > )", "where: ')' where a value is needed at column 5: x > ^)"},
        Wrong{"x = 2", "where: a single '=', write '==' at column 3: x ^= 2"},
        Wrong{"x & y", "where: a single '&', write '&&' at column 3: x ^& y"},
        Wrong{"(x > 1", "where: this '(' is not closed at column 1: ^(x > 1"},
        Wrong{"(x y)", "where: 'y' where ')' is needed at column 4: (x ^y)"},
        Wrong{"x y", "where: 'y' where an operator is needed at column 3: x ^y"},
        Wrong{"x)", "where: ')' where an operator is needed at column 2: x^)"},
        Wrong{"0 < x < 1", "where: comparisons do not chain, join two of them with && at column 7: 0 < x ^< 1"},
        Wrong{"sqr(x)", "where: there is no function 'sqr', did you mean 'sqrt'? at column 1: ^sqr(x)"},
        Wrong{"1 + min(x)", "where: min takes 2, got 1 at column 5: 1 + ^min(x)"},
        Wrong{"isnan()", "where: isnan takes 1, got 0 at column 1: ^isnan()"},
        Wrong{"1.2.3", "where: '.' where an operator is needed at column 4: 1.2^.3"},
        Wrong{"2x", "where: 'x' where an operator is needed at column 2: 2^x"},
        Wrong{"x > `e_B-V", "where: this '`' is not closed at column 5: x > ^`e_B-V"},
        Wrong{"``", "where: a column has a name at column 1: ^``"},
        Wrong{".", "where: a number that cannot be read at column 1: ^."},
        Wrong{"x == 1237648720693755918",
              "where: a whole number beyond 2^53, which no expression tells from its neighbours, at column 6: x == "
              "^1237648720693755918"},
        Wrong{"x\n> ;", "where: ';' where a value is needed at column 5: x > ^;"},
        Wrong{"x \xc2\xb1 1",
              "where: a character that is not ASCII where an operator is needed at column 3: x ^\xc2\xb1 1"}));

TEST(Expression, NamesEachColumnOnce) {
  EXPECT_THAT(Expression::parse("Z > 0.002 && Z < 0.4 && abs(ZWARNING) == 0", "where").names(),
              testing::ElementsAre("Z", "ZWARNING"));
  EXPECT_TRUE(Expression::parse("1 < 2", "where").names().empty());
}

TEST(Expression, RefusesBottomlessNestingAndTakesLongChains) {
  EXPECT_THAT(test::words_of([] { Expression::parse(std::string(100000, '('), "where"); }),
              testing::HasSubstr("more than 100 levels"));
  std::string sum = "1";
  for (int i = 0; i < 20000; ++i) sum += " + 1";
  EXPECT_EQ(value_of(sum), 20001);
}

TEST(Expression, EvaluatesManyRowsAsItDoesOne) {
  const Expression expression = Expression::parse("a * a + 1 > b", "where");
  std::vector<double> a(3000), b(3000), out(3000);
  for (size_t i = 0; i < a.size(); ++i) a[i] = static_cast<double>(i % 50), b[i] = static_cast<double>(i);
  const std::vector<const double*> values{a.data(), b.data()};
  expression.evaluate(values, 3000, out.data());
  for (size_t i = 0; i < a.size(); ++i) ASSERT_EQ(out[i], a[i] * a[i] + 1 > b[i] ? 1.0 : 0.0) << i;
}

// A random tree, written with every parenthesis and computed by closures beside it.
struct Random {
  std::string text;
  std::function<double(double, double)> value;
};

Random random_tree(std::mt19937& random, int depth) {
  const auto pick = [&random](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  if (depth == 0) {
    const double number = pick(9) - 2;
    switch (pick(3)) {
      case 0:
        return {"x", [](double x, double) { return x; }};
      case 1:
        return {"y", [](double, double y) { return y; }};
      default:
        return {number < 0 ? fmt::format("({})", number) : fmt::format("{}", number),
                [number](double, double) { return number; }};
    }
  }
  const Random a = random_tree(random, depth - 1), b = random_tree(random, depth - 1);
  const auto binary = [&](const char* op, double (*f)(double, double)) {
    return Random{"(" + a.text + " " + op + " " + b.text + ")",
                  [=, u = a.value, v = b.value](double x, double y) { return f(u(x, y), v(x, y)); }};
  };
  switch (pick(8)) {
    case 0:
      return binary("+", [](double p, double q) { return p + q; });
    case 1:
      return binary("-", [](double p, double q) { return p - q; });
    case 2:
      return binary("*", [](double p, double q) { return p * q; });
    case 3:
      return binary("/", [](double p, double q) { return p / q; });
    case 4:
      return binary("<", [](double p, double q) { return static_cast<double>(p < q); });
    case 5:
      return binary("!=", [](double p, double q) { return static_cast<double>(p != q && p == p && q == q); });
    case 6:
      return binary("&&", [](double p, double q) { return static_cast<double>(p == p && q == q && p != 0 && q != 0); });
    default:
      return {"-" + a.text, [u = a.value](double x, double y) { return -u(x, y); }};
  }
}

TEST(Expression, AgreesWithRandomTrees) {
  std::mt19937 random(11);
  for (int i = 0; i < 500; ++i) {
    const Random tree = random_tree(random, 1 + i % 5);
    const Expression expression = Expression::parse(tree.text, "where");
    for (const auto& [x, y] : {std::pair{2.0, 3.0}, {-1.5, 0.0}, {kNan, 1.0}}) {
      std::vector<const double*> values;
      for (const std::string& name : expression.names()) values.push_back(name == "x" ? &x : &y);
      double out = 0;
      expression.evaluate(values, 1, &out);
      const double expected = tree.value(x, y);
      ASSERT_TRUE(out == expected || (std::isnan(out) && std::isnan(expected)))
          << tree.text << ": " << out << " " << expected;
    }
  }
}

}  // namespace
}  // namespace clq
