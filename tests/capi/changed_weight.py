# tests/capi/changed_weight.py -- a bundle with one weight changed, its checksums made anew: FROM TENSOR TO
# SPDX-License-Identifier: BSD-3-Clause
"""The checksums are XXH3, of 64 bits and without a seed: xxhash.h, https://github.com/Cyan4973/xxHash."""
import json
import struct
import sys

MASK = (1 << 64) - 1
P32_1, P32_2, P32_3 = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D
P64_1, P64_2, P64_3, P64_4, P64_5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
                                     0x27D4EB2F165667C5)
SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb"
    "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e")
STRIPE, BLOCK = 64, 1024


def word(data, at):
    return struct.unpack_from("<Q", data, at)[0]


def fold(a, b):
    product = a * b
    return (product ^ product >> 64) & MASK


def avalanche(value):
    value ^= value >> 37
    value = value * 0x165667919E3779F9 & MASK
    return value ^ value >> 32


def mixed(data, at, secret):
    return fold(word(data, at) ^ word(SECRET, secret), word(data, at + 8) ^ word(SECRET, secret + 8))


def short_sum(data):
    """Of 17 to 128 bytes."""
    total = len(data) * P64_1
    for i in range((len(data) - 1) // 32 + 1):
        total += mixed(data, 16 * i, 32 * i) + mixed(data, len(data) - 16 * (i + 1), 32 * i + 16)
    return avalanche(total & MASK)


def add_stripe(sums, data, at, secret):
    for i in range(8):
        value = word(data, at + 8 * i)
        key = value ^ word(SECRET, secret + 8 * i)
        sums[i ^ 1] = sums[i ^ 1] + value & MASK
        sums[i] = sums[i] + (key & 0xFFFFFFFF) * (key >> 32) & MASK


def long_sum(data):
    """Of more than 240 bytes."""
    sums = [P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1]
    for stripe in range((len(data) - 1) // STRIPE):
        add_stripe(sums, data, STRIPE * stripe, 8 * (stripe % (BLOCK // STRIPE)))
        if (stripe + 1) % (BLOCK // STRIPE) == 0:
            sums = [(s ^ s >> 47 ^ word(SECRET, 128 + 8 * i)) * P32_1 & MASK for i, s in enumerate(sums)]
    add_stripe(sums, data, len(data) - STRIPE, 192 - STRIPE - 7)
    total = len(data) * P64_1
    for i in range(4):
        total += fold(sums[2 * i] ^ word(SECRET, 11 + 16 * i), sums[2 * i + 1] ^ word(SECRET, 19 + 16 * i))
    return avalanche(total & MASK)


def checksum(data):
    if not (17 <= len(data) <= 128 or len(data) > 240):
        sys.exit(f"no checksum of {len(data)} bytes is made here")
    return f"{short_sum(data) if len(data) <= 128 else long_sum(data):016x}"


def header_checksum(header):
    rest = {key: value for key, value in header["__metadata__"].items() if key != "xxh3"}
    return checksum(json.dumps({**header, "__metadata__": rest}, separators=(",", ":"), ensure_ascii=False).encode())


def require(right, what):
    if not right:
        sys.exit(f"{what} is not what the library writes")


def main(source, tensor, target):
    with open(source, "rb") as file:
        whole = file.read()
    data_at = 8 + word(whole, 0)
    header, data = json.loads(whole[8:data_at]), bytearray(whole[data_at:])
    sums = json.loads(header["__metadata__"]["xxh3"])
    first, end = header[tensor]["data_offsets"]
    require(sums["@header"] == header_checksum(header), "the header's checksum")
    require(sums[tensor] == checksum(data[first:end]), f"the checksum of {tensor}")
    struct.pack_into("<f", data, first, struct.unpack_from("<f", data, first)[0] * 1.001)
    sums[tensor] = checksum(data[first:end])
    head = json.loads(header["__metadata__"]["calanque"])
    del head["hash"]  # of all weights, in 128 bits; where it is not there it is not asked for
    header["__metadata__"]["calanque"] = json.dumps(head)
    sums["@header"] = header_checksum(header)
    header["__metadata__"]["xxh3"] = json.dumps(sums)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    with open(target, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


main(*sys.argv[1:])
