C tests/hosts/guest/tour_f77.f -- the tour of tour.c by the subroutines
C of six letters. SPDX-License-Identifier: BSD-3-Clause
      PROGRAM TOUR
      INTEGER*4 I, LOOKS
      INTEGER*8 IH(4)
      COMMON /OPENED/ IH
      REAL*4 X(2, 64)
      REAL*8 Y(64)
      COMMON /ROWS/ Y, X
      DO 10 I = 1, 64
        X(1, I) = (MOD(I*37, 101) - 50)/64.0
        X(2, I) = (MOD(I*53, 89) - 44)/64.0
        Y(I) = X(1, I) - 2*X(2, I)
   10 CONTINUE
      IF (LOOKS(0) .NE. 0) STOP 3
      CALL TURN
      CALL CLOSES
      IF (LOOKS(1) .NE. 0) STOP 3
      DO 20 I = 1, 3
        IF (I .GT. 1) CALL CLOSES
        CALL TURN
   20 CONTINUE
      IF (LOOKS(2) .NE. 0) STOP 3
      CALL CLOSES
      IF (LOOKS(3) .NE. 0) STOP 3
      END

C A call that must have been refused; ier is 0 again.
      SUBROUTINE REFUSD(IER)
      INTEGER*4 IER
      CHARACTER*400 TEXT
      CALL CLQERR(TEXT)
      IF (IER .GE. 0 .OR. TEXT .EQ. ' ') STOP 4
      IER = 0
      END

      SUBROUTINE HOLDS(IER)
      INTEGER*4 IER
      CHARACTER*400 TEXT
      IF (IER .EQ. 0) RETURN
      CALL CLQERR(TEXT)
      WRITE (0, '(2A)') 'tour: ', TEXT
      STOP 5
      END

      SUBROUTINE TURN
      CALL CONFIG
      CALL SAMPLS
      CALL TRAINS
      CALL PREDCT
      END

      SUBROUTINE CONFIG
      INTEGER*8 IH(4), IBAD
      COMMON /OPENED/ IH
      INTEGER*4 IER, N
      CHARACTER*16384 TEXT
      CHARACTER*1 L
      L = CHAR(10)
      IER = 0
      IBAD = 0
      CALL CLQCPA('[data]'//L//'scalars = ["x"]'//L//'target = "y"'//L
     & //'[split]'//L//'valid = 0.25'//L//'[[model.layer]]'//L//
     & 'use = "dense"'//L//'units = 8'//L//'activation = "tanh"'//L//
     & '[[model.layer]]'//L//'use = "dense"'//L//'[compute]'//L//
     & 'threads = 2'//L//'[train]'//L//'epochs = 2'//L//'batch = 16',
     & IH(1), IER)
      CALL CLQCST(IH(1), 'train.seed', '3', IER)
      CALL CLQCGT(IH(1), 'train.epochs', TEXT, N, IER)
      CALL CLQCDM(IH(1), 1, TEXT, N, IER)
      CALL HOLDS(IER)
      CALL CLQCST(IH(1), 'train.epoch', '3', IER)
      CALL REFUSD(IER)
      CALL CLQCLD('nowhere.toml', IBAD, IER)
      CALL REFUSD(IER)
      END

      SUBROUTINE SAMPLS
      INTEGER*8 IH(4), ITAB, IRES, IBAD
      COMMON /OPENED/ IH
      REAL*4 X(2, 64)
      REAL*8 Y(64), PAIR(2)
      COMMON /ROWS/ Y, X
      INTEGER*4 IER, N, NAXES(1), ISAMPL(2)
      CHARACTER*16384 TEXT
      DATA NAXES /2/, ISAMPL /5, 7/
      IER = 0
      IBAD = 0
      CALL CLQSCR(64, IH(2), IER)
      CALL CLQSBE(IH(2), 'x', X, 1, NAXES, IER)
      CALL CLQSAD(IH(2), 'y', Y, 0, NAXES, IER)
      CALL CLQSCT(IH(2), N, IER)
      CALL CLQSDS(IH(2), TEXT, N, IER)
      CALL CLQSRD(IH(2), ISAMPL, 2, 'y', PAIR, 2, IER)
      CALL CLQSWR(IH(2), 'table.csv', '{"fields": ["y"]}', IER)
      CALL CLQSOP('table.csv', ' ', ITAB, IER)
      CALL CLQSSC(ITAB, ' ', IRES, IER)
      CALL CLQRTX(IRES, TEXT, N, IER)
      CALL HOLDS(IER)
      CALL CLQRCL(IRES, IER)
      CALL CLQSCL(ITAB, IER)
      CALL CLQSRD(IH(2), ISAMPL, 2, 'z', PAIR, 2, IER)
      CALL REFUSD(IER)
      CALL CLQSOP('nowhere.fits', ' ', IBAD, IER)
      CALL REFUSD(IER)
      END

      SUBROUTINE TRAINS
      INTEGER*8 IH(4)
      COMMON /OPENED/ IH
      INTEGER*4 IER, IEND, N
      REAL*8 SECS, VALUE
      CHARACTER*16384 TEXT
      IER = 0
      IEND = 0
      SECS = 0.05D0
      CALL CLQMCR(IH(1), IH(2), IH(3), IER)
      CALL CLQTRN(IH(3), IH(2), IH(1), ' ', IH(4), IER)
   10 CALL CLQRUN(IH(4), SECS, IEND, IER)
      CALL CLQTGT(IH(4), 'epoch', VALUE, IER)
      IF (IEND .EQ. 0 .AND. IER .EQ. 0) GOTO 10
   20 CALL CLQTMT(IH(4), TEXT, N, IER)
      IF (N .GT. 0 .AND. IER .EQ. 0) GOTO 20
      CALL HOLDS(IER)
      CALL CLQTGT(IH(4), 'lost', VALUE, IER)
      CALL REFUSD(IER)
      END

      SUBROUTINE PREDCT
      INTEGER*8 IH(4), IMOD, IBAT, IBAD
      COMMON /OPENED/ IH
      REAL*4 X(2, 64), GUESS(64)
      REAL*8 Y(64)
      COMMON /ROWS/ Y, X
      INTEGER*4 IER, N, NAXES(2), ISTAT(64)
      CHARACTER*16384 TEXT
      DATA NAXES /2, 64/
      IER = 0
      IBAD = 0
      CALL CLQMSV(IH(3), 'model.safetensors', IER)
      CALL CLQMLD('model.safetensors', '{"threads": 2}', IMOD, IER)
      CALL CLQMDS(IMOD, TEXT, N, IER)
      CALL CLQMID(IMOD, TEXT, N, IER)
      CALL CLQPRD(IMOD, X, 64, 2, GUESS, 1, IER)
      CALL CLQBCR(IMOD, 64, IBAT, IER)
      CALL CLQBSE(IBAT, 'scalars', X, 2, NAXES, IER)
      CALL CLQBPR(IMOD, IBAT, IER)
      CALL CLQBGE(IBAT, 'prediction', GUESS, 64, IER)
      CALL CLQBST(IBAT, ISTAT, 64, IER)
      CALL CLQBCL(IBAT, IER)
      CALL HOLDS(IER)
      CALL CLQPRD(IMOD, X, 32, 3, GUESS, 1, IER)
      CALL REFUSD(IER)
      CALL CLQMCL(IMOD, IER)
      CALL CLQMLD('nowhere.safetensors', ' ', IBAD, IER)
      CALL REFUSD(IER)
      END

      SUBROUTINE CLOSES
      INTEGER*8 IH(4)
      COMMON /OPENED/ IH
      INTEGER*4 IER
      IER = 0
      CALL CLQTCL(IH(4), IER)
      CALL CLQMCL(IH(3), IER)
      CALL CLQSCL(IH(2), IER)
      CALL CLQCCL(IH(1), IER)
      END
