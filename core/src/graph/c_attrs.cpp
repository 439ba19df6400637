// core/src/graph/c_attrs.cpp -- attributes as the plugin headers write them.
// SPDX-License-Identifier: BSD-3-Clause
#include "graph/c_attrs.hpp"

#include <calanque/core/error.hpp>

namespace clq {

std::vector<clq_attr> to_c(const Attrs& attrs) {
  constexpr int32_t kTypes[] = {CLQ_ATTR_I64, CLQ_ATTR_F64, CLQ_ATTR_TEXT};  // in the order of Attr's alternatives
  std::vector<clq_attr> out;
  for (const auto& [name, value] : attrs) {
    const int32_t type = kTypes[value.index()];
    std::visit(
        [&out, type, &key = name](const auto& list) {
          out.push_back({key.c_str(), list.data(), type, narrow<uint32_t>(list.size())});
        },
        value);
  }
  return out;
}

Attrs from_c(const clq_attr* attrs, uint32_t n_attrs) {
  Attrs out;
  for (uint32_t i = 0; i < n_attrs; ++i) {
    const clq_attr& a = attrs[i];
    CLQ_REQUIRE(a.name != nullptr && (a.value != nullptr || a.count == 0), "attribute {} has no name or no value", i);
    if (a.type == CLQ_ATTR_I64) {
      const auto* values = static_cast<const int64_t*>(a.value);
      out.emplace_back(a.name, std::vector<int64_t>(values, values + a.count));
    } else if (a.type == CLQ_ATTR_F64) {
      const auto* values = static_cast<const double*>(a.value);
      out.emplace_back(a.name, std::vector<double>(values, values + a.count));
    } else if (a.type == CLQ_ATTR_TEXT) {
      out.emplace_back(a.name, std::string(static_cast<const char*>(a.value), a.count));
    } else {
      fail(CLQ_E_INVALID, "attribute '{}' has the unknown type {}", a.name, a.type);
    }
  }
  return out;
}

}  // namespace clq
