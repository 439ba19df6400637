C projects/deepdip/hosts/deepdip_f77.f -- deepdip.f90 in fixed form:
C EPOCHS SEED FOLDER [THREADS]. SPDX-License-Identifier: BSD-3-Clause
      PROGRAM DEEPDP
      INTEGER*8 ICFG, ISRC, IMOD, ITRN, ITST, IRES
      INTEGER*4 IER, IEND, N, I
      CHARACTER*256 A(4), OPTS
      CHARACTER*8192 TEXT
      REAL*8 SECS, EPOCH, LOSS
      DATA IER /0/, IEND /0/, SECS /1.0D0/, IRES /0/
      DO 10 I = 1, 4
        CALL GET_COMMAND_ARGUMENT(I, A(I))
   10 CONTINUE
      IF (A(4) .EQ. ' ') A(4) = '1'
      N = INDEX(A(3), ' ') - 1
      OPTS = '{"part": "valid", "threads": '//A(4)(1:8)//'}'
      CALL CLQCLD('projects/deepdip/runs/boss_dr10.toml', ICFG, IER)
      CALL CLQCST(ICFG, 'train.epochs', A(1), IER)
      CALL CLQCST(ICFG, 'train.seed', A(2), IER)
      CALL CLQCST(ICFG, 'compute.threads', A(4), IER)
      CALL CLQSCF(ICFG, ISRC, IER)
      CALL CLQMCR(ICFG, ISRC, IMOD, IER)
      CALL CLQTRN(IMOD, ISRC, ICFG, ' ', ITRN, IER)
   20 CALL CLQRUN(ITRN, SECS, IEND, IER)
      CALL CLQTGT(ITRN, 'epoch', EPOCH, IER)
      CALL CLQTGT(ITRN, 'loss', LOSS, IER)
      IF (IER .EQ. 0) WRITE (0, '(A,F5.0,F9.4)') 'epoch', EPOCH, LOSS
      IF (IEND .EQ. 0 .AND. IER .EQ. 0) GOTO 20
      CALL CLQMSV(IMOD, A(3)(1:N)//'/model.safetensors', IER)
      CALL CLQSMO(IMOD, 'projects/deepdip/data/boss_dr10_test.fits',
     &            ITST, IER)
      CALL CLQPTO(IMOD, 1, ITST, A(3)(1:N)//'/predictions.fits',
     &            '{'//OPTS(19:), IRES, IER)
      CALL CLQRCL(IRES, IER)
      CALL CLQEVA(IMOD, 1, ISRC, ' ', OPTS, IRES, IER)
      CALL CLQRTX(IRES, TEXT, N, IER)
      IF (IER .NE. 0) CALL CLQERR(TEXT)
      IF (IER .NE. 0) WRITE (0, '(2A)') 'deepdip: ', TEXT(1:400)
      IF (IER .NE. 0) STOP 1
      WRITE (*, '(A)') TEXT(1:N)
      END
