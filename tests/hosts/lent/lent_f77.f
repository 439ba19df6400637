C tests/hosts/lent/lent_f77.f -- as lent.c, by the subroutines of six
C letters. SPDX-License-Identifier: BSD-3-Clause
      PROGRAM LENT
      REAL*4 X(2, 16), P(2, 8), OUT(16), POUT(8)
      REAL*8 Y(8)
      CHARACTER*6 HOW
      INTEGER*4 I
      CALL GET_COMMAND_ARGUMENT(1, HOW)
      DO 10 I = 1, 16
        X(1, I) = I - 1
        X(2, I) = MOD((I - 1)**2, 7)
   10 CONTINUE
      DO 20 I = 1, 8
        P(1, I) = X(1, 2*I - 1)
        P(2, I) = X(2, 2*I - 1)
        Y(I) = X(1, I) - X(2, I)
   20 CONTINUE
      IF (HOW .EQ. 'packed') CALL LEND(P, POUT, X, OUT, 3, Y)
      IF (HOW .NE. 'packed') CALL LEND(X, OUT, X, OUT, 2, Y)
      END

      SUBROUTINE SAY(CALLED, IPLACE)
      CHARACTER*(*) CALLED
      INTEGER*8 IPLACE
      WRITE (*, '(A, I20)') CALLED, IPLACE
      END

C What is given and answered in; where the host has it, and the column
C that it changes after lending.
      SUBROUTINE LEND(GIVEN, WANTED, X, OUT, ICHANG, Y)
      REAL*4 GIVEN(2, *), WANTED(*), X(2, *), OUT(*), FOUND(2)
      REAL*8 Y(*)
      INTEGER*8 ICFG, ISRC, IMOD, IBAT
      INTEGER*4 ICHANG, IER, NAXES(2), IROW(1)
      CHARACTER*1 L
      CHARACTER*400 TEXT
      DATA NAXES /2, 8/, IROW /1/
      L = CHAR(10)
      IER = 0
      CALL CLQCPA('[data]'//L//'scalars = ["x"]'//L//'target = "y"'//L
     & //'[split]'//L//'valid = 0.25'//L//'[[model.layer]]'//L//
     & 'use = "dense"', ICFG, IER)
      CALL CLQSCR(8, ISRC, IER)
      CALL CLQSBE(ISRC, 'x', GIVEN, 1, NAXES, IER)
      CALL SAY('clq_source_add x data', LOC(X))
      CALL CLQSAD(ISRC, 'y', Y, 0, NAXES, IER)
      X(1, ICHANG) = 0.25
      CALL CLQSRE(ISRC, IROW, 1, 'x', FOUND, 2, IER)
      WRITE (*, '(A, 2F8.4)') 'changed', 0.25, FOUND(1)
      CALL CLQMCR(ICFG, ISRC, IMOD, IER)
      CALL CLQMFI(IMOD, ISRC, ICFG, IER)
      CALL CLQPRD(IMOD, GIVEN, 8, 2, WANTED, 1, IER)
      CALL SAY('clq_predict - input', LOC(X))
      CALL SAY('clq_predict - output', LOC(OUT))
      CALL CLQBCR(IMOD, 8, IBAT, IER)
      CALL CLQBSE(IBAT, 'scalars', GIVEN, 2, NAXES, IER)
      CALL SAY('clq_batch_set scalars data', LOC(X))
      CALL CLQBPR(IMOD, IBAT, IER)
      CALL CLQBGE(IBAT, 'prediction', WANTED, 8, IER)
      CALL SAY('clq_batch_get prediction data', LOC(OUT))
      IF (IER .EQ. 0) RETURN
      CALL CLQERR(TEXT)
      WRITE (0, '(2A)') 'lent: ', TEXT
      STOP 5
      END
