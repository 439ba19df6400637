C tests/hosts/fortran/f77_test.f -- the subroutines of six letters from
C fixed form; compiled once more where REAL is REAL*8.
C SPDX-License-Identifier: BSD-3-Clause
      PROGRAM F77TST
      IMPLICIT NONE
      INCLUDE 'calanque.inc'
      INTEGER*4 NBAD, NDONE
      COMMON /TALLY/ NBAD, NDONE
      NBAD = 0
      NDONE = 0
      CALL TRAINS
      CALL INHERI
      CALL TEXTS
      IF (NDONE .NE. 31) WRITE (0, *) NDONE, ' checks were made'
      IF (NDONE .NE. 31 .OR. NBAD .GT. 0) STOP 2
      WRITE (*, '(I3,A)') NDONE, ' checks hold'
      END

      SUBROUTINE EXPECT(OK, WHAT)
      LOGICAL OK
      CHARACTER*(*) WHAT
      INTEGER*4 NBAD, NDONE
      COMMON /TALLY/ NBAD, NDONE
      NDONE = NDONE + 1
      IF (OK) RETURN
      NBAD = NBAD + 1
      WRITE (0, '(2A)') 'does not hold: ', WHAT
      END

      SUBROUTINE RUNFIL(TOML)
      CHARACTER*(*) TOML
      CHARACTER*1 L
      L = CHAR(10)
      TOML = '[data]'//L//'scalars = ["a", "b"]'//L//'target = "y"'//L
     & //'[split]'//L//'valid = 0.2'//L//'[[model.layer]]'//L//
     & 'use = "dense"'//L//'[train]'//L//'epochs = 3'//L//'batch = 32'
     & //L//'optimizer = { name = "adam", lr = 0.01 }'//L
      END

