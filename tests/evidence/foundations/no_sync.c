/* tests/evidence/foundations/no_sync.c -- makes of a program that forces its files to the disk one that does not.
 */
/* SPDX-License-Identifier: BSD-3-Clause */

int fsync(int file) { return file < 0 ? -1 : 0; }
int fdatasync(int file) { return file < 0 ? -1 : 0; }
