// plugins/cpu_onednn/backend.hpp -- the backend's table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/plugin/backend.h>

namespace clq::onednn {

const clq_backend_api& backend_api();

}  // namespace clq::onednn
