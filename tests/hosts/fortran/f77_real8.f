C tests/hosts/fortran/f77_real8.f -- where REAL is REAL*8, a plain REAL
C goes to the subroutines that end with D.
C SPDX-License-Identifier: BSD-3-Clause
      PROGRAM F77R8
      INTEGER*8 ISRC
      INTEGER*4 IER, NAXES(1), ISAMPL(3)
      REAL A(3), B(3)
      DATA IER /0/, A /1.1, 2.2, 3.3/, B /3*0.0/, ISAMPL /2, 1, 0/
      IF (KIND(A) .NE. 8) STOP 3
      CALL CLQSCR(3, ISRC, IER)
      CALL CLQSAD(ISRC, 'a', A, 0, NAXES, IER)
      CALL CLQSRD(ISRC, ISAMPL, 3, 'a', B, 3, IER)
      CALL CLQSCL(ISRC, IER)
      IF (IER .NE. 0 .OR. B(1) .NE. A(3) .OR. B(3) .NE. A(1)) STOP 2
      WRITE (*, '(A)') 'REAL*8 numbers come back'
      END
