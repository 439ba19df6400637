// capi/src/context.hpp -- the one registry of the process, and JSON options.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/config.hpp>

#include "runtime/registry.hpp"

namespace clq::capi {

// Leaked: plugins stay mapped, so their tables may be used until the process ends. [any-thread]
Registry& bare_registry();  // only what clq_plugins_load named
Registry& registry();       // and the default places, looked at once

// Where model.use looks: the folders of CLQ_MODEL_PATH, then calanque/models beside the library.
std::vector<std::string> model_folders();

// NULL is {}; anything but a JSON object of sensible size and depth is CLQ_E_INVALID.
Config parse_options(const char* json);

}  // namespace clq::capi
