C tests/hosts/fortran/consumer/old.f -- the part in fixed form.
C SPDX-License-Identifier: BSD-3-Clause
      SUBROUTINE OLD
      INCLUDE 'calanque.inc'
      INTEGER*8 ISRC
      INTEGER*4 IER
      IER = 0
      CALL CLQSCR(0, ISRC, IER)
      IF (IER .NE. CLQ_E_INVALID) STOP 3
      END
