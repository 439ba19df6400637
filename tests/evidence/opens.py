# tests/evidence/opens.py -- counts how often any process opens a file, by the kernel's word (inotify).
# SPDX-License-Identifier: BSD-3-Clause
import ctypes
import os
import struct

_IN_OPEN = 0x20
_IN_NONBLOCK = 0o4000
_HEAD = struct.Struct("iIII")  # inotify_event without its name


class Opens:
    """`with Opens(path) as opens: ...; opens.count()`: opens of `path` since the last count."""

    def __init__(self, path):
        libc = ctypes.CDLL(None, use_errno=True)
        self._fd = libc.inotify_init1(_IN_NONBLOCK)
        if self._fd < 0 or libc.inotify_add_watch(self._fd, os.fsencode(path), _IN_OPEN) < 0:
            raise OSError(ctypes.get_errno(), f"{path}: inotify watches nothing")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._fd)

    def count(self):
        opened = 0
        while True:
            try:
                events = os.read(self._fd, 65536)
            except BlockingIOError:
                return opened
            at = 0
            while at < len(events):
                opened += 1
                at += _HEAD.size + _HEAD.unpack_from(events, at)[3]