C A source of arrays, a training, predictions both ways.
      SUBROUTINE TRAINS
      IMPLICIT NONE
      INCLUDE 'calanque.inc'
      INTEGER*8 ICFG, ISRC, IMOD, ITRN, IBAT
      INTEGER*4 IER, IEND, I, N, NTURN, NAXES(2), ISTAT(3), NTEXT
      INTEGER*4 ISAMPL(2)
      PARAMETER (N = 320)
      REAL*4 A(N), B(N), X(2, N), Y1(N), W(2), COL(2)
      REAL*8 Y(N), XD(2, N), YD(N), SECS, VALUE, ZERO
      CHARACTER*2048 TOML, TEXT
      IER = 0
      IEND = 0
      NTURN = 0
      DO 10 I = 1, N
        A(I) = SIN(REAL(I, 4))
        B(I) = COS(1.7*REAL(I, 4))
        Y(I) = A(I) - 2*B(I)
        X(1, I) = A(I)
        X(2, I) = B(I)
        XD(1, I) = A(I)
        XD(2, I) = B(I)
   10 CONTINUE
      CALL RUNFIL(TOML)
      CALL CLQCPA(TOML, ICFG, IER)
      CALL CLQSCR(N, ISRC, IER)
      CALL CLQSAE(ISRC, 'a', A, 0, NAXES, IER)
      CALL CLQSBE(ISRC, 'b', B, 0, NAXES, IER)
      CALL CLQSAD(ISRC, 'y', Y, 0, NAXES, IER)
      CALL CLQMCR(ICFG, ISRC, IMOD, IER)
      CALL CLQTRN(IMOD, ISRC, ICFG, ' ', ITRN, IER)
      CALL EXPECT(IER .EQ. 0, 'a trainer is made')
      SECS = 0.05D0
   20 CALL CLQRUN(ITRN, SECS, IEND, IER)
      NTURN = NTURN + 1
      IF (IEND .EQ. 0 .AND. IER .EQ. 0 .AND. NTURN .LT. 9999) GOTO 20
      CALL EXPECT(IEND .EQ. 1 .AND. IER .EQ. 0, 'the end leaves ier 0')
      CALL CLQTGT(ITRN, 'epoch', VALUE, IER)
      CALL EXPECT(NINT(VALUE) .EQ. 3, 'three epochs')
      CALL CLQTMT(ITRN, TEXT, NTEXT, IER)
      CALL EXPECT(INDEX(TEXT, '"epoch":1') .EQ. 2, TEXT(1:60))
      CALL EXPECT(TEXT(NTEXT:NTEXT + 1) .EQ. '} ', 'padded with blanks')
      CALL CLQPRD(IMOD, X, N, 2, Y1, 1, IER)
      CALL CLQPDD(IMOD, XD, N, 2, YD, 1, IER)
      CALL EXPECT(IER .EQ. 0, 'predictions')
      IEND = 0
      DO 30 I = 1, N
        IF (YD(I) .NE. Y1(I)) IEND = I
   30 CONTINUE
      CALL EXPECT(IEND .EQ. 0, 'REAL*8 gives what REAL*4 gives')
      CALL CLQMGE(IMOD, 'dense1.weights', W, 2, IER)
      CALL EXPECT(W(1) .NE. W(2) .AND. IER .EQ. 0, 'weights')
      CALL CLQMNP(IMOD, NTURN, IER)
      CALL EXPECT(NTURN .EQ. 3, 'parameters')
      CALL CLQMCA(IMOD, TEXT, NTEXT, IER)
      CALL EXPECT(NTEXT .EQ. 240 .AND. TEXT(1:6) .EQ. 'CLQVER', TEXT)
      NAXES(1) = 2
      NAXES(2) = 3
      ZERO = 0
      XD(2, 2) = ZERO/ZERO
      CALL CLQBCR(IMOD, 3, IBAT, IER)
      CALL CLQBSD(IBAT, 'scalars', XD, 2, NAXES, IER)
      CALL CLQBDS(IBAT, TEXT, NTEXT, IER)
      CALL EXPECT(INDEX(TEXT, 'scalars: f64 [3, 2]') .EQ. 1, TEXT(1:60))
      CALL CLQBPR(IMOD, IBAT, IER)
      CALL CLQBST(IBAT, ISTAT, 3, IER)
      CALL EXPECT(IER .EQ. 0 .AND. ISTAT(1) .EQ. 0, 'status of good')
      CALL EXPECT(ISTAT(2) .EQ. 2 .AND. ISTAT(3) .EQ. 0, 'and of bad')
      CALL CLQBGE(IBAT, 'prediction', COL, 2, IER)
      CALL EXPECT(IER .EQ. CLQ_E_INVALID, 'room for too few')
      IER = 0
      B(5) = 25
      ISAMPL(1) = 4
      ISAMPL(2) = 0
      CALL CLQSRE(ISRC, ISAMPL, 2, 'b', COL, 2, IER)
      CALL EXPECT(COL(1) .EQ. 25 .AND. COL(2) .EQ. B(1), 'borrowed')
      CALL CLQSRJ(ISRC, ISAMPL, 2, 'b', NAXES, 2, IER)
      CALL EXPECT(IER .EQ. CLQ_E_INVALID, 'another kind')
      CALL CLQERR(TEXT)
      CALL EXPECT(TEXT .EQ. '''b'' is f32, the array is i32', TEXT)
      CALL CLQBCL(IBAT, IER)
      CALL CLQTCL(ITRN, IER)
      CALL CLQMCL(IMOD, IER)
      CALL CLQSCL(ISRC, IER)
      CALL CLQCCL(ICFG, IER)
      CALL EXPECT(ISRC .EQ. 0 .AND. IER .EQ. CLQ_E_INVALID,
     &            'closes close, and leave ier')
      CALL CLQERR(TEXT)
      CALL EXPECT(TEXT .EQ. '''b'' is f32, the array is i32', TEXT)
      END

C A call does nothing where ier is not 0.
      SUBROUTINE INHERI
      IMPLICIT NONE
      INCLUDE 'calanque.inc'
      INTEGER*8 ISRC
      INTEGER*4 IER, N
      CHARACTER*200 TEXT
      IER = CLQ_E_DATA
      ISRC = -7
      N = -8
      CALL CLQSCR(3, ISRC, IER)
      CALL EXPECT(ISRC .EQ. -7 .AND. IER .EQ. CLQ_E_DATA, 'inherited')
      IER = 5
      CALL CLQSCR(3, ISRC, IER)
      CALL EXPECT(ISRC .EQ. -7 .AND. IER .EQ. 5, 'positive, too')
      IER = 0
      CALL CLQSCR(0, ISRC, IER)
      CALL EXPECT(IER .EQ. CLQ_E_INVALID .AND. ISRC .EQ. -7, 'none')
      CALL CLQSCT(ISRC, N, IER)
      CALL EXPECT(N .EQ. -8, 'nothing is counted')
      CALL CLQERR(TEXT)
      CALL EXPECT(INDEX(TEXT, 'n_samples must be at least 1') .EQ. 1,
     &            TEXT)
      CALL CLQECD(N)
      CALL EXPECT(N .EQ. CLQ_E_INVALID, 'the code')
      END

      SUBROUTINE TEXTS
      IMPLICIT NONE
      INCLUDE 'calanque.inc'
      INTEGER*8 ICFG, ISRC
      INTEGER*4 IER, N
      CHARACTER*2048 TOML
      CHARACTER*80 TEXT, KEY
      CHARACTER*5 SHORT
      IER = 0
      CALL CLQVER(SHORT)
      CALL EXPECT(SHORT .EQ. '0.1.0', SHORT)
      CALL RUNFIL(TOML)
      CALL CLQCPA(TOML, ICFG, IER)
      KEY = 'train.epochs'
      CALL CLQCST(ICFG, KEY, '12        ', IER)
      CALL CLQCGT(ICFG, KEY, TEXT, N, IER)
      CALL EXPECT(TEXT .EQ. '12' .AND. N .EQ. 2, TEXT)
      CALL CLQCST(ICFG, 'data.where', ' ', IER)
      CALL CLQCGT(ICFG, 'data.where', TEXT, N, IER)
      CALL EXPECT(TEXT .EQ. ' ' .AND. N .EQ. 0 .AND. IER .EQ. 0, TEXT)
      SHORT = 'as is'
      CALL CLQCDM(ICFG, 0, SHORT, N, IER)
      CALL EXPECT(IER .EQ. CLQ_E_INVALID .AND. SHORT .EQ. 'as is',
     &            'a text that does not fit')
      CALL CLQERR(TEXT)
      CALL EXPECT(INDEX(TEXT, 'room for 5 characters, needed') .GT. 0,
     &            TEXT)
      IER = 0
      CALL CLQSOP('/no/such.fits', ' ', ISRC, IER)
      CALL EXPECT(IER .LT. 0, 'a file that is not there')
      CALL CLQCCL(ICFG, IER)
      END
