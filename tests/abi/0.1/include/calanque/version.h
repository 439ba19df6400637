/* calanque/version.h -- the release; CMake reads it from here. C99 and C++11. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CALANQUE_VERSION_H
#define CALANQUE_VERSION_H

#define CLQ_VERSION_MAJOR 0
#define CLQ_VERSION_MINOR 1
#define CLQ_VERSION_PATCH 0
#define CLQ_VERSION_TEXT  "0.1.0"

#endif
