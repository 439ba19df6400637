# tests/hosts/idl/called.py -- libclq_idl.so called as CALL_EXTERNAL calls it: everything by its address.
# SPDX-License-Identifier: BSD-3-Clause
import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
capi = ctypes.CDLL("libcalanque.so.0")  # that libclq_idl.so has loaded


def call(name, argc, argv):
    return getattr(library, "clq_idl_" + name)(ctypes.c_int(argc), argv)


def addresses(*things):
    return (ctypes.c_void_p * max(len(things), 1))(*(None if t is None else ctypes.addressof(t) for t in things))


def glue(name, *things):
    """The status."""
    return call(name, len(things), addresses(*things))


def text(value):
    return ctypes.create_string_buffer(value.encode())


def i64(value=0):
    return ctypes.c_int64(value)


def i32(value):
    return ctypes.c_int32(value)


def error_text():
    buffer, needed = ctypes.create_string_buffer(4096), i64()
    assert glue("error_text", buffer, i64(4096), needed) == 0
    return buffer.value.decode()


def ok(status):
    assert status >= 0, error_text()
    return status
